"""The capital of a unit's works in a year, allocated as a workbook tells."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.collection.models import Submission
from portal.collection.stores import Asked
from portal.documents.models import Document
from portal.formats import day as written_day
from programs.ledger import LedgerRefused, Moves, NewChange, locked, moves_of
from programs.ledger.lines import follow
from programs.ledger.opening import open_works_lines
from programs.ledger.refusals import shortage
from programs.models import CapitalChange, CapitalPlan, Programme
from programs.services.capital import decide, open_line

from .told import ZERO, Stands, Values, works_lines
from .year import Target, Year


@transaction.atomic
def post_plan(
    *,
    submission: Submission,
    programme: Programme,
    values: Values,
    by: User,
    document: Document | None = None,
) -> list[CapitalChange]:
    """Allocate the unit's capital of a year to investors and on to works, as `values` tell.

    The decision is `document`, else the one that the submission cites, which must be in the
    register. Of a correction the difference is an adjustment.

    Raises:
        LedgerRefused: no decision, a unit without capital, an allocation above it.
    """
    year = Year(submission, programme, values)
    targets, stands = year.targets()
    if stands:
        raise LedgerRefused(stands[0].text, rule=stands[0].rule)
    if not targets:
        return []
    document = document or decision_cited(submission)
    first = datetime.date(year.year, 1, 1)
    day = max(document.date, first) if document.date.year < year.year else document.date
    locked({one.head.pk for one in targets})
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    lines: dict[int, CapitalPlan] = {}
    opened = _opened(targets, year)
    for one in targets:
        for line in _down_to(one, opened[one.works.code, one.measure]):
            lines[line.pk] = line
            amounts[line.pk] += one.difference
    has_money = set(
        CapitalChange.objects.filter(plan__in=lines).values_list("plan", flat=True).distinct()
    )
    changes = [
        NewChange(line, _what(amounts[pk], pk in has_money), amounts[pk])
        for pk, line in lines.items()
        if amounts[pk]
    ]
    return decide(document=document, day=day, changes=changes, by=by, submission=submission)


def _what(amount: Decimal, has_money: bool) -> str:
    what = CapitalChange.What
    return what.ADJUSTED if has_money or amount < 0 else what.ALLOCATED


def _opened(targets: Sequence[Target], year: Year) -> dict[tuple[str, str], CapitalPlan]:
    """The lines of all works told, opened where they are new: through one of their investor below
    the unit's own. A few queries for each investor, none for each works."""
    new = [one for one in targets if (one.works.code, one.measure) not in year.lines]
    if not new:
        return year.lines
    through: dict[tuple[int, int, int], CapitalPlan] = {}
    wanted: dict[tuple[str, str], CapitalPlan] = {}
    for one in new:
        key = (one.head.pk, one.works.component_id, one.works.investor_id)
        if key not in through:
            through[key] = _through(one, year)
        wanted[one.works.code, one.measure] = through[key]
    open_works_lines((one.works, wanted[one.works.code, one.measure]) for one in new)
    lines = works_lines(year.programme, year.year, {one.works.code for one in targets})
    for one in new:
        above = wanted[one.works.code, one.measure]
        if lines[one.works.code, one.measure].parent_id != above.pk:
            _line_below(one, above, year)  # somebody else was quicker: refused in its words
    return lines


def _same(one: Target, year: Year) -> dict[str, Any]:
    return {
        "programme": year.programme,
        "component": one.works.component,
        "source": one.head.source,
        "kind": one.head.kind,
        "year": year.year,
        "is_demo": one.head.is_demo,
    }


def _through(one: Target, year: Year) -> CapitalPlan:
    return open_line(**_same(one, year), holder=one.works.investor, parent=one.head)


def _line_below(one: Target, above: CapitalPlan, year: Year) -> CapitalPlan:
    return open_line(**_same(one, year), holder=one.works, parent=above)


def _down_to(one: Target, line: CapitalPlan) -> list[CapitalPlan]:
    """The lines below the unit's own down to the works'."""
    found = []
    for step in follow(line):
        if step.pk == one.head.pk:
            break
        found.append(step)
    return found


def decision_cited(submission: Submission) -> Document:
    """The decision in the register whose number and day the submission gives.

    Raises:
        LedgerRefused: none is given, or it is not in the register.
    """
    number, day = submission.cover_letter_number, submission.cover_letter_date
    if not number or day is None:
        raise LedgerRefused(
            "Chưa ghi quyết định phân bổ vốn. Hãy ghi số, ký hiệu và ngày quyết định khi nộp.",
            rule="no_decision",
        )
    found = Document.objects.named(number).filter(date=day).order_by("pk").first()
    if found is None:
        raise LedgerRefused(
            f"Sổ văn bản chưa có quyết định số {number} ngày {written_day(day)}. "
            f"Hãy vào sổ quyết định này trước.",
            rule="no_decision",
        )
    return found


def objections_to_plan(*, asked: Asked, programme: Programme, values: Values) -> list[Stands]:
    """At which works and measure `post_plan` would be refused, and why; reads only.

    Where the unit's capital does not reach, the rows are told from which on it is exceeded.
    """
    year = Year(asked, programme, values)
    targets, stands = year.targets()
    by_head: dict[int, list[Target]] = defaultdict(list)
    for one in targets:
        by_head[one.head.pk].append(one)
    moves = moves_of([*by_head, *(line.pk for line in year.lines.values())])
    for head, group in by_head.items():
        stands += _above_head(group, moves[head])
    for one in targets:
        line = year.lines.get((one.works.code, one.measure))
        if line and one.difference < 0:
            stands += _below_use(one, line, moves[line.pk])
    return stands


def _above_head(group: Sequence[Target], moves: Moves) -> list[Stands]:
    """Rows from which on the unit's capital no longer reaches; what is lowered counts first."""
    head = group[0].head
    days = list(moves.days())
    if not days:
        day, left = datetime.date(head.year or 1, 1, 1), ZERO
    else:
        day, left = days[-1].day, days[-1].available
    room = left - sum((one.difference for one in group if one.difference < 0), ZERO)
    found = []
    drawn = ZERO
    for one in group:
        if one.difference <= 0:
            continue
        drawn += one.difference
        if drawn > room:
            refused = shortage("capital_within_parent", head, day, drawn - room, moves)
            found.append(Stands(one.works.code, one.measure, refused.message, refused.rule))
    return found


def _below_use(one: Target, line: CapitalPlan, moves: Moves) -> list[Stands]:
    days = list(moves.days())
    if not days or days[-1].available + one.difference >= 0:
        return []
    short = -(days[-1].available + one.difference)
    refused = shortage("capital_covers_use", line, days[-1].day, short, moves)
    return [Stands(one.works.code, one.measure, refused.message, refused.rule)]
