"""Each file that cannot be taken gets one plain sentence, and the caller survives."""

from __future__ import annotations

import struct
import zipfile

import openpyxl
import pytest

from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.reader.vietnamese import is_syllable
from portal.collection.workbooks.source import MEBIBYTE, Limits
from portal.collection.workbooks.template import write_template
from tests.collection.files import books
from tests.collection.files.forms import bieu_05_grid, bieu_05_rows
from tests.collection.files.layouts import bieu_05, units_of

pytestmark = pytest.mark.slow


def refusal(path, **options):
    """The one error of a file that gives nothing."""
    reading = read_workbook(path, layout=bieu_05(), **options)
    assert not reading.is_accepted
    assert not reading.values
    assert len(reading.errors) == 1, [issue.message for issue in reading.errors]
    message = reading.errors[0].message
    assert message.count("Hãy") == 1, message
    assert is_syllable(message.split()[0].lower()), message
    return reading.errors[0]


def test_zero_bytes(tmp_path):
    path = tmp_path / "a.xlsx"
    path.touch()
    assert refusal(path).rule == "file_empty"


def test_only_white_space(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\r\n  \r\n\t\r\n")
    assert refusal(path).rule == "file_empty_content"


def test_an_empty_workbook(tmp_path):
    assert refusal(books.xlsx(tmp_path / "a.xlsx", [])).rule == "file_empty_content"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"MZ\x90\x00" + bytes(200),
        b"{\\rtf1\\ansi hello}",
        bytes(range(256)) * 20,
        b'<?xml version="1.0"?><svg/>',
    ],
)
def test_what_is_no_spreadsheet(content, tmp_path):
    path = tmp_path / "bieu05.xlsx"
    path.write_bytes(content)
    assert refusal(path).rule == "file_not_spreadsheet"


def test_a_word_document_named_as_a_workbook(tmp_path):
    path = tmp_path / "bieu05.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert "Word" in refusal(path).message


def test_plain_prose_is_not_a_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Kính gửi Ban Dân tộc tỉnh, xã xin báo cáo như sau.\nTrân trọng.", "utf-8")
    assert refusal(path).rule == "no_table"


@pytest.mark.parametrize("size", [4, 100, 1000, 4000])
def test_a_truncated_workbook(size, tmp_path):
    whole = books.xlsx(tmp_path / "whole.xlsx", bieu_05_grid()).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[:size])
    assert refusal(path).rule == "file_corrupt"


def test_a_workbook_with_damaged_parts(tmp_path):
    whole = bytearray(books.xlsx(tmp_path / "whole.xlsx", bieu_05_grid()).read_bytes())
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    start = entry.header_offset + 60
    whole[start : start + 200] = bytes(200)
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(whole)
    assert refusal(path).rule == "file_corrupt"


def test_a_truncated_old_workbook(tmp_path):
    whole = books.xls(tmp_path / "whole.xls", bieu_05_grid()).read_bytes()
    path = tmp_path / "cut.xls"
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path).rule in ("file_corrupt", "file_crashed")


def test_a_workbook_with_a_password(tmp_path):
    """An encrypted xlsx is an OLE folder with the stream EncryptedPackage."""
    path = tmp_path / "a.xlsx"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    directory = "EncryptedPackage".encode("utf-16-le").ljust(128, b"\0")
    path.write_bytes(header + directory.ljust(1024, b"\0"))
    assert refusal(path).rule == "file_encrypted"


def test_an_old_workbook_with_a_password(tmp_path):
    """BIFF says so in a FILEPASS record right after the first one."""
    path = books.xls(tmp_path / "a.xls", bieu_05_grid())
    data = bytearray(path.read_bytes())
    start = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    assert start > 0
    record = struct.pack("<HH", 0x2F, 54) + struct.pack("<HHH", 1, 1, 1) + bytes(48)
    data[start + 20 : start + 20 + len(record)] = record
    path.write_bytes(data)
    assert refusal(path).rule in ("file_encrypted", "file_corrupt")


