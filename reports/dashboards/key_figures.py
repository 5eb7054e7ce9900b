"""The figures at the head of the page, as templates/components/key_figure.html takes them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ethnic_data.aggregation.disclosure import SMALLEST_SHOWN
from portal import formats
from portal.navigation import address
from portal.units.models import AdministrativeUnit, Level
from programs.models import PublishedCapital, Scope, Target, TargetValue
from reports.models import Report

from .completeness import Completeness
from .links import observations
from .overview import (
    NEAR_POOR,
    POOR,
    POPULATION,
    Overview,
    Sums,
)

if TYPE_CHECKING:
    from ethnic_data.aggregation import Answer
    from ethnic_data.aggregation.people import ListedCounts
    from portal.accounts.models import User

FALL_TARGET = "MT02"  # poverty of minority households falls by more than 3 points a year


@dataclass(frozen=True)
class KeyFigure:
    """One figure with its trend, its target and the way down. Texts are ready to show."""

    label: str
    value: str
    unit: str = ""
    url: str = ""
    change: str = ""
    direction: str = "same"
    change_kind: str = ""
    target: str = ""
    target_kind: str = ""
    note: str | SafeString = ""
    more: str = ""
    more_url: str = ""


def data_figures(overview: Overview) -> list[KeyFigure]:
    """The figures that approved data and publications give, the same for everybody."""
    figures = [population(overview), poverty(overview), near_poverty(overview)]
    return figures + (published_capital(overview) if overview.selection.is_province else [])


def work_figures(completeness: Completeness, *, user: User, dashboard: str = "") -> list[KeyFigure]:
    """The figures of today's work: what has come in, which reports are under way.

    dashboard: the address of the page that holds the lists, when they stand elsewhere.
    """
    figures = [completed(completeness, dashboard=dashboard)]
    return figures + ([reports_under_way(user)] if user.has_perm("reports.view") else [])


def people_figures(
    counts: ListedCounts, *, user: User, unit: AdministrativeUnit
) -> list[KeyFigure]:
    """Deputies and prestigious persons of the unit, counted from the lists as of the page's day.

    Who may not see counts of a few persons reads "Không công bố" there; the way to the names is
    for those who may see them, and leads to as many.
    """
    query = urlencode({"don_vi": unit.pk, "ngay": formats.day(counts.day)})
    exact = user.has_perm("ethnic_data.exact")
    names = user.has_perm("people.view")
    day = f"theo danh sách ngày {formats.day(counts.day)}"
    levels = [
        f"{Level(level).label!s} {_people(n, exact)}"
        for level, n in counts.deputies_by_level.items()
    ]
    deputies = [
        f"{_people(counts.women, exact)} nữ",
        f"{_people(counts.minorities, exact)} dân tộc thiểu số",
        *levels,
        day,
    ]
    prestigious = [
        f"trong năm: công nhận {_people(counts.recognised, exact)}",
        f"đưa ra {_people(counts.removed, exact)}",
        f"đã rà soát {_people(counts.reviewed, exact)}",
        day,
    ]
    shown = (
        ("Đại biểu HĐND", counts.deputies, deputies, "ethnic_data:deputy_list"),
        ("Người có uy tín", counts.prestigious, prestigious, "ethnic_data:prestigious_list"),
    )
    return [
        KeyFigure(
            label=label,
            value=_people(n, exact),
            unit="người" if exact or n >= SMALLEST_SHOWN else "",
            url=f"{address(room)}?{query}" if names else "",
            note="; ".join(note),
        )
        for label, n, note, room in shown
        if n
    ]


def _people(count: int, exact: bool) -> str:
    few = 0 < count < SMALLEST_SHOWN and not exact
    return formats.missing_words("confidential") if few else formats.number(count)


def population(overview: Overview) -> KeyFigure:
    share = overview.current(POPULATION)
    before = overview.earlier(POPULATION)
    return KeyFigure(
        label="Dân số dân tộc thiểu số",
        value=formats.value_or_reason(share.numerator, share.missing),
        unit="người" if share.numerator is not None else "",
        url=observations(POPULATION, share.unit, share.period),
        note=formats.percent(share.value, 2) + " dân số" + covered(share, before="; ")
        if share.value is not None
        else covered(share),
        **trend(before, share, overview, lambda one: one.numerator, count_words),
    )


def poverty(overview: Overview) -> KeyFigure:
    rate, before = overview.current(POOR), overview.earlier(POOR)
    return KeyFigure(
        label="Tỷ lệ hộ nghèo dân tộc thiểu số",
        value=rate_words(rate),
        url=observations(POOR, rate.unit, rate.period),
        note=part_of(rate),
        **trend(before, rate, overview, lambda one: one.value, point_words, good="down"),
        **target_of_fall(before, rate, overview),
    )


def near_poverty(overview: Overview) -> KeyFigure:
    rate, before = overview.current(NEAR_POOR), overview.earlier(NEAR_POOR)
    return KeyFigure(
        label="Tỷ lệ hộ cận nghèo dân tộc thiểu số",
        value=rate_words(rate),
        url=observations(NEAR_POOR, rate.unit, rate.period),
        note=part_of(rate),
        **trend(before, rate, overview, lambda one: one.value, point_words, good="down"),
    )


def completed(completeness: Completeness, *, dashboard: str) -> KeyFigure:
    missing = completeness.communes - completeness.complete_communes
    units = f"{formats.number(completeness.complete_units)}/{formats.number(completeness.units)}"
    return KeyFigure(
        label="Xã đủ số liệu đã duyệt",
        value=f"{formats.number(completeness.complete_communes)}"
        f"/{formats.number(completeness.communes)}",
        url=f"{dashboard}#tien-do",
        note=f"{units} {completeness.units_words} đã duyệt đủ biểu" if completeness.units else "",
        target=f"{formats.number(completeness.late)} biểu quá hạn" if completeness.late else "",
        target_kind="wrong" if completeness.late else "",
        more=f"{formats.number(missing)} xã còn thiếu" if missing else "",
        more_url=f"{dashboard}#tien-do" if missing else "",
    )


def published_capital(overview: Overview) -> list[KeyFigure]:
    """The year's money as published, with the source's own word; our own books come later."""
    year = overview.selection.period.year
    figures = PublishedCapital.objects.filter(
        unit=overview.area.unit,
        first_year=year,
        last_year=year,
        scope__in=[Scope.ALL_SOURCES, Scope.PROGRAMME, Scope.CENTRAL],
    ).select_related("programme")
    return [
        KeyFigure(
            label=f"Vốn {figure.programme.short_name} năm {year}",
            value=f"{figure.precision} {formats.money(figure.amount)}".strip(),
            url=address("programs:capital_list"),
            note=f"Số đã công bố, {figure.get_scope_display()}",
        )
        for figure in figures[:1]
    ]


def reports_under_way(user: User) -> KeyFigure:
    """Reports that are not issued, and those at this person's step; one query."""
    under_way, mine = counts_under_way(user)
    return KeyFigure(
        label="Báo cáo đang xử lý",
        value=formats.number(under_way),
        url=address("reports:report_list"),
        target=f"{formats.number(mine)} báo cáo chờ tôi" if mine else "",
        target_kind="waiting" if mine else "",
        note="" if mine else "Không có báo cáo nào chờ tôi",
    )


