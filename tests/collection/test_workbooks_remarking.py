"""A csv comes back as a csv, with a last column that says what to mend."""

from __future__ import annotations

import csv
import io

import pytest

from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.marking import mark_workbook
from portal.collection.workbooks.reader.remarking import encoded, harmless
from portal.collection.workbooks.reader.vietnamese import decode
from tests.collection.files import books
from tests.collection.files.layouts import bieu_05
from tests.collection.test_workbooks_marking import wrong_grid

pytestmark = pytest.mark.slow


def marked(path) -> bytes:
    return mark_workbook(path, read_workbook(path, layout=bieu_05()).issues)


def lines(content: bytes, separator: str = ",") -> list[list[str]]:
    text = decode(content)[0].lstrip("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_is_read_again_as_the_file_was(separator, encoding, tmp_path):
    path = books.delimited(tmp_path / "a.csv", wrong_grid(), separator=separator, encoding=encoding)
    before = read_workbook(path, layout=bieu_05())
    content = mark_workbook(path, before.issues)
    assert content.startswith(b"\xff\xfe" if encoding == "utf-16" else b"\xef\xbb\xbf")
    rows = lines(content, separator)
    assert (rows[2][-1][:7], rows[4][4]) == ("Cần sửa", "hai")
    assert "không phải là số" in rows[4][-1]
    path.write_bytes(content)
    again = read_workbook(path, layout=bieu_05())
    assert not again.questions
    assert list(again.values) == list(before.values)
    assert [i.message for i in again.errors] == [i.message for i in before.errors]


def test_remarks_of_an_earlier_check_are_replaced(tmp_path):
    path = books.delimited(tmp_path / "a.csv", wrong_grid())
    path.write_bytes(marked(path).replace(b"hai", b"50"))
    rows = lines(marked(path))
    assert sum(cell.startswith("Cần sửa") for row in rows for cell in row) == 1
    assert not any("không phải là số" in cell for row in rows for cell in row)
    assert any("lớn hơn tổng số hộ" in cell for row in rows for cell in row)


def test_windows_1258_stays_and_a_line_that_names_the_separator_too(tmp_path):
    path = books.delimited(tmp_path / "a.csv", wrong_grid(), separator=";")
    text = "sep=;\r\n" + path.read_text("utf-8")
    path.write_bytes(encoded(text, "Windows-1258"))
    content = marked(path)
    assert content.startswith(b"sep=;\r\n")
    assert decode(content)[1] == "Windows-1258"
    assert "không phải là số" in lines(content, ";")[5][-1]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+2", "\t=1", " =1"])
def test_nothing_comes_back_that_a_spreadsheet_calculates(cell, tmp_path):
    grid = wrong_grid()
    grid[4][1] = cell
    path = books.delimited(tmp_path / "a.csv", grid, separator=";")
    for row in lines(marked(path), ";"):
        for found in row:
            assert harmless(found) == found
            assert not found.lstrip().startswith(("=", "@", "+"))


@pytest.mark.parametrize("cell", ["-5", "-1.234,5", "+3", "-", "12 %", "Xã An Lạc", ""])
def test_numbers_and_words_stay_as_they_are(cell):
    assert harmless(cell) == cell
