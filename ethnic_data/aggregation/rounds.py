"""Two rounds of a survey table side by side. Figures counted differently are never added."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ethnic_data.aggregation.choosing import MIXED
from ethnic_data.models import EthnicGroup, FigureKind, Observation
from portal import formats
from portal.collection.models import Dataset, DatasetColumn, ReportingPeriod
from portal.units.models import AdministrativeUnit

Key = tuple[str, str, str]  # indicator, sex, category


@dataclass(frozen=True)
class Side:
    """One figure of one round: its kind and day, or why there is no figure."""

    value: Decimal | None = None
    missing: str = ""
    kind: str = ""
    day: datetime.date | None = None

    @property
    def words(self) -> str:
        """Why nothing stands there."""
        if self.missing == MIXED:
            return formats.missing_words(MIXED)
        return "" if self.value is not None else "Không có số liệu"

    @property
    def kind_words(self) -> str:
        return FigureKind(self.kind).label if self.kind else ""


@dataclass(frozen=True)
class Line:
    """One row: what it is, and its figure in the earlier and the later round."""

    label: str
    before: Side
    after: Side
    decimals: int = 0
    is_total: bool = False

    @property
    def change(self) -> Decimal | None:
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def percent(self) -> Decimal | None:
        change = self.change
        return (
            change / self.before.value * 100 if change is not None and self.before.value else None
        )

    @property
    def differs_in_kind(self) -> bool:
        return bool(self.before.kind and self.after.kind and self.before.kind != self.after.kind)


def side_by_side(
    dataset: Dataset,
    unit: AdministrativeUnit,
    periods: tuple[ReportingPeriod, ReportingPeriod],
    *,
    columns: Sequence[DatasetColumn],
    group: EthnicGroup | None = None,
) -> list[Line]:
    """Lines of `unit` from what is approved; one query.

    With one column of a dataset by group and no `group`: a line for each group, the total first.
    Else a line for each column, of `group` or of everybody.
    """
    found = _figures(dataset, unit, periods)
    if dataset.row_axis == Dataset.RowAxis.UNIT_GROUP and group is None:
        return _by_group(found, periods, columns[0])
    code = group.code if group else ""
    return [_line(found, periods, column, code, _name(column)) for column in columns]


Figures = dict[tuple[int, Key, str], Side]


def _figures(
    dataset: Dataset,
    unit: AdministrativeUnit,
    periods: tuple[ReportingPeriod, ReportingPeriod],
) -> Figures:
    """By period, column and the group's code; "" is everybody."""
    rows = (
        Observation.objects.approved()
        .filter(
            submission__dataset=dataset, submission__period__in=periods, unit__code=unit.code
        )
        .values_list(
            "submission__period_id", "indicator__code", "sex", "category", "group__code",
            "value", "missing", "kind", "reference_date",
        )
    )  # fmt: skip
    return {
        (period, (indicator, sex, category), group or ""): Side(value, missing, kind, day)
        for period, indicator, sex, category, group, value, missing, kind, day in rows
    }


def _by_group(
    found: Figures, periods: tuple[ReportingPeriod, ReportingPeriod], column: DatasetColumn
) -> list[Line]:
    key = _key(column)
    codes = {group for _, one, group in found if one == key and group}
    names = dict(EthnicGroup.objects.filter(code__in=codes).values_list("code", "name"))
    sums = [_total(found, period, key) for period in periods]
    total = Line("Tổng số", sums[0], sums[1], _decimals(column), is_total=True)
    lines = [_line(found, periods, column, code, names[code]) for code in sorted(codes)]
    return [total, *lines] if lines else []


def _total(found: Figures, period: ReportingPeriod, key: Key) -> Side:
    """The total that was given, else the sum over groups; nothing when their kinds differ."""
    if given := found.get((period.pk, key, "")):
        return given
    parts = [side for (of, one, _), side in found.items() if of == period.pk and one == key]
    kinds = {part.kind for part in parts}
    if len(kinds) > 1:
        return Side(missing=MIXED, day=parts[0].day)
    values = [part.value for part in parts if part.value is not None]
    if not values:
        return Side()
    return Side(sum(values, Decimal(0)), "", parts[0].kind, parts[0].day)


def _line(
    found: Figures,
    periods: tuple[ReportingPeriod, ReportingPeriod],
    column: DatasetColumn,
    group: str,
    label: str,
) -> Line:
    before, after = (found.get((period.pk, _key(column), group), Side()) for period in periods)
    return Line(label, before, after, _decimals(column))


def _key(column: DatasetColumn) -> Key:
    return column.measure, column.sex, column.category


def _decimals(column: DatasetColumn) -> int:
    return 0 if column.value_type == DatasetColumn.ValueType.COUNT else column.decimals


def _name(column: DatasetColumn) -> str:
    return column.as_layout().name
