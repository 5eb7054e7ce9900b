"""The explorer: any choice gives a table, a sentence or a file, and the table says what is true."""

from __future__ import annotations

import csv
import datetime
import html
import io
import random
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ethnic_data.aggregation import answer
from ethnic_data.exploring.selection import AXES, LEVELS
from ethnic_data.models import SavedView
from portal.formats import as_decimal, number
from portal.units.models import UnitMembership
from tests.cast import unit

from .filling import AN_LAC, CAM_SON, HUU_SAN, approved, value
from .test_crosstab import something

pytestmark = pytest.mark.django_db
ADDRESS = "/dan-toc/kham-pha"


@pytest.fixture
def open_page(client, specialist):
    client.force_login(specialist)

    def get(address=ADDRESS, **query):
        response = client.get(address, {name: v for name, v in query.items() if v is not None})
        body = response.getvalue() if response.streaming else response.content
        return response, body

    return get


def text_of(body):
    return re.sub(r"\s+", " ", html.unescape(body.decode()))


def people_of_two_communes():
    approved(
        [
            value(AN_LAC, "D03", 10, group="02", sex="male"),
            value(AN_LAC, "D03", 12, group="02", sex="female"),
            value(HUU_SAN, "D03", 7, group="07", sex="male"),
            value(HUU_SAN, "D03", 0, group="07", sex="female"),
        ],
        dataset="DAN-SO",
    )


def cells(response):
    """Texts of the table by (row label, column label)."""
    table = response.context["table"]
    return {
        (row.label, " / ".join(member.label for member in column)): table.cell(row, column).text
        for row in table.rows
        for column in table.columns
    }


def test_the_first_visit_shows_a_table(open_page):
    people_of_two_communes()
    response, body = open_page()
    assert response.status_code == 200
    assert cells(response)["Toàn tỉnh", "Năm 2023"] == "29"
    assert "tính đến ngày" in text_of(body)


def test_rows_and_columns_with_their_totals(open_page):
    people_of_two_communes()
    response, _ = open_page(ct="D03", hang="dan-toc", cot="gioi-tinh", dv="220", ky="2023")
    found = cells(response)
    assert found["Tày", "Nam"] == "10"
    assert found["Tày", "Chung"] == "22"
    assert found["Nùng", "Nữ"] == "0"
    assert found["Dân tộc thiểu số", "Nam"] == "17"
    assert found["Tất cả dân tộc", "Chung"] == "29"
    assert ("Kinh", "Nam") not in found


def test_rates_in_totals_are_recomputed(open_page):
    approved(
        [value(AN_LAC, "N03", 10), value(AN_LAC, "D02", 20), value(HUU_SAN, "N03", 10),
         value(HUU_SAN, "D02", 180)]
    )  # fmt: skip
    response, _ = open_page(ct="N06", hang="don-vi", cot="ky", dv="220", cap="xa", ky="2023")
    found = cells(response)
    assert found["Xã An Lạc", "Năm 2023"] == "50,00"
    assert found["Huyện Sơn Động", "Năm 2023"] == "10,00"


def test_over_years_two_units_of_one_code_have_a_row_each(open_page):
    """The commune of Phương Sơn was made a town in 2022."""
    for year, people in (("2021", 70), ("2023", 90)):
        approved([value("07477", "D01", people)], unit_code="218", period=year)
    response, _ = open_page(ct="D01", hang="don-vi", dv="218", cap="xa", ky="2021,2023")
    found = cells(response)
    no, years = "Không có số liệu", ("Năm 2021", "Năm 2023")
    assert [found["Xã Phương Sơn", year] for year in years] == ["70", no]
    assert [found["Thị trấn Phương Sơn", year] for year in years] == [no, "90"]
    assert [found["Huyện Lục Nam", year] for year in years] == ["70", "90"]


def test_units_stand_beside_each_other_as_wholes(open_page):
    approved([value(AN_LAC, "D01", 40), value(HUU_SAN, "D01", 2)])
    approved([value("07528", "D01", 50)], unit_code="219")
    for rows in ("don-vi", "ky"):
        response, body = open_page(ct="D01", hang=rows, cot="chi-tieu", dv="220,219,x", ky="2023")
        found = set(cells(response).values())
        assert found == {"42", "50"}
        assert "Không có địa bàn “x”" in text_of(body)
        assert 'value="220,219" selected' in body.decode(), "the form keeps both"
    shown, body = open_page(ct="D01", hang="don-vi", dv="220,219", kv="III", ky="2023")
    assert set(cells(shown).values()) == {"42", "50"}
    assert "không lọc theo khu vực" in text_of(body)
    shown, _ = open_page(ct="D01", hang="don-vi", cot="chi-tieu", dv="x,24,220,24", ky="2023")
    assert sorted(cells(shown).values()) == ["42", "92"], "whoever stands there stands there once"