def counts_under_way(user: User) -> tuple[int, int]:
    """How many visible reports are not issued, and how many of them wait for `user`; one query."""
    waiting = Report.objects.waiting_for(user).order_by().values("pk")
    counts = (
        Report.objects.visible_to(user)
        .order_by()
        .aggregate(
            under_way=Count("pk", filter=~Q(status=Report.Status.ISSUED)),
            mine=Count("pk", filter=Q(pk__in=waiting)),
        )
    )
    return counts["under_way"], counts["mine"]


def rate_words(answer: Answer) -> str:
    """The rate, or in words why there is none."""
    if answer.value is None:
        return formats.missing_words(answer.missing)
    return formats.percent(answer.value)


def part_of(answer: Answer) -> str | SafeString:
    """The counts a rate is made of, which lead to the values of both: "7.412 trên 71.230 hộ"."""
    if answer.numerator is None:
        return ""
    return format_html(
        '<span><a href="{}">{} hộ</a> trên {} hộ dân tộc thiểu số{}</span>',
        observations(answer.indicator.code, answer.unit, answer.period),
        formats.number(answer.numerator),
        formats.number(answer.denominator),
        covered(answer, before="; "),
    )


def covered(answer: Answer, *, before: str = "") -> str:
    """How many communes the figure stands on when some are missing."""
    if not answer.units_given or not answer.missing_units:
        return ""
    given, expected = map(formats.number, (answer.units_given, answer.units_expected))
    return f"{before}mới có {given}/{expected} xã"


