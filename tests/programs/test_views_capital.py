"""Pages about money: what they show, what they refuse, and to whom."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from programs.models import CapitalChange, CapitalPlan, ClosedMonth, Disbursement, Membership
from tests.cast import person, unit
from tests.programs.factories import (
    CapitalPlanFactory,
    OrganisationFactory,
    WorksFactory,
    change,
    decision,
    line_of_works,
    pay,
)
from tests.programs.test_ledger import on, totals

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def line():
    return line_of_works()


def tree_of(line, **more):
    asked = {"chuong-trinh": line.programme.code, "nam": 2023} | more
    return reverse("programs:plan_list", query=asked)


def page(client, user, url):
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer


def test_the_tree_shows_who_holds_what_and_adds_up(client, specialist, line):
    pay(line, "300.125", on(31, 3))
    text = page(client, specialist, tree_of(line)).content.decode()
    assert "Tỉnh Bắc Giang" in text
    assert "Huyện Sơn Động" in text
    assert "1 dòng vốn của công trình" in text
    assert line.works.name not in text
    for amount in ("5.000", "2.000", "1.000", "300,125", "4.699,875"):
        assert f">{amount}</td>" in text


def test_an_opened_place_lists_its_lines_and_works(client, specialist, line):
    text = page(client, specialist, tree_of(line)).content.decode()
    key = text.split('id="')
    keys = [part.partition('"')[0] for part in key if part.startswith("province-")]
    text = page(client, specialist, tree_of(line, mo=keys[-1])).content.decode()
    assert line.works.name in text
    assert reverse("programs:plan_detail", args=[line.pk]) in text


def test_the_tree_as_of_a_day_leaves_out_what_came_later(client, specialist, line):
    pay(line, 300, on(31, 3))
    text = page(client, specialist, tree_of(line, den_ngay="14/02/2023")).content.decode()
    assert "300" not in text.partition("<tbody>")[2].partition("</tfoot>")[0]
    assert "1 dòng vốn của công trình" in text


def test_filters_stand_in_the_address(client, specialist, line):
    text = page(client, specialist, tree_of(line, loai="recurrent")).content.decode()
    assert "khớp với điều kiện" in text
    area = unit("220").pk
    text = page(client, specialist, tree_of(line, dia_ban=area)).content.decode()
    assert "Huyện Sơn Động" in text
    assert "Tỉnh Bắc Giang</a>" not in text


@pytest.mark.parametrize(
    "asked", [{"nam": "x"}, {"den_ngay": "hôm qua"}, {"mo": "a/b"}, {"du_an": "'"}]
)
def test_an_address_with_nonsense_is_a_page(client, specialist, line, asked):
    page(client, specialist, tree_of(line, **asked))


def test_officers_see_lines_of_their_district_only(
    client, son_dong_officer, luc_ngan_officer, line
):
    text = page(client, son_dong_officer, tree_of(line)).content.decode()
    assert "Huyện Sơn Động" in text
    assert "Tỉnh Bắc Giang</a>" not in text
    url = reverse("programs:plan_detail", args=[line.pk])
    assert page(client, son_dong_officer, url)
    client.force_login(luc_ngan_officer)
    assert client.get(url).status_code == 404
    province = reverse("programs:plan_detail", args=[line.parent.parent_id])
    client.force_login(son_dong_officer)
    assert client.get(province).status_code == 404


def test_an_investor_without_an_area_sees_lines_of_its_own_works_alone(line):
    someone = person("cdt.thu", role="officer", full_name="Người chủ đầu tư", area="219")
    someone.area = None
    Membership.objects.create(user=someone, organisation=line.works.investor)
    assert list(CapitalPlan.objects.visible_to(someone)) == [line]


def test_the_tree_takes_few_queries_however_many_lines(
    client, specialist, line, django_assert_max_num_queries
):
    for _ in range(12):
        more = CapitalPlanFactory(
            parent=line.parent,
            holder="works",
            unit=None,
            works=WorksFactory(component=line.component),
            programme=line.programme,
            component=line.component,
            source=line.source,
        )
        change(more, "allocated", 10, on(1, 3))
    client.force_login(specialist)
    with django_assert_max_num_queries(30):
        assert client.get(tree_of(line, mo="x")).status_code == 200


def test_a_line_shows_every_entry_with_its_document_and_what_was_left(client, specialist, line):
    paid = pay(line, 300, on(31, 3), voucher="UNC 15")
    pay(line, -300, on(30, 4), reverses=paid)
    url = reverse("programs:plan_detail", args=[line.pk])
    text = page(client, specialist, url).content.decode()
    assert "Giải ngân (đã huỷ ngày 30/04/2023)" in text
    assert "Huỷ giải ngân ngày 31/03/2023" in text
    assert "chứng từ UNC 15" in text
    assert line.changes.get().document.get_absolute_url() in text
    assert ">700</td>" in text
    above = page(client, specialist, reverse("programs:plan_detail", args=[line.parent_id]))
    assert f"Phân bổ cho {line.works.name}" in above.content.decode()


def test_a_payment_is_entered_and_its_balance_is_in_sight(client, specialist, line):
    url = reverse("programs:payment_create", args=[line.pk])
    assert "1.000 triệu đồng" in page(client, specialist, url).content.decode()
    answer = client.post(url, {"day": "31/03/2023", "amount": "120,5", "voucher": "7"}, follow=True)
    assert "Đã ghi giải ngân 120,5 triệu đồng" in answer.content.decode()
    assert Disbursement.objects.get(plan=line).by == specialist


@pytest.mark.parametrize(
    ("day", "amount", "field", "words"),
    [
        ("31/03/2023", "1000,5", "amount", "vượt 0,5 triệu đồng"),
        ("14/02/2023", "1", "day", "vốn được giao từ ngày 15/02/2023"),
        ("31/03/2023", "1.234", "amount", "đọc được hai cách"),
        ("31/03/2023", "hai", "amount", "không phải là số"),
        ("31/03/2023", "-5", "amount", "không được nhỏ hơn 0"),
        ("31/03/2023", "0", "amount", "phải lớn hơn 0"),
        ("31/03/2023", "250000000", "amount", "Nếu số này ghi bằng đồng, hãy ghi 250"),
        ("31/02/2023", "5", "day", "Ngày chưa đúng"),
    ],
)
def test_a_payment_that_cannot_be_is_told_at_its_field(
    client, specialist, line, day, amount, field, words
):
    client.force_login(specialist)
    url = reverse("programs:payment_create", args=[line.pk])
    form = client.post(url, {"day": day, "amount": amount}).context["form"]
    assert words in " ".join(form.errors[field])
    assert not Disbursement.objects.exists()


def handed_out(client, url):
    """The hidden mark of a form as it comes to a person."""
    return {"after": client.get(url).context["form"]["after"].value()}


def test_a_form_of_a_payment_that_is_sent_twice_makes_one(client, specialist, line):
    client.force_login(specialist)
    url = reverse("programs:payment_create", args=[line.pk])
    told = {"day": "31/03/2023", "amount": "120,5", "voucher": "7"} | handed_out(client, url)
    client.post(url, told)
    again = client.post(url, told, follow=True).text
    assert "Biểu được gửi hai lần, chỉ ghi một khoản: 120,5 triệu đồng" in again
    assert Disbursement.objects.count() == 1


def test_the_answer_that_it_is_another_payment_is_taken_once_too(client, specialist, line):
    client.force_login(specialist)
    url = reverse("programs:payment_create", args=[line.pk])
    told = {"day": "31/03/2023", "amount": "120,5"}
    client.post(url, told | handed_out(client, url))
    asked = client.post(url, told | handed_out(client, url))
    assert "Đây là một khoản khác" in asked.text
    told |= {"is_another": "on", "after": asked.context["form"]["after"].value()}
    client.post(url, told)
    assert "chỉ ghi một khoản" in client.post(url, told, follow=True).text
    assert Disbursement.objects.count() == 2


def test_a_form_that_is_sent_again_with_another_amount_is_asked_about(client, specialist, line):
    """Somebody went back in the browser and put the amount right."""
    client.force_login(specialist)
    url = reverse("programs:payment_create", args=[line.pk])
    told = {"day": "31/03/2023", "amount": "120,5"} | handed_out(client, url)
    client.post(url, told)
    asked = client.post(url, told | {"amount": "12,5"})
    assert "Từ khi mở trang này đã ghi 120,5 triệu đồng" in asked.text
    assert Disbursement.objects.count() == 1


@pytest.mark.parametrize("mark", ["", "x", "²", "9" * 400])
def test_a_form_whose_mark_is_nonsense_pays_as_one_without(client, specialist, line, mark):
    client.force_login(specialist)
    url = reverse("programs:payment_create", args=[line.pk])
    told = {"day": "31/03/2023", "amount": "120,5", "after": mark}
    client.post(url, told)
    assert "đã ghi lúc" in client.post(url, told).text
    assert Disbursement.objects.count() == 1


def test_a_payment_in_a_closed_month_is_told_at_its_day(client, specialist, line):
    ClosedMonth.objects.create(programme=line.programme, month=on(1, 3), by=specialist)
    client.force_login(specialist)
    url = reverse("programs:payment_create", args=[line.pk])
    form = client.post(url, {"day": "31/03/2023", "amount": "5"}).context["form"]
    assert "Tháng 03/2023 đã khoá sổ" in form.errors["day"][0]


def test_a_payment_is_taken_back_with_a_reason(client, specialist, line):
    paid = pay(line, 300, on(31, 3))
    url = reverse("programs:reversal_create", args=[paid.pk])
    client.force_login(specialist)
    assert "Ghi lý do huỷ" in client.post(url, {"day": "31/03/2023"}).content.decode()
    client.post(url, {"day": "31/03/2023", "note": "Nhập nhầm"})
    assert totals(line) == (1000, 0, 0, 1000)


def rows(*told, **head):
    """The fields of a decision's form with rows."""
    data = {"form-TOTAL_FORMS": "4", "form-INITIAL_FORMS": "0"} | head
    for index, row in enumerate(told):
        data |= {f"form-{index}-{name}": value for name, value in row.items()}
    return data