def test_zones_and_the_communes_whose_zone_is_not_known_are_the_whole_list(open_page):
    known = UnitMembership.objects.filter(
        unit_list__code="QD861", valid__contains=datetime.date(2023, 12, 31)
    )
    codes = {zone: known.filter(zone=zone).first().unit.code for zone in ("III", "")}
    told = {codes["III"]: 40, codes[""]: 7}
    approved([value(code, "D01", number) for code, number in told.items()], unit_code="24")
    response, _ = open_page(ct="D01", hang="don-vi", cap="khu-vuc", dv="24", ky="2023")
    found = {name: text for (name, _), text in cells(response).items()}
    assert found["Khu vực III"] == "40"
    assert found["Chưa rõ khu vực"] == "7"
    assert found["Các xã trong danh sách"] == "47"


def test_communes_of_one_name_say_their_district(open_page):
    approved([value("07630", "D01", 40)])
    approved([value("07318", "D01", 50)], unit_code="216")
    response, _ = open_page(ct="D01", hang="don-vi", dv="24", cap="xa", ky="2023")
    found = cells(response)
    assert ("24", "Tỉnh Bắc Giang", True) in response.context["options"].units
    assert found["Xã Phúc Sơn (huyện Sơn Động)", "Năm 2023"] == "40"
    assert found["Xã Phúc Sơn (huyện Tân Yên)", "Năm 2023"] == "50"


def test_why_there_is_no_value_is_told_and_zero_is_zero(open_page):
    approved([value(AN_LAC, "N04", None, missing="not_applicable"), value(HUU_SAN, "N04", 0)])
    response, _ = open_page(ct="N04", hang="don-vi", cot="ky", dv="220", cap="xa", ky="2023")
    found = cells(response)
    assert found["Xã An Lạc", "Năm 2023"] == "Không áp dụng"
    assert found["Xã Hữu Sản", "Năm 2023"] == "0"


def test_no_chart_is_drawn_where_no_number_is_shown(open_page):
    chosen = {"ct": "N04", "hang": "don-vi", "cot": "ky", "dv": "220", "cap": "xa", "ky": "2023"}
    approved([value(AN_LAC, "N04", None, missing="not_applicable")])
    assert b'class="chart' not in open_page(**chosen)[1]


def test_two_axes_of_columns_and_several_measures(open_page):
    people_of_two_communes()
    response, _ = open_page(
        ct="D03,D04", hang="gioi-tinh", cot="chi-tieu", cot2="ky", ky="2023", dv="24"
    )
    name = response.context["chosen"].measures[1].name
    assert cells(response)["Nam", f"{name} / Năm 2023"] == "17"
    assert len(response.context["table"].heads) == 2


def test_a_number_leads_to_where_it_is_from(open_page, client):
    people_of_two_communes()
    response, _ = open_page(
        ct="D03", hang="dan-toc", cot="gioi-tinh", dv="220", ky="2023", loai="administrative"
    )
    table = response.context["table"]
    for row in table.body:
        for column in table.columns:
            cell = table.cell(row, column)
            behind = client.get(cell.url)
            assert behind.context["answer"].value == cell.figure.value
            assert sum(one.value for one in behind.context["object_list"]) == cell.figure.value


NONSENSE = ["", "x", "\x00", "-1", "0" * 3000, "D03", "24", "’; --", "2023-99-99", "54", "ky", "²"]
PARAMETERS = [
    "ct", "hang", "cot", "cot2", "dv", "cap", "kv", "dt", "gt", "pl", "ky", "loai", "ngay", "bd",
    "dg", "page", "tim",
]  # fmt: skip


@pytest.mark.slow
def test_nonsense_gives_a_sentence_and_never_a_fault(open_page):
    people_of_two_communes()
    dice = random.Random(5)  # noqa: S311
    for _ in range(40):
        query = {name: dice.choice(NONSENSE) for name in dice.sample(PARAMETERS, 6)}
        response, _ = open_page(**query)
        assert response.status_code == 200, query


