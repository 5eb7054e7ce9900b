"""Rules that compare a dataset with another one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ..layout import Rule
from ..numbers import vietnamese
from .beside import Spot
from .columns import totals
from .running import RELATION_BROKEN, Run, stands


class Side(NamedTuple):
    """Our side of a comparison: where it is said, what it is about, how much it is."""

    row: int
    spot: Spot
    value: Decimal


def cross(run: Run, rule: Rule) -> None:
    """What the other dataset does not tell, or not of this unit and group, is not compared."""
    others = run.beside.others.get(rule.code)
    if not others:
        return
    column = run.column(rule.columns[0])
    sides = _groups_together(run, rule) if rule.over_groups else _row_by_row(run, rule)
    for index, spot, value in sides:
        other = others.get(spot)
        if other is None or value == other or stands(rule, value, other):
            continue
        name = rule.other_heading or "biểu khác"
        shown = vietnamese(other)
        what = vietnamese(value)
        if rule.over_groups:
            what = f"tổng các dân tộc ({what})"
        elif len(rule.columns) > 1:
            what = f"tổng {run.headings(rule.columns)} ({what})"
        word = RELATION_BROKEN[rule.relation]
        text = f"{what} {word} {name} ({shown}). Hãy kiểm tra lại cả hai biểu."
        run.broken(rule, index, column, text, other=shown, other_heading=name)


def _row_by_row(run: Run, rule: Rule) -> Iterator[Side]:
    groups = {run.column(key).group for key in rule.columns}
    own = groups.pop() if len(groups) == 1 else None
    keys = run.check.entries.keys
    for index, value in enumerate(totals(run, rule.columns)):
        if value is not None:
            yield Side(index, (keys[index].unit, keys[index].group or own), value)


def _groups_together(run: Run, rule: Rule) -> Iterator[Side]:
    """One side per unit, told at the row of its first group; a group not known leaves it unknown.

    A row for all groups together is no group, and an empty row tells of a group that is not there.
    """
    keys, empty = run.check.entries.keys, run.check.checked.empty
    sums: dict[str, Decimal | None] = {}
    first: dict[str, int] = {}
    for index, value in enumerate(totals(run, rule.columns)):
        unit, group = keys[index]
        if group is None or index in empty:
            continue
        if unit not in first or group < (keys[first[unit]].group or ""):
            first[unit] = index
        so_far = sums.get(unit, Decimal(0))
        sums[unit] = None if value is None or so_far is None else so_far + value
    for unit, total in sums.items():
        if total is not None:
            yield Side(first[unit], (unit, None), total)