def test_money_is_assigned_to_the_province_in_several_rows(client, specialist, line):
    decision(on(5, 1), number="11")
    asked = {"chuong-trinh": line.programme.code, "nam": 2023}
    url = reverse("programs:assignment_create", query=asked)
    client.force_login(specialist)
    code = line.component.code
    data = rows(
        {"component": code, "source": "NST", "kind": "investment", "amount": "100"},
        {"component": code, "source": "NST", "kind": "recurrent", "amount": "50,25"},
        document="11/QĐ-UBND ngày 5/1/2023",
    )
    answer = client.post(url, data, follow=True)
    assert "Đã ghi 2 dòng vốn, 150,25 triệu đồng" in answer.content.decode()
    made = CapitalChange.objects.filter(plan__source__code="NST")
    assert {(one.amount, one.day, one.by) for one in made} == {
        (100, on(5, 1), specialist),
        (Decimal("50.25"), on(5, 1), specialist),
    }


def test_a_decision_that_is_not_in_the_register_is_told(client, specialist, line):
    client.force_login(specialist)
    url = reverse("programs:assignment_create", query={"chuong-trinh": line.programme.code})
    form = client.post(url, rows(document="999/QĐ-KHONGCO")).context["form"]
    assert "chưa có" in form.errors["document"][0]