def test_what_makes_no_sense_is_told(open_page):
    _, body = open_page(ct="Q99", ky="1999", dv="abc", dt="77", ngay="hôm qua", hang="x")
    text = text_of(body)
    for words in ("Q99", "1999", "abc", "77", "hôm qua"):
        assert f"“{words}”" in text


@pytest.mark.slow
def test_any_two_axes_make_a_table_that_equals_its_files(open_page):
    something(random.Random(4), "2023", plain=True)  # noqa: S311
    something(random.Random(4), "2022")  # noqa: S311
    dice = random.Random(1)  # noqa: S311
    for _ in range(10):
        hang, cot, cot2 = dice.sample([*AXES], 3)
        query = {
            "ct": dice.sample(["D03", "N03", "N06", "D04", "D09", "D08"], 2),
            "hang": hang, "cot": cot, "cot2": dice.choice(["", cot2]),
            "cap": dice.choice([*LEVELS]), "ky": ["2022", "2023"], "dv": dice.choice(["24", "220"]),
        }  # fmt: skip
        response, _ = open_page(**query)
        table = response.context["table"]
        shown = [[cell.text for cell in line] for _, line in table.lines(table.rows)]
        assert in_workbook(open_page(f"{ADDRESS}/tep.xlsx", **query)[1], table) == shown
        assert in_csv(open_page(f"{ADDRESS}/tep.csv", **query)[1], table) == exact(table)


def in_workbook(body, table):
    """The numbers of the sheet, written as the page writes them."""
    sheet = load_workbook(io.BytesIO(body)).active
    first = next(r for r in range(1, 12) if sheet.cell(r, 2).value) + len(table.heads)
    found = []
    for at, row in enumerate(table.rows, start=first):
        assert sheet.cell(at, 1).value == row.label
        line = []
        for place, column in enumerate(table.columns, start=2):
            box = sheet.cell(at, place)
            is_number = not isinstance(box.value, str)
            decimals = table.cell(row, column).decimals
            line.append(number(str(box.value), decimals) if is_number else box.value)
        found.append(line)
    return found


def in_csv(body, table):
    assert body.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return [line[1:] for line in lines[-len(table.rows) :]]


def exact(table):
    return [
        [cell.text if cell.figure.value is None else as_plain(cell.figure.value) for cell in line]
        for _, line in table.lines(table.rows)
    ]


def as_plain(value):
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def test_a_large_table_is_not_shown_but_told(open_page):
    people_of_two_communes()
    response, body = open_page(
        ct="D03", hang="don-vi", cap="xa", cot="dan-toc", cot2="gioi-tinh", dt="54", dv="24",
        ky="2023",
    )  # fmt: skip
    assert "nhiều hơn 15.000 ô" in text_of(body)
    response, body = open_page(
        f"{ADDRESS}/tep.csv", ct="D03", hang="don-vi", cap="xa", cot="dan-toc", cot2="gioi-tinh",
        dt="54", dv="24", ky="2023",
    )  # fmt: skip
    assert response.streaming
    row = next(line for line in body.decode("utf-8-sig").splitlines() if "An Lạc" in line)
    assert row.split(",")[4:7] == ["10", "12", "22"]
    response, _ = open_page(
        f"{ADDRESS}/tep.xlsx", ct="D03", hang="don-vi", cap="xa", cot="dan-toc", cot2="gioi-tinh",
        dt="54", dv="24", ky="2023",
    )  # fmt: skip
    assert response.status_code == 302


def test_names_that_look_like_formulas_stay_texts(open_page):
    people_of_two_communes()
    from portal.units.models import AdministrativeUnit

    AdministrativeUnit.objects.filter(code=AN_LAC).update(kind="=cmd|", name="A1")
    query = {"ct": "D03", "hang": "don-vi", "cap": "xa", "cot": "ky", "dv": "220", "ky": "2023"}
    sheet = load_workbook(io.BytesIO(open_page(f"{ADDRESS}/tep.xlsx", **query)[1])).active
    cell = next(c for c in sheet["A"] if c.value == "=cmd| A1")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert "'=cmd| A1" in open_page(f"{ADDRESS}/tep.csv", **query)[1].decode()


