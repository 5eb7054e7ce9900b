"""The sender's own workbook back with its mistakes marked."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.marking import AUTHOR, RESULTS, mark_workbook
from portal.collection.workbooks.outcome import Issue
from portal.collection.workbooks.source import Unreadable
from tests.collection.files import books
from tests.collection.files.forms import HEADING, bieu_05_grid
from tests.collection.files.layouts import bieu_05

pytestmark = pytest.mark.slow


def wrong_grid() -> list[list]:
    grid = [[*row] for row in bieu_05_grid()]
    grid[4][4] = "hai"
    grid[5][3] = 9999
    grid[-1][2] += 1
    return grid


def marked(path):
    reading = read_workbook(path, layout=bieu_05())
    assert reading.errors
    return openpyxl.load_workbook(io.BytesIO(mark_workbook(path, reading.issues)))


@pytest.mark.parametrize(
    "build",
    [books.xlsx, books.xls, books.ods, books.html, books.spreadsheet_xml],
    ids=lambda build: build.__name__,
)
def test_wrong_cells_are_filled_and_commented_at_their_addresses(build, tmp_path):
    book = marked(build(tmp_path / "a.dat", wrong_grid()))
    sheet = book.worksheets[0]
    assert sheet["E5"].fill.start_color.rgb.endswith("F8D2CF")
    assert "không phải là số" in sheet["E5"].comment.text
    assert "lớn hơn tổng số hộ" in sheet["D6"].comment.text
    assert sheet["C6"].comment is None
    assert sheet["C3"].value == HEADING[2]
    assert sheet["C5"].value in (1200, "1200")


def test_all_issues_are_listed_with_links(tmp_path):
    book = marked(books.xlsx(tmp_path / "a.xlsx", wrong_grid()))
    sheet = book[RESULTS]
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert texts[0][0] == "Kết quả kiểm tra số liệu"
    listed = [row for row in texts if row[1] in ("Lỗi", "Cảnh báo")]
    assert [row[3] for row in listed][:2] == ["E5", "D6"]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert "'Bieu'!E5" in links


def test_the_workbooks_own_formatting_stays(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", wrong_grid(), merges=["A1:K1"])
    book = openpyxl.load_workbook(path)
    book.active["B5"].font = Font(name="Arial", size=17, bold=True)
    book.active.column_dimensions["B"].width = 44
    book.save(path)
    sheet = marked(path).worksheets[0]
    assert (sheet["B5"].font.name, sheet["B5"].font.size) == ("Arial", 17)
    assert sheet.column_dimensions["B"].width == 44
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:K1"]


def test_a_marked_workbook_can_be_mended_and_sent_again(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", wrong_grid())
    book = marked(path)
    sheet = book.worksheets[0]
    sheet["E5"], sheet["D6"] = 50, 500
    sheet["C22"] = 17 * 1200
    book.save(path)
    reading = read_workbook(path, layout=bieu_05())
    assert reading.is_accepted, [issue.message for issue in reading.issues]
    assert not reading.issues


def test_marks_of_an_earlier_check_are_taken_away(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", wrong_grid())
    book = marked(path)
    book.worksheets[0]["E5"] = 50
    book.save(path)
    again = marked(path)
    assert again.worksheets[0]["E5"].comment is None
    assert again.worksheets[0]["D6"].comment.author == AUTHOR
    assert again.sheetnames.count(RESULTS) == 1


def test_text_that_looks_like_a_formula_is_no_formula(tmp_path):
    grid = wrong_grid()
    grid[4][1] = "=cmd|' /C calc'!A0"
    grid[5][1] = "@SUM(A1)"
    for build in (books.html, books.xls):
        book = marked(build(tmp_path / "a.dat", grid))
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (build.__name__, cell.coordinate, cell.value)
    results = [cell for row in book[RESULTS].iter_rows() for cell in row if cell.value]
    assert any("=cmd" in str(cell.value) for cell in results)


def test_an_issue_in_a_merged_cell_marks_its_corner(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", wrong_grid(), merges=["E5:E6"])
    issue = Issue("error", "merged", "Ô E6: bị gộp.", "Bieu", "E6")
    book = openpyxl.load_workbook(io.BytesIO(mark_workbook(path, [issue])))
    assert "bị gộp" in book["Bieu"]["E5"].comment.text


def test_an_unreadable_file_cannot_be_marked(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(Unreadable):
        mark_workbook(path, [])
