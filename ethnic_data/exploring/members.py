"""What stands on an axis of the table, and the total that belongs to it."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from django.core.cache import cache

from ethnic_data.aggregation.crosstab import Area, GroupSet
from ethnic_data.aggregation.crosstab.sources import Sources
from ethnic_data.aggregation.questions import group_ids, moment
from ethnic_data.models import Category, EthnicGroup, FigureKind, Indicator, Observation
from portal import formats
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level, UnitMembership, UnitParent
from portal.units.services import LIST_861

from .selection import ALL_LISTED, EACH_MINORITY, MINORITIES, SEXES, Selection

SEX_WORDS = {"nam": "Nam", "nu": "Nữ"}
A_WEEK = 7 * 24 * 3600
LEVEL_OF = {"tinh": Level.PROVINCE, "huyen": Level.DISTRICT, "xa": Level.COMMUNE}


@dataclass(frozen=True)
class Member:
    """One row or column: its words, what it fixes of a cell, and its value in the address.

    name: of a unit, as the same code is another place's in another year.
    """

    label: str
    fixes: dict[str, object] = field(hash=False, compare=False)
    code: str = ""
    is_total: bool = False
    note: str = ""
    name: str = ""


class Members:
    """The members of every axis for one selection; what is asked twice is looked up once."""

    def __init__(self, chosen: Selection) -> None:
        self.chosen = chosen

    def of(self, axis: str) -> list[Member]:
        """The members and, last, their totals where there is such a thing."""
        return {
            "don-vi": self._units,
            "dan-toc": self._groups,
            "gioi-tinh": self._sexes,
            "phan-loai": self._categories,
            "ky": self._periods,
            "loai": self._kinds,
            "chi-tieu": self._measures,
        }[axis]()

    def fixed(self, axis: str) -> Member:
        """What the table is narrowed to on an axis that it does not show."""
        chosen = self.chosen
        if axis == "don-vi":
            return self._narrowed_unit()
        if axis == "dan-toc":
            return self._narrowed_groups()
        if axis == "gioi-tinh":
            word = next((w for w, sex in SEXES.items() if sex == chosen.sex), "")
            return Member(SEX_WORDS.get(word, ""), {"sex": chosen.sex}, word)
        if axis == "phan-loai":
            name = categories_named([chosen.category]).get(chosen.category, chosen.category)
            return Member(name, {"category": chosen.category}, chosen.category)
        if axis == "ky":
            return _period(chosen.periods[-1])
        if axis == "loai":
            return Member(_kind_words(chosen.kind), {"kind": chosen.kind}, chosen.kind)
        return _measure(chosen.measures[0])

    # looked up: whoever makes many tables at once looks up once for all of them

    def in_force(self, day: datetime.date) -> list[AdministrativeUnit]:
        """The scope and what belongs to it on that day."""
        return list(AdministrativeUnit.objects.within(self.chosen.scope, on=day).on(day))

    def carrying_on(self, day: datetime.date) -> set[int]:
        return set(crosswalk.communes(day).values_list("pk", flat=True))

    def listed_ever(self) -> list[UnitMembership]:
        kept = UnitMembership.objects.filter(unit_list__code=LIST_861)
        return list(kept.select_related("unit"))

    def told_apart(self, same: Sequence[AdministrativeUnit]) -> dict[int, str]:
        """By key the district of units of one name; where that does not help, when."""
        links = UnitParent.objects.filter(unit__in=same, parent__level=Level.DISTRICT)
        districts = {
            link.unit_id: f"{link.parent.kind} {link.parent.name}"
            for link in links.select_related("parent").order_by("valid")
        }
        when = {unit.pk: _when(unit) for unit in same}
        told = {unit.pk: districts.get(unit.pk, when[unit.pk]) for unit in same}
        times = Counter((unit.full_name, told[unit.pk]) for unit in same)
        alike = [unit.pk for unit in same if times[unit.full_name, told[unit.pk]] > 1]
        return told | {pk: when[pk] for pk in alike}

    def every_group(self) -> list[EthnicGroup]:
        return list(EthnicGroup.objects.order_by("code"))

    def minorities(self) -> tuple[int, ...]:
        return group_ids(MINORITIES) or ()

    def groups_told(self, parts: frozenset[int]) -> set[int]:
        """Groups of which the periods' submissions tell with one of these indicators.

        Kept: what approved submissions hold never changes.
        """
        sources = Sources.of(self.chosen.periods, parts, moment(self.chosen.on))
        told = sorted((one.submission, one.approved_at.isoformat()) for one in sources.rows)
        key = f"groups-told-{hashlib.sha256(repr((sorted(parts), told)).encode()).hexdigest()}"
        submissions = [submission for submission, _ in told]
        found = cache.get_or_set(key, lambda: groups_in(parts, submissions), A_WEEK)
        return cast(set[int], found)

    # units

    def _units(self) -> list[Member]:
        chosen = self.chosen
        if chosen.beside:
            return self._each(chosen.units)
        if chosen.level == "khu-vuc":
            return self._zones()
        if chosen.level == "xa-861" or chosen.zone:
            units = self._listed(chosen.zone or None)
            name = f"Các xã khu vực {chosen.zone}" if chosen.zone else "Các xã trong danh sách"
            return [*self._each(units), self._set("danh-sach", name, chosen.zone or None)]
        level = LEVEL_OF[chosen.level]
        units = [unit for unit in self._within if unit.level == level]
        if not units or level == chosen.scope.level:
            return [_unit(chosen.scope)]
        return [*self._each(units), _unit(chosen.scope, is_total=True)]

    def _each(self, units: Sequence[AdministrativeUnit]) -> list[Member]:
        """Those of one name say more, so that rows and bars are told apart."""
        names = Counter(unit.full_name for unit in units)
        same = [unit for unit in units if names[unit.full_name] > 1]
        more = self.told_apart(same) if same else {}
        return [_unit(unit, more=more.get(unit.pk, "")) for unit in units]

    @cached_property
    def _within(self) -> list[AdministrativeUnit]:
        """Units of the scope in force at the end of any period, by the alphabet."""
        found: dict[int, AdministrativeUnit] = {}
        on = self.chosen.units_on
        for day in {on} if on else {period.end for period in self.chosen.periods}:
            found |= {unit.pk: unit for unit in self.in_force(day)}
        if on:  # communes that carry on what was reported, not those that joined from elsewhere
            own = self.carrying_on(on)
            found = {
                pk: unit for pk, unit in found.items() if unit.level != Level.COMMUNE or pk in own
            }
        return sorted(found.values(), key=lambda unit: (unit.sort_key, unit.code))

    @cached_property
    def _memberships(self) -> list[UnitMembership]:
        own = {unit.pk for unit in self._within}
        return [one for one in self.listed_ever() if one.unit_id in own]

    def zones_on(self, day: datetime.date) -> dict[str, str]:
        """By code the zone of each commune of the list on that day."""
        return {one.unit.code: one.zone for one in self._memberships if _holds(one, day)}

    def _listed(self, zone: str | None) -> list[AdministrativeUnit]:
        """Communes of the list: of a zone ("": not known which), or all with None."""
        days = {period.end for period in self.chosen.periods}
        return [
            one.unit
            for one in self._memberships
            if zone in (None, one.zone) and any(_holds(one, day) for day in days)
        ]

    def _set(self, key: str, label: str, zone: str | None) -> Member:
        members = {
            period.pk: frozenset(
                one.unit_id
                for one in self._memberships
                if zone in (None, one.zone) and _holds(one, period.end)
            )
            for period in self.chosen.periods
        }
        code = zone or ""
        is_total = key == "danh-sach"
        return Member(label, {"area": Area(f"{key}-{code}", None, members)}, code, is_total)

    def _zones(self) -> list[Member]:
        zones = [
            self._set("khu-vuc", f"Khu vực {zone}", zone) for zone in UnitMembership.Zone.values
        ]
        if self._listed(""):
            zones.append(self._set("khu-vuc", "Chưa rõ khu vực", ""))
        return [*zones, self._set("danh-sach", "Các xã trong danh sách", None)]

    def _narrowed_unit(self) -> Member:
        if self.chosen.zone:
            name = f"Các xã khu vực {self.chosen.zone}"
            return self._set("khu-vuc", name, self.chosen.zone)
        if self.chosen.level == "xa-861":
            return self._set("danh-sach", "Các xã trong danh sách 861", None)
        return _unit(self.chosen.scope)

    # groups

    def _groups(self) -> list[Member]:
        chosen = self.chosen
        if chosen.groups:
            members = [_group(group) for group in chosen.groups]
            together = GroupSet(
                "+".join(group.code for group in chosen.groups),
                tuple(sorted(group.pk for group in chosen.groups)),
            )
            total = Member("Các dân tộc đã chọn", {"group": together}, is_total=True)
            return [*members, total] if len(members) > 1 else members
        minorities = Member(
            "Dân tộc thiểu số",
            {"group": GroupSet(MINORITIES, self.minorities())},
            MINORITIES,
            is_total=True,
        )
        groups = self.every_group()
        if chosen.which_groups == ALL_LISTED:
            shown = groups
        else:
            present = self._present
            shown = [group for group in groups if group.pk in present]
        if chosen.which_groups == EACH_MINORITY:
            return [*(_group(one) for one in shown if one.counts_as_minority), minorities]
        everybody = Member("Tất cả dân tộc", {"group": GroupSet("")}, is_total=True)
        return [*map(_group, shown), minorities, everybody]

    @cached_property
    def _present(self) -> set[int]:
        """Groups of which the periods' submissions tell at all."""
        parts = {
            part.pk
            for one in self.chosen.measures
            for part in (one, one.numerator, one.denominator, one.counted, one.all_groups)
            if part is not None
        }
        return self.groups_told(frozenset(parts))

    def _narrowed_groups(self) -> Member:
        chosen = self.chosen
        if chosen.groups:
            codes = "+".join(group.code for group in chosen.groups)
            keys = tuple(sorted(group.pk for group in chosen.groups))
            names = ", ".join(group.name for group in chosen.groups)
            return Member(names, {"group": GroupSet(codes, keys)}, codes)
        if chosen.which_groups == EACH_MINORITY:
            return Member("Dân tộc thiểu số", {"group": GroupSet(MINORITIES, self.minorities())})
        return Member("", {"group": GroupSet("")})

    # the others

    def _sexes(self) -> list[Member]:
        if self.chosen.sex:
            return [self.fixed("gioi-tinh")]
        members = [Member(SEX_WORDS[word], {"sex": str(sex)}, word) for word, sex in SEXES.items()]
        return [*members, Member("Chung", {"sex": ""}, is_total=True)]

    def _categories(self) -> list[Member]:
        if self.chosen.category:
            return [self.fixed("phan-loai")]
        named = categories_named(categories_of(self.chosen.measures))
        members = [
            Member(name[:1].upper() + name[1:], {"category": code}, code)
            for code, name in named.items()
        ]
        return [*members, Member("Tất cả", {"category": ""}, is_total=True)]

    def _periods(self) -> list[Member]:
        return [_period(period) for period in self.chosen.periods]

    def _kinds(self) -> list[Member]:
        kinds = [self.chosen.kind] if self.chosen.kind else FigureKind.values
        return [Member(_kind_words(kind), {"kind": kind}, kind) for kind in kinds]

    def _measures(self) -> list[Member]:
        return [_measure(measure) for measure in self.chosen.measures]


