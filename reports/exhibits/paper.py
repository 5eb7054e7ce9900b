"""A table of the explorer, with its chart, as a sheet of paper: as it is seen by who asks."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ethnic_data.exploring import charts
from ethnic_data.exploring.files import about
from portal import formats
from portal.units.models import IssuingAgency
from reports.printing import agency_header
from reports.rendering.blocks import Chart, Paragraph, Text
from reports.rendering.sheets import MOST_CELLS, Sheet, SheetBlock, SheetTooLarge, fits

from .blocks import table_of
from .drawing import as_svg
from .explorer import content_of

if TYPE_CHECKING:
    from ethnic_data.exploring.table import Table
    from reports.rendering.blocks import AgencyHeader

    from .content import Content

MOST_UPRIGHT = 8  # columns; more of them read better across a turned page


def sheet_of(table: Table, *, now: datetime.datetime, address: str = "") -> Sheet:
    """The table as seen: what is hidden from its reader is hidden here.

    address: where the page is found. Raises SheetTooLarge.
    """
    if table.size > MOST_CELLS:
        raise SheetTooLarge(table.size)
    title, *chosen = about(table)
    content = content_of(table)
    is_landscape = content.width > MOST_UPRIGHT or not fits(table_of(content), is_landscape=False)
    return Sheet(
        title=title,
        blocks=(*_chart(table), *tables_of(content, is_landscape=is_landscape)),
        printed_at=now,
        agency=shown_agency(),
        chosen=tuple(line for line in chosen if line != "Số liệu minh hoạ"),
        source=f"{content.marks} {table.rates_words}".strip(),
        address=address,
        is_demo=table.is_demo,
        is_landscape=is_landscape,
    )


def shown_agency() -> AgencyHeader | None:
    """The agency whose name the pages carry."""
    agency = IssuingAgency.objects.shown()
    return agency_header(agency, agency.symbol) if agency else None


def _chart(table: Table) -> Iterator[SheetBlock]:
    if table.body and (drawn := charts.drawn(table)) is not None:
        yield Chart(as_svg(drawn.chart), drawn.title, remark=drawn.note)


def tables_of(content: Content, *, is_landscape: bool, caption: str = "") -> Iterator[SheetBlock]:
    """One table, or several with some of the columns each where these do not fit side by side."""
    if not content.lines:
        yield Paragraph((Text("Không có dòng nào cho lựa chọn này.", italic=True),))
        return
    parts = list(_parts(content, is_landscape=is_landscape))
    first = 1
    for part in parts:
        last = first + part.width - 1
        told = f"Cột {first}–{last} trong {formats.number(content.width)} cột"
        words = [caption, told if len(parts) > 1 else ""]
        yield table_of(part, caption=": ".join(word for word in words if word))
        first = last + 1


def _parts(content: Content, *, is_landscape: bool) -> Iterator[Content]:
    """As few parts of nearly equal width as fit the page."""
    width = content.width
    for count in range(1, width + 1):
        cuts = [round(width * place / count) for place in range(count + 1)]
        found = [content.columns(a, b) for a, b in itertools.pairwise(cuts)]
        if count == width or all(fits(table_of(part), is_landscape=is_landscape) for part in found):
            yield from found
            return
