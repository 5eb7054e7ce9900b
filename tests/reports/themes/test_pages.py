"""What a page of themes says of filters, comparisons, empty places and nonsense."""

from __future__ import annotations

import csv
import io
import random
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ethnic_data.aggregation import answer
from ethnic_data.exploring.selection import Reading
from ethnic_data.exploring.table import Table
from portal.formats import number
from reports.exhibits import explorer as exhibits
from reports.themes.declared import THEMES
from tests.cast import unit
from tests.ethnic_data.filling import AN_LAC, CAM_SON, HUU_SAN, VAN_SON, approved, value

from .filling import fill

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST_NEW, MOST_KEPT = 30, 22


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def page(client, leader):
    client.force_login(leader)

    def get(slug: str, **query: str):
        return client.get(reverse("reports:theme", args=[slug]), query)

    return get


def panel(response, key):
    return next(one for one in response.context["panels"] if one.key == key)


def text_of(response):
    return " ".join(response.content.decode().split())


def poor(year, numbers, *, code="220", **fields):
    """Minority households and poor ones of communes."""
    told = [
        value(commune, code, n)
        for commune, (households, few) in numbers.items()
        for code, n in (("D02", households), ("N03", few))
    ]
    approved(told, unit_code=code, period=year, **fields)


def test_two_years_side_by_side_with_what_lies_between(page):
    poor("2022", {AN_LAC: (100, 30), HUU_SAN: (100, 10)})
    poor("2023", {AN_LAC: (100, 20), HUU_SAN: (100, 0)})
    response = page("giam-ngheo", dv="220", ky="2023", so_ky="2022")
    shown = panel(response, "dia-ban")
    line = next(one for one in shown.lines if one.label == "Xã An Lạc")
    assert [one.text for one in line.values] == ["20,00", "30,00", "−10,00"]
    assert [one.text for one in shown.totals[0].values] == ["10,00", "20,00", "−10,00"]
    assert "đã có nhiều năm" in " ".join(panel(response, "qua-nam").unapplied)
    file = page("giam-ngheo", dv="220", ky="2023", so_ky="2022")
    url = reverse("reports:panel_file", args=["giam-ngheo", "dia-ban", "csv"])
    told = file.client.get(url, {"dv": "220", "ky": "2023", "so_ky": "2022"}).content.decode()
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(told)) if row}
    assert rows["Xã An Lạc"] == ["20", "30", "-10"]


def test_two_units_are_compared_as_wholes_and_two_groups_row_by_row(page):
    fill(("2023",))
    units = panel(page("giam-ngheo", dv="220", so_dv="219"), "dia-ban")
    (line,) = units.lines
    a, b = (answer("N06", unit(code), "2023").value for code in ("220", "219"))
    assert [one.exact for one in line.values] == [a, b, a - b]
    groups = page("dan-so", dv="220", dt="02", so_dt="07")
    shown = panel(groups, "co-cau")
    assert shown.unapplied, "not every indicator of the table is divided by group"
    by_unit = panel(groups, "dan-so-xa")
    a, b = (answer("D03", unit(AN_LAC), "2023", group=code).value for code in ("02", "07"))
    line = next(one for one in by_unit.lines if one.label == "Xã An Lạc")
    assert [one.exact for one in line.values] == [a, b, a - b]


def test_a_zone_has_other_communes_in_another_district(page, leader):
    fill(("2023",))
    shown = panel(page("giam-ngheo", dv="220", so_dv="219", kv="III", ky="2023"), "bien-dong")
    alone = []
    for code in ("220", "219"):
        query = QueryDict(urlsplit(shown.explorer).query, mutable=True)
        query["dv"] = code
        table = Table.of(Reading(query, leader).selection())
        alone.append([table.cell(table.rows[-1], one).figure.value for one in table.columns])
    (line,) = shown.lines
    values = [one.exact for one in line.values]
    assert [values[0::3], values[1::3]] == alone
    assert None not in alone[0] + alone[1]
    assert alone[0] != alone[1]


def test_a_code_of_two_units_is_compared_as_the_unit_of_each_year(page):
    """The commune of Vân Sơn before and after the merger of 2025 bear one code."""
    poor("2023", {VAN_SON: (100, 20), HUU_SAN: (100, 40)})
    told = [value(VAN_SON, code, n) for code, n in (("D02", 300), ("N03", 30))]
    approved(told, unit_code="24", period="2025")
    shown = panel(page("giam-ngheo", dv=VAN_SON, ky="2025", so_ky="2023"), "dia-ban")
    (line,) = shown.lines
    assert [one.text for one in line.values] == ["10,00", "20,00", "−10,00"]


