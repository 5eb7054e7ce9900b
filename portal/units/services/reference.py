"""Load the reference units and keep the closure of who belongs to whom."""

from __future__ import annotations

import csv
import datetime
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from ..models import (
    AdministrativeUnit,
    IssuingAgency,
    Level,
    UnitAncestor,
    UnitList,
    UnitMembership,
    UnitParent,
    UnitShare,
    UnitSuccession,
)
from ..names import fold, sort_key
from ..outlines import commune_populations_2009
from ..weights import weights_of
from .closure import rebuild_ancestors, rebuild_shares

DATA = Path(__file__).parent.parent / "data"
NATION_CODE = "VN"
LIST_861 = "QD861"
ENDED_861 = datetime.date(2025, 7, 1)  # when the last of its communes ended
END_OF_861 = datetime.date(2026, 1, 1)
IN_FORCE_861 = datetime.date(2021, 6, 4)

# Names of the time; rows that were not checked against their decision are marked so.
AGENCIES: list[dict[str, Any]] = [
    {
        "name": "BAN DÂN TỘC",
        "full_name": "Ban Dân tộc tỉnh Bắc Giang",
        "parent_name": "UBND TỈNH BẮC GIANG",
        "place": "Bắc Giang",
        "symbol": "BDT",
        "head_title": "TRƯỞNG BAN",
        "deputy_title": "PHÓ TRƯỞNG BAN",
        "period": ("2004-01-01", "2025-03-01"),
        "is_verified": True,
    },
    {
        "name": "SỞ DÂN TỘC VÀ TÔN GIÁO",
        "full_name": "Sở Dân tộc và Tôn giáo tỉnh Bắc Giang",
        "parent_name": "UBND TỈNH BẮC GIANG",
        "place": "Bắc Giang",
        "symbol": "SDTTG",
        "head_title": "GIÁM ĐỐC",
        "deputy_title": "PHÓ GIÁM ĐỐC",
        "period": ("2025-03-01", "2025-07-01"),
        "is_verified": False,
    },
    {
        "name": "SỞ DÂN TỘC VÀ TÔN GIÁO",
        "full_name": "Sở Dân tộc và Tôn giáo tỉnh Bắc Ninh",
        "parent_name": "UBND TỈNH BẮC NINH",
        "place": "Bắc Ninh",
        "symbol": "SDTTG",
        "head_title": "GIÁM ĐỐC",
        "deputy_title": "PHÓ GIÁM ĐỐC",
        "period": ("2025-07-01", None),
        "is_verified": False,
    },
]


class UnknownUnit(Exception):
    """A reference file names a unit that is not in force on that day."""


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _period(start: str | None, end: str | None) -> DateRange:
    return DateRange(_date(start), _date(end))


@transaction.atomic
def load_reference() -> bool:
    """Load units, parents, successions, the 73 communes and the agency; False if already there.

    An installation from before there were shares, or communes carried over, gets them.
    """
    if AdministrativeUnit.objects.exists():
        if not UnitShare.objects.exists():
            _load_shares_of_new()
            rebuild_shares()
        _carry_list_over()
        return False
    _load_units()
    _load_parents()
    rebuild_ancestors()
    _load_successions()
    _load_shares_of_new()
    rebuild_shares()
    _load_list_861()
    _carry_list_over()
    for agency in AGENCIES:
        since, until = agency["period"]
        named = {name: value for name, value in agency.items() if name != "period"}
        IssuingAgency.objects.create(valid=_period(since, until), **named)
    return True


def _unit(**fields: object) -> AdministrativeUnit:
    unit = AdministrativeUnit(**fields)
    unit.name_key, unit.sort_key = fold(unit.name), sort_key(unit.name)
    return unit


