"""What is decided of capital: lines are opened, money is given, passed down, adjusted, carried on.

Every decision is one document of the register and one day, and may speak of many lines; all of it
is kept or nothing. Amounts are in million đồng, three decimals.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from portal.accounts.models import User
from portal.collection.models import Submission
from portal.documents.models import Document
from portal.formats import number
from programs.ledger import (
    LedgerRefused,
    NewChange,
    label,
    locked,
    moves_of,
    translated,
    weigh_changes,
)
from programs.ledger.opening import Holder, held_by, open_line
from programs.ledger.weighing import refuse_before, refuse_fraction
from programs.models import CapitalChange, CapitalPlan

from .following import ask_followers

__all__ = ["Holder", "adjust", "allocate", "assign", "carry_over", "decide", "held_by", "open_line"]
What = CapitalChange.What


@transaction.atomic
def decide(
    *,
    document: Document,
    day: datetime.date,
    changes: Sequence[NewChange],
    by: User | None,
    note: str = "",
    submission: Submission | None = None,
) -> list[CapitalChange]:
    """Keep what one decision says of lines, in force from `day`.

    All changes count together: money assigned at the top may be passed down in the same decision.

    Raises:
        LedgerRefused: which line falls short, on which day, by how much.
    """
    if not changes:
        raise LedgerRefused("Quyết định chưa có dòng vốn nào.")
    refuse_before(document, day)
    for one in changes:
        refuse_fraction(one.amount)
    lines = locked(one.plan.pk for one in changes)
    if submission is None:
        _refuse_twice(document, day, changes)
    weigh_changes(lines, changes, day)
    ask_followers(one.plan for one in changes)
    with translated():
        return CapitalChange.objects.bulk_create(
            CapitalChange(
                plan=one.plan,
                what=one.what,
                amount=one.amount,
                day=day,
                document=document,
                note=note,
                submission=submission,
                by=by,
            )
            for one in changes
        )


def _refuse_twice(document: Document, day: datetime.date, changes: Sequence[NewChange]) -> None:
    """One decision says the same of a line once."""
    told = CapitalChange.objects.filter(document=document, day=day).values_list(
        "plan", "what", "amount"
    )
    there = set(told.filter(plan__in=[one.plan.pk for one in changes]))
    for one in changes:
        if (one.plan.pk, one.what, one.amount) in there:
            raise LedgerRefused(
                f"{document} đã ghi {What(one.what).label} {number(one.amount)} triệu đồng cho "
                f"{label(one.plan)}. Không ghi lần thứ hai.",
                rule="capital_twice",
                line=one.plan,
            )


def assign(
    *,
    plan: CapitalPlan,
    amount: Decimal,
    document: Document,
    day: datetime.date,
    by: User | None,
    note: str = "",
) -> CapitalChange:
    """Money from outside on a line at the top. See `decide`."""
    change = NewChange(plan, What.ASSIGNED, amount)
    return decide(document=document, day=day, changes=[change], by=by, note=note)[0]


def allocate(
    *,
    amounts: Sequence[tuple[CapitalPlan, Decimal]],
    document: Document,
    day: datetime.date,
    by: User | None,
    note: str = "",
) -> list[CapitalChange]:
    """Pass money down to several lines in one decision. See `decide`."""
    changes = [NewChange(plan, What.ALLOCATED, amount) for plan, amount in amounts]
    return decide(document=document, day=day, changes=changes, by=by, note=note)


def adjust(
    *,
    amounts: Sequence[tuple[CapitalPlan, Decimal]],
    document: Document,
    day: datetime.date,
    by: User | None,
    note: str = "",
) -> list[CapitalChange]:
    """More (positive) or less (negative) on lines, from or back to the line above. See `decide`."""
    changes = [NewChange(plan, What.ADJUSTED, amount) for plan, amount in amounts]
    return decide(document=document, day=day, changes=changes, by=by, note=note)


@transaction.atomic
def carry_over(
    *,
    lines: Sequence[CapitalPlan],
    document: Document,
    day: datetime.date,
    by: User | None,
    note: str = "",
) -> list[CapitalChange]:
    """What is left on `lines` of a year goes on to the same lines of the next year.

    Each line hands over what it has left on `day` and no later entry needs; lines with nothing
    left are passed over. Returns the entries on the new lines.

    Raises:
        LedgerRefused: nothing is left, or a line is not of a year.
    """
    refuse_before(document, day)
    held = locked(line.pk for line in lines)
    moves = moves_of([line.pk for line in lines])
    left = {line.pk: moves[line.pk].spare(day) for line in lines}
    giving = [held[pk] for pk in sorted(left) if left[pk] > 0]
    if not giving:
        raise LedgerRefused(
            f"Ngày {day:%d/%m/%Y} các dòng vốn không còn số dư để chuyển sang năm sau."
        )
    for line in giving:
        _refuse_year(line, day)
    receiving = _next_year(giving)
    ask_followers(giving)
    with translated():
        out = CapitalChange.objects.bulk_create(
            CapitalChange(
                plan=line, what=What.CARRIED_OUT, amount=-left[line.pk],
                day=day, document=document, note=note, by=by,
            )
            for line in giving
        )  # fmt: skip
        return CapitalChange.objects.bulk_create(
            CapitalChange(
                plan=receiving[gone.plan_id], what=What.CARRIED_IN, amount=-gone.amount,
                day=day, document=document, counterpart=gone, note=note, by=by,
            )
            for gone in out
        )  # fmt: skip


def _refuse_year(line: CapitalPlan, day: datetime.date) -> None:
    if line.year is None:
        raise LedgerRefused(f"{label(line)} là vốn trung hạn, không chuyển nguồn.", line=line)
    if day < datetime.date(line.year, 12, 31):
        raise LedgerRefused(
            f"Vốn năm {line.year} chuyển nguồn từ ngày 31/12/{line.year} trở đi.", line=line
        )


def _next_year(lines: Sequence[CapitalPlan]) -> dict[int, CapitalPlan]:
    """The same line in the next year for each, opened with all above it where it is new.

    From the top down, a query or two for each depth however many lines there are.
    """
    opened: dict[int, CapitalPlan] = {}
    for level in _by_depth(lines):
        wanted = {line.pk: _next_of(line, opened.get(line.parent_id or 0)) for line in level}
        there = _there(wanted.values())
        new = [one for one in wanted.values() if _key(one) not in there]
        with translated():
            there |= {_key(one): one for one in CapitalPlan.objects.bulk_create(new)}
        opened |= {pk: there[_key(one)] for pk, one in wanted.items()}
    return opened


def _by_depth(lines: Sequence[CapitalPlan]) -> list[list[CapitalPlan]]:
    """These lines and all above them; those at the top first."""
    known = {line.pk: line for line in lines}
    while above := {line.parent_id for line in known.values() if line.parent_id} - set(known):
        known |= CapitalPlan.objects.in_bulk(above)
    levels: dict[int, list[CapitalPlan]] = defaultdict(list)
    for line in known.values():
        depth, here = 0, line
        while here.parent_id:
            depth, here = depth + 1, known[here.parent_id]
        levels[depth].append(line)
    return [levels[depth] for depth in sorted(levels)]


def _next_of(line: CapitalPlan, parent: CapitalPlan | None) -> CapitalPlan:
    return CapitalPlan(
        programme_id=line.programme_id, year=(line.year or 0) + 1, component_id=line.component_id,
        source_id=line.source_id, kind=line.kind, holder=line.holder, unit_id=line.unit_id,
        organisation_id=line.organisation_id, works_id=line.works_id, parent=parent,
        is_demo=line.is_demo,
    )  # fmt: skip


def _there(wanted: Collection[CapitalPlan]) -> dict[tuple[object, ...], CapitalPlan]:
    """Those of `wanted` that exist, by key."""
    found = CapitalPlan.objects.filter(
        Q(works__in={one.works_id for one in wanted if one.works_id})
        | Q(works=None, parent__in={one.parent_id for one in wanted if one.parent_id})
        | Q(works=None, parent=None),
        programme__in={one.programme_id for one in wanted},
        year__in={one.year for one in wanted},
    )
    return {_key(one): one for one in found}


def _key(line: CapitalPlan) -> tuple[object, ...]:
    """What there is one line of: works have one whatever they are allocated from."""
    if line.works_id:
        return line.year, line.source_id, line.kind, line.works_id
    return (
        line.programme_id, line.year, line.source_id, line.kind, line.component_id,
        line.unit_id, line.organisation_id, line.parent_id,
    )  # fmt: skip