def groups_in(parts: Iterable[int], submissions: Iterable[int]) -> set[int]:
    """Groups of which these submissions tell with one of the indicators; one query."""
    told = Observation.objects.filter(
        indicator__in=parts, submission__in=submissions, group__isnull=False
    )
    return set(told.order_by().values_list("group", flat=True).distinct())


def categories_of(measures: Sequence[Indicator]) -> list[str]:
    """The categories by which the indicators or their parts are told anywhere; one query."""
    parts = {part.pk for one in measures for part in (one, one.numerator, one.denominator) if part}
    told = Observation.objects.filter(indicator__in=parts).exclude(category="")
    return sorted(told.order_by().values_list("category", flat=True).distinct())


def categories_named(codes: Sequence[str]) -> dict[str, str]:
    """Names of categories by their codes, in the order of the catalogue; one query."""
    if not any(codes):
        return {}
    known = dict(
        Category.objects.filter(code__in=codes)
        .order_by("dimension__position", "position", "code")
        .values_list("code", "name")
    )
    return known | {code: code for code in codes if code and code not in known}


def _holds(membership: UnitMembership, day: object) -> bool:
    return day in membership.valid


def _unit(unit: AdministrativeUnit, *, is_total: bool = False, more: str = "") -> Member:
    label = "Toàn tỉnh" if is_total and unit.level == Level.PROVINCE else unit.full_name
    words = f"{label} ({more})" if more else label
    name = "" if is_total else unit.name
    return Member(words, {"area": Area.of(unit)}, unit.code, is_total=is_total, name=name)


def _when(unit: AdministrativeUnit) -> str:
    if unit.in_force:
        return f"từ {formats.day(unit.valid.lower)}"
    return f"đến {formats.day(unit.valid.upper - datetime.timedelta(days=1))}"


def _group(group: EthnicGroup) -> Member:
    return Member(group.name, {"group": GroupSet(group.code, (group.pk,))}, group.code)


def _period(period: ReportingPeriod) -> Member:
    return Member(period.label, {"period": period}, period.code)


def _measure(measure: Indicator) -> Member:
    return Member(measure.name, {"measure": measure}, measure.code, note=measure.unit_of_measure)


def _kind_words(kind: str) -> str:
    return FigureKind(kind).label.capitalize() if kind else ""