def _load_units() -> None:
    """Units of admin_units.csv, the nation, and reference units of published tables.

    `valid` is [from, to): the first day in force and the first day no longer in force.
    """
    units = [
        _unit(
            code=NATION_CODE,
            name="Việt Nam",
            kind="nước",
            level=Level.NATION,
            valid=_period("1976-07-02", None),
            is_reference=True,
        )
    ]
    units += [
        _unit(
            code=row["code"],
            name=row["name"],
            kind=row["type"],
            level=row["level"],
            valid=_period(row["valid_from"], row["valid_to"]),
            latitude=float(row["lat"]) if row["lat"] else None,
            longitude=float(row["lon"]) if row["lon"] else None,
            is_reference=row["code"] == "27",
            note=row["note"],
        )
        for row in _rows("admin_units.csv")
    ]
    units += [
        _unit(
            code=row["code"],
            name=row["name"],
            kind=row["type"],
            level=row["level"],
            valid=_period(row["valid_from"], row["valid_to"]),
            is_reference=True,
            note=row["note"],
        )
        for row in _rows("reference_units.csv")
    ]
    AdministrativeUnit.objects.bulk_create(units)


def _load_parents() -> None:
    """Cut each unit's life by its parent's periods: a parent may change under it."""
    by_code = defaultdict(list)
    for unit in AdministrativeUnit.objects.all():
        by_code[unit.code].append(unit)
    parent_codes = {
        (row["code"], row["valid_from"]): row["parent_code"]
        for name in ("admin_units.csv", "reference_units.csv")
        for row in _rows(name)
    }
    links = []
    for (code, start), parent_code in parent_codes.items():
        unit = next(u for u in by_code[code] if u.valid.lower == _date(start))
        for parent in by_code[parent_code or NATION_CODE]:
            lower = max(unit.valid.lower, parent.valid.lower)
            uppers = [u for u in (unit.valid.upper, parent.valid.upper) if u is not None]
            upper = min(uppers) if uppers else None
            if upper is None or lower < upper:
                links.append(UnitParent(unit=unit, parent=parent, valid=DateRange(lower, upper)))
    UnitParent.objects.bulk_create(links)


def _load_successions() -> None:
    found = _Finder()
    rows = _rows("admin_successions.csv")
    shares = _split_shares(rows)
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            old=found.ending(row["old_code"], row["effective_date"]),
            new=found.starting(row["new_code"], row["effective_date"]) if row["new_code"] else None,
            date=row["effective_date"],
            kind=row["kind"],
            weight=Decimal(row["weight"])
            if row["weight"]
            else shares.get((row["old_code"], row["new_code"])),
            weight_is_estimate=row["kind"] == "split",
            decision=row["decision"],
        )
        for row in rows
    )


def _load_shares_of_new() -> None:
    """What part of each merged unit came from each old one, by the people of 2009.

    Left open where the people of one old unit are not known, as for the old Bắc Ninh.
    """
    people = _people_2009()
    rows = UnitSuccession.objects.exclude(new=None).order_by("date").select_related("old", "new")
    by_new: dict[int, list[UnitSuccession]] = defaultdict(list)
    for row in rows:
        by_new[row.new_id or 0].append(row)
    for new_id, parts in by_new.items():
        if any(part.old_id not in people for part in parts):
            continue
        moved = {
            part.pk: round(people[part.old_id] * (part.weight or Decimal(0))) for part in parts
        }
        people.setdefault(new_id, sum(moved.values()))
        weights = weights_of(moved)
        for part in parts:
            part.share_of_new = weights.get(part.pk)
    UnitSuccession.objects.bulk_update([*rows], ["share_of_new"])


def _people_2009() -> dict[int, int]:
    """People by unit: the communes of 2020–2024 by their code, districts as their sum."""
    by_code = commune_populations_2009()
    day = datetime.date(2020, 1, 1)
    people = {
        unit.pk: by_code[unit.code]
        for unit in AdministrativeUnit.objects.on(day).communes().filter(code__in=by_code)
    }
    districts: dict[int, int] = defaultdict(int)
    for unit, district in UnitAncestor.objects.filter(
        unit__in=people, valid__contains=day, ancestor__level=Level.DISTRICT
    ).values_list("unit", "ancestor"):
        districts[district] += people[unit]
    return people | districts


class _Finder:
    """Units by code and day, from one query."""

    def __init__(self) -> None:
        self._by_code = defaultdict(list)
        for unit in AdministrativeUnit.objects.all():
            self._by_code[unit.code].append(unit)

    def on(self, code: str, day: datetime.date) -> AdministrativeUnit:
        for unit in self._by_code[code]:
            if unit.valid.lower <= day and (unit.valid.upper is None or day < unit.valid.upper):
                return unit
        raise UnknownUnit(f"{code}, {day}")

    def ending(self, code: str, day: str) -> AdministrativeUnit:
        return self.on(code, datetime.date.fromisoformat(day) - datetime.timedelta(days=1))

    def starting(self, code: str, day: str) -> AdministrativeUnit:
        return self.on(code, datetime.date.fromisoformat(day))


