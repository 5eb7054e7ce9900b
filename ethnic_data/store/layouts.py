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
from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.workbooks.layout import GroupName, Layout, RowUnit
from portal.units.models import (
    AdministrativeUnit,
    AdministrativeUnitQuerySet,
    Level,
    UnitAncestor,
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


def _once(key: Hashable, find: Callable[[], Found]) -> Found:
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
    return _once(key, lambda: _layout(dataset, unit, period))


def _layout(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> Layout:
    domain: dict[str, Any] = {"units": tuple(row_units(dataset, unit, period))}
    if dataset.row_axis != Dataset.RowAxis.MEASURE:
        domain["known_units"] = tuple(_other_units(unit, period.end, domain["units"]))
    if dataset.row_axis == Dataset.RowAxis.UNIT_GROUP:
        domain |= {
            "groups": _once("groups", group_names),
            "main_groups": main_groups(dataset, unit, period),
        }
    return dataset.layout_of(unit=unit, period=period, **domain)


def row_units(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> list[RowUnit]:
    """The communes that belong to `unit` on the period's last day, in alphabetical order.

    For a dataset by measure it is the unit itself, and so it is for a commune.
    """
    if dataset.row_axis == Dataset.RowAxis.MEASURE:
        return [RowUnit(code=unit.code, name=unit.name, kind=unit.kind)]
    if unit.level == Level.COMMUNE:
        return _communes(AdministrativeUnit.objects.filter(pk=unit.pk), period.end)
    below = UnitAncestor.objects.filter(ancestor=unit, valid__contains=period.end)
    return _communes(AdministrativeUnit.objects.filter(pk__in=below.values("unit")), period.end)


def previous_period(period: ReportingPeriod) -> ReportingPeriod | None:
    return (
        ReportingPeriod.objects.filter(frequency=period.frequency, end__lt=period.end)
        .order_by("-end")
        .first()
    )


def _communes(units: AdministrativeUnitQuerySet, day: datetime.date) -> list[RowUnit]:
    """Those of `units` that are communes in force on `day`, each with its district."""
    rows = (
        units.on(day)
        .communes()
        .filter(parents__valid__contains=day)
        .values_list(
            "code",
            "name",
            "kind",
            "parents__parent__level",
            "parents__parent__code",
            "parents__parent__kind",
            "parents__parent__name",
        )
    )
    return [
        RowUnit(
            code=code,
            name=name,
            kind=kind,
            aliases=OTHER_SPELLINGS.get(code, ()),
            district=above_code if above == Level.DISTRICT else None,
            district_name=_full(above_kind, above_name) if above == Level.DISTRICT else "",
        )
        for code, name, kind, above, above_code, above_kind, above_name in rows
    ]


def _full(kind: str, name: str) -> str:
    return f"{kind[:1].upper()}{kind[1:]} {name}".strip()


def _other_units(
    unit: AdministrativeUnit, day: datetime.date, expected: tuple[RowUnit, ...]
) -> list[RowUnit]:
    """Communes of the rest of the province, and those that are no longer or not yet there.

    A code or a name that is in force on `day` is not told a second time for its other lives.
    """
    province = _province(unit, day)
    there, gone = _once(("units", province.code, day), lambda: _all_units(province, day))
    here = {row.code for row in expected}
    return [row for row in there if row.code not in here] + gone


def _all_units(
    province: AdministrativeUnit, day: datetime.date
) -> tuple[list[RowUnit], list[RowUnit]]:
    """The communes of the province in force on `day`, and those of other days."""
    below = UnitAncestor.objects.filter(ancestor__code=province.code).values("unit")
    ever = AdministrativeUnit.objects.communes().filter(is_reference=False, pk__in=below)
    there = _communes(ever, day)
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