def count_words(difference: Decimal) -> str:
    return formats.number(abs(difference), 0)


def point_words(difference: Decimal) -> str:
    return f"{formats.number(abs(difference), 1)} điểm phần trăm"


def comparable(before: Answer, after: Answer) -> bool:
    """Whether both years rest on the same communes: else their difference says nothing."""
    return (
        before.missing_units == after.missing_units
        and not before.is_partial
        and not after.is_partial
    )


def trend(
    before: Answer | None,
    after: Answer,
    overview: Overview,
    value_of: Callable[[Answer | Sums], Decimal | None],
    words: Callable[[Decimal], str],
    *,
    good: str = "",
) -> dict[str, str]:
    """The change against the year before, as the component's `change`, `direction`, `change_kind`.

    Years that rest on other communes are compared over those that both have.
    good: the direction that is good news; without one the change has no colour.
    """
    earlier = overview.selection.before
    if before is None or earlier is None:
        return {}
    year, where = earlier.label.lower(), ""
    old, new = value_of(before), value_of(after)
    if not comparable(before, after):
        pair = overview.same_communes(after.indicator.code)
        if pair is None:
            return {}
        old, new = value_of(pair[0]), value_of(pair[1])
        where = f", tính trên {formats.number(pair[0].communes)} xã có số liệu cả hai năm"
    if new is None or old is None:
        return {}
    told = words(new - old)
    if not told.split()[0].strip("0,"):
        return {"change": f"Không đổi so với {year}{where}"}
    direction = "down" if new < old else "up"
    kind = ("done" if direction == good else "wrong") if good else ""
    return {
        "change": f"{told} so với {year}{where}",
        "direction": direction,
        "change_kind": kind,
    }


def target_of_fall(before: Answer | None, after: Answer, overview: Overview) -> dict[str, str]:
    """Whether the yearly fall meets the programme's target that holds that year; one query.

    Years that rest on other communes are judged over those that both have, and it says so.
    """
    if before is None or before.value is None or after.value is None:
        return {}
    old, new, sure = before.value, after.value, comparable(before, after)
    if not sure:
        pair = overview.same_communes(after.indicator.code)
        if pair is None or pair[0].value is None or pair[1].value is None:
            return {}
        old, new = pair[0].value, pair[1].value
    year = after.period.year
    value = (
        TargetValue.objects.filter(
            target__code=FALL_TARGET,
            target__measure=Target.Measure.YEARLY_FALL,
            target__programme__valid__contains=datetime.date(year, 12, 31),
            year__gte=year,
        )
        .select_related("target")
        .order_by("year")
        .first()
    )
    if value is None or (met := value.is_met_by(old - new)) is None:
        return {}
    more = "trên " if value.is_strict else ""
    aim = f"Mục tiêu giảm {more}{formats.number(value.threshold)} điểm"
    return {
        "target": f"{aim}: {'' if sure else 'tạm tính '}{'đạt' if met else 'chưa đạt'}",
        "target_kind": ("done" if met else "wrong") if sure else "waiting",
    }
