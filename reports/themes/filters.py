"""What all panels of a page are narrowed to: read once from the address, with the explorer's names.

ky (period), dg (the day in whose units), dv (unit), kv (zone), dt (group), gt (sex), loai (kind);
so_ky, so_dv, so_dt (what is laid beside: one of them), lop (lists drawn over the map).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from ethnic_data.exploring.selection import OVERLAYS, SEXES
from ethnic_data.models import FigureKind
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit, Level, UnitMembership, UnitShare

from .lookups import Lookups, SharedReading

SHARED = ("ky", "dg", "dv", "kv", "dt", "gt", "loai", "lop")
COMPARED = {"so_ky": "kỳ", "so_dv": "địa bàn", "so_dt": "dân tộc"}


@dataclass(frozen=True)
class Comparison:
    """The parameter that is another in what is laid beside, and its value; the words of both
    sides, and as short as the name of a bar allows."""

    name: str
    value: str
    words: str
    own_words: str
    short: tuple[str, str] = ("", "")  # own, other


@dataclass(frozen=True)
class Filters:
    """problems: sentences about what was asked and is not there."""

    period: ReportingPeriod
    scope: AdministrativeUnit
    units_on: datetime.date | None = None
    zone: str = ""
    group: str = ""
    group_words: str = ""
    sex: str = ""
    kind: str = ""
    overlay: str = ""
    comparison: Comparison | None = None
    has_districts: bool = True
    problems: list[str] = field(default_factory=list)
    asked: frozenset[str] = frozenset()  # the names that stand in the address with a value

    @property
    def day(self) -> datetime.date:
        return self.units_on or self.period.end

    @property
    def params(self) -> dict[str, str]:
        """As the address says them."""
        told = {
            "ky": self.period.code,
            "dv": self.scope.code,
            "dg": self.units_on.isoformat() if self.units_on else "",
            "kv": self.zone,
            "dt": self.group,
            "gt": self.sex,
            "loai": self.kind,
            "lop": self.overlay,
        }
        if self.comparison is not None:
            told[self.comparison.name] = self.comparison.value
        return {name: value for name, value in told.items() if value}

    def address(self, **changed: str) -> str:
        """The query with some of it changed; an empty text leaves a filter out."""
        told = self.params | changed
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def level_below(self) -> str:
        """The explorer's name of the level below the unit that is looked at."""
        return "huyen" if self.scope.level == Level.PROVINCE and self.has_districts else "xa"

    @property
    def words(self) -> list[str]:
        """What a printed page says that it is narrowed to."""
        found = [self.scope.full_name, self.period.label]
        if self.units_on is not None:
            found.append(f"Địa giới ngày {self.units_on:%d/%m/%Y}")
        if self.zone:
            found.append(f"Khu vực {self.zone}")
        if self.group_words:
            found.append(self.group_words)
        if self.sex:
            found.append(str(SEXES[self.sex].label).capitalize())
        if self.kind:
            found.append(str(FigureKind(self.kind).label).capitalize())
        if self.comparison is not None:
            found.append(f"So với {self.comparison.words}")
        return found


def read(asked: QueryDict, lookups: Lookups, told: set[int], today: datetime.date) -> Filters:
    """told: the keys of the years that have data; the latest of these is taken where none is asked.

    What makes no sense is told in `problems` and taken as not asked.
    """
    reading = SharedReading(_one_of_each(asked), lookups)
    period = _period(reading, lookups, told, today)
    units_on = reading.units_day()
    day = units_on or period.end
    moved = _moved(reading, day)
    scope = moved or reading.unit(day)
    groups, which = reading.groups()
    found = Filters(
        period=period,
        scope=scope,
        units_on=units_on,
        zone=reading.one("kv", dict(UnitMembership.Zone.choices)),
        group=which or ",".join(one.code for one in groups),
        group_words=_group_words([one.name for one in groups], which),
        sex=reading.one("gt", dict.fromkeys(SEXES, "")),
        kind=reading.one("loai", dict(FigureKind.choices)),
        overlay=reading.one("lop", OVERLAYS),
        has_districts=_has_districts(lookups, day),
        problems=reading.problems,
        asked=frozenset(name for name in SHARED if reading.text(name)),
    )
    return replace(found, comparison=_comparison(reading, lookups, found))


def _one_of_each(asked: QueryDict) -> QueryDict:
    """The first of several: a page is about one of each."""
    told = QueryDict(mutable=True)
    for name in (*SHARED, *COMPARED):
        values = [part for text in asked.getlist(name) for part in text.split(",")]
        told[name] = next((one.strip() for one in values if one.strip()), "")
    return told


