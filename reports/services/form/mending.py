"""Putting a mend into the draft: one click, the old words stay in the history."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from reports.linter import OfficialText, Spot
from reports.linter.reading.report import official_text, said
from reports.models import Citation, Report, Section, Status
from reports.references import References
from reports.text import richtext

from ..editing import edit_section
from ..facts import edit_citation, edit_facts
from ..refusals import ReportRefusal
from ..trail import at_step, need, write_down
from .listing import Listed, form_list

if TYPE_CHECKING:
    from portal.accounts.models import User


class DepartureGone(ReportRefusal):
    message = "Chỗ này vừa được sửa nên không còn như lúc kiểm tra. Danh sách đã được kiểm tra lại."


class NoMend(ReportRefusal):
    message = "Chỗ này cần người soạn thảo tự sửa, cổng chưa sửa giúp được."


@transaction.atomic
def mend_departure(*, report: Report, fingerprint: str, by: User, now: datetime.datetime) -> Listed:
    """Write the mend of one departure into the draft, at all its places.

    Raises:
        NotAllowed, NotNow: only who drafts, only while it is a draft.
        DepartureGone: the words are not there any more.
        NoMend: there is nothing to put in, or not here.
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    found = form_list(report).find(fingerprint)
    if found is None:
        raise DepartureGone
    if not found.has_mend:
        raise NoMend
    _Mending(report, official_text(report), by, now).apply(found.departure.spots)
    what = f"Sửa thể thức: {found.departure.rule.name}"
    note = f"“{found.departure.quote}” thành “{found.departure.spot.mend}”"
    write_down(report, "form_mended", what[:300], who=by, at=now, note=note)
    return found


class _Mending:
    """The places of one mend, gathered by the row they change."""

    def __init__(
        self, report: Report, text: OfficialText, by: User, now: datetime.datetime
    ) -> None:
        self.report, self.text, self.by, self.now = report, text, by, now
        self.references = References.of(report)

    def apply(self, spots: tuple[Spot, ...]) -> None:
        bodies: dict[int, dict[int, list[Spot]]] = defaultdict(lambda: defaultdict(list))
        citations: dict[str, list[Spot]] = defaultdict(list)
        for spot in spots:
            line = self.text.lines[spot.line]
            kind, _, key = line.origin.partition(":")
            if kind == "body" and (inside := _citation_at(line.bounds, spot)):
                moved = replace(spot, start=spot.start - inside.start, end=spot.end - inside.start)
                citations[inside.key].append(moved)
            elif kind == "body":
                section, _, number = key.partition(":")
                bodies[int(section)][int(number)].append(spot)
            elif kind == "citation":
                citations[key].append(spot)
            elif kind == "title":
                self._title(int(key), spot)
            elif kind == "subject":
                self._subject(spot)
        for citation, places in citations.items():
            self._citation(citation, places)
        for section_pk, lines in bodies.items():
            self._body(section_pk, lines)

    def _body(self, pk: int, changes: dict[int, list[Spot]]) -> None:
        section = self._section(pk)
        lines = list(section.lines)
        for number, spots in changes.items():
            lines[number] = replaced(lines[number], spots, self.references)
        self._edit(section, section.title, richtext.write(lines))

    def _title(self, pk: int, spot: Spot) -> None:
        section = self._section(pk)
        if spot.of_label:  # without the label by hand the portal counts on
            self._edit(section, section.title, section.body, manual_label="")
        else:
            self._edit(section, _with(section.title, [spot]), section.body)

    def _edit(
        self, section: Section, title: str, body: str, *, manual_label: str | None = None
    ) -> None:
        edit_section(
            section=section,
            title=title,
            body=body,
            manual_label=manual_label,
            revision=section.revision,
            by=self.by,
            now=self.now,
        )

    def _section(self, pk: int) -> Section:
        return Section.objects.get(pk=pk, report=self.report)

    def _citation(self, key: str, spots: list[Spot]) -> None:
        citation = Citation.objects.get(pk=key, report=self.report)
        # a citation inside sentences stands at many places, but is one row
        once = {(spot.start, spot.end): spot for spot in spots}
        printed = _with(citation.printed, list(once.values()))
        edit_citation(citation=citation, by=self.by, printed=printed, now=self.now)

    def _subject(self, spot: Spot) -> None:
        report = self.report
        edit_facts(
            report=report,
            by=self.by,
            now=self.now,
            subject=_with(report.subject, [spot]),
            report_date=report.report_date,
            authority=report.authority,
            signatory=report.signatory,
        )


def _citation_at(bounds, spot: Spot):
    """The citation whose words the spot lies in."""
    return next(
        (
            bound
            for bound in bounds
            if bound.kind == "citation"
            and bound.start <= spot.start
            and spot.end <= bound.end
            and spot.start < bound.end
        ),
        None,
    )


def _with(text: str, spots: list[Spot]) -> str:
    """The text with every spot's words in place of its characters."""
    for spot in sorted(spots, key=lambda one: one.start, reverse=True):
        text = text[: spot.start] + (spot.mend or "") + text[spot.end :]
    return text


def replaced(line: richtext.Line, spots: list[Spot], references: References) -> richtext.Line:
    """The line with the spots' words changed; figures, citations and notes stay where they are."""
    pieces: list[richtext.Piece] = []
    at = 0
    left = sorted(spots, key=lambda one: one.start)
    written: set[Spot] = set()
    for piece in line.pieces:
        _, words = said(piece, references)
        end = at + len(words)
        if isinstance(piece, richtext.Run):
            text = _run(words, at, left, written)
            pieces.append(replace(piece, text=text))
        elif not (isinstance(piece, richtext.Break) and _covered(at, end, left)):
            pieces.append(piece)
        at = end
    return replace(line, pieces=tuple(pieces))


def _run(words: str, at: int, spots: list[Spot], written: set[Spot]) -> str:
    """The words of one run; a spot over several runs is written into the first of them."""
    text, last = "", 0
    for spot in spots:
        start, end = max(spot.start - at, 0), min(spot.end - at, len(words))
        if start > len(words) or end < 0 or (start >= end and spot.start < spot.end):
            continue
        text += words[last:start]
        if spot not in written:
            text += spot.mend or ""
            written.add(spot)
        last = max(end, start)
    return text + words[last:]


def _covered(start: int, end: int, spots: list[Spot]) -> bool:
    return any(spot.start <= start and end <= spot.end for spot in spots)
