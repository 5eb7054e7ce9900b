"""The pages beside the text that is being written: the printed layout, drawn by the browser.

Every pause in typing asks for them anew, so what one answer costs is bounded: a long report shows
the section at hand alone, a long table its first rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.text.numbering import Node, in_order

from .models import Citation, Report, Section
from .printing import printed_report
from .references import present
from .rendering import Block, PrintedReport, Table, excerpt_html, preview_html

#: A report with more letters than this (some 25 pages) shows the section at hand alone.
WHOLE_UP_TO = 60_000

#: Rows of a table beside the text; the pages have all of them.
ROWS_SHOWN = 60

_NOTE = re.compile(r'data-citation="(\d+)"')


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of a section, saved or not."""

    title: str
    body: str
    level: str
    manual_label: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of HTML; `is_whole` tells whether it shows more than the section at hand."""

    html: str
    is_whole: bool


def preview_beside(
    report: Report, section: Section, typed: Typed | None = None, *, style_sheets: Sequence[str]
) -> Preview:
    """The report, or its one section, with `typed` in the place of what is saved.

    What would load something is left out, unknown figures and citations print what they showed.

    Raises:
        One of services.NOT_PRINTABLE.
    """
    rows = present(report)
    for row in rows:
        if typed is not None and row.pk == section.pk:
            row.title, row.body = typed.title, typed.body
            row.level, row.manual_label = typed.level, typed.manual_label
    nodes = in_order(rows)
    title = str(report)
    if is_shown_whole(nodes):
        whole = _shortened(printed_report(report, is_preview=True, nodes=nodes))
        month = report.issue_date or report.report_date
        html = preview_html(whole, title=title, month=month, style_sheets=style_sheets)
        return Preview(html, is_whole=True)
    own = [node for node in nodes if node.row.pk == section.pk]
    first = 1 + _notes_before(report, nodes, section)
    part = printed_report(report, is_preview=True, nodes=own, first_note=first)
    html = excerpt_html(_shortened(part), title=title, style_sheets=style_sheets)
    return Preview(html, is_whole=False)


def is_shown_whole(nodes: Sequence[Node[Section]]) -> bool:
    """Whether the pages beside the text are those of the whole report."""
    return sum(len(node.row.body) for node in nodes) <= WHOLE_UP_TO


def _notes_before(report: Report, nodes: Sequence[Node[Section]], section: Section) -> int:
    """How many notes are called before a section, without reading every text as HTML."""
    notes = set(report.citations.filter(place=Citation.Place.NOTE).values_list("pk", flat=True))
    count = 0
    for node in nodes:
        if node.row.pk == section.pk:
            break
        count += sum(int(key) in notes for key in _NOTE.findall(node.row.body))
    return count


def _shortened(report: PrintedReport) -> PrintedReport:
    annexes = tuple(replace(one, blocks=_begun(one.blocks)) for one in report.annexes)
    return replace(report, blocks=_begun(report.blocks), annexes=annexes)


def _begun(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(_first_rows(block) if isinstance(block, Table) else block for block in blocks)


def _first_rows(table: Table) -> Table:
    """The head and first rows; the line below says how many are left."""
    most = table.head_rows + ROWS_SHOWN
    left = len(table.rows) - most
    if left <= 0:
        return table
    words = f"Còn {left} hàng nữa, có đủ ở trang in."
    remark = f"{table.remark} {words}".strip()
    return replace(table, rows=table.rows[:most], remark=remark)