def test_a_zip_with_encrypted_entries(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", bieu_05_grid())
    data = bytearray(path.read_bytes())
    position = data.find(b"PK\x01\x02")
    while position >= 0:
        data[position + 8] |= 1
        position = data.find(b"PK\x01\x02", position + 4)
    path.write_bytes(data)
    assert refusal(path).rule == "file_encrypted"


def test_one_cell_in_the_last_corner(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    issue = refusal(books.raw_xlsx(tmp_path / "a.xlsx", rows))
    assert issue.rule == "file_sparse"
    assert "XFD1048576" in issue.message


def test_formatting_alone_in_the_last_corner_does_no_harm(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", bieu_05_grid())
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    assert read_workbook(path, layout=bieu_05()).is_accepted


def test_a_lying_dimension_does_no_harm(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    path = books.raw_xlsx(tmp_path / "a.xlsx", rows, dimension='<dimension ref="A1:XFD1048576"/>')
    assert refusal(path).rule == "no_table"


def test_a_lying_count_of_shared_strings(tmp_path):
    strings = (
        f'<sst xmlns="{books.MAIN}" count="4294967295" uniqueCount="4294967295">'
        "<si><t>x</t></si></sst>"
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    path = books.raw_xlsx(tmp_path / "a.xlsx", rows, strings=strings)
    assert refusal(path).rule == "file_corrupt"


def test_a_cell_address_beyond_the_sheet(tmp_path):
    rows = '<row r="1"><c r="ZZZZ99999999"><v>1</v></c></row>'
    assert refusal(books.raw_xlsx(tmp_path / "a.xlsx", rows)).rule.startswith("file_")


def test_a_zip_bomb(tmp_path):
    path = tmp_path / "a.xlsx"
    books.raw_xlsx(path, '<row r="1"><c r="A1"><v>1</v></c></row>')
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/theme/theme1.xml", bytes(60 << 20))
    assert path.stat().st_size < 200_000
    limits = Limits(content=40 * MEBIBYTE)
    assert refusal(path, limits=limits).rule == "file_bomb"


def test_a_zip_bomb_that_lies_about_its_size(tmp_path):
    path = tmp_path / "a.xlsx"
    books.raw_xlsx(path, "<row/>" + " " * (60 << 20))
    data = bytearray(path.read_bytes())
    position = data.find(b"PK\x01\x02")
    while position >= 0:
        data[position + 24 : position + 28] = struct.pack("<I", 100)
        position = data.find(b"PK\x01\x02", position + 4)
    path.write_bytes(data)
    limits = Limits(content=40 * MEBIBYTE)
    assert refusal(path, limits=limits).rule in ("file_bomb", "file_corrupt")


def test_a_zip_with_too_many_entries(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(6000):
            archive.writestr(f"xl/{number}.xml", "")
    assert refusal(path).rule == "file_bomb"


def test_an_entity_bomb(tmp_path):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    path = tmp_path / "a.xlsx"
    books.raw_xlsx(path, '<row r="1"><c r="A1"><v>1</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "x">{entities}]><w>&a11;</w>'.encode()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert refusal(path).rule == "file_corrupt"


def test_a_reader_that_runs_out_of_memory(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", [["x" * 30_000 + str(n)] for n in range(400)])
    assert refusal(path, limits=Limits(memory=60 * MEBIBYTE)).rule in (
        "file_too_large",
        "file_crashed",
        "file_corrupt",
    )


def test_a_reader_that_takes_too_long(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", [[n] * 30 for n in range(20_000)])
    assert refusal(path, limits=Limits(wall_seconds=0.2)).rule == "file_too_slow"


def test_a_million_empty_rows_are_no_trouble(tmp_path):
    grid = bieu_05_grid(total=False)
    path = books.xlsx(tmp_path / "a.xlsx", grid)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(30, 200_000))
    parts[name] = parts[name].replace(b"</sheetData>", empty.encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    assert read_workbook(path, layout=bieu_05()).is_accepted


def test_a_sheet_of_sixteen_thousand_columns(tmp_path):
    path = books.xlsx(tmp_path / "a.xlsx", [list(range(16_384))] * 20)
    assert refusal(path).rule == "no_table"


def test_a_whole_sheet_merged_into_one_cell(tmp_path):
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>Biểu 05</t></is></c></row>'
    path = books.raw_xlsx(tmp_path / "a.xlsx", rows, merges=["A1:XFD1048576"])
    assert refusal(path).rule == "no_table"


# templates made for something else


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"period": "2022", "period_label": "Năm 2022", "year": 2022}, "template_period"),
        ({"template_version": "1"}, "template_version"),
        ({"dataset": "DAN-SO", "title": "Dân số"}, "template_dataset"),
        (
            {"unit": "219", "unit_name": "Huyện Lục Ngạn", "units": units_of("219")},
            "template_unit",
        ),
    ],
)
def test_a_template_of_something_else_is_one_clear_error(changes, rule, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_template(bieu_05(**changes)))
    assert refusal(path).rule == rule


def test_a_table_of_another_district_is_one_clear_error(tmp_path):
    grid = bieu_05_grid(bieu_05_rows(count=10, district="219"))
    issue = refusal(books.xlsx(tmp_path / "a.xlsx", grid))
    assert issue.rule == "other_unit"
    assert "huyện Lục Ngạn" in issue.message


def test_a_web_page_that_breaks_off_is_not_half_a_table(tmp_path):
    path = books.html(tmp_path / "a.xls", bieu_05_grid())
    whole = path.read_text("utf-8")
    path.write_text(whole[: len(whole) * 2 // 3], "utf-8")
    assert refusal(path).rule == "file_cut_off"


def test_more_sheets_than_are_read_are_said(tmp_path):
    workbook = openpyxl.Workbook()
    for number in range(201):
        workbook.create_sheet(f"Trang {number}")["A1"] = 1
    workbook.save(tmp_path / "a.xlsx")
    assert "202 trang tính" in refusal(tmp_path / "a.xlsx").message


def test_a_line_of_a_million_fields_is_no_table(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"1," * 1_000_000)
    assert refusal(tmp_path / "a.csv").rule == "file_too_wide"
