"""The workbook to be filled in: what it holds, and that it comes back understood."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.template import write_template
from tests.collection.files import books
from tests.collection.files.forms import NUMBERS
from tests.collection.files.layouts import bieu_05, cntt, dan_so, ngheo_dan_toc, units_of_2023

pytestmark = pytest.mark.slow

KEYS = ["D01", "D02", "N03", "N04", "N09", "N10", "N11"]


def filled_values() -> dict:
    return {
        (RowKey(unit.code), key): value
        for unit in bieu_05().units
        for key, value in zip(KEYS, NUMBERS, strict=False)
    }


def opened(layout, **options):
    return openpyxl.load_workbook(io.BytesIO(write_template(layout, **options)))


def test_a_filled_template_is_accepted_without_a_remark(tmp_path):
    path = tmp_path / "bieu05.xlsx"
    path.write_bytes(write_template(bieu_05(), values=filled_values()))
    reading = read_workbook(path, layout=bieu_05())
    assert reading.is_accepted
    assert not reading.issues
    assert len(reading.values) == 17 * 7
    assert reading.reconciliation.missing_units == ()


def test_a_template_filled_by_hand_is_accepted(tmp_path):
    book = opened(bieu_05())
    sheet = book["BIEU-05"]
    for row in range(7, 7 + 17):
        for column, value in enumerate(NUMBERS[:7], 3):
            sheet.cell(row, column).value = value
    book.save(tmp_path / "a.xlsx")
    reading = read_workbook(tmp_path / "a.xlsx", layout=bieu_05())
    assert reading.is_accepted, [issue.message for issue in reading.issues]
    assert len(reading.values) == 17 * 7


def test_an_empty_template_is_refused_row_by_row(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_template(bieu_05()))
    reading = read_workbook(path, layout=bieu_05())
    assert len(reading.errors) == 17
    assert not reading.questions
    assert not reading.values


@pytest.mark.parametrize("make", [dan_so, ngheo_dan_toc, cntt])
def test_the_other_empty_templates_are_refused_too(make, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_template(make()))
    reading = read_workbook(path, layout=make())
    assert reading.errors
    assert not reading.values


def test_headings_and_names_are_locked_and_entries_are_not():
    sheet = opened(bieu_05())["BIEU-05"]
    assert sheet.protection.sheet
    assert sheet["B7"].protection.locked
    assert sheet["C5"].protection.locked
    assert not sheet["C7"].protection.locked
    assert sheet["J7"].protection.locked
    assert sheet["J7"].value == '=IF(AND(ISNUMBER(E7),ISNUMBER(D7)),IF(D7>0,E7/D7*100,""),"")'


def test_rows_are_pre_filled_in_order():
    sheet = opened(bieu_05())["BIEU-05"]
    names = [sheet.cell(row, 2).value for row in range(7, 24)]
    assert names == [unit.label for unit in bieu_05().units]
    assert [sheet.cell(6, column).value for column in (1, 2, 3, 11)] == ["A", "B", 1, 9]
    assert sheet["B24"].value == "Tổng cộng"
    assert sheet["C24"].value == "=SUM(C7:C23)"


def test_entries_are_checked_while_typing():
    sheet = opened(bieu_05())["BIEU-05"]
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    assert "C7:C23" in checks
    check = checks["C7:C23"]
    assert check.showErrorMessage
    assert "số nguyên" in check.error
    assert sheet.conditional_formatting


def test_spare_rows_have_drop_downs_of_communes_and_groups():
    book = opened(dan_so())
    sheet = book["DAN-SO"]
    lists = {c.formula1 for c in sheet.data_validations.dataValidation if c.type == "list"}
    assert lists == {"danh_muc_don_vi", "danh_muc_dan_toc"} or lists == {
        "=danh_muc_don_vi",
        "=danh_muc_dan_toc",
    }
    hidden = book["_bieu_mau"]
    assert hidden.sheet_state == "veryHidden"
    assert hidden["D2"].value == "Tày"
    assert book.defined_names["danh_muc_dan_toc"].attr_text == "'_bieu_mau'!$D$1:$D$54"


def test_a_spare_row_is_read_like_the_others(tmp_path):
    layout = dan_so()
    book = opened(layout)
    sheet = book["DAN-SO"]
    first = next(r for r in range(8, 200) if sheet.cell(r, 2).value is None)
    sheet.cell(first, 2, "Xã An Lạc")
    sheet.cell(first, 3, "Sán Chay")
    sheet.cell(first, 5, 10)
    sheet.cell(first, 6, 12)
    sheet.cell(8, 5, 3)
    sheet.cell(8, 6, 4)
    book.save(tmp_path / "a.xlsx")
    reading = read_workbook(tmp_path / "a.xlsx", layout=layout)
    assert reading.is_accepted, [issue.message for issue in reading.issues]
    assert {v.group for v in reading.values} == {"01", "15"}
    assert len(reading.values) == 4
    assert reading.reconciliation.stored == 2


def test_the_version_mark_is_in_a_hidden_name():
    book = opened(bieu_05())
    name = book.defined_names["_bieu_mau"]
    assert name.hidden
    assert name.attr_text == '"BIEU-05|220|2023|2|Huyện Sơn Động|Năm 2023"'


def test_the_mark_survives_other_formats(tmp_path):
    """Saved as xls the hidden name may go; the hidden sheet stays."""
    rows = [[cell.value for cell in row] for row in opened(bieu_05())["BIEU-05"].iter_rows()]
    mark = "BIEU-05|220|2022|2|Huyện Sơn Động|Năm 2022"
    path = books.xlsx(tmp_path / "a.xlsx", rows, more={"_bieu_mau": [[mark]]}, hidden=["_bieu_mau"])
    [error] = read_workbook(path, layout=bieu_05()).errors
    assert error.rule == "template_period"


def test_the_communes_of_a_province_stand_under_their_districts(tmp_path):
    layout = bieu_05(unit="24", unit_name="Tỉnh Bắc Giang", units=units_of_2023(), known_units=())
    values = {(RowKey(u.code), k): 10 for u in units_of_2023() for k in KEYS}
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_template(layout, values=values))
    reading = read_workbook(path, layout=layout)
    assert reading.is_accepted, [issue.message for issue in reading.issues][:3]
    assert len({value.unit for value in reading.values}) == 209


def test_the_agencys_template_comes_back(tmp_path):
    values = {(RowKey("24"), c.key): Decimal(12) for c in cntt().columns if c.is_entered}
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_template(cntt(), values=values))
    reading = read_workbook(path, layout=cntt())
    assert reading.is_accepted, [issue.message for issue in reading.issues]
    assert len(reading.values) == 12
    assert opened(cntt())["CNTT-CO-QUAN"]["D10"].value == (
        '=IF(AND(ISNUMBER(D8),ISNUMBER(D7)),IF(D7>0,D8/D7,""),"")'
    )


def test_it_prints_on_a4_with_its_headings_on_every_page():
    sheet = opened(bieu_05())["BIEU-05"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.print_title_rows == "$5:$6"
    assert sheet.freeze_panes == "C7"


def test_nothing_in_it_needs_a_later_excel_than_2010():
    """No part, function or extension that Excel 2010 does not know."""
    for make in (bieu_05, dan_so, cntt):
        with zipfile.ZipFile(io.BytesIO(write_template(make()))) as archive:
            for name in archive.namelist():
                text = archive.read(name).decode("utf-8", "replace")
                assert "extLst" not in text, name
                assert "_xlfn" not in text, name


def test_the_guide_explains_signs_and_columns():
    sheet = opened(bieu_05())["Hướng dẫn"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("Không có số liệu" in text for text in texts)
    assert any("cột 3 chia cột 2 × 100" in text for text in texts)


def test_a_name_that_looks_like_a_formula_stays_a_text():
    from dataclasses import replace

    unit = replace(bieu_05().units[0], name="=1+1", kind="")
    sheet = opened(bieu_05(units=(unit,)))["BIEU-05"]
    assert sheet["B7"].data_type == "s"


def test_given_values_of_other_groups_get_rows_of_their_own(tmp_path):
    unit = dan_so().units[0].code
    values = {(RowKey(unit, "15"), "D03_nam"): 3, (RowKey(unit, "15"), "D03_nu"): 4}
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_template(dan_so(), values=values))
    reading = read_workbook(path, layout=dan_so())
    assert {(v.unit, v.group, v.value) for v in reading.values} == {
        (unit, "15", 3),
        (unit, "15", 4),
    }
