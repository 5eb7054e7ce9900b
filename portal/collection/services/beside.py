"""The layout of what is asked, and the approved values that its rules compare with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, cast

from portal.collection.models import DatasetRule, ReportingPeriod, Submission
from portal.collection.stores import Asked, StoredValue, ValueKey, store_of
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.layout import Column, Layout
from portal.collection.workbooks.rules import Beside, Domain, Identity, Previous, Told
from portal.collection.workbooks.rules.beside import Spot

from .owning import own_rows_of

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Dataset

MOST_PERIODS = 12  # how far back a value's own history is looked at


def layout_of(asked: Asked) -> Layout:
    """What the files and the form should hold."""
    return store_of(asked.dataset).layout(asked.dataset, asked.unit, asked.period)


def beside_of(
    asked: Asked,
    layout: Layout | None = None,
    *,
    by: User | None = None,
    rules: Sequence[DatasetRule] | None = None,
) -> Beside:
    """Values of other periods and other datasets, as far as the layout's rules look at them.

    `by` is who writes the values, where not every row may be theirs. `rules` are the rows behind
    the layout's rules, when they are not those of the dataset; the domain is not asked then.

    Queries: at most four for the period before and for the history, five for each other dataset,
    however many units there are.
    """
    layout = layout or layout_of(asked)
    kinds = {rule.kind for rule in layout.rules}
    return Beside(
        previous=_previous(asked) if "change" in kinds else {},
        history=_history(asked, layout) if "outlier" in kinds else {},
        others=_others(asked, layout, rules) if "cross" in kinds else {},
        domain=domain_of(asked, layout, by=by) if rules is None else None,
    )


def domain_of(asked: Asked, layout: Layout, *, by: User | None = None) -> Domain | None:
    """What the store itself knows of these rows; None where it asks nothing."""
    store = store_of(asked.dataset)
    if not store.guards:
        return None
    return Domain(
        object_to=partial(store.objections, asked, layout),
        stored=told_of(layout, _stored(asked)),
        own=None if by is None else own_rows_of(asked, by),
    )


def _stored(asked: Asked) -> Mapping[ValueKey, StoredValue]:
    """What the open submission holds of what is asked; nothing where there is none."""
    submission = asked if isinstance(asked, Submission) and asked.pk else None
    if submission is None:
        same = Submission.objects.open().filter(dataset=asked.dataset, period=asked.period)
        submission = same.filter(unit=asked.unit).first()
    return store_of(asked.dataset).current(submission) if submission else {}


def told_of(layout: Layout, values: Mapping[ValueKey, StoredValue]) -> Told:
    """Numbers by row and column, for the domain."""
    keys: dict[tuple[str, str | None, str | None, str], str] = {
        (column.measure, column.group, column.sex, column.category or ""): column.key
        for column in layout.entered
    }
    told: dict[RowKey, dict[str, Decimal]] = defaultdict(dict)
    for key, stored in values.items():
        for group in (key.group, None):
            column = keys.get((key.measure, group, key.sex, key.category))
            if column is not None and stored.value is not None:
                row = RowKey(key.unit, None if group else key.group)
                told[row][column] = stored.value
                break
    return told


def beside_of_rows(asked: Asked, layout: Layout, units: Collection[str]) -> Beside:
    """The same for rows of a few units: what is asked of the database is as little."""
    small = replace(layout, units=tuple(unit for unit in layout.units if unit.code in units))
    kinds = {rule.kind for rule in layout.rules}
    return Beside(
        previous=_previous_of(asked, small) if "change" in kinds else {},
        history=_history(asked, small) if "outlier" in kinds else {},
        others=_others(asked, small, None) if "cross" in kinds else {},
        domain=domain_of(asked, layout),
    )


def _previous_of(asked: Asked, layout: Layout) -> Previous:
    before = (
        ReportingPeriod.objects.filter(frequency=asked.period.frequency, end__lt=asked.period.end)
        .order_by("-end")
        .first()
    )
    if before is None:
        return {}
    keys = {key for rule in layout.rules if rule.kind == "change" for key in rule.columns}
    found = store_of(asked.dataset).approved(
        asked.dataset,
        _units(layout),
        [before],
        measures={layout.by_key[key].measure for key in keys if key in layout.by_key},
        day=asked.period.end,
    )
    values = found.get(before.pk, {})
    return {
        _identity(key): stored.value for key, stored in values.items() if stored.value is not None
    }


def _previous(asked: Asked) -> Previous:
    found = store_of(asked.dataset).previous(asked.dataset, asked.unit, asked.period)
    return cast("Previous", found)


def _history(asked: Asked, layout: Layout) -> Mapping[Identity, Sequence[Decimal]]:
    """The approved values of the last periods, in ascending order, of the columns in question."""
    periods = ReportingPeriod.objects.filter(
        frequency=asked.period.frequency, end__lt=asked.period.end
    ).order_by("-end")[:MOST_PERIODS]
    keys = {key for rule in layout.rules if rule.kind == "outlier" for key in rule.columns}
    found = store_of(asked.dataset).approved(
        asked.dataset,
        _units(layout),
        list(periods),
        measures={layout.by_key[key].measure for key in keys if key in layout.by_key},
        day=asked.period.end,
    )
    history: dict[Identity, list[Decimal]] = defaultdict(list)
    for values in found.values():
        for key, stored in values.items():
            if stored.value is not None:
                history[_identity(key)].append(stored.value)
    for past in history.values():
        past.sort()
    return dict(history)


def _identity(key: ValueKey) -> Identity:
    return (key.unit, key.measure, key.group, key.sex, key.category)


def _units(layout: Layout) -> list[str]:
    return [unit.code for unit in layout.valid_units()]


def _others(
    asked: Asked, layout: Layout, rules: Sequence[DatasetRule] | None
) -> Mapping[str, Mapping[Spot, Decimal]]:
    """The other side of each rule across datasets, by the rule's code."""
    by_dataset: dict[int, list[DatasetRule]] = defaultdict(list)
    codes = [rule.code for rule in layout.rules if rule.kind == "cross"]
    if rules is None:
        kept = asked.dataset.rules.filter(code__in=codes, kind=DatasetRule.Kind.CROSS)
        rules = list(kept.select_related("other_dataset"))
    for rule in rules:
        by_dataset[cast(int, rule.other_dataset_id)].append(rule)
    others: dict[str, Mapping[Spot, Decimal]] = {}
    for same in by_dataset.values():
        others |= _of_dataset(asked, layout, same)
    return others


