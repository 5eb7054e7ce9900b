"""What a user's workbook holds besides cells is still there when it comes back marked."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill

from portal.collection.workbooks.marking import AUTHOR, RESULTS, mark_workbook
from portal.collection.workbooks.outcome import Issue

pytestmark = pytest.mark.slow


def decorated(path) -> None:
    """A workbook with a chart, a rule of colours, a comment, a wide column and a macro's bytes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Bieu"
    for row in range(1, 9):
        sheet.append([row, f"Xã {row}", row * 10])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=8))
    sheet.add_chart(chart, "F2")
    red = PatternFill("solid", start_color="FFC7CE")
    sheet.conditional_formatting.add("C1:C8", CellIsRule("greaterThan", ["50"], fill=red))
    sheet["B2"].comment = Comment("Số của trưởng thôn", "Chị Mai")
    sheet.column_dimensions["B"].width = 41
    book.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")


def issue(cell: str, message: str, severity="error") -> Issue:
    return Issue(severity, "x", message, "Bieu", cell, "Cột", "1", column="D01")


def marked(path, *issues: Issue) -> bytes:
    return mark_workbook(path, issues)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_charts_rules_widths_comments_and_macros_stay(tmp_path):
    path = tmp_path / "a.xlsx"
    decorated(path)
    before = parts(path.read_bytes())
    content = marked(
        path, issue("C3", "Sai"), issue("B2", "Tên sai"), issue("J40", "Xa", "warning")
    )
    after = parts(content)
    same = [name for name in before if after[name] == before[name]]
    assert {"xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/vbaProject.bin"} <= set(same)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Bieu"]
    assert len(sheet._charts) == 1
    assert sheet.conditional_formatting
    assert sheet.column_dimensions["B"].width == 41
    assert sheet["C3"].fill.start_color.rgb == "FFF8D2CF"
    assert sheet["C3"].comment.text == "Sai"
    assert "trưởng thôn" in sheet["B2"].comment.text
    assert "Tên sai" in sheet["B2"].comment.text
    assert sheet["J40"].fill.start_color.rgb == "FFFBE7C2"


def test_marking_again_takes_the_earlier_marks_away(tmp_path):
    path = tmp_path / "a.xlsx"
    decorated(path)
    path.write_bytes(marked(path, issue("C3", "Sai"), issue("B2", "Tên sai")))
    content = marked(path, issue("C5", "Khác"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Bieu"]
    assert sheet["C3"].comment is None
    assert sheet["C3"].fill.fill_type is None
    assert sheet["B2"].comment.text.strip() == "Số của trưởng thôn"
    assert sheet["C5"].comment.author == AUTHOR
    assert book.sheetnames == ["Bieu", RESULTS]