def test_what_took_over_a_code_is_not_compared_with_what_bore_it(page):
    """Since 2025 the code of Bắc Lý is that of Xuân Cẩm, and Hữu Sản is no more."""
    bac_ly, districts = "07870", {"07870": "223", HUU_SAN: "220"}
    for code, district in districts.items():
        poor("2023", {code: (100, 20)}, code=district)
    told = [value(bac_ly, code, n) for code, n in (("D02", 300), ("N03", 30))]
    approved(told, unit_code="24", period="2025")
    for code, name in ((bac_ly, "Thị trấn Bắc Lý"), (HUU_SAN, "Xã Hữu Sản")):
        found = page("giam-ngheo", dv=code, ky="2023", so_ky="2025")
        assert found.context["filters"].comparison is None
        assert f"Năm 2025 chưa có, hoặc không còn, {name}" in text_of(found)
    shown = panel(page("giam-ngheo", dv="24", ky="2023", so_ky="2025"), "ban-do")
    lines = {one.label: [value.text for value in one.values] for one in shown.lines}
    assert lines["Thị trấn Bắc Lý"] == ["20,00", "–", "–"]
    assert lines["Toàn tỉnh"] == ["20,00", "10,00", "+10,00"]


def test_a_filter_that_says_nothing_of_a_panel_is_told_there(page):
    fill(("2023",))
    response = page("giam-ngheo", dt="02", gt="nu")
    assert "không chia theo giới" in " ".join(panel(response, "dan-toc").unapplied)
    assert [one.label for one in panel(response, "dan-toc").body] == ["Tày"]
    shown = panel(page("ha-tang", dt="02"), "thon")
    assert "không chia theo dân tộc" in " ".join(shown.unapplied)
    assert shown.says_something


def test_names_of_rows_lead_down_and_keep_the_filters(page):
    fill(("2023",))
    response = page("giam-ngheo", ky="2023", loai="administrative")
    district = next(o for o in panel(response, "dia-ban").lines if o.label == "Huyện Sơn Động")
    told = QueryDict(urlsplit(district.url).query)
    assert (told["dv"], told["ky"], told["loai"]) == ("220", "2023", "administrative")
    below = response.client.get(district.url)
    commune = next(one for one in panel(below, "dia-ban").lines if one.label == "Xã An Lạc")
    alone = response.client.get(commune.url)
    assert [words for words, _ in alone.context["page"].way_down] == ["Toàn tỉnh", "Huyện Sơn Động"]
    group = next(one for one in panel(alone, "dan-toc").lines if one.label == "Tày")
    assert QueryDict(urlsplit(group.url).query)["dt"] == "02"
    cell = group.values[-1]
    behind = response.client.get(cell.url)
    assert sum(one.value for one in behind.context["object_list"]) == cell.exact
    assert behind.context["object_list"][0].submission.unit.code == "220"


def test_where_there_is_nothing_a_sentence_says_what_to_do(page):
    poor("2023", {AN_LAC: (100, 20)})
    shown = panel(page("giam-ngheo", ky="2019"), "dia-ban")
    assert "Chưa có số liệu được duyệt năm 2019" in shown.empty
    assert "ky=2023" in shown.empty_url
    assert "Chưa có biểu nào" in panel(page("giao-duc-y-te"), "bhyt").empty
    narrowed = panel(page("giam-ngheo", loai="sample"), "dia-ban")
    assert narrowed.empty_button == "Bỏ các bộ lọc"
    assert "loai" not in narrowed.empty_url


def test_a_unit_of_other_boundaries_gives_way_to_what_carries_it_on(page):
    poor("2023", {HUU_SAN: (100, 20), VAN_SON: (100, 10)})
    response = page("giam-ngheo", dv=HUU_SAN, dg="2025-07-01", ky="2023")
    assert "đang xem Xã Vân Sơn" in " ".join(response.context["filters"].problems)
    assert panel(response, "dia-ban").lines[0].values[0].text == "15,00"


def test_zero_denominators_and_two_kinds_give_no_wrong_number(page):
    poor("2022", {AN_LAC: (0, 0)})
    shown = panel(page("giam-ngheo", dv=AN_LAC, ky="2022"), "dia-ban")
    assert not shown.says_something
    assert shown.empty
    assert b"NaN" not in page("giam-ngheo", dv=AN_LAC, ky="2022").content


