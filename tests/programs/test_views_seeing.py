"""The programme at a glance: what it shows, where its numbers lead, who sees what."""

from __future__ import annotations

import datetime
import io
import re
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.html import escape

from programs.models import CapitalPlan, FundingSource, WorksEvent
from tests.cast import unit
from tests.programs.factories import (
    CapitalPlanFactory,
    WorksFactory,
    change,
    decision,
    line_of_works,
    pay,
)
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(db) -> CapitalPlan:
    """5 000 assigned, 2 000 in Sơn Động, 1 000 with works, 300,125 paid in March 2023."""
    line = line_of_works()
    pay(line, "300.125", on(31, 3), voucher="UNC-12", document=decision(on(31, 3)))
    return line


@pytest.fixture
def page(client, leader, works):
    def get(name: str = "dashboard", user=leader, **query: str):
        client.force_login(user)
        asked = {"chuong-trinh": works.programme.code, "den_ngay": "30/06/2023"} | query
        return client.get(reverse(f"programs:{name}"), asked)

    return get


def links(response, words: str) -> list[str]:
    """Where the links lead whose text is exactly `words`."""
    return [
        unescape(url) for url in re.findall(rf'<a href="([^"]+)"[^>]*>{words}</a>', response.text)
    ]


def test_the_large_figures_are_those_of_the_day(page):
    figures = {one.label: one for one in page().context["figures"]}
    assert (figures["Kế hoạch vốn"].value, figures["Kế hoạch vốn"].unit) == ("5", "tỷ\u00a0đồng")
    assert figures["Đã giải ngân"].value == "300,1"
    assert figures["Tỷ lệ giải ngân"].value == "6\u00a0%"
    assert "Theo thời gian 49,6" in figures["Tỷ lệ giải ngân"].target
    earlier = page(den_ngay="30/03/2023").context["figures"]
    assert earlier[2].value == "0"


def test_every_table_adds_up_to_the_same_total(page):
    context = page(tien="trieu").context
    totals = {table.total.plan for table in context["tables"]}
    assert totals == {"5.000"}
    assert {table.total.paid for table in context["tables"]} == {"300,125"}


def test_a_leader_drills_from_a_district_to_one_payment_and_its_document(client, page, works):
    district = links(page(), "Huyện Sơn Động")[0]
    inside = client.get(district)
    assert inside.context["answer"].total.plan == 2000
    payments = client.get(links(inside, "0,3")[0])
    payment = payments.context["payments"][0]
    assert payment.voucher == "UNC-12"
    assert payment.document.get_absolute_url() in payments.text
    assert client.get(payment.document.get_absolute_url()).status_code == 200
    lines = client.get(links(inside, "2,0")[0])
    assert sum(row["line"].held for row in lines.context["rows"]) == 2000


def test_what_is_at_the_province_can_be_looked_at_alone(client, page):
    province = links(page(), "Cấp tỉnh")[0]
    response = client.get(province)
    assert response.context["answer"].total.plan == 3000
    assert "Bỏ lọc Địa bàn" in response.text


def test_a_month_leads_to_its_payments(client, page, works):
    pay(works, 10, on(30, 4))
    response = page()
    april = next(month for month in response.context["months"] if "Tháng 4" in month.label)
    payments = client.get(april.url)
    assert [payment.amount for payment in payments.context["payments"]] == [10]
    assert payments.context["total"] == 10


@pytest.fixture
def nothing_kept():
    cache.clear()


def test_a_curve_that_is_not_drawn_yet_is_asked_for_by_the_page(client, page, nothing_kept):
    first = page()
    assert first.context["chart"] is None
    assert f'hx-get="{escape(first.context["curve_url"])}"' in first.text
    alone = client.get(first.context["curve_url"], headers={"HX-Request": "true"})
    assert alone.text.count("<svg") == 3
    assert "<html" not in alone.text
    assert page().context["chart"].wide in alone.text


def test_without_scripts_the_curve_is_a_link_away(client, page, nothing_kept):
    first = page()
    assert "Tháng 3/2023" in first.text, "the same figures stand in the table"
    waited = client.get(links(first, "Xem biểu đồ")[0], follow=True)
    assert waited.context["chart"].wide in waited.text


def test_a_curve_of_no_money_is_nothing(client, page, nothing_kept):
    url = page(nam="2023", den_ngay="02/01/2023").context["dashboard_url"]
    curve = url.replace(reverse("programs:dashboard"), reverse("programs:dashboard_curve"))
    assert client.get(curve, headers={"HX-Request": "true"}).text.strip() == ""


def test_slow_ones_are_listed_below_the_threshold_of_the_address(page):
    response = page(nguong="31", dia_ban=str(unit("220").pk))
    assert response.context["slow_lines"] == 1
    assert page(nguong="30", dia_ban=str(unit("220").pk)).context["slow_lines"] == 0
    assert "Giải ngân dưới 31" in response.text
    assert [part.title for part in response.context["slow"]] == ["Địa bàn", "Chủ đầu tư"]


def test_the_lines_below_a_rate_are_a_list(page):
    assert page("line_list", duoi="31").context["count"] == 1
    assert page("line_list", duoi="30").context["count"] == 0
    assert page("line_list").context["count"] == 3
    assert page("line_list", cap="tren-cong-trinh").context["count"] == 2


