"""An exhibit as a block of the printed tree."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from portal.formats import day
from reports.rendering.blocks import Cell, Chart, Paragraph, Table, Text

from .content import Content, Head, Line

if TYPE_CHECKING:
    from reports.models import Exhibit
    from reports.rendering.blocks import Block

#: What a draft shows for a table that has nothing yet.
NOTHING_YET = "Chưa có số liệu."


def block_of(exhibit: Exhibit, label: str) -> Block:
    """The table or chart under its label, "Bảng 1" or "Biểu đồ 2"."""
    content = Content.from_json(exhibit.data)
    title = f"{label}. {exhibit.title}" if label else exhibit.title
    remark = " ".join(filter(None, (exhibit.caption, content.marks)))
    if exhibit.is_chart and exhibit.drawing:
        return Chart(exhibit.drawing, title, source_of(exhibit), remark, exhibit.is_landscape)
    if exhibit.is_chart or not content.lines:
        return Paragraph((Text(f"{title}: {exhibit.problem or NOTHING_YET}", italic=True),))
    return replace(
        table_of(content, caption=title),
        source=source_of(exhibit),
        remark=remark,
        landscape=exhibit.is_landscape,
    )


def table_of(content: Content, *, caption: str = "") -> Table:
    """Headings, rows and unit of measure; neither source nor remark."""
    return Table(
        rows=(*(_head(row) for row in content.head), *(_row(line) for line in content.lines)),
        head_rows=len(content.head),
        caption=caption,
        unit=content.unit,
    )


def source_of(exhibit: Exhibit) -> str:
    """ "Biểu 05, số liệu đến ngày 20/11/2023"."""
    told = exhibit.provenance
    words = [told.get("source", "")]
    if told.get("as_of"):
        words.append(f"số liệu đến ngày {day(datetime.date.fromisoformat(told['as_of']))}")
    if told.get("is_demo"):
        words.append("số liệu minh hoạ")
    return ", ".join(word for word in words if word)


def _head(row: tuple[Head, ...]) -> tuple[Cell, ...]:
    return tuple(
        Cell((Text(one.text),), heading=True, align="center", colspan=one.columns, rowspan=one.rows)
        for one in row
    )


def _row(line: Line) -> tuple[Cell, ...]:
    bold = line.is_total
    return (
        Cell((Text(line.label, bold=bold),)),
        *(
            Cell((Text(text, bold=bold, italic=value is None),), align="right")
            for text, value in line.cells
        ),
    )
