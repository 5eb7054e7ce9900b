"""Rules that find a value strange: against the period before, its peers and its own past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..layout import Column, Rule
from ..numbers import vietnamese
from .running import Run

SMALL = Decimal(10)  # a change by fewer than this is never remarkable
FACTOR = Decimal(3)
THRESHOLD = Decimal("3.5")
FEWEST_PEERS = 8
FEWEST_PERIODS = 4
# Φ⁻¹(3/4), and √(π/2): what makes MAD and the mean deviation comparable with a standard deviation
CONSISTENCY = Decimal("0.6745")
MEAN_CONSISTENCY = Decimal("1.253314")


def change(run: Run, rule: Rule) -> None:
    """Against the period before; a small difference in number is never remarkable.

    A value that is exactly the factor times the value before is told.
    """
    previous = run.beside.previous
    if not previous:
        return
    factor = rule.parameter or FACTOR
    for column in map(run.column, rule.columns):
        told = zip(run.numbers(column.key), run.identities(column), strict=True)
        for index, (value, identity) in enumerate(told):
            if value is None:
                continue
            before = previous.get(identity)
            if not before or value == before or abs(value - before) < SMALL:
                continue
            if before < value * factor and value < before * factor:
                continue
            shown = vietnamese(before)
            text = (
                f"{vietnamese(value)}, {_change_in_words(before, value)} so với kỳ trước "
                f"({shown}). Hãy kiểm tra lại hoặc ghi lý do."
            )
            facts = {"previous": shown, "limit": vietnamese(factor)}
            run.broken(rule, index, column, text, **facts)


def _change_in_words(before: Decimal, value: Decimal) -> str:
    if value >= before:
        return f"tăng {vietnamese(value / before, 1)} lần"
    return f"giảm {vietnamese(before / value, 1)} lần" if value > 0 else "giảm hết"


class Bounds(NamedTuple):
    """The median of some values, and between what a value is not strange."""

    median: Decimal
    lowest: Decimal
    highest: Decimal


def outlier(run: Run, rule: Rule) -> None:
    """Strange among the peers of the same column and group, or in the unit's own past.

    See `bounds` for the method. A cell that is strange in both ways is told once.
    """
    for column in map(run.column, rule.columns):
        told: set[int] = set()
        for index, value, found in _among_peers(run, rule, column):
            told.add(index)
            text = (
                f"{vietnamese(value)} khác xa các dòng khác của cột này (giá trị giữa là "
                f"{vietnamese(found.median, 2)}). Hãy kiểm tra lại hoặc ghi lý do."
            )
            run.broken(rule, index, column, text, **_facts(found))
        for index, value, found in _in_own_past(run, rule, column):
            if index in told:
                continue
            text = (
                f"{vietnamese(value)} khác xa các kỳ trước của đơn vị (giá trị giữa là "
                f"{vietnamese(found.median, 2)}). Hãy kiểm tra lại hoặc ghi lý do."
            )
            run.broken(rule, index, column, text, **_facts(found))


def _facts(found: Bounds) -> dict[str, str]:
    limit = found.highest - found.median
    return {"previous": vietnamese(found.median, 2), "limit": vietnamese(limit, 2)}


def _among_peers(run: Run, rule: Rule, column: Column) -> Iterator[tuple[int, Decimal, Bounds]]:
    numbers, keys = run.numbers(column.key), run.check.entries.keys
    peers: dict[str | None, list[Decimal]] = defaultdict(list)
    for (_, group), value in zip(keys, numbers, strict=True):
        if value is not None:
            peers[group].append(value)
    for group, values in peers.items():
        values += run.beside.peers.get((column.key, group), ())
        if len(values) < FEWEST_PEERS:
            continue
        found = bounds(values, rule, column)
        _, lowest, highest = found
        if lowest <= min(values) and max(values) <= highest:
            continue
        for index, value in enumerate(numbers):
            if value is None or lowest <= value <= highest or keys[index].group != group:
                continue
            yield index, value, found


def _in_own_past(run: Run, rule: Rule, column: Column) -> Iterator[tuple[int, Decimal, Bounds]]:
    history = run.beside.history
    if not history:
        return
    least, factor = _least(rule, column), (rule.parameter or THRESHOLD) / CONSISTENCY
    told = zip(run.numbers(column.key), run.identities(column), strict=True)
    for index, (value, identity) in enumerate(told):
        past = None if value is None else history.get(identity)
        if value is None or past is None or (count := len(past)) < FEWEST_PERIODS:
            continue
        # a quick look that spares the exact one for values that are surely not strange: MAD is at
        # least the distance from the median to the nearer quartile
        half, quarter = count // 2, count // 4
        median = past[half] if count % 2 else (past[half - 1] + past[half]) / 2
        off = abs(value - median)
        if off <= least:
            continue
        if off <= factor * min(median - past[quarter], past[-1 - quarter] - median):
            continue
        found = bounds(past, rule, column)
        if not found.lowest <= value <= found.highest:
            yield index, value, found


def _least(rule: Rule, column: Column) -> Decimal:
    """A difference from the median up to this is never strange."""
    if rule.minimum is not None:
        return rule.minimum
    return SMALL if column.value_type == "count" else Decimal(0)


def bounds(values: Sequence[Decimal], rule: Rule, column: Column) -> Bounds:
    """How far from the median a value may be, by the modified z-score.

    M = 0.6745 (x - median) / MAD, where MAD is the median of the absolute deviations from the
    median; beyond 3.5 a value is told (B. Iglewicz and D. C. Hoaglin, "How to Detect and Handle
    Outliers", ASQC Quality Press, 1993). Where more than half of the values are equal MAD is 0 and
    says nothing of the spread; the mean absolute deviation takes its place, M = (x - median) /
    (1.253314 MeanAD). Where all values are equal, any other value is strange. In every case a
    difference of no more than `rule.minimum` (10 in a column of counts) is let pass.

    `values` are not empty.
    """
    ordered = sorted(values, key=float)
    median = middle(ordered)
    spread = median_deviation(ordered, median) / CONSISTENCY
    if not spread:
        deviations = sum((abs(value - median) for value in ordered), Decimal(0))
        spread = deviations / len(ordered) * MEAN_CONSISTENCY
    reach = max(_least(rule, column), (rule.parameter or THRESHOLD) * spread)
    return Bounds(median, median - reach, median + reach)


def middle(ordered: Sequence[Decimal]) -> Decimal:
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2


def median_deviation(ordered: Sequence[Decimal], median: Decimal) -> Decimal:
    """The median of |value - median|: two ends of the ordered values walk in from the middle out.

    The deviations fall towards the middle and rise again, so that they are merged, not sorted.
    """
    count = len(ordered)
    low, high = 0, count - 1
    # take deviations from the largest down, until half of them are left
    last = following = Decimal(0)
    for _ in range(count // 2 + 1):
        below, above = median - ordered[low], ordered[high] - median
        last = following
        if below > above:
            following, low = below, low + 1
        else:
            following, high = above, high - 1
    return following if count % 2 else (last + following) / 2
