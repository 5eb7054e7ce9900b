"""Words of the old period in a copied report, and their change."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from reports.models import Report, Section, Status
from reports.references import nodes_of
from reports.renewal import Shift, Slip, replaced, shifts, slips
from reports.services.editing import edit_section
from reports.services.sharing import need_section
from reports.services.trail import at_step, need, write_down
from reports.text import richtext

from .keys import PointGone, key_of

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class WordPoint:
    """Words of the old period at one place: `where` is "subject", "title" or the run of a body
    ("body0"); `section` is None for the subject.
    """

    key: str
    slip: Slip
    where: str
    section: Section | None
    label: str


@dataclass(frozen=True, slots=True)
class WordGroup:
    """The same words at all their places. Without an offer: all days of the old period, which only
    a person can change.
    """

    found: str
    offer: str
    points: tuple[WordPoint, ...]


def word_points(report: Report) -> Iterator[WordPoint]:
    """Every place of the subject, titles and texts that still speaks of the old period."""
    if report.source is not None:
        known, old = _shifts(report, report.source), report.source.period
        yield from _told(slips(report.subject, known, old), "subject", None, "Trích yếu")
    seen: dict[int, list[Shift]] = {}
    sources = Section.objects.filter(copies__report=report).select_related(
        "report__period", "report__agency"
    )
    source_of = {source.pk: source.report for source in sources}
    for node in nodes_of(report):
        section = node.row
        source = source_of.get(section.source_id or 0)
        if source is None:
            continue
        if source.pk not in seen:
            seen[source.pk] = _shifts(report, source)
        known, old = seen[source.pk], source.period
        label = f"{node.label} {section}".strip()
        title = slips(section.title, known, old)
        yield from _told(title, "title", section, label)
        for place, text in enumerate(_runs(section.lines)):
            yield from _told(slips(text, known, old), f"body{place}", section, label)


def _shifts(report: Report, source: Report) -> list[Shift]:
    return shifts(
        source.period,
        report.period,
        old_agency=source.agency,
        new_agency=report.agency,
    )


def _runs(lines: tuple[richtext.Line, ...]) -> list[str]:
    return [
        piece.text for line in lines for piece in line.pieces if isinstance(piece, richtext.Run)
    ]


def _told(
    found: list[Slip], where: str, section: Section | None, label: str
) -> Iterator[WordPoint]:
    for slip in found:
        place = str(section.pk) if section else ""
        context = (slip.before[-24:], slip.found, slip.after[:24], str(slip.start))
        yield WordPoint(key_of("words", place, where, *context), slip, where, section, label)


def grouped(points: Iterator[WordPoint]) -> list[WordGroup]:
    groups: dict[tuple[str, str], list[WordPoint]] = {}
    for point in points:
        name = point.slip.found.casefold() if point.slip.offer else ""
        groups.setdefault((name, point.slip.offer.casefold()), []).append(point)
    found = [
        WordGroup(rows[0].slip.found, rows[0].slip.offer, tuple(rows)) for rows in groups.values()
    ]
    return sorted(found, key=lambda group: (not group.offer, -len(group.points)))


@transaction.atomic
def change_words(*, report: Report, keys: Collection[str], by: User, now: datetime.datetime) -> int:
    """Write the offered words at the places of `keys`; returns at how many.

    Raises:
        NotAllowed, NotNow
        PointGone: none of them is there any more, or nothing is offered for them.
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    chosen = [point for point in word_points(report) if point.key in keys and point.slip.offer]
    if not chosen:
        raise PointGone
    subject = [point.slip for point in chosen if point.section is None]
    if subject:
        need_section(report, None, by)
        report.subject = replaced(report.subject, subject)
        report.save(update_fields=["subject"])
    by_section: dict[int, list[WordPoint]] = {}
    for point in chosen:
        if point.section is not None:
            by_section.setdefault(point.section.pk, []).append(point)
    for points in by_section.values():
        if points[0].section is not None:
            _rewrite(points[0].section, points, by=by, now=now)
    words = "; ".join(dict.fromkeys(f"{one.slip.found} → {one.slip.offer}" for one in chosen))
    what = f"Đổi {len(chosen)} chỗ theo kỳ mới"
    write_down(report, "words_changed", what, who=by, at=now, note=words[:2000])
    return len(chosen)


def _rewrite(
    section: Section, points: list[WordPoint], *, by: User, now: datetime.datetime
) -> None:
    """Put the offers of `points` into one section."""
    place = -1

    def at(where: str) -> list[Slip]:
        return [point.slip for point in points if point.where == where]

    def rewritten(piece: richtext.Piece) -> richtext.Piece:
        nonlocal place
        if not isinstance(piece, richtext.Run):
            return piece
        place += 1
        return replace(piece, text=replaced(piece.text, at(f"body{place}")))

    edit_section(
        section=section,
        title=replaced(section.title, at("title")),
        body=richtext.write(richtext.with_pieces(section.lines, rewritten)),
        by=by,
        now=now,
    )