def test_whoever_sees_no_small_counts_sees_none_here_and_no_difference_of_them(
    client, administrator
):
    told = [value(commune, "N01", n, group="02") for commune, n in ((AN_LAC, 2), (HUU_SAN, 3))]
    approved(told, dataset="DAN-SO", period="2023")
    client.force_login(administrator)
    response = client.get(
        reverse("reports:theme", args=["giam-ngheo"]),
        {"dv": AN_LAC, "ky": "2023", "so_dv": HUU_SAN},
    )
    shown = panel(response, "dan-toc")
    assert all(one.exact in (None, 0) for line in shown.lines for one in line.values)
    assert "Không công bố" in shown.empty
    url = reverse("reports:panel_file", args=["giam-ngheo", "dan-toc", "csv"])
    told = client.get(url, {"dv": AN_LAC, "ky": "2023", "so_dv": HUU_SAN}).content.decode()
    assert "Không công bố" in told


def test_nobody_is_ranked_among_those_of_which_a_number_is_hidden(
    client, administrator, specialist
):
    """One district has few poor households: the others would have wrong ranks."""
    for year in ("2022", "2023"):
        for code, commune, few in (("220", AN_LAC, 2), ("219", CAM_SON, 90), ("218", "07477", 70)):
            poor(year, {commune: (400, few)}, code=code)
    ranks = []
    for who in (administrator, specialist):
        client.force_login(who)
        address = reverse("reports:theme", args=["giam-ngheo"])
        shown = panel(client.get(address, {"dv": "24", "ky": "2023"}), "thu-hang")
        ranks.append(shown.picture is not None and "Hạng 1" in shown.picture.note)
        hidden = "Không công bố" in {one.text for line in shown.lines for one in line.values}
        assert hidden == (who == administrator)
    assert ranks == [False, True]


NONSENSE = [
    "",
    "x",
    "\x00",
    "-1",
    "0" * 3000,
    "24",
    "220",
    "’; --",
    "54",
    "2023",
    "²",
    "2025-07-01",
]
NAMES = ["ky", "dg", "dv", "kv", "dt", "gt", "loai", "lop", "so_ky", "so_dv", "so_dt"]


def test_nonsense_gives_sentences_and_never_a_fault(page, client):
    poor("2023", {AN_LAC: (100, 20)})
    dice = random.Random(11)  # noqa: S311
    for number_of_try in range(24):
        query = {name: dice.choice(NONSENSE) for name in dice.sample(NAMES, 5)}
        slug = THEMES[number_of_try % len(THEMES)].slug
        response = page(slug, **query)
        assert response.status_code == 200, query
        told = response.context["filters"].problems
        for name in ("ky", "dv", "kv", "gt"):
            if query.get(name) in ("x", "-1", "²", "’; --"):
                assert told, query
    for path in ("khong-co", "giam-ngheo/tep.exe", "giam-ngheo/khong-co.csv", "trang/999999"):
        assert client.get(f"/chuyen-de/{path}").status_code == 404
    assert client.get("/chuyen-de/giam-ngheo/bien-dong.png").status_code == 404


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.slug)
def test_a_page_asks_a_bounded_number_of_questions(page, theme):
    """When an approval has made every panel old, and again from what is kept."""
    fill()
    page(theme.slug, ky="2023")
    poor("2021", {AN_LAC: (100, 50)})
    with CaptureQueriesContext(connection) as cold:
        assert page(theme.slug, ky="2023").status_code == 200
    with CaptureQueriesContext(connection) as warm:
        page(theme.slug, ky="2023")
    assert len(cold) <= MOST_NEW, f"{len(cold)} after an approval"
    assert len(warm) <= MOST_KEPT, f"{len(warm)} from what is kept"


def test_a_new_approval_is_seen_at_once(page):
    poor("2023", {AN_LAC: (100, 20)})
    assert panel(page("giam-ngheo", dv=AN_LAC), "dia-ban").lines[0].values[0].text == "20,00"
    poor("2023", {AN_LAC: (100, 50)}, revision=2, reason="Nhập nhầm")
    assert panel(page("giam-ngheo", dv=AN_LAC), "dia-ban").lines[0].values[0].text == "50,00"


