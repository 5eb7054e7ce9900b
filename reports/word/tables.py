"""Tables with heads repeated on every page, and the frames of head and signature."""

from __future__ import annotations

from collections.abc import Sequence

from reports.rendering.blocks import Cell, Table
from reports.rendering.measures import columns_of

from .xml import paragraph_xml, twips

_ALIGN = {"left": "left", "center": "center", "right": "right"}
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def table_xml(table: Table, *, width_mm: float) -> str:
    """A table as wide as the text; long ones are built in one go, since python-docx looks every
    cell up anew."""
    found = columns_of(table, width_mm=width_mm)
    count = max((sum(cell.colspan for cell in row) for row in table.rows), default=1)
    parts = found.parts if found else (100 / count,) * count
    size = found.size if found else 12.0
    widths = [twips(width_mm * part / 100) for part in parts]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    open_cells: dict[int, tuple[int, int]] = {}  # place → rows still covered, columns
    rows = []
    for line, row in enumerate(table.rows):
        rows.append(_row(row, widths, open_cells, is_head=line < table.head_rows, size=size))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="68" w:type="dxa"/><w:right w:w="68" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(
    row: Sequence[Cell],
    widths: Sequence[int],
    open_cells: dict[int, tuple[int, int]],
    *,
    is_head: bool,
    size: float,
) -> str:
    cells, place, given = [], 0, list(row)
    while place < len(widths) and (given or place in open_cells):
        if place in open_cells:
            left, columns = open_cells.pop(place)
            cells.append(_covered(widths[place : place + columns], columns))
            if left > 1:
                open_cells[place] = (left - 1, columns)
            place += columns
            continue
        cell = given.pop(0)
        columns = max(1, min(cell.colspan, len(widths) - place))
        cells.append(_cell(cell, widths[place : place + columns], columns, size=size))
        if cell.rowspan > 1:
            open_cells[place] = (cell.rowspan - 1, columns)
        place += columns
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, widths: Sequence[int], columns: int, *, size: float) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    merge = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
    align = "center" if cell.heading else _ALIGN[cell.align]
    words = paragraph_xml(cell.content, align=align, size=size, bold=cell.heading)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>{span}{merge}'
        f'<w:vAlign w:val="center"/></w:tcPr>{words}</w:tc>'
    )


def _covered(widths: Sequence[int], columns: int) -> str:
    """The lower part of a cell that goes over several rows."""
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>{span}<w:vMerge/></w:tcPr>'
        "<w:p/></w:tc>"
    )


def frame_xml(cells: Sequence[tuple[float, str]]) -> str:
    """One row without lines that is never cut: (width in mm, paragraphs) for each cell."""
    widths = [twips(mm) for mm, _ in cells]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'
        for width, (_, paragraphs) in zip(widths, cells, strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{inner}</w:tr></w:tbl>"
    )