def test_an_officer_sees_the_own_district_only(client, son_dong_officer):
    people_of_two_communes()
    approved([value(CAM_SON, "D03", 77, group="02", sex="male")], dataset="DAN-SO", unit_code="219")
    client.force_login(son_dong_officer)
    for query in ({}, {"dv": "219"}, {"dv": "24"}, {"dv": CAM_SON}, {"cap": "khu-vuc"}):
        response = client.get(ADDRESS, query)
        assert response.context["chosen"].scope.code == "220"
        assert "77" not in cells(response).values()
        assert [code for code, *_ in response.context["options"].units] == ["220"]


def test_a_page_costs_a_bounded_number_of_queries(open_page):
    people_of_two_communes()
    with CaptureQueriesContext(connection) as queries:
        open_page(ct="D03,N06,D09", hang="don-vi", cap="xa", cot="ky", cot2="dan-toc", dv="24")
    assert len(queries) <= 45


def test_a_saved_table_opens_for_colleagues_with_their_own_eyes(
    client, specialist, son_dong_officer
):
    people_of_two_communes()
    client.force_login(specialist)
    query = "ct=D03&hang=dan-toc&cot=gioi-tinh&ky=2023&page=3&la=x"
    client.post(
        reverse("ethnic_data:saved_view_create"),
        {"name": " Dân số  2023 ", "query": query, "is_shared": "on"},
    )
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Dân số 2023", "ct=D03&hang=dan-toc&cot=gioi-tinh&ky=2023")
    client.force_login(son_dong_officer)
    assert "Dân số 2023" in text_of(client.get(reverse("ethnic_data:saved_view_list")).content)
    opened = client.get(view.get_absolute_url())
    assert opened.context["chosen"].scope.code == "220"
    for name in ("saved_view_change", "saved_view_delete"):
        address = reverse(f"ethnic_data:{name}", args=[view.pk])
        assert client.post(address, {"name": "x"}).status_code == 404


def test_a_saved_table_is_renamed_kept_for_oneself_and_deleted(client, specialist):
    client.force_login(specialist)
    for name in ("Một", "Hai"):
        client.post(reverse("ethnic_data:saved_view_create"), {"name": name, "query": "ct=D03"})
    one = SavedView.objects.get(name="Một")
    change = reverse("ethnic_data:saved_view_change", args=[one.pk])
    response = client.post(change, {"name": "Hai"}, follow=True)
    assert "Đặt tên khác" in text_of(response.content)
    client.post(change, {"name": "Ba", "is_shared": "on"})
    one.refresh_from_db()
    assert (one.name, one.is_shared) == ("Ba", True)
    client.post(reverse("ethnic_data:saved_view_delete", args=[one.pk]))
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Hai"]


def test_nobody_sees_what_others_keep_for_themselves(client, specialist, leader):
    SavedView.objects.create(owner=specialist, name="Riêng", query="ct=D03")
    client.force_login(leader)
    assert "Riêng" not in text_of(client.get(reverse("ethnic_data:saved_view_list")).content)


def test_the_total_is_what_a_single_answer_says(open_page):
    people_of_two_communes()
    response, _ = open_page(ct="D05", hang="don-vi", cap="huyen", cot="ky", dv="24", ky="2023")
    alone = answer("D05", unit("24"), "2023").value
    assert cells(response)["Toàn tỉnh", "Năm 2023"] == number(alone, 2)
    assert as_decimal(alone) == Decimal(100)


def test_figures_stand_in_the_communes_of_another_day(open_page):
    people_of_two_communes()
    response, _ = open_page(ct="D03", hang="don-vi", cap="xa", cot="ky", ky="2023", dg="2025-07-01")
    found = cells(response)
    assert len(found) == 58 + 1
    assert found["Toàn tỉnh", "Năm 2023"] == "29"


def test_indicators_are_found_without_marks_and_the_chosen_stay(open_page):
    _, body = open_page(ct="D03", tim="ho ngheo")
    assert b'value="N03"' in body
    assert b'value="D03" checked' in body
    assert b'value="K01"' not in body


def test_the_first_visit_shows_periods_that_tell_of_the_indicator(open_page):
    people_of_two_communes()
    approved([value(AN_LAC, "H03", 8)], dataset="HA-TANG", period="2024")
    response, _ = open_page()
    assert [period.code for period in response.context["chosen"].periods] == ["2023"]
    response, _ = open_page(ct="H03")
    assert [period.code for period in response.context["chosen"].periods] == ["2024"]
    response, _ = open_page(ct="G01")
    assert [period.code for period in response.context["chosen"].periods] == ["2023", "2024"]