def test_money_is_passed_down_to_units_investors_and_works(client, specialist, line):
    paper = decision(on(1, 3), number="12")
    investor = OrganisationFactory()
    job = WorksFactory(component=line.component)
    url = reverse("programs:allocation_create", args=[line.parent.parent_id])
    client.force_login(specialist)
    assert "Huyện Lục Ngạn" in client.get(url).content.decode()
    data = rows(
        {"receiver": "huyen luc ngan", "amount": "100"},
        {"receiver": investor.name, "amount": "200"},
        {"receiver": f"{job.code} · {job.name}", "amount": "300"},
        document="12/QĐ-UBND",
    )
    answer = client.post(url, data, follow=True)
    assert "Đã phân bổ 600 triệu đồng cho 3 nơi nhận" in answer.content.decode()
    assert paper.capital_changes.count() == 3
    assert CapitalPlan.objects.get(works=job).received == 300


def test_an_allocation_above_what_is_left_keeps_nothing(client, specialist, line):
    decision(on(1, 3), number="12")
    client.force_login(specialist)
    url = reverse("programs:allocation_create", args=[line.parent_id])
    before = CapitalPlan.objects.count()
    data = rows(
        {"receiver": "Xã An Lạc", "amount": "400"},
        {"receiver": "Xã Không Có", "amount": "1"},
        document="12/QĐ-UBND",
    )
    text = client.post(url, data).content.decode()
    assert "Không có đơn vị, chủ đầu tư hoặc công trình “Xã Không Có”" in text
    data["form-1-receiver"], data["form-1-amount"] = "Xã Vân Sơn", "700"
    text = client.post(url, data).content.decode()
    assert "còn 1.000 triệu đồng để phân bổ" in text
    assert "vượt 100 triệu đồng" in text
    assert CapitalPlan.objects.count() == before


def test_more_rows_keep_what_was_typed(client, specialist, line):
    client.force_login(specialist)
    url = reverse("programs:allocation_create", args=[line.parent_id])
    data = rows({"receiver": "Xã An Lạc", "amount": "400"}, them="1")
    text = client.post(url, data).content.decode()
    assert 'name="form-8-amount"' in text
    assert "Xã An Lạc" in text


