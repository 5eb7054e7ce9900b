"""What stands beside the values: errors, uncomputed formulas, percentages, hidden rows, merges."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest
import xlwt

from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.source import ErrorCell, Uncomputed, open_source
from tests.collection.files import books
from tests.collection.files.forms import bieu_05_grid
from tests.collection.files.layouts import bieu_05

pytestmark = pytest.mark.slow


def with_cell(address: str, value) -> list[list]:
    grid = [[*row] for row in bieu_05_grid()]
    grid[int(address[1:]) - 1][ord(address[0]) - 65] = value
    return grid


def only_error(path):
    reading = read_workbook(path, layout=bieu_05())
    [error] = reading.errors
    return error


def test_a_formula_without_a_result_is_an_error_that_says_what_to_do(tmp_path):
    error = only_error(books.xlsx(tmp_path / "a.xlsx", with_cell("E7", "=1+1")))
    assert (error.rule, error.cell) == ("formula", "E7")
    assert "lưu lại" in error.message


def test_a_formula_with_a_result_is_a_number(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", with_cell("E7", "=25+25"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<f>25+25</f><v />", b"<f>25+25</f><v>50</v>")
    parts[sheet] = parts[sheet].replace(b"<f>25+25</f><v></v>", b"<f>25+25</f><v>50</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert read_workbook(path, layout=bieu_05()).is_accepted


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_value_in_a_workbook(error, tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", bieu_05_grid())
    book = openpyxl.load_workbook(path)
    book.active["E7"].value = error
    book.active["E7"].data_type = "e"
    book.save(path)
    found = only_error(path)
    assert (found.rule, found.cell) == ("error_value", "E7")
    assert error in found.message


def old_workbook(path, change):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bieu")
    for r, cells in enumerate(bieu_05_grid()):
        for c, value in enumerate(cells):
            if value is not None and (r, c) != (6, 4):
                sheet.write(r, c, value)
    change(sheet)
    book.save(str(path))
    return path


def test_an_error_value_in_an_old_workbook(tmp_path):
    path = old_workbook(tmp_path / "a.xls", lambda sheet: sheet.row(6).set_cell_error(4, "#REF!"))
    error = only_error(path)
    assert (error.rule, error.cell) == ("error_value", "E7")


def test_an_uncomputed_formula_in_an_old_workbook(tmp_path):
    path = old_workbook(tmp_path / "a.xls", lambda sheet: sheet.write(6, 4, xlwt.Formula("25+25")))
    error = only_error(path)
    assert (error.rule, error.cell) == ("formula", "E7")


def test_percentages_and_hidden_rows_of_an_old_workbook(tmp_path):
    def change(sheet):
        sheet.write(6, 4, 50)
        sheet.row(7).hidden = True
        style = xlwt.easyxf(num_format_str="0.00%")
        sheet.write(7, 11, 0.1, style)
        sheet.write(7, 12, "nghÌo", xlwt.easyxf("font: name .VnTime"))

    source = open_source(old_workbook(tmp_path / "a.xls", change))
    [sheet] = source.sheets
    assert (7, 11) in sheet.percent
    assert sheet.fonts == {(7, 12): ".VnTime"}
    assert sheet.hidden_rows == {7}


def test_percentages_hidden_rows_and_columns_of_a_workbook(tmp_path):
    grid = with_cell("J7", 0.1)
    path = books.xlsx(tmp_path / "a.xlsx", grid, hidden_rows=[8], formats={"J7": "0.00%"})
    book = openpyxl.load_workbook(path)
    book.active.column_dimensions["K"].hidden = True
    book.save(path)
    [sheet] = open_source(path).sheets
    assert sheet.percent == {(6, 9)}
    assert sheet.hidden_rows == {7}
    assert sheet.hidden_columns == {10}
    reading = read_workbook(path, layout=bieu_05())
    assert reading.is_accepted
    assert [w.rule for w in reading.warnings] == ["hidden_rows"]


def test_a_quoted_percent_sign_is_no_percentage(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", bieu_05_grid(), formats={"J7": '0.0"%"'})
    assert open_source(path).sheets[0].percent == set()


def test_merged_cells_of_every_container(tmp_path):
    grid = [["a", None], [None, 1]]
    xlsx = books.xlsx(tmp_path / "a.xlsx", grid, merges=["A1:B1"])
    xls = books.xls(tmp_path / "a.xls", [["a", None], [None, 1]], merges=[])
    assert open_source(xlsx).sheets[0].merges == [(0, 0, 0, 1)]
    assert open_source(xls).sheets[0].merges == []
    html = tmp_path / "a.html"
    html.write_text(
        "<table><tr><td colspan=2>a<td rowspan=2>b</tr><tr><td>1<td>2</tr></table>", "utf-8"
    )
    sheet = open_source(html).sheets[0]
    assert sheet.merges == [(0, 0, 0, 1), (0, 2, 1, 2)]
    assert sheet.rows == [["a", "", "b"], ["1", "2"]]


NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def open_document(path, body: str):
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_marks_of_an_open_document(tmp_path):
    body = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row table:visibility="collapse">'
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="percentage" office:value="0.5"/>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'calcext:value-type="error" office:string-value=""><text:p>#DIV/0!</text:p>'
        "</table:table-cell>"
        '<table:table-cell table:formula="of:=1+1"/>'
        '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2" '
        'office:value-type="float" office:value="7"/>'
        "</table:table-row>"
    )
    [sheet] = open_source(open_document(tmp_path / "a.ods", body)).sheets
    assert sheet.percent == {(2, 2)}
    assert sheet.hidden_rows == {2}
    assert sheet.get(2, 3) == ErrorCell("#DIV/0!")
    assert sheet.get(2, 4) == Uncomputed()
    assert sheet.merges == [(2, 5, 3, 6)]


def test_an_open_document_that_repeats_itself_without_end(tmp_path):
    body = (
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" '
        'office:value="1"/></table:table-row>'
    )
    reading = read_workbook(open_document(tmp_path / "a.ods", body), layout=bieu_05())
    [error] = reading.errors
    assert error.rule.startswith("file_")


def test_a_web_page_keeps_true_numbers_errors_and_hidden_rows(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>'
        ".xl1 {font-family:.VnTime; mso-number-format:Percent;}</style></head><body>"
        '<p>Tiêu đề</p><table><tr><td class=xl1 x:num="0.125">12,5%</td><td>#REF!</td></tr>'
        "<tr style='display:none'><td x:num>7</td><td>a<br>b</td></tr></table></body></html>",
        "utf-8",
    )
    [sheet] = open_source(path).sheets
    assert sheet.rows[0] == ["Tiêu đề"]
    assert sheet.rows[1] == [0.125, ErrorCell("#REF!")]
    assert sheet.rows[2] == ["7", "a b"]
    assert sheet.percent == {(1, 0)}
    assert sheet.hidden_rows == {2}
    assert sheet.fonts == {(1, 0): ".VnTime"}
