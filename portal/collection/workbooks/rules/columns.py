"""Rules between the columns of one row."""

from __future__ import annotations

from decimal import Decimal
from operator import gt, lt

from ..layout import Rule
from ..numbers import vietnamese
from .running import RELATION_BROKEN, Run, in_sentence, stands


def at_most(run: Run, rule: Rule) -> None:
    _against_other(run, rule, gt, "lớn hơn")


def at_least(run: Run, rule: Rule) -> None:
    _against_other(run, rule, lt, "nhỏ hơn")


def _against_other(run: Run, rule: Rule, wrong, word: str) -> None:  # type: ignore[no-untyped-def]
    whole = run.column(rule.other)
    limits = run.numbers(whole.key)
    for key in rule.columns:
        pairs = zip(run.numbers(key), limits, strict=True)
        found = [
            (index, value, limit)
            for index, (value, limit) in enumerate(pairs)
            if value is not None and limit is not None and wrong(value, limit)
        ]
        for index, value, limit in found:
            other = vietnamese(limit)
            text = (
                f"{vietnamese(value)} {word} {in_sentence(whole.name)} ({other}). "
                "Sửa một trong hai ô."
            )
            facts = {"other": other, "other_heading": whole.heading, "limit": other}
            run.broken(rule, index, run.column(key), text, **facts)


def sum_of_parts(run: Run, rule: Rule) -> None:
    """A part that is not known leaves the sum unknown."""
    whole = run.column(rule.other)
    sums = totals(run, rule.columns)
    for index, (total, computed) in enumerate(zip(run.numbers(whole.key), sums, strict=True)):
        if total is None or computed is None or total == computed:
            continue
        if stands(rule, computed, total):
            continue
        names = run.headings(rule.columns)
        other = vietnamese(computed)
        if rule.relation == "=":
            text = f"{vietnamese(total)} khác tổng {names} ({other}). Hãy kiểm tra lại các ô."
        else:
            text = (
                f"tổng {names} ({other}) {RELATION_BROKEN[rule.relation]} {vietnamese(total)}. "
                "Hãy kiểm tra lại các ô."
            )
        run.broken(rule, index, whole, text, other=other, other_heading=names)


def totals(run: Run, keys: tuple[str, ...]) -> list[Decimal | None]:
    """Row by row the sum of some columns; None where one of them is not known."""
    parts = [run.numbers(key) for key in keys]
    if len(parts) == 1:
        return list(parts[0])
    return [
        None if None in values else sum(values, Decimal(0))  # type: ignore[arg-type]
        for values in zip(*parts, strict=True)
    ]


def in_range(run: Run, rule: Rule) -> None:
    least, most = rule.minimum, rule.maximum
    for key in rule.columns:
        for index, value in enumerate(run.numbers(key)):
            if value is None:
                continue
            if least is not None and value < least:
                limit, side = least, "nhỏ hơn"
            elif most is not None and value > most:
                limit, side = most, "lớn hơn"
            else:
                continue
            shown = vietnamese(limit)
            text = f"{vietnamese(value)} {side} {shown}. Hãy kiểm tra lại."
            run.broken(rule, index, run.column(key), text, limit=shown)


def ratio(run: Run, rule: Rule) -> None:
    """Compared by multiplication, so that no digit is lost; nothing is a share of zero."""
    part, whole = run.column(rule.columns[0]), run.column(rule.other)
    factor = rule.parameter or Decimal(1)
    least, most = rule.minimum, rule.maximum
    pairs = zip(run.numbers(part.key), run.numbers(whole.key), strict=True)
    for index, (above, below) in enumerate(pairs):
        if above is None or not below:
            continue
        scaled, size = (above * factor, below) if below > 0 else (-above * factor, -below)
        if least is not None and scaled < least * size:
            limit, side = least, "nhỏ hơn"
        elif most is not None and scaled > most * size:
            limit, side = most, "lớn hơn"
        else:
            continue
        shown, found = vietnamese(limit), vietnamese(scaled / size, 2)
        text = (
            f"bằng {found} so với {in_sentence(whole.heading)} ({vietnamese(below)}), {side} "
            f"{shown}. Hãy kiểm tra lại hai ô."
        )
        facts = {"other": vietnamese(below), "other_heading": whole.heading, "limit": shown}
        run.broken(rule, index, part, text, **facts)


def required_if(run: Run, rule: Rule) -> None:
    """A zero and a reason why there is no value are answers; an empty cell is none.

    Columns that are required anyway have their own sentence.
    """
    condition, limit = run.column(rule.other), rule.parameter or Decimal(0)
    asked = [
        index
        for index, value in enumerate(run.numbers(condition.key))
        if value is not None and value > limit
    ]
    for column in map(run.column, rule.columns):
        if column.required or not column.is_entered:
            continue
        empty = run.check.blank_cells(column.key)
        for index in asked:
            if index not in empty:
                continue
            value = vietnamese(run.numbers(condition.key)[index] or 0)
            text = (
                f"còn để trống, trong khi {in_sentence(condition.heading)} là {value}. "
                "Hãy nhập số, hoặc “…” nếu không có số liệu."
            )
            run.broken(rule, index, column, text, other=value, other_heading=condition.heading)
