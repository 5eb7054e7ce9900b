"""What the page of observations is asked for: read from the address, or what is nearest."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, QueryDict

from ethnic_data.aggregation import MINORITIES, GroupChoice
from ethnic_data.models import EthnicGroup, FigureKind, Indicator, Sex
from portal import formats
from portal.collection.models import ReportingPeriod, Submission
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level

if TYPE_CHECKING:
    from portal.accounts.models import User

FIRST_SHOWN = "D03"


@dataclass(frozen=True)
class Selection:
    """One indicator, unit, period, group and sex; everything the user may see."""

    indicator: Indicator
    unit: AdministrativeUnit
    period: ReportingPeriod
    group: GroupChoice = None
    sex: str = ""
    units_on: datetime.date | None = None
    category: str = ""
    kind: str = ""
    on: datetime.date | None = None
    on_text: str = ""

    @classmethod
    def of(cls, request: HttpRequest, user: User) -> Selection:
        """Raises Http404 for a code nobody knows and for a unit that is not the user's."""
        asked = request.GET
        period = _period(_text(asked, "ky"), user)
        units_on = _units_on(_text(asked, "dia-gioi"), user)
        return cls(
            indicator=_indicator(_text(asked, "chi-tieu") or FIRST_SHOWN),
            unit=_unit(_text(asked, "don-vi"), user, period.end, units_on),
            units_on=units_on,
            period=period,
            group=_group(_text(asked, "dan-toc")),
            sex=_sex(_text(asked, "gioi-tinh")),
            category=_text(asked, "phan-loai")[:60],
            kind=_kind(_text(asked, "loai")),
            on=formats.read_day(_text(asked, "ngay")),
            on_text=_text(asked, "ngay"),
        )

    @property
    def units_day(self) -> datetime.date:
        """The day whose units are offered and answered for."""
        return self.units_on or self.period.end

    @property
    def kind_words(self) -> str:
        return FigureKind(self.kind).label if self.kind else ""

    @property
    def group_code(self) -> str:
        return self.group.code if isinstance(self.group, EthnicGroup) else (self.group or "")

    @property
    def group_name(self) -> str:
        if isinstance(self.group, EthnicGroup):
            return f"dân tộc {self.group.name}" if self.group.kind == "listed" else self.group.name
        return "các dân tộc thiểu số" if self.group else ""


def _text(asked: QueryDict, name: str) -> str:
    return asked.get(name, "").replace("\0", "").strip()


def _period(code: str, user: User) -> ReportingPeriod:
    """The period asked for, else the last with approved data in which the user's area stood."""
    periods = ReportingPeriod.objects.order_by("-end")
    if code:
        found = periods.filter(code=code).first()
    else:
        told = Submission.objects.approved().values("period")
        stood = [*periods.filter(pk__in=told), *periods]
        if user.area is not None and not user.sees_every_unit:
            stood = [period for period in stood if period.end in user.area.valid]
        found = stood[0] if stood else None
    if found is None:
        raise Http404
    return found


def _units_on(text: str, user: User) -> datetime.date | None:
    """The day in whose units is asked; None as reported, and where the user has no unit that day.

    Raises Http404 for a day that is not offered.
    """
    day = crosswalk.vintage_day(text) if text else None
    if text and day is None:
        raise Http404
    return day if day and visible_units(user, day) else None


def _indicator(code: str) -> Indicator:
    found = Indicator.objects.with_parts().filter(code__iexact=code).first()
    if found is None:
        raise Http404
    return found


def visible_units(user: User, day: datetime.date) -> list[AdministrativeUnit]:
    """What the user may ask about: units in force on `day`."""
    return list(AdministrativeUnit.objects.visible_to(user).on(day).filter(is_reference=False))


def _unit(
    code: str, user: User, day: datetime.date, units_on: datetime.date | None
) -> AdministrativeUnit:
    """The unit asked for, else the user's own area, else the province.

    A unit of the period that is not there in the units of another day gives way to these.
    """
    own = AdministrativeUnit.objects.visible_to(user).filter(is_reference=False)
    units = own.on(units_on or day)
    found = units.filter(code=code).first() if code else None
    if code and found is None and not (units_on and own.on(day).filter(code=code).exists()):
        raise Http404
    if found is None and user.area is not None and not user.sees_every_unit:
        found = units.filter(code=user.area.code).first()
    elif found is None:
        found = units.filter(level=Level.PROVINCE).first()
    if found is None:
        raise Http404
    return found


def _group(code: str) -> GroupChoice:
    if not code or code == MINORITIES:
        return code or None
    found = EthnicGroup.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _sex(code: str) -> str:
    if code and code not in Sex.values:
        raise Http404
    return code


def _kind(code: str) -> str:
    if code and code not in FigureKind.values:
        raise Http404
    return code


@dataclass(frozen=True)
class UnitOptions:
    """One district's communes, or the units without a district, under one heading."""

    label: str
    units: list[AdministrativeUnit]


def unit_options(user: User, day: datetime.date) -> Iterator[UnitOptions]:
    """Province and districts first, then the communes of each district; two queries."""
    units = visible_units(user, day)
    above = [unit for unit in units if unit.level != Level.COMMUNE]
    if above:
        order = {Level.PROVINCE: 0, Level.DISTRICT: 1}
        above.sort(key=lambda unit: (order.get(Level(unit.level), 2), unit.sort_key))
        yield UnitOptions("Tỉnh, huyện", above)
    by_district: dict[str, list[AdministrativeUnit]] = {}
    districts = {
        pk: f"{kind[:1].upper()}{kind[1:]} {name}"
        for pk, kind, name in AdministrativeUnit.objects.filter(
            pk__in=[unit.pk for unit in units], parents__valid__contains=day
        )
        .communes()
        .values_list("pk", "parents__parent__kind", "parents__parent__name")
    }
    for unit in units:
        if unit.level == Level.COMMUNE:
            by_district.setdefault(districts.get(unit.pk, "Xã"), []).append(unit)
    for name, communes in by_district.items():
        yield UnitOptions(name, communes)
