"""Panels as a sheet of paper: their charts and tables with the page's filters, time and pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from portal import formats
from reports.exhibits.blocks import table_of
from reports.exhibits.content import Content, Head
from reports.exhibits.content import Line as ContentLine
from reports.exhibits.drawing import as_svg
from reports.exhibits.paper import MOST_UPRIGHT, shown_agency, tables_of
from reports.rendering.blocks import Chart, Heading, Paragraph, Text
from reports.rendering.sheets import MOST_CELLS, Sheet, SheetBlock, SheetTooLarge, fits

from .shown import Shown


def sheet_of(
    title: str,
    panels: Sequence[Shown],
    filters: Sequence[str],
    *,
    now: datetime.datetime,
    address: str = "",
) -> Sheet:
    """The panels as seen, one below the other. Raises SheetTooLarge."""
    cells = sum(len(panel.lines) * (panel.width_in_columns + 1) for panel in panels)
    if cells > MOST_CELLS:
        raise SheetTooLarge(cells)
    contents = [content_of(panel) for panel in panels]
    is_landscape = any(
        one.width > MOST_UPRIGHT or not fits(table_of(one), is_landscape=False)
        for one in contents
        if one.lines
    )
    blocks: list[SheetBlock] = []
    for place, (panel, content) in enumerate(zip(panels, contents, strict=True), start=1):
        if len(panels) > 1:
            blocks.append(Heading(f"{place}.", panel.title))
        blocks += _blocks(panel, content, is_landscape=is_landscape)
    return Sheet(
        title=title,
        blocks=tuple(blocks),
        printed_at=now,
        agency=shown_agency(),
        chosen=(" · ".join(filters),),
        address=address,
        is_demo=any(panel.is_demo for panel in panels),
        is_landscape=is_landscape,
    )


def content_of(panel: Shown) -> Content:
    """As a report keeps a table: the words of each cell, and its value to the last digit."""
    depth = max(len(panel.heads), 1)
    heads = [[Head(words, span) for words, span in row] for row in panel.heads] or [[]]
    heads[0].insert(0, Head(panel.corner, 1, depth))
    return Content(
        tuple(tuple(row) for row in heads),
        tuple(
            ContentLine(
                line.label,
                tuple(
                    (one.words, None if one.exact is None else f"{one.exact.normalize():f}")
                    for one in line.values
                ),
                line.is_total,
            )
            for line in panel.lines
        ),
    )


def _blocks(panel: Shown, content: Content, *, is_landscape: bool) -> Iterator[SheetBlock]:
    if panel.subtitle:
        yield _words(panel.subtitle)
    if panel.empty:
        yield _words(panel.empty)
        return
    if panel.picture is not None:
        yield Chart(as_svg(panel.picture.chart), panel.picture.title, remark=panel.picture.note)
    yield from tables_of(content, is_landscape=is_landscape)
    source = f"Nguồn: {panel.source}" if panel.source else ""
    if source and panel.as_of:
        source += f", tính đến ngày {formats.day(panel.as_of)}"
    told = " ".join([f"{source}." if source else "", *panel.notes]).strip()
    if told:
        yield _words(told)


def _words(text: str) -> Paragraph:
    return Paragraph((Text(text, italic=True),))
