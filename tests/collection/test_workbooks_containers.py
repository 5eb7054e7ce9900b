"""The same table in every container gives the same values at the same cells."""

from __future__ import annotations

import pytest

from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.names import words
from tests.collection.files import books
from tests.collection.files.forms import all_communes, bieu_05_grid, values_by_cell
from tests.collection.files.layouts import bieu_05
from tests.collection.files.mess import tcvn3

pytestmark = pytest.mark.slow

BUILDERS = {
    "xlsx": lambda path, rows: books.xlsx(path, rows),
    "xls": lambda path, rows: books.xls(path, rows),
    "ods": lambda path, rows: books.ods(path, rows),
    "csv comma": lambda path, rows: books.delimited(path, rows),
    "csv semicolon": lambda path, rows: books.delimited(path, rows, separator=";"),
    "csv tab utf-16": lambda path, rows: books.delimited(
        path, rows, separator="\t", encoding="utf-16"
    ),
    "csv utf-8 mark": lambda path, rows: books.delimited(path, rows, encoding="utf-8-sig"),
    "html": lambda path, rows: books.html(path, rows),
    "html utf-16": lambda path, rows: books.html(path, rows, encoding="utf-16"),
    "xml": lambda path, rows: books.spreadsheet_xml(path, rows),
}


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_container_gives_the_same_values(builder, tmp_path):
    path = BUILDERS[builder](tmp_path / "bieu05.dat", bieu_05_grid())
    reading = read_workbook(path, layout=bieu_05())
    assert reading.is_accepted, [issue.message for issue in reading.issues]
    assert len(reading.values) == 17 * 7
    assert {value.unit for value in reading.values} == all_communes()
    first = reading.values[0]
    assert (first.indicator, first.value, first.cell) == ("D01", 1200, "C5")


def test_a_workbook_of_excel_95_in_an_old_font(tmp_path):
    rows = [[tcvn3(c) if isinstance(c, str) else c for c in row] for row in bieu_05_grid()]
    path = books.xls_of_excel_95(tmp_path / "cu.xls", rows, font=".VnTime")
    (question,) = read_workbook(path, layout=bieu_05()).questions
    reading = read_workbook(path, layout=bieu_05(), answers={question.id: "TCVN3"})
    assert (reading.is_accepted, reading.container) == (True, "xls")
    assert {value.unit for value in reading.values} == all_communes()


def test_an_error_in_a_workbook_of_excel_95_is_said_at_its_cell(tmp_path):
    rows = [[words(c) if isinstance(c, str) else c for c in row] for row in bieu_05_grid()]
    path = books.xls_of_excel_95(tmp_path / "cu.xls", rows, errors=[(4, 2)])
    (issue,) = read_workbook(path, layout=bieu_05()).issues
    assert (issue.rule, issue.cell) == ("error_value", "C5")
    assert "#REF!" in issue.message


def test_windows_1258_text_is_read(tmp_path):
    import unicodedata

    rows = [
        [
            "".join(unicodedata.normalize("NFC", part) for part in _windows_1258_form(cell))
            if isinstance(cell, str)
            else cell
            for cell in row
        ]
        for row in bieu_05_grid()
    ]
    path = books.delimited(tmp_path / "bieu05.csv", rows, separator=";", encoding="cp1258")
    reading = read_workbook(path, layout=bieu_05())
    assert reading.is_accepted, [issue.message for issue in reading.issues]
    assert len(reading.values) == 17 * 7


def _windows_1258_form(text: str) -> list[str]:
    """Windows-1258 writes base letters with circumflex, breve and horn, and tones apart."""
    import unicodedata

    pieces = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tone = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(m for m in parts if m not in tone))
        pieces += [base, *tone]
    return pieces


def test_blank_leading_rows_and_columns_keep_their_numbers(tmp_path):
    shifted = [[], [], *[[None, None, None, *row] for row in bieu_05_grid()]]
    for name, build in (("a.xlsx", books.xlsx), ("a.xls", books.xls), ("a.ods", books.ods)):
        reading = read_workbook(build(tmp_path / name, shifted), layout=bieu_05())
        assert reading.values[0].cell == "F7", name
        assert reading.understood[0].heading_rows == (5, 6), name


def test_a_strict_workbook_is_read(tmp_path):
    rows = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(65 + c)}{r}"><v>{v}</v></c>'
            if isinstance(v, int)
            else f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{v}</t></is></c>'
            for c, v in enumerate(cells)
            if v is not None
        )
        + "</row>"
        for r, cells in enumerate(bieu_05_grid(), 1)
    )
    path = books.raw_xlsx(tmp_path / "strict.xlsx", rows, strict=True)
    reading = read_workbook(path, layout=bieu_05())
    assert reading.is_accepted
    assert values_by_cell(reading)["07615", "D02"] == 500


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unmarked_utf_16_is_read(encoding, tmp_path):
    path = books.delimited(tmp_path / "a.csv", bieu_05_grid(), separator="\t", encoding=encoding)
    assert read_workbook(path, layout=bieu_05()).is_accepted


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_and_line_breaks_in_quotes(separator, tmp_path):
    grid = [[*row] for row in bieu_05_grid()]
    grid[2][4] = "Hộ nghèo\nDTTS"
    path = books.delimited(tmp_path / "a.csv", grid, separator=separator)
    assert len(read_workbook(path, layout=bieu_05()).values) == 17 * 7


def test_a_table_inside_a_table_that_lays_the_page_out(tmp_path):
    path = books.html(tmp_path / "inner.xls", bieu_05_grid())
    inner = path.read_text("utf-8")
    table = inner[inner.index("<table") : inner.index("</body>")]
    page = (
        f"<html><body><table><tr><td>UBND</td></tr><tr><td>{table}</td></tr></table></body></html>"
    )
    outer = tmp_path / "outer.xls"
    outer.write_text(page, "utf-8")
    reading = read_workbook(outer, layout=bieu_05())
    assert reading.is_accepted, [issue.message for issue in reading.issues]
    assert len(reading.values) == 17 * 7


def test_the_frame_of_a_saved_web_page_is_said(tmp_path):
    page = tmp_path / "bieu05.htm"
    page.write_text('<html><frameset><frame src="a_files/sheet001.htm"></frameset></html>', "utf-8")
    [error] = read_workbook(page, layout=bieu_05()).errors
    assert error.rule == "file_frameset"
    assert "khung của trang web" in error.message