def _of_dataset(
    asked: Asked, layout: Layout, rules: Sequence[DatasetRule]
) -> dict[str, Mapping[Spot, Decimal]]:
    """The other sides of rules that look at one and the same dataset."""
    other = rules[0].other_dataset
    period = covering_period(asked.period, other) if other else None
    if other is None or period is None:
        return {}
    columns = {column.key: column.as_layout() for column in other.columns.all()}
    wanted = {key for rule in rules for key in rule.other_columns if key in columns}
    found = store_of(other).approved(
        other,
        _units(layout),
        [period],
        measures={columns[key].measure for key in wanted},
        day=asked.period.end,
    )
    values = found.get(period.pk, {})
    return {
        rule.code: other_side(values, [columns[key] for key in rule.other_columns])
        for rule in rules
        if set(rule.other_columns) <= wanted
    }


def covering_period(period: ReportingPeriod, other: Dataset | None) -> ReportingPeriod | None:
    """The other dataset's period that is `period`, or the shortest one that covers it."""
    if other is None or period.frequency == other.frequency:
        return period
    covering = ReportingPeriod.objects.filter(
        frequency=other.frequency, start__lte=period.start, end__gte=period.end
    )
    return covering.order_by("-start", "end").first()


def other_side(
    values: Mapping[ValueKey, StoredValue], columns: Sequence[Column]
) -> Mapping[Spot, Decimal]:
    """The sum of `columns` by unit and group.

    For a unit as a whole the value for all groups is taken, or where there is none the sum of the
    groups. Where one of the values is missing with a reason the sum is not known and left out.
    """
    sides = [_one_column(values, column) for column in columns]
    if not sides:
        return {}
    spots = set(sides[0]).intersection(*sides[1:])
    sums: dict[Spot, Decimal] = {}
    for spot in spots:
        parts = [side[spot] for side in sides]
        if None not in parts:
            sums[spot] = sum((part for part in parts if part is not None), Decimal(0))
    return sums


def _one_column(
    values: Mapping[ValueKey, StoredValue], column: Column
) -> dict[Spot, Decimal | None]:
    found: dict[Spot, Decimal | None] = {}
    sums: dict[str, Decimal | None] = {}
    for key, stored in values.items():
        place = (key.measure, key.sex, key.category)
        if place != (column.measure, column.sex, column.category or ""):
            continue
        if column.group is not None and key.group != column.group:
            continue
        found[key.unit, key.group] = stored.value
        if key.group is not None:
            so_far = sums.get(key.unit, Decimal(0))
            unknown = stored.value is None or so_far is None
            sums[key.unit] = None if unknown else so_far + stored.value  # type: ignore[operator]
    return {(unit, None): total for unit, total in sums.items()} | found