def _group_words(names: list[str], which: str) -> str:
    if names:
        return f"Dân tộc {', '.join(names)}"
    return {"minorities": "Dân tộc thiểu số", "54": "Cả 54 dân tộc"}.get(which, "")


def begun_years(lookups: Lookups, today: datetime.date) -> list[ReportingPeriod]:
    return [one for one in lookups.periods if one.start <= today]


def _period(
    reading: SharedReading, lookups: Lookups, told: set[int], today: datetime.date
) -> ReportingPeriod:
    years = begun_years(lookups, today) or lookups.periods
    code = reading.text("ky")
    found = next((one for one in years if one.code == code), None)
    if found is not None:
        return found
    known = [one for one in years if one.pk in told] or years
    if code:
        reading.problems.append(f"Không có năm “{code[:20]}”; đang xem {known[-1].label.lower()}.")
    return known[-1]


def _has_districts(lookups: Lookups, day: datetime.date) -> bool:
    own = AdministrativeUnit.objects.on(day).districts().filter(is_reference=False)
    return lookups.once(("districts", day), own.exists)


def _moved(reading: SharedReading, day: datetime.date) -> AdministrativeUnit | None:
    """The unit of that day that carries on the one asked for, which is of another day."""
    code = reading.text("dv")[:10]
    if not code or reading.seen_unit(day, code=code) is not None:
        return None
    seen = AdministrativeUnit.objects.visible_to(reading.user).filter(is_reference=False)
    for old in seen.filter(code=code).order_by("-valid"):
        shares = UnitShare.objects.on(day).filter(unit=old, target__level=old.level)
        targets = [one.target for one in shares.select_related("target").order_by("-weight")]
        for target in targets:
            if reading.seen_unit(day, code=target.code) is not None:
                more = " (một phần)" if len(targets) > 1 else ""
                reading.problems.append(
                    f"Địa giới đang xem không có {old.full_name}; "
                    f"đang xem {target.full_name}{more}."
                )
                return target
    return None


def _comparison(reading: SharedReading, lookups: Lookups, found: Filters) -> Comparison | None:
    asked = [name for name in COMPARED if reading.text(name)]
    if not asked:
        return None
    if len(asked) > 1:
        others = ", ".join(COMPARED[name] for name in asked[1:])
        reading.problems.append(f"Mỗi lần so sánh một điều; đã bỏ so sánh {others}.")
    name = asked[0]
    value = reading.text(name)[:20]
    made = _compared(reading, lookups, found, name, value)
    if made is None:
        reading.problems.append(f"Không có {COMPARED[name]} “{value}” để so sánh.")
    elif made.value == found.params.get(name.removeprefix("so_"), ""):
        reading.problems.append(f"Đang xem chính {COMPARED[name]} này; chọn điều khác để so sánh.")
        return None
    elif name == "so_ky" and not _stands(reading, lookups, found, made.value):
        reading.problems.append(
            f"{made.words} chưa có, hoặc không còn, {found.scope.full_name}: "
            "chọn địa giới của một ngày để so sánh."
        )
        return None
    return made


def _stands(reading: SharedReading, lookups: Lookups, found: Filters, year: str) -> bool:
    """Whether the place is there in that year; its code alone may be another place's then."""
    if found.units_on is not None:
        return True
    day = next(one.end for one in lookups.periods if one.code == year)
    other = reading.seen_unit(day, code=found.scope.code)
    return other is not None and (other.level == Level.PROVINCE or other.name == found.scope.name)


def _compared(
    reading: SharedReading, lookups: Lookups, found: Filters, name: str, value: str
) -> Comparison | None:
    if name == "so_ky":
        period = next((one for one in lookups.periods if one.code == value), None)
        if period is None:
            return None
        short = found.period.label.removeprefix("Năm "), period.label.removeprefix("Năm ")
        return Comparison(name, period.code, period.label, found.period.label, short)
    if name == "so_dv":
        unit = reading.seen_unit(found.day, code=value)
        if unit is None:
            return None
        short = found.scope.name, unit.name
        if short[0] == short[1]:
            short = found.scope.full_name, unit.full_name
        return Comparison(name, unit.code, unit.full_name, found.scope.full_name, short)
    other = SharedReading(_query({"dt": value}), lookups)
    groups, which = other.groups()
    if not groups and not which:
        return None
    words = _group_words([one.name for one in groups], which)
    own = found.group_words or "Tất cả dân tộc"
    return Comparison(name, value, words, own, (_name_alone(own), _name_alone(words)))


def _name_alone(words: str) -> str:
    """ "Tày" of "Dân tộc Tày"; "Dân tộc thiểu số" is no name."""
    name = words.removeprefix("Dân tộc ")
    return name if name[:1].isupper() else words


def _query(told: Mapping[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(told)
    return query
