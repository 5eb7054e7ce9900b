"""The end of a dated list of units: from which day nothing of it is left, and by what."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from portal.formats import day as written

from .models import UnitList, UnitMembership, UnitSuccession

#: How decisions on units are abbreviated in the table of successions, and how a sentence says it.
_TYPES = {"NQ": "Nghị quyết số", "NĐ": "Nghị định số", "QĐ": "Quyết định số"}


@dataclass(frozen=True, slots=True)
class ListEnd:
    """The first day without a unit; `decision` is empty where the list's own term was over."""

    day: datetime.date
    decision: str = ""
    form: str = ""

    def __str__(self) -> str:
        by = f"do {self.form} theo {self.decision}" if self.decision else "khi hết thời hạn"
        return f"đã hết từ ngày {written(self.day)}, {by}"


def end_of(unit_list: UnitList, *, on: datetime.date) -> ListEnd | None:
    """The end of the list if it had come by `on`: every unit on it had left it or was no more."""
    kept = list(UnitMembership.objects.filter(unit_list=unit_list).select_related("unit"))
    ends = [_end(one) for one in kept]
    days = [end for end in ends if end is not None and end <= on]
    if not kept or len(days) < len(ends):
        return None
    last = max(days)
    gone = UnitSuccession.objects.filter(old__in=[one.unit_id for one in kept], date=last)
    counted = Counter((one.decision, one.kind) for one in gone)
    if not counted:
        return ListEnd(last)
    decision, kind = counted.most_common(1)[0][0]
    return ListEnd(last, _in_full(decision), str(UnitSuccession.Kind(kind).label))


def ended_words(code: str, *, on: datetime.date) -> str:
    """A sentence without its full stop that says the list `code` is over; "" while it is not."""
    unit_list = UnitList.objects.filter(code=code).first()
    if unit_list is None or (end := end_of(unit_list, on=on)) is None:
        return ""
    return f"danh sách {unit_list.name} theo {unit_list.decision} {end}"


def _end(one: UnitMembership) -> datetime.date | None:
    ends = (one.valid.upper, one.unit.valid.upper)
    return min((end for end in ends if end is not None), default=None)


def _in_full(decision: str) -> str:
    kind, _, rest = decision.partition(" ")
    return f"{_TYPES[kind]} {rest}" if kind in _TYPES else decision
