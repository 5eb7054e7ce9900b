"""The sheet of one unit: a template's outline with the unit's figures, drawn at once.

A sheet is no document with a number: no section of it is stored, only the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime

from reports import figures as registry
from reports.models import Batch, BatchSheet, Style
from reports.printing import agency_header, titles
from reports.references import NO_VALUE, capitalised
from reports.rendering import (
    Block,
    Cell,
    Heading,
    PrintedReport,
    RenderedReport,
    SignatureBlock,
    Table,
    Text,
    blocks_from_html,
    render_pdf,
)
from reports.services.drafting import agency_on
from reports.services.placeholders import agency_words, period_words, unit_words
from reports.services.templates import nodes
from reports.text import richtext

if TYPE_CHECKING:
    from portal.units.models import AdministrativeUnit, IssuingAgency

_NAME = re.compile(r"\{(\w+)\}")

#: What stands before the first word of a sentence, up to that word.
_BEGINS = re.compile(r"(?:^|[.>]) *\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of the sheet as it is printed, with what it rests on."""

    name: str
    title: str
    printed: str
    computed: registry.Computed


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """The file of one sheet, and how many of its figures have no value."""

    rendered: RenderedReport
    missing: int


def make_sheet(sheet: BatchSheet) -> MadeSheet:
    """Draw the sheet from today's approved data; nothing is stored.

    Raises:
        One of NOT_PRINTABLE.
    """
    batch, unit = sheet.batch, sheet.unit
    told = figures_of(batch, unit)
    agency = agency_on(batch.day)
    printed = printed_sheet(batch, unit, agency, told)
    evidence = {
        "sheet": printed.subject,
        "period": batch.period.label,
        "unit": unit.code,
        "figures": [_evidence(one) for one in told.values()],
    }
    rendered = render_pdf(
        printed,
        evidence=evidence,
        title=f"{batch.template.title}: {unit.full_name}",
        now=localtime(batch.requested_at),
        blanks=True,
    )
    return MadeSheet(rendered, sum(1 for one in told.values() if not one.printed))


def figures_of(batch: Batch, unit: AdministrativeUnit) -> dict[str, Told]:
    """Every figure of the template asked for the unit; a query that is gone has no value."""
    found = {}
    for name, row in batch.template.figures.items():
        parameters = {"unit": unit.code, **row.get("parameters", {})}
        scope = registry.Scope(batch.period, batch.day, parameters)
        try:
            query = registry.find(row["query"])
            computed = registry.ask(query, scope)
        except registry.UnknownFigure as problem:
            found[name] = Told(name, str(problem), "", registry.Computed(None, "not_collected"))
            continue
        style = row.get("style") if row.get("style") in Style.values else query.style
        value = computed.value
        printed = "" if value is None else registry.printed(value, str(style))
        found[name] = Told(name, query.title, printed, computed)
    return found


def _evidence(one: Told) -> dict[str, Any]:
    value = one.computed.value
    return {
        "title": one.title,
        "printed": one.printed,
        "value": None if value is None else f"{value.normalize():f}",
        "missing": one.computed.missing,
        "provenance": {
            key: told for key, told in one.computed.provenance.items() if key != "files"
        },
    }


def printed_sheet(
    batch: Batch, unit: AdministrativeUnit, agency: IssuingAgency, told: Mapping[str, Told]
) -> PrintedReport:
    """The outline with the unit's words and figures as blocks."""
    words = period_words(batch.period) | agency_words(agency, batch.day)
    words |= unit_words(unit, batch.period.end)
    blocks: list[Block] = []
    for node in nodes(batch.template.outline):
        row = node.row.row
        title = _filled(row.get("title", ""), words)
        if title:
            level = {"roman": 1, "arabic": 2}.get(row.get("level", ""), 3)
            blocks.append(Heading(node.label, title, level))
        blocks += _body(row.get("body", ""), words, told)
        if row.get("table"):
            blocks.append(_table(row["table"], words, told))
    _, title = titles(agency, batch.template.authority)
    return PrintedReport(
        agency=agency_header(agency, agency.symbol),
        type_name=batch.template.title.upper(),
        subject=_filled(batch.template.subject, words),
        blocks=tuple(blocks),
        signature=SignatureBlock(title, ""),
        is_sheet=True,
    )


def _filled(text: str, words: Mapping[str, str], *, is_html: bool = False) -> str:
    def word(found: re.Match[str]) -> str:
        said = words.get(found[1], found[0])
        if _BEGINS.search(text, 0, found.start()):
            said = capitalised(said)
        return escape(said, quote=False) if is_html else said

    return _NAME.sub(word, text)


def _body(body: str, words: Mapping[str, str], told: Mapping[str, Told]) -> list[Block]:
    """A section's words; citations as they are printed, figures in place."""
    if not body:
        return []
    lines = richtext.with_pieces(
        richtext.read(_filled(body, words, is_html=True), is_trusted=True),
        lambda piece: _said(piece, told),
    )
    return list(blocks_from_html(richtext.write(lines), figures={}, citations={}).blocks)


def _said(piece: richtext.Piece, told: Mapping[str, Told]) -> richtext.Piece:
    if not isinstance(piece, richtext.Atom):
        return piece
    found = told.get(piece.key)
    text = (found.printed if found else piece.text) or NO_VALUE
    return richtext.Run(text, piece.bold, piece.italic)


def _table(rows: list[list[str]], words: Mapping[str, str], told: Mapping[str, Told]) -> Table:
    """Three columns: what, how much, in which unit; a figure without a value says why."""
    head = tuple(
        Cell((Text(name, bold=True),), heading=True, align="center")
        for name in ("Chỉ tiêu", "Giá trị", "Đơn vị tính")
    )
    return Table((head, *_rows(rows, words, told)), head_rows=1)


def _rows(
    rows: list[list[str]], words: Mapping[str, str], told: Mapping[str, Told]
) -> Iterator[tuple[Cell, ...]]:
    for label, name, unit in rows:
        found = told.get(name)
        printed = found.printed if found else ""
        yield (
            Cell((Text(_filled(label, words)),)),
            Cell((Text(printed or NO_VALUE),), align="right"),
            Cell((Text(unit if printed else "chưa có số liệu"),), align="center"),
        )