def test_lines_are_sorted_as_asked(page):
    plans = [row["plan"] for row in page("line_list", tien="trieu").context["rows"]]
    assert plans == ["3.000", "1.000", "1.000"]
    first = page("line_list", sort="-rate").context["rows"][0]
    assert first["line"].holder == "works"


def test_works_late_on_the_day_are_counted_and_listed(page, works):
    job = works.works
    job.planned_finish = on(31, 5)
    job.save()
    WorksEvent.objects.create(works=job, state="started", day=on(1, 3))
    response = page()
    assert response.context["progress"].late == 1
    assert response.context["late"][0]["days"] == "30 ngày"
    assert page(den_ngay="31/05/2023").context["progress"].late == 0
    late = page("funded_works_list", cham="1").context["works"]
    assert [one.late_words for one in late] == ["30 ngày"]


def test_states_are_those_of_the_day(page, works):
    for state, day in (("approved", on(1, 2)), ("started", on(1, 3)), ("finished", on(1, 8))):
        WorksEvent.objects.create(works=works.works, state=state, day=day)
    assert [row[:2] for row in page().context["states"]] == [("Đang thực hiện", 1)]
    after = page(den_ngay="01/08/2023").context["states"]
    assert [row[:2] for row in after] == [("Đã hoàn thành", 1)]
    assert len(page("funded_works_list", tinh_trang="started").context["works"]) == 1
    assert len(page("funded_works_list", tinh_trang="finished").context["works"]) == 0


def test_an_officer_sees_the_own_area_alone(page, son_dong_officer, luc_ngan_officer):
    assert page(user=son_dong_officer).context["answer"].total.plan == 2000
    assert 'class="empty"' in page(user=luc_ngan_officer).text
    assert page("payment_list", user=luc_ngan_officer).context["total"] == 0
    assert page("line_list", user=son_dong_officer).context["count"] == 2


NONSENSE = [
    {"nam": "abc"},
    {"nam": "99999999999"},
    {"den_ngay": "31/02/2023"},
    {"du_an": "khong-co"},
    {"dia_ban": "x'; --"},
    {"nguong": "²"},
    {"thang": "2023-13"},
    {"page": "99999"},
    {"sort": "drop"},
    {"den_ngay": "01/01/0001"},
    {"den_ngay": "31/12/9999"},
    {"nguon": "\0"},
]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dashboard", "line_list", "payment_list", "funded_works_list"])
def test_nonsense_in_the_address_is_no_fault(page, name):
    for asked in NONSENSE:
        assert page(name, **asked).status_code in (200, 404), asked


def test_the_workbook_of_a_table_is_what_the_page_shows(page):
    content = page("cut_export", bang="area").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["Huyện Sơn Động", 2000, 1000, 300.125, 1699.875, 15] in rows
    assert ["Cấp tỉnh", 3000, 0, 0, 3000, 0] in rows
    assert rows[-1][:4] == ["Tổng cộng", 5000, 1000, 300.125]
    assert "tính đến hết ngày 30/06/2023" in rows[1][0]


def test_the_workbook_of_months_adds_up(page):
    content = page("cut_export", bang="thang").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert ["Tháng 3/2023", 5000, 300.125, 300.125] in rows
    assert page("cut_export", bang="khac").status_code == 404


def many_lines(works: CapitalPlan, count: int) -> None:
    """More lines and payments of the same district, for the caps on queries."""
    same = {name: getattr(works, name) for name in ("programme", "component", "source", "kind")}
    for n in range(count):
        line = CapitalPlanFactory(
            parent=works.parent, holder="works", unit=None,
            works=WorksFactory(component=works.component, planned_finish=on(1, 4)), **same,
        )  # fmt: skip
        change(line, "allocated", 10, on(20, 2))
        pay(line, n + 1, on(1, 3), document=decision(on(1, 3)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dashboard", "line_list", "payment_list", "funded_works_list"])
def test_queries_stay_few_however_many_lines_there_are(
    page, works, name, django_assert_max_num_queries
):
    many_lines(works, 8)
    page(name)  # what is asked once in five minutes has been asked
    with django_assert_max_num_queries(30):
        assert page(name).status_code == 200


def test_a_source_without_money_is_an_empty_page_that_says_what_to_do(page):
    assert FundingSource.objects.filter(code="TDCS").exists()
    response = page(nguon="TDCS")
    assert "Chưa có kế hoạch vốn nào khớp" in response.text
    assert response.context["answer"].total.plan == Decimal(0)


def test_the_year_shown_first_is_the_latest_with_money(client, leader, works):
    client.force_login(leader)
    response = client.get(reverse("programs:dashboard"), {"chuong-trinh": works.programme.code})
    assert response.context["question"].year == 2023
    assert response.context["question"].day == datetime.date(2024, 1, 31)


def test_components_are_drilled_to_the_last_even_where_there_is_only_one(client, page, works):
    """The project of the line has no parts: nothing leads further, and the page says no cut."""
    project = works.component
    assert page().context["main"].rows[0].label == project.label
    inside = client.get(links(page(), project.label)[0])
    assert inside.context["question"].component == project
    assert inside.context["main"] is None