def test_lines_are_adjusted_each_at_its_own_field(client, specialist, line):
    decision(on(1, 6), number="13")
    pay(line, 800, on(30, 6))
    client.force_login(specialist)
    url = reverse("programs:adjustment_create", args=[line.parent_id])
    field = f"line_{line.pk}"
    form = client.post(url, {"document": "13/QĐ-UBND", field: "-300"}).context["form"]
    assert "Chỉ giảm được nhiều nhất 200 triệu đồng" in form.errors[field][0]
    client.post(url, {"document": "13/QĐ-UBND", field: "-150"})
    assert totals(line)[0] == 850


def test_a_year_is_carried_over_in_one_decision(client, specialist, line, run_jobs):
    decision(on(31, 12), number="14")
    client.force_login(specialist)
    asked = {"chuong-trinh": line.programme.code, "nam": 2023}
    url = reverse("programs:carry_over_create", query=asked)
    assert "Năm 2023 còn 5.000 triệu đồng chưa chi" in client.get(url).content.decode()
    client.post(url, {"document": "14/QĐ-UBND", "day": "31/12/2023"})
    run_jobs()
    told = client.get(url).content.decode()
    assert 'data-label="Dòng vốn">3<' in told
    assert 'data-label="Triệu đồng">5.000<' in told
    assert CapitalPlan.objects.filter(year=2024).count() == 3


def test_months_are_closed_and_opened_again_with_a_reason(client, specialist, line):
    client.force_login(specialist)
    asked = {"chuong-trinh": line.programme.code, "nam": 2023}
    page_url = reverse("programs:closed_month_list", query=asked)
    close = reverse("programs:month_close", args=[line.programme.code, 2023, 3])
    assert "Đã khoá sổ tháng 03/2023" in client.post(close, follow=True).content.decode()
    closed = ClosedMonth.objects.get()
    reopen = reverse("programs:month_reopen", args=[closed.pk])
    assert "Hãy ghi lý do" in client.post(reopen, follow=True).content.decode()
    client.post(reopen, {"reason": "Bổ sung chứng từ"})
    assert "Bổ sung chứng từ" in client.get(page_url).content.decode()
    later = reverse("programs:month_close", args=[line.programme.code, timezone.now().year + 1, 3])
    assert "chưa hết" in client.post(later, follow=True).content.decode()


def test_the_medium_term_plan_warns_where_years_exceed_it(client, specialist, line):
    phase = line.programme.phases.create(name="2021–2025", valid=("2021-01-01", "2026-01-01"))
    medium = CapitalPlanFactory(
        year=None,
        phase=phase,
        programme=line.programme,
        component=line.component,
        source=line.source,
    )
    change(medium, "assigned", 4000, on(1, 1, 2022))
    url = reverse("programs:medium_term_list", query={"chuong-trinh": line.programme.code})
    text = page(client, specialist, url).content.decode()
    assert "các năm được giao 5.000 triệu đồng, vượt kế hoạch trung hạn 4.000" in text


def test_a_form_sent_twice_pays_once_unless_a_person_says_that_it_is_another(
    client, specialist, line
):
    client.force_login(specialist)
    url = reverse("programs:payment_create", args=[line.pk])
    data = {"day": "31/03/2023", "amount": "5", "voucher": "7"}
    client.post(url, data)
    text = client.post(url, data).content.decode()
    assert "Nếu là khoản khác" in text
    assert 'type="checkbox" name="is_another"' in text
    client.post(url, data | {"is_another": "on"})
    assert totals(line)[2] == 10


def sheet_of(answer):
    sheet = load_workbook(BytesIO(answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_tree_is_given_away_as_seen(client, specialist, line):
    pay(line, "300.125", on(31, 3))
    key = f"province-{line.parent.parent.unit_id}/district-{line.area_id}"
    asked = {"chuong-trinh": line.programme.code, "nam": 2023, "loai": "investment", "mo": key}
    rows = sheet_of(page(client, specialist, reverse("programs:plan_export", query=asked)))
    assert [row[0] for row in rows if "Loại vốn" in str(row[0])] == ["Loại vốn: vốn đầu tư."]
    assert any(line.works.code in str(row[0]) and row[3] == 300.125 for row in rows)
    assert rows[-1][:5] == ["Tổng cộng", 5000, 1000, 300.125, 4699.875]


def test_a_lines_history_is_given_away(client, specialist, line):
    pay(line, 300, on(31, 3), voucher="UNC 15")
    url = reverse("programs:plan_history_export", args=[line.pk])
    rows = sheet_of(page(client, specialist, url))
    assert rows[-1][:4] == ["31/03/2023", "Giải ngân. chứng từ UNC 15", -300, 700]