def test_every_panel_and_the_whole_leave_as_files(page, client):
    fill()
    base = "/chuyen-de/giam-ngheo"
    query = {"dv": "220", "ky": "2023", "lop": "xa-861"}
    book = (
        load_workbook(io.BytesIO(client.get(f"{base}/tep.xlsx", query).content)) if page else None
    )
    client.force_login(page("giam-ngheo").wsgi_request.user)
    book = load_workbook(io.BytesIO(client.get(f"{base}/tep.xlsx", query).content))
    shown = page("giam-ngheo", **query).context["panels"]
    assert [sheet["A1"].value for sheet in book] == [one.title for one in shown]
    compared = load_workbook(
        io.BytesIO(client.get(f"{base}/bien-dong.xlsx", query | {"so_ky": "2022"}).content)
    ).active
    assert compared.merged_cells.ranges, "an outer heading stands over its inner ones"
    sign, minus, zero = next(
        cell.number_format for row in compared for cell in row if "+" in cell.number_format
    ).split(";")
    assert (sign, minus, zero) == ("+#,##0", "−#,##0", "#,##0"), "differences as on the page"
    pdf = client.get(f"{base}/tep.pdf", query)
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content[:5] == b"%PDF-"
    picture = client.get(f"{base}/dia-ban.png", query)
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_panel_goes_into_a_report_the_explorers_way(page, client, specialist):
    fill()
    shown = panel(page("giam-ngheo", dv="220", ky="2023"), "dia-ban")
    client.force_login(specialist)
    assert client.get(shown.hand).status_code == 200
    assert "nguon=explorer" in shown.hand
    assert "dv=220" in shown.hand


def test_a_comparison_goes_into_a_report_with_both_sides_where_one_table_holds_them(page, leader):
    fill()

    def taken(shown):
        query = QueryDict(urlsplit(shown.hand).query, mutable=True)
        query.pop("nguon")
        lines = exhibits.made(query.urlencode(), leader, with_chart=False).content.lines
        return {line.label: [text for text, _ in line.cells] for line in lines}

    def seen(shown, *columns):
        return {line.label: [line.values[at].words for at in columns] for line in shown.lines}

    years = page("giam-ngheo", dv="220", ky="2023", so_ky="2022")
    shown = panel(years, "dia-ban")
    assert taken(shown) == seen(shown, 1, 0), "the older year first"
    moves = panel(years, "bien-dong")
    assert taken(moves) == seen(moves, *(3 * n + side for n in range(4) for side in (1, 0)))
    groups = panel(page("dan-so", dv="220", dt="02", so_dt="07", ky="2023"), "dan-so-xa")
    rows = taken(groups)
    assert {name: cells[:2] for name, cells in rows.items()} == seen(groups, 0, 1)
    two = {"dv": "220", "so_dv": "219", "ky": "2023"}
    units = panel(page("giam-ngheo", **two), "dia-ban")
    (line,) = units.lines
    names = ("Huyện Sơn Động", "Huyện Lục Ngạn")
    assert taken(units) == {name: [line.values[n].words] for n, name in enumerate(names)}
    sexes = panel(page("dan-so", **two), "thap")
    shown = seen(sexes, *(3 * n + side for n in range(3) for side in (0, 1)))
    assert taken(sexes) == shown
    zones = panel(page("giam-ngheo", kv="III", **two), "dia-ban")
    assert zones.taken.endswith("chỉ lấy Huyện Sơn Động.")
    assert "dv=220" in zones.hand


def test_an_officer_sees_the_own_area_only(client, son_dong_officer):
    fill(("2023",))
    client.force_login(son_dong_officer)
    response = client.get("/chuyen-de/giam-ngheo", {"dv": "219"})
    assert response.context["filters"].scope.code == "220"
    assert any("219" in words for words in response.context["filters"].problems)
    labels = {line.label for one in response.context["panels"] for line in one.lines}
    assert not labels & {unit(CAM_SON).full_name, "Huyện Lục Ngạn", "Toàn tỉnh"}
    away = client.get("/chuyen-de/giam-ngheo", {"so_dv": "219"})
    assert away.context["filters"].comparison is None


def test_numbers_are_written_as_in_vietnam(page):
    approved([value(AN_LAC, "D03", 1234, group="02", sex="male")], dataset="DAN-SO")
    response = page("dan-so", dv=AN_LAC)
    assert number(Decimal(1234)) == "1.234"
    assert "1.234" in text_of(response)
