"""What a dataset expects of a unit in a period: rows, groups, and names that may turn up."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ethnic_data.models import EthnicGroup, GroupKind, Observation, PublishedRow
from portal import formats
from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.workbooks.layout import GroupName, Layout, RowUnit
from portal.units.models import AdministrativeUnit, Level, UnitParent, UnitSuccession

if TYPE_CHECKING:
    from collections.abc import Iterable

CENSUS_TABLE = "BG-TDT-2019"
# spellings of lists in circulation that differ from the name in force
OTHER_SPELLINGS = {"07540": ("Xa Lý",)}


def layout_of(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> Layout:
    """The declared columns and rules with the rows, groups and names of this unit and period."""
    if dataset.row_axis == Dataset.RowAxis.MEASURE:
        return dataset.layout_of(unit=unit, period=period, units=(_row(unit, None),))
    units = row_units(dataset, unit, period)
    domain: dict[str, Any] = {
        "units": tuple(units),
        "known_units": tuple(_other_units(unit, period.end, {row.code for row in units})),
    }
    if dataset.row_axis == Dataset.RowAxis.UNIT_GROUP:
        domain |= {
            "groups": group_names(),
            "main_groups": main_groups(dataset, unit, period),
        }
    return dataset.layout_of(unit=unit, period=period, **domain)


def row_units(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> list[RowUnit]:
    """The communes that belong to `unit` on the period's last day, in alphabetical order.

    For a dataset by measure it is the unit itself, and so it is for a commune.
    """
    if dataset.row_axis == Dataset.RowAxis.MEASURE or unit.level == Level.COMMUNE:
        return [_row(unit, None)]
    communes = AdministrativeUnit.objects.within(unit, on=period.end).on(period.end).communes()
    parents = _parents(communes, period.end)
    return [_row(commune, parents.get(commune.pk)) for commune in communes]


def previous_period(period: ReportingPeriod) -> ReportingPeriod | None:
    return (
        ReportingPeriod.objects.filter(frequency=period.frequency, end__lt=period.end)
        .order_by("-end")
        .first()
    )


def _row(unit: AdministrativeUnit, district: AdministrativeUnit | None) -> RowUnit:
    return RowUnit(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        aliases=OTHER_SPELLINGS.get(unit.code, ()),
        district=district.code if district else None,
        district_name=district.full_name if district else "",
    )


def _parents(
    units: Iterable[AdministrativeUnit], day: datetime.date
) -> dict[int, AdministrativeUnit]:
    links = UnitParent.objects.filter(unit__in=units, valid__contains=day).select_related("parent")
    return {link.unit_id: link.parent for link in links}


def _other_units(unit: AdministrativeUnit, day: datetime.date, expected: set[str]) -> list[RowUnit]:
    """Communes of the rest of the province, and those that are no longer or not yet there.

    A code or a name that is in force on `day` is not told a second time for its other lives.
    """
    everywhere = (
        AdministrativeUnit.objects.communes()
        .filter(ancestors__ancestor__code=_province(unit, day).code, is_reference=False)
        .distinct()
    )
    in_force = [one for one in everywhere if _in_force(one, day)]
    parents = _parents(in_force, day)
    rows = [_row(one, parents.get(one.pk)) for one in in_force if one.code not in expected]
    codes = {one.code for one in in_force} | expected
    names = {one.name_key for one in in_force}
    gone = [one for one in everywhere if one.code not in codes and one.name_key not in names]
    return rows + _not_in_force(gone, day)


def _province(unit: AdministrativeUnit, day: datetime.date) -> AdministrativeUnit:
    above = AdministrativeUnit.objects.filter(
        level=Level.PROVINCE, descendants__unit=unit, descendants__valid__contains=day
    ).first()
    return above or unit


def _in_force(unit: AdministrativeUnit, day: datetime.date) -> bool:
    return unit.valid.lower <= day and (unit.valid.upper is None or day < unit.valid.upper)


def _not_in_force(units: list[AdministrativeUnit], day: datetime.date) -> list[RowUnit]:
    """Each code once, with what became of it or since when it is there."""
    ends: dict[int, list[UnitSuccession]] = defaultdict(list)
    for step in UnitSuccession.objects.filter(old__in=units).select_related("new"):
        ends[step.old_id].append(step)
    rows = {}
    for unit in units:
        rows[unit.code] = RowUnit(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            valid=False,
            note=_what_became(unit, day, ends[unit.pk]),
        )
    return list(rows.values())


def _what_became(unit: AdministrativeUnit, day: datetime.date, ends: list[UnitSuccession]) -> str:
    """The end of a sentence about a unit that is not in force on `day`."""
    if unit.valid.lower > day:
        return f"chỉ có từ ngày {formats.day(unit.valid.lower)}"
    when = formats.day(unit.valid.upper)
    names = [step.new.full_name for step in ends if step.new is not None]
    if names:
        return f"đã sáp nhập vào {' và '.join(names)} từ ngày {when}"
    return f"không còn từ ngày {when}"


def group_names() -> tuple[GroupName, ...]:
    """All groups by every name. An alias that is another group's official name is left out."""
    groups = EthnicGroup.objects.prefetch_related("aliases", "codes")
    official = {group.name_key for group in groups}
    return tuple(
        GroupName(
            code=group.code,
            name=group.name,
            aliases=tuple(alias.name for alias in group.aliases.all() if alias.key not in official),
            alt_codes=tuple((code.code_system, code.code) for code in group.codes.all()),
        )
        for group in groups
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
