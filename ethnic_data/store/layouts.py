"""What a dataset expects of a unit in a period: rows, groups, and names that may turn up."""

from __future__ import annotations

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from ethnic_data.models import (
    EthnicGroup,
    GroupAlias,
    GroupCode,
    GroupKind,
    Observation,
    PublishedRow,
)
from portal import formats
from portal.collection.models import Dataset, ReportingPeriod, RowLevel
from portal.collection.workbooks.layout import GroupName, Layout, RowUnit
from portal.units.models import (
    AdministrativeUnit,
    AdministrativeUnitQuerySet,
    Level,
    UnitAncestor,
    UnitParent,
    UnitSuccession,
)
from portal.units.names import fold

CENSUS_TABLE = "BG-TDT-2019"
# spellings of lists in circulation that differ from the name in force
OTHER_SPELLINGS = {"07540": ("Xa Lý",)}


# what was looked up already, inside `kept()`
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)
Found = TypeVar("Found")


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Look up units, groups and layouts once only inside: for work on many submissions at once."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(key: Hashable, find: Callable[[], Found]) -> Found:
    """What `find` gives; inside `kept()` it is asked the first time only."""
    known = _kept.get()
    if known is None:
        return find()
    if key not in known:
        known[key] = find()
    found: Found = known[key]
    return found