def _split_shares(rows: list[dict[str, str]]) -> dict[tuple[str, str], Decimal]:
    """Each part of a split district by the population of the communes that went there.

    Populations are those of the 2009 census, the last with a figure per commune: an estimate.
    """
    people = commune_populations_2009()
    shares: dict[tuple[str, str], Decimal] = {}
    for old_code in {row["old_code"] for row in rows if row["kind"] == "split"}:
        parts = [row for row in rows if row["kind"] == "split" and row["old_code"] == old_code]
        day = parts[0]["effective_date"]
        people_moved = {
            row["new_code"]: _people_moved(old_code, row["new_code"], day, people) for row in parts
        }
        for new_code, weight in weights_of(people_moved).items():
            shares[old_code, new_code] = weight
    return shares


def _people_moved(old_code: str, new_code: str, day: str, people: dict[str, int]) -> int:
    """People of 2009 in the communes that went from `old_code` to `new_code` on `day`."""
    before = UnitParent.objects.filter(
        parent__code=old_code,
        valid__contains=datetime.date.fromisoformat(day) - datetime.timedelta(days=1),
    ).values_list("unit__code", flat=True)
    after = {
        row["code"]
        for row in _rows("admin_units.csv")
        if row["parent_code"] == new_code
        and row["valid_from"] <= day
        and (not row["valid_to"] or day < row["valid_to"])
    }
    went = {
        row["old_code"]: row["new_code"]
        for row in _rows("admin_successions.csv")
        if row["effective_date"] == day and row["new_code"]
    }
    return sum(people.get(code, 0) for code in before if went.get(code, code) in after)


def _load_list_861() -> None:
    """The 73 communes. A zone that is only a guess is left open; unverified rows stay marked."""
    found = _Finder()
    unit_list = UnitList.objects.create(
        code=LIST_861,
        name="73 xã vùng đồng bào dân tộc thiểu số và miền núi",
        decision="Quyết định số 861/QĐ-TTg ngày 04/6/2021 của Thủ tướng Chính phủ",
    )
    UnitMembership.objects.bulk_create(
        UnitMembership(
            unit_list=unit_list,
            unit=found.on(row["code"], IN_FORCE_861),
            valid=DateRange(IN_FORCE_861, END_OF_861),
            zone=row["region"],
            is_verified=row["membership_confidence"] == "sourced"
            and row["region_confidence"] == "sourced",
            basis=row["basis"],
        )
        for row in _rows("commune_regions_861.csv")
    )


def _carry_list_over() -> None:
    """A commune made wholly of listed ones stands on the list too, until the communes of the list
    ended. No text was found that says so: it stays to be compared. Twice is as once."""
    listed = {
        one.unit_id: one
        for one in UnitMembership.objects.filter(unit_list__code=LIST_861).select_related("unit")
    }
    made_of: dict[AdministrativeUnit, list[UnitSuccession]] = defaultdict(list)
    changes = UnitSuccession.objects.filter(
        date__gt=IN_FORCE_861, date__lt=ENDED_861, new__isnull=False
    )
    for one in changes.select_related("new", "old"):
        if one.new is not None:
            made_of[one.new].append(one)
    for unit, changed in made_of.items():
        before = [listed[one.old_id] for one in changed if one.old_id in listed]
        if len(before) < len(changed) or any(one.weight != 1 for one in changed):
            continue
        for member in before:
            UnitMembership.objects.filter(pk=member.pk).update(
                valid=DateRange(member.valid.lower, member.unit.valid.upper)
            )
        zones = {member.zone for member in before}
        names = ", ".join(member.unit.full_name for member in before)
        UnitMembership.objects.get_or_create(
            unit_list=before[0].unit_list,
            unit=unit,
            defaults={
                "valid": DateRange(unit.valid.lower, END_OF_861),
                "zone": zones.pop() if len(zones) == 1 else "",
                "basis": f"Kế thừa từ {names} ({changed[0].decision})",
            },
        )
