"""The cards of approved data: people and groups, poverty and its fall against the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ethnic_data.aggregation import Answer, answers_by_group, several
from ethnic_data.models import EthnicGroup, GroupKind
from portal import formats
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit
from reports.dashboards.key_figures import population, poverty
from reports.dashboards.links import observations
from reports.dashboards.overview import POOR, POPULATION, Area, Overview, overview
from reports.dashboards.selection import LIST_861, Selection

from .cards import Card, Course, Place, course, ends

PEOPLE_OF_GROUP = "D03"
YEARS = 6  # of the course


def approved_cards(selection: Selection, area: Area, *, dashboard: str) -> tuple[list[Card], bool]:
    """The two cards, and whether they are made up; none while nothing of the period is approved."""
    found = overview(selection, area)
    if not found.has_data:
        return [], False
    years = _years(selection)
    told = several((POPULATION, POOR), [area.unit], years)
    cards = [
        _people(found, [told[year.code, POPULATION, area.unit.pk] for year in years]),
        _poverty(found, [told[year.code, POOR, area.unit.pk] for year in years], dashboard),
    ]
    return cards, found.is_demo


def _years(selection: Selection) -> list[ReportingPeriod]:
    """The years up to the one chosen, in their order."""
    until = [one for one in selection.periods if one.end <= selection.period.end]
    return sorted(until, key=lambda one: one.end)[-YEARS:]


def _as_of(answer: Answer) -> str:
    day = answer.approved_at
    return f"{answer.period.label}, duyệt đến ngày {formats.day(day)}" if day else ""


def _people(found: Overview, years: Sequence[Answer]) -> Card:
    unit, period = found.area.unit, found.selection.period
    figure = population(found)
    by_group = answers_by_group(PEOPLE_OF_GROUP, unit, period.code)
    groups = [
        (one, code)
        for code, one in by_group.items()
        if one.value
        and isinstance(one.group, EthnicGroup)
        and one.group.counts_as_minority
        and one.group.kind == GroupKind.LISTED
    ]
    groups.sort(key=lambda pair: (-(pair[0].value or 0), str(pair[0].group)))
    return Card(
        figure=replace(figure, note=_with_groups(figure.note, len(groups))),
        as_of=_as_of(found.current(POPULATION)),
        url=observations(POPULATION, unit, period),
        more="Xem số liệu từng xã",
        course=_course("Dân số dân tộc thiểu số qua các năm", years, "numerator"),
        rankings=ends(
            groups,
            lambda pair: Place(
                str(pair[0].group),
                f"{formats.number(pair[0].value)} người",
                observations(PEOPLE_OF_GROUP, unit, period, group=pair[1]),
            ),
            first="Đông người nhất",
            last="Ít người nhất",
        ),
    )


def _with_groups(note: object, groups: int) -> str:
    told = f"{formats.number(groups)} dân tộc thiểu số có người trong số liệu" if groups else ""
    return "; ".join(str(part) for part in (note, told) if part)


def _poverty(found: Overview, years: Sequence[Answer], dashboard: str) -> Card:
    """Communes of the list stand in the order; all of them where the list is not in force."""
    period = found.selection.period
    listed = [one for one in found.area.communes if one.pk in found.area.memberships]
    communes = listed or found.area.communes
    rates = [
        (commune, answer.value)
        for commune in communes
        if (answer := found.current(POOR, commune)).value is not None
    ]
    rates.sort(key=lambda pair: (-pair[1], pair[0].sort_key))

    def place(pair: tuple[AdministrativeUnit, Decimal]) -> Place:
        commune, rate = pair
        return Place(commune.full_name, formats.percent(rate), observations(POOR, commune, period))

    return Card(
        figure=poverty(found),
        as_of=_as_of(found.current(POOR)),
        url=dashboard,
        more="Xem từng xã trên sơ đồ và bảng",
        course=_course("Tỷ lệ hộ nghèo dân tộc thiểu số qua các năm", years, "value"),
        rankings=ends(rates, place, first="Cao nhất", last="Thấp nhất"),
        among=f"trong các xã theo Quyết định {LIST_861.removeprefix('QD')}" if listed else "",
    )


def _course(title: str, years: Sequence[Answer], what: str) -> Course | None:
    words = formats.number if what == "numerator" else formats.percent
    points = [(str(one.period.year), getattr(one, what)) for one in years]
    return course(title, points, words)