def layout_of(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> Layout:
    """The declared columns and rules with the rows, groups and names of this unit and period."""
    key = ("layout", dataset.pk, unit.pk, period.pk)
    return once(key, lambda: _layout(dataset, unit, period))


def _layout(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> Layout:
    domain: dict[str, Any] = {"units": tuple(row_units(dataset, unit, period))}
    if dataset.row_axis != Dataset.RowAxis.MEASURE:
        level = row_level(dataset, unit)
        domain["known_units"] = tuple(_other_units(unit, level, period.end, domain["units"]))
    if dataset.row_axis == Dataset.RowAxis.UNIT_GROUP:
        domain |= {
            "groups": once("groups", group_names),
            "main_groups": main_groups(dataset, unit, period),
        }
    return dataset.layout_of(unit=unit, period=period, **domain)


def row_units(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> list[RowUnit]:
    """The units that stand in the rows, in alphabetical order: see `RowLevel`.

    They belong to `unit` on the period's last day. A unit that is itself of the level of the rows
    stands there alone, and so it does in a dataset by measure.
    """
    key = ("rows", dataset.row_axis, dataset.row_level, dataset.includes_reference)
    return once((*key, unit.pk, period.pk), lambda: _row_units(dataset, unit, period))


def _row_units(
    dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
) -> list[RowUnit]:
    if dataset.row_axis == Dataset.RowAxis.MEASURE:
        return [RowUnit(code=unit.code, name=unit.name, kind=unit.kind)]
    if row_level(dataset, unit) == unit.level:
        return _rows(AdministrativeUnit.objects.filter(pk=unit.pk), period.end)
    below = UnitAncestor.objects.filter(ancestor=unit, valid__contains=period.end)
    units = AdministrativeUnit.objects.filter(
        pk__in=below.values("unit"), level=row_level(dataset, unit)
    )
    if not dataset.includes_reference:
        units = units.filter(is_reference=False)
    rows = _rows(units, period.end)
    if dataset.row_level == RowLevel.OWN_BELOW:
        rows = [*_rows(AdministrativeUnit.objects.filter(pk=unit.pk), period.end), *rows]
    return rows


def row_level(dataset: Dataset, unit: AdministrativeUnit) -> str:
    """The level of the units in the rows; never one above the sending unit's own."""
    if dataset.row_level == RowLevel.OWN:
        return unit.level
    order = Level.values
    level = Level.DISTRICT if dataset.row_level == RowLevel.OWN_BELOW else dataset.row_level
    return max(level, unit.level, key=order.index)


def previous_period(period: ReportingPeriod) -> ReportingPeriod | None:
    return (
        ReportingPeriod.objects.filter(frequency=period.frequency, end__lt=period.end)
        .order_by("-end")
        .first()
    )


def _rows(units: AdministrativeUnitQuerySet, day: datetime.date) -> list[RowUnit]:
    """Those of `units` that are in force on `day`, each with its district where it has one."""
    # plain values: hundreds of units with their districts, for every form that is opened
    found = list(units.on(day).values_list("pk", "code", "name", "kind"))
    above = UnitParent.objects.filter(
        unit__in=[pk for pk, *_ in found], valid__contains=day, parent__level=Level.DISTRICT
    )
    districts = {
        pk: (code, _full(kind, name))
        for pk, code, kind, name in above.values_list(
            "unit", "parent__code", "parent__kind", "parent__name"
        )
    }
    rows = []
    for pk, code, name, kind in found:
        district, district_name = districts.get(pk, (None, ""))
        rows.append(
            RowUnit(
                code=code,
                name=name,
                kind=kind,
                aliases=OTHER_SPELLINGS.get(code, ()),
                district=district,
                district_name=district_name,
            )
        )
    return rows


def _full(kind: str, name: str) -> str:
    return f"{kind[:1].upper()}{kind[1:]} {name}".strip()


def _other_units(
    unit: AdministrativeUnit, level: str, day: datetime.date, expected: tuple[RowUnit, ...]
) -> list[RowUnit]:
    """Units of `level` in the rest of the province, and those no longer or not yet there.

    A code or a name that is in force on `day` is not told a second time for its other lives.
    """
    province = _province(unit, day)
    there, gone = once(
        ("units", province.code, level, day), lambda: _all_units(province, level, day)
    )
    here = {row.code for row in expected}
    return [row for row in there if row.code not in here] + gone


def _all_units(
    province: AdministrativeUnit, level: str, day: datetime.date
) -> tuple[list[RowUnit], list[RowUnit]]:
    """The units of `level` in the province in force on `day`, and those of other days."""
    below = UnitAncestor.objects.filter(ancestor__code=province.code).values("unit")
    ever = AdministrativeUnit.objects.filter(level=level, is_reference=False, pk__in=below)
    there = _rows(ever, day)
    names = {fold(row.name) for row in there}
    others = ever.exclude(code__in=[row.code for row in there]).exclude(name_key__in=names)
    return there, _not_in_force(others, day)


def _province(unit: AdministrativeUnit, day: datetime.date) -> AdministrativeUnit:
    if unit.level == Level.PROVINCE:
        return unit
    above = AdministrativeUnit.objects.filter(
        level=Level.PROVINCE, descendants__unit=unit, descendants__valid__contains=day
    ).first()
    return above or unit


def _not_in_force(units: AdministrativeUnitQuerySet, day: datetime.date) -> list[RowUnit]:
    """Each code once, with what became of it or since when it is there."""
    successors: dict[int, list[str]] = defaultdict(list)
    steps = UnitSuccession.objects.filter(old__in=units.values("pk"), new__isnull=False)
    for old, kind, name in steps.values_list("old_id", "new__kind", "new__name"):
        successors[old].append(_full(kind, name))
    rows = {}
    for pk, code, name, kind, valid in units.values_list("pk", "code", "name", "kind", "valid"):
        if valid.lower > day:
            note = f"chỉ có từ ngày {formats.day(valid.lower)}"
        elif successors[pk]:
            merged = " và ".join(successors[pk])
            note = f"đã sáp nhập vào {merged} từ ngày {formats.day(valid.upper)}"
        else:
            note = f"không còn từ ngày {formats.day(valid.upper)}"
        rows[code] = RowUnit(code=code, name=name, kind=kind, valid=False, note=note)
    return list(rows.values())


def group_names() -> tuple[GroupName, ...]:
    """All groups by every name. An alias that is another group's official name is left out."""
    groups = list(EthnicGroup.objects.values_list("pk", "code", "name", "name_key"))
    official = [key for *_, key in groups]
    aliases: dict[int, list[str]] = defaultdict(list)
    others = GroupAlias.objects.exclude(key__in=official).filter(groups__isnull=False)
    for pk, name in others.values_list("groups", "name"):
        aliases[pk].append(name)
    codes: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, system, code in GroupCode.objects.values_list("group_id", "code_system", "code"):
        codes[pk].append((system, code))
    return tuple(
        GroupName(code=code, name=name, aliases=tuple(aliases[pk]), alt_codes=tuple(codes[pk]))
        for pk, code, name, _ in groups
    )


def main_groups(
    dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
) -> tuple[str, ...]:
    """Codes of the groups to print in a template: those reported last, else those of the census."""
    before = previous_period(period)
    reported = Observation.objects.approved().filter(
        submission__dataset=dataset,
        submission__period=before,
        submission__unit__code=unit.code,
        value__gt=0,
        group__isnull=False,
    )
    codes = set(reported.values_list("group__code", flat=True)) if before else set()
    if not codes:
        codes = set(
            PublishedRow.objects.filter(
                table__code=CENSUS_TABLE, group__kind=GroupKind.LISTED
            ).values_list("group__code", flat=True)
        )
    return tuple(sorted(codes))
