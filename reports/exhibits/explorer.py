"""A selection of the explorer as a table or chart of a report: only what may be published.

A report's reader may see less than its drafter, so small counts are hidden as for the public
(ethnic_data.exploring.publishing), whoever writes the report.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import QueryDict

from ethnic_data.exploring import charts
from ethnic_data.exploring.files import heading
from ethnic_data.exploring.publishing import as_published
from ethnic_data.exploring.selection import AXES, Reading, Selection
from ethnic_data.exploring.table import MOST_CELLS, Cell, Table, TooLarge
from portal import formats
from portal.units import crosswalk
from portal.units.lists import ended_words
from portal.units.services import LIST_861

from .content import Content, Head, Line, Made, NotToBeMade
from .drawing import as_svg

if TYPE_CHECKING:
    from portal.accounts.models import User


def selection(query: str, user: User) -> Selection:
    """What the address asks for, always of today's data: a draft follows them.

    Raises:
        NotToBeMade: there is none of its periods; others would be shown in their place.
    """
    reading = Reading(QueryDict(query), user)
    chosen, codes = replace(reading.selection(), on=None), reading.several("ky")
    if codes and not any(period.code in codes for period in chosen.periods):
        raise NotToBeMade(f"Chưa có kỳ báo cáo {', '.join(codes)}.")
    return chosen


def pinned(query: str, user: User) -> str:
    """The address with what it left to be chosen by itself: indicators, periods, unit."""
    chosen, told = selection(query, user), QueryDict(query, mutable=True)
    told.setlist("ct", [measure.code for measure in chosen.measures])
    told.setlist("ky", [period.code for period in chosen.periods])
    told["dv"] = ",".join(unit.code for unit in chosen.units)
    told.pop("ngay", None)
    return told.urlencode()


def made_again(query: str, user: User, *, as_of: datetime.datetime) -> Content:
    """What the data approved by `as_of` say, small counts too: to be compared, never shown.

    What may be published is decided by today's data, so it is no part of what is compared.
    """
    return content_of(Table.of(replace(selection(query, user), on=as_of)))


def made(query: str, user: User, *, with_chart: bool) -> Made:
    """The table, and its chart when wanted. Raises NotToBeMade."""
    chosen = selection(query, user)
    if _is_listed(chosen) and (ended := ended_words(LIST_861, on=_first_day(chosen))):
        raise NotToBeMade(f"{ended[:1].upper()}{ended[1:]}.")
    table = Table.of(chosen)
    try:
        table = as_published(table)
    except TooLarge as large:
        raise NotToBeMade(
            f"Bảng có {formats.number(large.cells)} ô, nhiều hơn {formats.number(MOST_CELLS)} ô "
            "mà báo cáo nhận. Bớt dòng hoặc cột."
        ) from None
    content, drawing = content_of(table), ""
    if with_chart:
        drawn = charts.drawn(table)
        if drawn is None:
            raise NotToBeMade("Không có số nào được công bố để vẽ biểu đồ.")
        drawing = as_svg(drawn.chart)
        content = replace(content, marks=" ".join(filter(None, (content.marks, drawn.note))))
    title = _title(table)
    if with_chart and content.unit:
        title = f"{title} ({content.unit})"
    return Made(title, content, drawing, _provenance(table))


def _is_listed(chosen: Selection) -> bool:
    """Whether the table is of the communes of Quyết định 861/QĐ-TTg."""
    return chosen.level in ("xa-861", "khu-vuc") or bool(chosen.zone)


def _first_day(chosen: Selection) -> datetime.date:
    """The list is over for a table when it was by the end of its first period."""
    return min(period.end for period in chosen.periods)


def _title(table: Table) -> str:
    measures = table.chosen.measures
    if len(measures) == 1:
        return measures[0].name
    return f"{len(measures)} chỉ tiêu theo {AXES[table.chosen.rows].lower()}"


def content_of(table: Table) -> Content:
    """Headings and rows as they are seen, each value to the last digit beside its words."""
    depth = len(table.heads)
    head = [[Head(heading(member), span) for member, span in row] for row in table.heads]
    head[0].insert(0, Head(AXES[table.chosen.rows], 1, depth))
    units = {measure.unit_of_measure for measure in table.chosen.measures}
    return Content(
        head=tuple(tuple(row) for row in head),
        lines=tuple(
            Line(row.label, tuple(_cell(table, cell) for cell in cells), row.is_total)
            for row, cells in table.lines(table.rows)
        ),
        unit=units.pop() if len(units) == 1 else "",
        about=table.subtitle,
        marks=_marks(table),
    )


def _cell(table: Table, cell: Cell) -> tuple[str, str | None]:
    value = cell.figure.value
    if value is None:
        return cell.text, None
    sample = " mẫu" if table.marks_samples and cell.is_sample else ""
    return f"{'≈ ' if cell.is_estimate else ''}{cell.text}{cell.mark}{sample}", _exact(value)


def _exact(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _marks(table: Table) -> str:
    words = []
    if table.is_incomplete:
        words.append("Dấu *: chưa đủ đơn vị báo cáo.")
    if table.has_estimates:
        words.append("Dấu ≈: ước tính theo dân số.")
    if table.marks_samples:
        words.append("Ô ghi “mẫu”: ước lượng từ điều tra mẫu.")
    return " ".join(words)


def _provenance(table: Table) -> dict[str, object]:
    chosen = table.chosen
    return {
        "source": table.dataset_titles,
        "period": ", ".join(period.label for period in chosen.periods),
        "units": f"địa giới ngày {formats.day(chosen.units_on)}"
        if chosen.units_on
        else crosswalk.AS_REPORTED_WORDS,
        "as_of": formats.local(table.as_of).date().isoformat() if table.as_of else "",
        "is_demo": table.is_demo,
        "hidden": len(table.hidden),
        "submissions": [source.submission for source in table.sources],
        "datasets": sorted({source.dataset for source in table.sources}),
    }
