"""The register of works in the browser: entered, found, moved on, and what is refused."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.units.models import AdministrativeUnit
from programs.models import Component, Membership, Works, WorksEvent, WorksPlace
from programs.models.works import Place
from programs.register import WorksRefused, save_works
from tests.cast import unit
from tests.programs.factories import (
    CapitalPlanFactory,
    OrganisationFactory,
    WorksFactory,
    decision,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2023, 3, 1)


def commune_of(district: str, *, on: datetime.date = DAY) -> AdministrativeUnit:
    below = unit(district).descendants.filter(unit__level="commune", unit__valid__contains=on)
    return below.order_by("unit__sort_key").first().unit


def gone() -> AdministrativeUnit:
    """A commune that ended with 2024, whose name and code nobody carries on."""
    ended = AdministrativeUnit.objects.communes().filter(
        valid__endswith=datetime.date(2025, 1, 1),
        is_reference=False,
        successions__new__isnull=False,
    )
    later = AdministrativeUnit.objects.on(datetime.date(2025, 3, 1))
    free = ended.exclude(code__in=later.values("code")).exclude(name__in=later.values("name"))
    return free.order_by("code").first()


def works_in(district: str, **fields: object) -> Works:
    works = WorksFactory(**fields)
    WorksPlace.objects.create(works=works, unit=commune_of(district))
    return works


def at(name, *args):
    return reverse(f"programs:{name}", args=args)


@pytest.fixture
def component():
    return Component.objects.get(programme__code="1719", code="DA4.TDA1")


@pytest.fixture
def fields(component):
    return {
        "code": "CT-SD-01",
        "name": "Đường liên thôn An Lạc",
        "component": component.pk,
        "investor": OrganisationFactory().pk,
        "kind": "new",
        "total_investment": "1250,5",
        "planned_start": "01/03/2023",
        "planned_finish": "31/12/2023",
        "xa_0": commune_of("220").full_name,
        "thon_0": "Thôn Biểng",
    }


@pytest.fixture
def writer(client, specialist):
    client.force_login(specialist)
    return client


def refusals(client, fields, name="works_create", *args):
    answer = client.post(at(name, *args), fields)
    assert answer.status_code == 200
    form = answer.context["form"]
    for field, typed in fields.items():
        assert form[field].value() == str(typed), field
    return {field: " ".join(errors) for field, errors in form.errors.items()}


def test_works_are_entered_and_shown_with_their_places(writer, fields):
    answer = writer.post(at("works_create"), fields | {"xa_1": commune_of("219").code})
    works = Works.objects.get(code="CT-SD-01")
    assert answer.url == works.get_absolute_url()
    rows = works.place_rows.values_list("unit", "village", "is_main")
    assert list(rows) == [
        (commune_of("220").pk, "Thôn Biểng", True),
        (commune_of("219").pk, "", False),
    ]
    page = writer.get(works.get_absolute_url()).text
    for words in ("Đường liên thôn An Lạc", "1,3\u00a0tỷ\u00a0đồng", "Thôn Biểng", "01/03/2023"):
        assert words in page


def test_a_commune_that_ended_is_refused_with_what_became_of_it(writer, fields):
    ended = gone()
    told = refusals(
        writer,
        fields | {"planned_start": "01/03/2025", "planned_finish": "", "xa_0": ended.code},
    )
    new = ended.successions.first().new
    assert set(told) == {"xa_0"}
    assert f"không còn {ended.full_name}" in told["xa_0"]
    assert new.full_name in told["xa_0"]
    assert not Works.objects.filter(code="CT-SD-01").exists()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"xa_0": "Xã Không Có"}, "xa_0", "Không có xã, phường, thị trấn nào"),
        ({"xa_0": "99999"}, "xa_0", "Không có xã, phường, thị trấn nào"),
        ({"xa_0": ""}, "xa_0", "Ghi xã nơi có công trình"),
        ({"code": "CT 01"}, "code", "Mã chỉ gồm"),
        ({"name": "   "}, "name", ""),
        ({"total_investment": "0"}, "total_investment", "lớn hơn 0"),
        ({"total_investment": "1250500000"}, "total_investment", "tính bằng đồng"),
        ({"total_investment": "1.250"}, "total_investment", "hai cách"),
        ({"planned_finish": "28/02/2023"}, "planned_finish", "phải từ ngày khởi công"),
        ({"planned_start": "01/01/0023"}, "planned_start", "Ngày từ"),
        ({"actual_start": "01/01/2099"}, "actual_start", "chưa đến"),
        ({"latitude": "21,3"}, "longitude", "đủ cả"),
        ({"latitude": "48,8", "longitude": "2,3"}, "latitude", "ở Việt Nam"),
        ({"latitude": "nan", "longitude": "106"}, "latitude", "độ thập phân"),
        ({"component": "0"}, "component", ""),
        ({"investor": "0"}, "investor", ""),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(
    writer, fields, typed, field, words
):
    told = refusals(writer, fields | typed)
    assert words in told[field]
    assert not Works.objects.exists()


def test_a_code_that_is_taken_is_told(writer, fields):
    WorksFactory(code="CT-SD-01")
    assert refusals(writer, fields) == {"code": "Mã này đã có."}


def test_a_component_that_is_not_carried_out_in_the_province_is_refused(writer, fields):
    ruled_out = Component.objects.get(programme__code="1719", code="DA9.TDA1")
    told = refusals(writer, fields | {"component": ruled_out.pk})
    assert told == {"component": "DA9.TDA1 không thực hiện tại Tỉnh Bắc Giang."}


def test_two_communes_of_a_name_need_their_district(writer, fields):
    names = AdministrativeUnit.objects.on(DAY).communes().filter(is_reference=False)
    seen: dict[str, AdministrativeUnit] = {}
    twin = next(one for one in names if seen.setdefault(one.full_name, one) != one)
    told = refusals(writer, fields | {"xa_0": twin.full_name})
    assert "Ghi thêm huyện" in told["xa_0"]
    district = twin.parents.get(valid__contains=DAY).parent
    writer.post(at("works_create"), fields | {"xa_0": f"{twin.full_name}, {district.full_name}"})
    assert Works.objects.get().place_rows.get().unit == twin


def test_an_officer_enters_works_of_the_own_area_only(client, son_dong_officer, fields):
    client.force_login(son_dong_officer)
    told = refusals(client, fields | {"xa_0": commune_of("219").code})
    assert told == {"xa_0": "Chọn xã trong địa bàn của mình."}
    assert client.post(at("works_create"), fields).status_code == 302


def test_an_investor_sees_and_enters_works_of_the_own_organisation_only(client, investor, fields):
    own, other = OrganisationFactory(), OrganisationFactory()
    Membership.objects.create(user=investor, organisation=own)
    mine, theirs = works_in("219", investor=own), works_in("220", investor=other)
    client.force_login(investor)
    page = client.get(at("works_list")).text
    assert mine.name in page
    assert theirs.name not in page
    assert client.get(at("works_detail", theirs.code)).status_code == 404
    assert client.post(at("works_state", theirs.code), {}).status_code == 404
    assert "investor" in refusals(client, fields | {"investor": other.pk})
    assert client.post(at("works_create"), fields | {"investor": own.pk}).status_code == 302


def test_places_and_start_move_together(writer, fields):
    """The new commune is not there on the old day, nor the old one on the new day."""
    ended = gone()
    writer.post(at("works_create"), fields | {"xa_0": ended.code})
    works = Works.objects.get()
    new = ended.successions.first().new
    later = {"planned_start": "01/03/2025", "planned_finish": "31/12/2025"}
    assert "xa_0" in refusals(
        writer, fields | later | {"xa_0": ended.code}, "works_update", works.code
    )
    answer = writer.post(at("works_update", works.code), fields | later | {"xa_0": new.full_name})
    assert answer.status_code == 302
    assert works.place_rows.get().unit == new


def test_the_database_refuses_a_commune_of_another_time(specialist):
    works = WorksFactory(planned_start=datetime.date(2025, 3, 1), planned_finish=None)
    ended = gone()
    with pytest.raises(IntegrityError, match="không có"), transaction.atomic():
        save_works(works=works, places=[Place(ended)], by=specialist)
    assert not works.place_rows.exists()


def test_works_with_capital_keep_component_and_investor(writer, fields, specialist):
    works = works_in("220")
    CapitalPlanFactory(
        works=works, unit=None, holder="works", component=works.component,
        programme=works.component.programme,
    )  # fmt: skip
    works.investor = OrganisationFactory()
    with pytest.raises(WorksRefused, match="chủ đầu tư giữ nguyên"):
        save_works(works=works, places=[Place(commune_of("220"))], by=specialist)


STATE = {"tinh-trang-state": "approved", "tinh-trang-day": "01/02/2023"}


def moved(client, works, state, day, **more):
    fields = {"state": state, "day": day, **more}
    return client.post(
        at("works_state", works.code), {f"tinh-trang-{name}": v for name, v in fields.items()}
    )


def told(answer, field):
    assert answer.status_code == 422
    return " ".join(answer.context["state_form"].errors[field])


def test_states_follow_each_other_with_their_days_and_documents(writer):
    works = works_in("220")
    document = decision(datetime.date(2023, 2, 1), "812")
    assert moved(writer, works, "approved", "01/02/2023", document="812/QĐ-UBND").status_code == 302
    assert moved(writer, works, "started", "10/03/2023").status_code == 302
    assert moved(writer, works, "finished", "01/02/2024").status_code == 302
    works.refresh_from_db()
    assert (works.actual_start, works.actual_finish) == (
        datetime.date(2023, 3, 10),
        datetime.date(2024, 2, 1),
    )
    page = writer.get(works.get_absolute_url()).text
    assert "Chậm 32 ngày" in page
    assert str(document) in page
    assert [e.state for e in works.events.all()] == ["approved", "started", "finished"]


def test_a_state_that_does_not_fit_is_refused_at_its_field(writer):
    works = works_in("220")
    assert "Chưa có ngày khởi công" in told(moved(writer, works, "finished", "01/02/2023"), "state")
    moved(writer, works, "approved", "01/02/2023")
    assert "không theo sau" in told(moved(writer, works, "settled", "01/03/2023"), "state")
    assert "từ 01/02/2023" in told(moved(writer, works, "started", "31/01/2023"), "day")
    assert "chưa đến" in told(moved(writer, works, "started", "01/01/2099"), "day")
    assert "chưa có" in told(
        moved(writer, works, "started", "01/03/2023", document="999/QĐ-XYZ"), "document"
    )
    decision(datetime.date(2023, 4, 1), "77")
    assert "sau ngày trên" in told(
        moved(writer, works, "started", "01/03/2023", document="77/QĐ-UBND"), "document"
    )
    assert WorksEvent.objects.count() == 1


def test_a_decision_is_tied_once_in_a_role_and_untied(writer):
    works = works_in("220")
    document = decision(datetime.date(2023, 2, 1), "55")
    fields = {"van-ban-document": "55/QĐ-UBND", "van-ban-role": "approval"}
    assert writer.post(at("works_cite", works.code), fields).status_code == 302
    again = writer.post(at("works_cite", works.code), fields)
    assert again.status_code == 422
    assert "đã gắn" in again.text
    row = works.decisions.get()
    assert document.get_absolute_url() in writer.get(works.get_absolute_url()).text
    writer.post(at("works_uncite", works.code, row.pk))
    assert not works.decisions.exists()


def test_works_that_nothing_was_written_about_are_taken_away(writer):
    empty, told = works_in("220"), works_in("220")
    WorksEvent.objects.create(works=told, state="approved", day=DAY)
    writer.post(at("works_delete", empty.code))
    answer = writer.post(at("works_delete", told.code), follow=True)
    assert "Công trình đã có 1 diễn biến" in answer.text
    assert list(Works.objects.all()) == [told]


def test_filters_stand_in_the_address_and_find_with_or_without_marks(writer):
    road = works_in("220", name="Đường liên thôn An Lạc")
    school = works_in("219", name="Trường mầm non", kind="upgrade", planned_finish=None)
    for query, found in [
        ("q=duong+an+lac", [road]),
        ("q=Đường", [road]),
        (f"q={school.code}", [school]),
        (f"huyen={unit('219').pk}", [school]),
        (f"xa={commune_of('220').pk}", [road]),
        (f"chu_dau_tu={road.investor.code}", [road]),
        (f"du_an={school.component_id}", [school]),
        ("loai=upgrade", [school]),
        ("tinh_trang=started", []),
        ("cham=on", [road]),
        ("huyen=x&sort=nonsense&page=99", [road, school]),
        ("q=khong+co", []),
    ]:
        answer = writer.get(f"{at('works_list')}?{query}")
        assert [row["works"] for row in answer.context["rows"]] == found, query
        shown = writer.get(f"{at('works_map')}?{query}")
        assert {row["works"] for row in shown.context["rows"]} == set(found), query


def test_the_list_is_sorted_by_its_headings(writer):
    for name, cost in (("Đập", 300), ("Cầu", None), ("Ao", 100)):
        works_in("220", name=name, total_investment=cost)
    for sort, names in [
        ("name", ["Ao", "Cầu", "Đập"]),
        ("-name", ["Đập", "Cầu", "Ao"]),
        ("investment", ["Ao", "Đập", "Cầu"]),
        ("-investment", ["Đập", "Ao", "Cầu"]),
    ]:
        answer = writer.get(at("works_list"), {"sort": sort})
        assert [row["works"].name for row in answer.context["rows"]] == names


def test_the_map_marks_works_where_they_are_or_in_their_commune(writer):
    exact = works_in("220", latitude=21.33, longitude=106.86)
    near, beside = works_in("220"), works_in("220")
    page = writer.get(at("works_map")).text
    assert f'href="{exact.get_absolute_url()}"' in page
    assert f"{commune_of('220').full_name}: 2 công trình" in page
    assert near.name in page
    assert beside.name in page


@pytest.mark.parametrize("page", ["works_list", "works_map", "works_detail"])
def test_pages_ask_a_bounded_number_of_queries(writer, page, django_assert_max_num_queries):
    for _ in range(30):
        works = works_in("220")
    args = [works.code] if page == "works_detail" else []
    with django_assert_max_num_queries(30):
        assert writer.get(at(page, *args)).status_code == 200


def test_an_organisation_is_entered_and_its_people_see_its_works(client, administrator, investor):
    client.force_login(administrator)
    fields = {
        "code": "bqlda-sd",
        "name": "Ban QLDA Sơn Động",
        "kind": "investor",
        "is_active": "on",
    }
    assert client.post(at("organisation_create"), fields).status_code == 302
    again = client.post(at("organisation_create"), fields | {"name": "BAN QLDA  SƠN ĐỘNG"})
    errors = again.context["form"].errors
    assert errors["code"] == ["Mã này đã có."]
    assert errors["name"] == ["Đã có đơn vị cùng tên."]
    client.post(at("member_add", "bqlda-sd"), {"user": investor.pk})
    assert Membership.objects.get().user == investor
    assert investor.full_name in client.get(at("organisation_update", "bqlda-sd")).text
    client.post(at("member_remove", Membership.objects.get().pk))
    assert not Membership.objects.exists()
