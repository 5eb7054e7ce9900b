"""A programme entered in the browser, what is refused at which field, and what is taken away."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from programs.models import (
    Applicability,
    Component,
    MonitoringForm,
    Phase,
    Programme,
    Target,
    TargetValue,
)
from programs.services import design
from tests.cast import unit
from tests.programs.factories import (
    ComponentFactory,
    ProgrammeFactory,
    TargetFactory,
    decision,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def designer(client, specialist):
    client.force_login(specialist)
    return client


@pytest.fixture
def programme():
    return ProgrammeFactory(code="2035")


def at(name, *args):
    return reverse(f"programs:{name}", args=args)


def save(client, name, /, *args, query="", **fields):
    """Post a form page that saves; else what is wrong is told."""
    answer = client.post(at(name, *args) + query, fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def refusals(client, name, /, *args, **fields):
    """Post a form page that does not save: its errors by field, and what was typed is kept."""
    answer = client.post(at(name, *args), fields)
    assert answer.status_code == 200
    form = answer.context["form"]
    for field, typed in fields.items():
        assert form[field].value() == str(typed), field
    return {field: " ".join(errors) for field, errors in form.errors.items()}


PROGRAMME = {
    "code": "NTM-2035",
    "short_name": "Chương trình 2026–2035",
    "name": "Chương trình mục tiêu quốc gia xây dựng nông thôn mới, giảm nghèo bền vững và phát "
    "triển kinh tế - xã hội vùng đồng bào dân tộc thiểu số và miền núi giai đoạn 2026–2035",
    "owner": "Bộ Nông nghiệp và Môi trường",
    "decision": "Nghị quyết số 257/2025/QH15 ngày 11/12/2025; Quyết định số 417/QĐ-BNNMT ngày "
    "31/01/2026",
    "first_day": "01/01/2026",
    "last_day": "31/12/2035",
}
COMPONENT = {
    "kind": "project",
    "parent": "",
    "number": "1",
    "code": "HP1",
    "name": "Hợp phần thứ nhất",
    "lead_agency": "Bộ Nông nghiệp và Môi trường",
    "confidence": "high",
}
TARGET = {
    "code": "MT01",
    "name": "Tỷ lệ nghèo đa chiều vùng đồng bào dân tộc thiểu số",
    "unit_of_measure": "%",
    "direction": "down",
    "measure": "level",
    "position": "1",
    "confidence": "sourced",
}
FORM = {
    "code": "TD01",
    "title": "Báo cáo tiến độ thực hiện",
    "sender": "Chủ đầu tư",
    "receiver": "Ủy ban nhân dân xã",
    "frequency": "quarterly",
    "deadline": "Ngày 10 tháng sau quý",
    "basis": "Thông tư hướng dẫn giám sát",
    "confidence": "medium",
    "first_day": "01/01/2026",
    "position": "1",
}


def test_the_decision_of_a_programme_may_be_a_document_of_the_register(designer):
    told = refusals(designer, "programme_create", **PROGRAMME, document="9999/QĐ-XYZ")
    assert "chưa có “9999/QĐ-XYZ”" in told["document"]
    document = decision(datetime.date(2026, 1, 31), "417")
    save(designer, "programme_create", **PROGRAMME, document="417/QĐ-UBND")
    page = designer.get(at("programme_detail", PROGRAMME["code"])).text
    assert f'href="{document.get_absolute_url()}"' in page


@pytest.mark.parametrize("role", ["specialist", "administrator"])
def test_a_second_programme_is_entered_wholly_in_the_browser(client, cast, role):
    client.force_login(cast(role))
    save(client, "programme_create", **PROGRAMME)
    code = PROGRAMME["code"]
    save(client, "phase_create", code, name="Giai đoạn I", first_day="01/01/2026",
         last_day="31/12/2030")  # fmt: skip
    save(client, "phase_create", code, name="Giai đoạn II", first_day="1/1/2031",
         last_day="31/12/2035")  # fmt: skip
    save(client, "component_create", code, **COMPONENT)
    above = str(Component.objects.get(code="HP1").pk)
    fields = COMPONENT | {"kind": "subproject", "parent": above, "code": "hp1.tda1"}
    save(client, "component_create", code, **fields)
    below = str(Component.objects.get(code="HP1.TDA1").pk)
    fields = COMPONENT | {"kind": "content", "parent": below, "code": "HP1.TDA1.ND1"}
    save(client, "component_create", code, **fields)
    save(client, "applicability_create", code, "HP1.TDA1", unit=str(unit("24").pk),
         applies="khong", first_day="01/01/2025", last_day="30/6/2025", basis="Điều 5")  # fmt: skip
    save(client, "target_create", code, **TARGET, nam_2026="<20", nam_2030="<10", nam_2035="1/2")
    save(client, "monitoring_form_create", code, **FORM)

    made = Programme.objects.get(code=code)
    assert [phase.years for phase in made.phases.all()] == ["2026–2030", "2031–2035"]
    assert [b.component.code for b in made.components.as_tree()[0].walk()] == [
        "HP1",
        "HP1.TDA1",
        "HP1.TDA1.ND1",
    ]
    values = Target.objects.get(programme=made).values.values_list("year", "threshold")
    assert list(values) == [(2026, Decimal(20)), (2030, Decimal(10)), (2035, None)]
    page = client.get(made.get_absolute_url()).text
    assert "Nghị quyết số 257/2025/QH15" in page
    assert "Hợp phần thứ nhất" in page
    assert "Giai đoạn II" in page
    excluded = made.components.excluded_from(unit("24"), on=datetime.date(2025, 3, 1))
    assert {component.code for component in excluded} == {"HP1.TDA1", "HP1.TDA1.ND1"}


def test_the_button_that_goes_on_opens_an_empty_form_with_the_next_number(designer, programme):
    page = at("component_create", programme.code) + "?loai=project"
    answer = designer.post(page, COMPONENT | {"tiep": "1"})
    assert answer.url == page
    assert designer.get(page).context["form"]["number"].value() == 2


def test_a_code_that_is_taken_is_refused_at_the_code(designer, programme):
    assert refusals(designer, "programme_create", **PROGRAMME | {"code": "2035"}) == {
        "code": "Mã chương trình này đã có."
    }
    ComponentFactory(programme=programme, code="HP1", number=4)
    assert refusals(designer, "component_create", programme.code, **COMPONENT) == {
        "code": "Mã này đã có trong chương trình."
    }
    TargetFactory(programme=programme, code="MT01")
    assert refusals(designer, "target_create", programme.code, **TARGET, nam_2026=">9") == {
        "code": "Mã mục tiêu này đã có trong chương trình."
    }
    save(designer, "monitoring_form_create", programme.code, **FORM)
    told = refusals(designer, "monitoring_form_create", programme.code, **FORM)
    assert told == {"code": "Biểu này đã có (từ 01/01/2026); ghi mã hoặc ngày khác."}


def test_a_number_that_is_taken_is_refused_at_the_number(designer, programme):
    ComponentFactory(programme=programme, code="HP9", number=1)
    told = refusals(designer, "component_create", programme.code, **COMPONENT)
    assert told == {"number": "Số thứ tự này đã có ở cùng cấp."}
    told = refusals(designer, "component_create", programme.code, **COMPONENT | {"number": "0"})
    assert told == {"number": "Số thứ tự phải lớn hơn 0."}


@pytest.mark.parametrize("code", ["ĐA1", "DA 1", "DA-1", "DA1;"])
def test_a_code_of_other_letters_is_refused(designer, programme, code):
    told = refusals(designer, "component_create", programme.code, **COMPONENT | {"code": code})
    assert told == {"code": "Mã chỉ gồm chữ hoa, chữ số và dấu chấm."}


def test_a_component_cannot_hang_below_itself_or_what_hangs_below_it(designer, programme):
    project = ComponentFactory(programme=programme)
    below = ComponentFactory(programme=programme, parent=project, kind="subproject")
    fields = COMPONENT | {"kind": "subproject", "code": project.code}
    for parent in (project, below):
        told = refusals(
            designer, "component_update", "2035", project.code, **fields | {"parent": parent.pk}
        )
        assert told == {"parent": "Không thể thuộc chính nó hoặc phần nằm trong nó."}


@pytest.mark.parametrize(
    ("kind", "parent", "words"),
    [
        ("project", "project", "Dự án đứng ở cấp cao nhất"),
        ("subproject", "subproject", "Tiểu dự án không thể thuộc cấp này"),
        ("subproject", "", "Chọn phần mà tiểu dự án này thuộc về"),
        ("content", "", "Chọn phần mà nội dung này thuộc về"),
    ],
)
def test_a_component_that_cannot_stand_there_is_told_so(designer, programme, kind, parent, words):
    project = ComponentFactory(programme=programme)
    there = {"project": project, "": None}
    there["subproject"] = ComponentFactory(programme=programme, parent=project, kind="subproject")
    chosen = there[parent].pk if there[parent] else ""
    fields = COMPONENT | {"kind": kind, "parent": chosen, "number": "90"}
    told = refusals(designer, "component_create", programme.code, **fields)
    assert words in told["parent"]


def test_a_component_of_another_programme_cannot_be_chosen(designer, programme):
    stranger = Component.objects.get(programme__code="1719", code="DA1")
    fields = COMPONENT | {"kind": "content", "parent": stranger.pk}
    told = refusals(designer, "component_create", programme.code, **fields)
    assert told == {"parent": "Phần này không có trong chương trình."}


def test_what_has_parts_cannot_become_what_has_none(designer, programme):
    project = ComponentFactory(programme=programme)
    ComponentFactory(programme=programme, parent=project, kind="subproject", number=7)
    other = ComponentFactory(programme=programme)
    fields = COMPONENT | {"kind": "content", "parent": other.pk, "code": project.code}
    told = refusals(designer, "component_update", programme.code, project.code, **fields)
    assert told == {"kind": "Tiểu dự án 7 đang thuộc phần này, không thể thuộc nội dung."}


def test_phases_that_share_days_or_leave_the_programme_are_refused_at_the_day(designer, programme):
    first = {"name": "Giai đoạn I", "first_day": "01/01/2026", "last_day": "31/12/2030"}
    save(designer, "phase_create", programme.code, **first)
    told = refusals(designer, "phase_create", programme.code, name="Giai đoạn II",
                    first_day="31/12/2030", last_day="31/12/2035")  # fmt: skip
    assert told == {"first_day": "Thời gian này đã thuộc Giai đoạn I (01/01/2026–31/12/2030)."}
    told = refusals(designer, "phase_create", programme.code, name="Giai đoạn III",
                    first_day="31/12/2025", last_day="01/01/2036")  # fmt: skip
    assert told == {
        "first_day": "Chương trình bắt đầu ngày 01/01/2026.",
        "last_day": "Chương trình kết thúc ngày 31/12/2035.",
    }
    told = refusals(designer, "phase_create", programme.code, name="Giai đoạn I",
                    first_day="01/01/2031", last_day="")  # fmt: skip
    assert told["last_day"] == "Chương trình kết thúc ngày 31/12/2035."


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("", "", {"first_day": "Ghi ngày bắt đầu."}),
        ("2026", "", {"first_day": "Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 05/11/2026."}),
        ("02/01/2026", "01/01/2026",
         {"last_day": "Ngày kết thúc phải từ ngày bắt đầu trở đi."}),
        ("01/01/0026", "", {"first_day": "Ngày từ 01/01/1990 đến 31/12/2100."}),
        ("01/01/2026", "31/12/9999", {"last_day": "Ngày từ 01/01/1990 đến 31/12/2100."}),
    ],
)  # fmt: skip
def test_days_that_make_no_time_are_refused_at_the_day(designer, first, last, told):
    fields = PROGRAMME | {"first_day": first, "last_day": last}
    assert refusals(designer, "programme_create", **fields) == told
    assert not Programme.objects.filter(code=PROGRAMME["code"]).exists()


def test_a_programme_is_not_cut_shorter_than_its_phases(designer):
    fields = PROGRAMME | {"code": "1719", "last_day": "31/12/2029", "first_day": "01/01/2021"}
    told = refusals(designer, "programme_update", "1719", **fields)
    assert told == {"first_day": "Giai đoạn II (01/01/2026–31/12/2030) nằm ngoài thời gian này."}


def test_the_code_of_a_programme_stays(designer, programme):
    save(designer, "programme_update", programme.code, **PROGRAMME)
    programme.refresh_from_db()
    assert (programme.code, programme.short_name) == ("2035", PROGRAMME["short_name"])


def test_two_rules_for_one_province_at_one_time_are_refused_at_the_day(designer):
    told = refusals(designer, "applicability_create", "1719", "DA9.TDA1", applies="co",
                    unit=str(unit("24").pk), first_day="01/01/2024", basis="Điều 1")  # fmt: skip
    assert told["first_day"].startswith("Thời gian này đã có quy định (")
    told = refusals(designer, "applicability_create", "1719", "DA2", applies="co",
                    unit=str(unit("24").pk), first_day="01/07/2025", basis="Điều 1")  # fmt: skip
    assert told == {"first_day": "Tỉnh Bắc Giang chưa có hoặc không còn vào ngày 01/07/2025."}


def test_a_targets_years_are_changed_and_taken_away(designer):
    target = Target.objects.get(code="MT01")
    page = at("target_update", "1719", target.pk)
    form = designer.get(page).context["form"]
    assert [form[f"nam_{year}"].value() for year in (2021, 2025, 2030)] == ["", ">2", ""]
    fields = {name: form[name].value() or "" for name in form.fields}
    fields |= {"nam_2025": "", "nam_2023": ">1.5", "nam_2024": " > 1,8 "}
    assert designer.post(page, fields).status_code == 302
    kept = TargetValue.objects.filter(target=target).values_list("year", "threshold", "is_strict")
    assert list(kept) == [(2023, Decimal("1.5"), True), (2024, Decimal("1.8"), True)]


def test_what_something_hangs_on_is_kept_and_told(designer):
    project = Component.objects.get(programme__code="1719", code="DA1")
    page = designer.get(at("component_update", "1719", "DA1")).text
    assert "Chưa bỏ được: còn 4 dự án, tiểu dự án, nội dung" in page
    answer = designer.post(at("part_delete", "du-an", project.pk), follow=True)
    assert "Còn 4 dự án, tiểu dự án, nội dung thuộc mục này" in answer.text
    assert Component.objects.filter(pk=project.pk).exists()
    answer = designer.post(at("part_delete", "chuong-trinh", project.programme_id), follow=True)
    assert "2 giai đoạn" in answer.text


def test_what_nothing_hangs_on_is_taken_away_from_below(designer, programme):
    project = ComponentFactory(programme=programme)
    target = TargetFactory(programme=programme)
    TargetValue.objects.create(target=target, year=2026, printed="1")
    parts = [("muc-tieu", target), ("du-an", project), ("chuong-trinh", programme)]
    for noun, part in parts:
        answer = designer.post(at("part_delete", noun, part.pk), follow=True)
        assert f"Đã bỏ “{part}”" in answer.text
        assert not type(part).objects.filter(pk=part.pk).exists()


@pytest.mark.parametrize(
    ("noun", "model"), [("giai-doan", Phase), ("dia-ban", Applicability), ("bieu", MonitoringForm)]
)
def test_other_parts_are_taken_away_too(designer, noun, model):
    part = model.objects.filter().first()
    designer.post(at("part_delete", noun, part.pk))
    assert not model.objects.filter(pk=part.pk).exists()


def test_a_code_that_somebody_took_in_the_same_moment_is_told_by_its_sentence():
    taken = ComponentFactory()
    late = ComponentFactory.build(
        programme=taken.programme, code=taken.code, number=taken.number + 50
    )
    with pytest.raises(ValidationError, match="Mã này đã có trong chương trình"):
        design.save_part(part=late)


def test_who_does_not_design_sees_no_way_to_the_forms(client, leader):
    client.force_login(leader)
    pages = [("programme_list",), ("programme_detail", "1719"), ("target_list",), ("form_list",)]
    for page in (*pages, ("component_detail", "1719", "DA9.TDA1")):
        text = client.get(at(*page)).text
        assert "/chuong-trinh/sua/" not in text
        assert "/chuong-trinh/them" not in text
