"""The cards of the programme: money against plan and straight line, and works that are late."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from portal.formats import day, money, number, percent, points
from portal.units.models import AdministrativeUnit
from programs.aggregation import LOW, Answer, Question, Row, answer, day_of, progress, works_of
from programs.aggregation.progress import late
from programs.forms.seeing import address_of
from programs.models import CapitalPlan, Programme
from programs.models.capital import CapitalPlanQuerySet
from reports.dashboards.key_figures import KeyFigure

from .cards import Card, Course, Place, course, ends

if TYPE_CHECKING:
    from portal.accounts.models import User

MONTHS = 12  # of the course of late works


@dataclass(frozen=True)
class Asked:
    """The latest year of the programme with money, as this person may see it."""

    question: Question
    visible: CapitalPlanQuerySet
    today: datetime.date

    def to(self, name: str, question: Question | None = None, **more: object) -> str:
        told = address_of(question or self.question, today=self.today)
        return f"{reverse(name)}?{urlencode({**told, **more})}"


def programme_cards(user: User, *, today: datetime.date) -> list[Card]:
    """Money and works; none for who may not see the programme, or while it has no plan."""
    if not user.has_perm("programs.view"):
        return []
    asked = _asked(user, today)
    if asked is None:
        return []
    found = answer(asked.question, asked.visible)
    return [_money(asked, found), *_works(asked)] if found.has_money else []


def _asked(user: User, today: datetime.date) -> Asked | None:
    """The last year with money, of the programme that began last if several have some; two
    queries."""
    visible = CapitalPlan.objects.visible_to(user)
    begun = visible.filter(year__lte=today.year).order_by("-year", "-programme__valid")
    latest = begun.values_list("programme", "year").first()
    if latest is None or latest[1] is None:
        return None
    programme, year = Programme.objects.get(pk=latest[0]), latest[1]
    return Asked(Question(programme, year, day_of(year, today)), visible, today)


def _money(asked: Asked, found: Answer) -> Card:
    question, total = found.question, found.total
    behind = total.rate - Decimal(found.expected) if total.rate is not None else None
    aim = f"Theo thời gian {percent(found.expected)}"
    areas = [one for one in found.cuts["area"].rows if one.value is not None and one.money.plan]
    areas.sort(key=lambda row: (row.money.rate or 0, row.label))

    def place(row: Row) -> Place:
        paid = f"{percent(row.money.rate)} của {money(row.money.plan)}"
        url = asked.to("programs:dashboard", question.with_("area", row.value))
        return Place(row.label, paid, url)

    figure = KeyFigure(
        label=f"Giải ngân {question.programme.short_name} năm {question.year}",
        value=percent(total.rate),
        url=asked.to("programs:payment_list"),
        note=f"{money(total.paid)} trên {money(total.plan)} kế hoạch",
        change=_against_last_year(found),
        direction=_direction(found),
        target=aim + (f", {points(behind)}" if behind is not None else ""),
        target_kind="" if behind is None else "done" if behind >= 0 else "wrong",
        more=f"{number(found.low_lines)} nguồn vốn công trình dưới {LOW} %"
        if found.low_lines
        else "",
        more_url=asked.to("programs:line_list", duoi=LOW) if found.low_lines else "",
    )
    return Card(
        figure=figure,
        as_of=f"Đến hết ngày {day(question.day)}",
        url=asked.to("programs:dashboard"),
        more="Xem vốn theo dự án, nguồn, huyện, tháng",
        course=_course_of_money(found),
        rankings=ends(areas, place, first="Giải ngân chậm nhất", last="Giải ngân nhanh nhất"),
    )


def _against_last_year(found: Answer) -> str:
    now, then = found.total.rate, found.last_year.rate
    if now is None or then is None:
        return ""
    difference = points(abs(now - then)).lstrip("+")
    return f"{difference} so với cùng kỳ năm {found.last_year.year} ({percent(then)})"


def _direction(found: Answer) -> str:
    now, then = found.total.rate, found.last_year.rate
    if now is None or then is None or round(now, 1) == round(then, 1):
        return "same"
    return "up" if now > then else "down"


def _course_of_money(found: Answer) -> Course | None:
    months, plan = found.this_year.months, found.total.plan
    sums = accumulate((one.paid for one in months), initial=Decimal(0))
    rates = [total / plan * 100 if plan else None for total in list(sums)[1:]]
    labels = [f"T{one.first.month}" for one in months]
    pairs = list(zip(labels, rates, strict=True))
    return course("Giải ngân luỹ kế theo tháng", pairs, percent)


def _works(asked: Asked) -> list[Card]:
    question = asked.question
    stands = progress(question, asked.visible)
    if not stands.works:
        return []
    late_url = asked.to("programs:funded_works_list", cham=1)
    by_month = _late_by_month(asked)
    difference = stands.late - by_month[0][1]
    since = day(_months_back(question.day)[0])
    figure = KeyFigure(
        label="Công trình chậm tiến độ",
        value=number(stands.late),
        unit="công trình",
        note=f"trên {number(stands.works)} công trình, hoạt động có vốn",
        url=late_url,
        change=f"{number(abs(difference))} công trình so với {since}"
        if difference
        else f"Không đổi so với {since}",
        direction="up" if difference > 0 else "down" if difference else "same",
        change_kind="wrong" if difference > 0 else "done" if difference else "",
        target="" if stands.late else "Không có công trình chậm",
        target_kind="" if stands.late else "done",
    )
    areas = _late_by_area(asked)

    def place(one: tuple[str, int, int, Question]) -> Place:
        name, slow, every, narrowed = one
        words = f"{number(slow)}/{number(every)} công trình"
        return Place(name, words, asked.to("programs:funded_works_list", narrowed, cham=1))

    return [
        Card(
            figure=figure,
            as_of=f"Đến hết ngày {day(question.day)}",
            url=late_url,
            more="Xem từng công trình và số ngày chậm",
            course=course("Công trình chậm ở cuối mỗi tháng", by_month, number),
            rankings=ends(areas, place, first="Chậm nhiều nhất", last="Chậm ít nhất"),
        )
    ]


def _months_back(last: datetime.date) -> list[datetime.date]:
    """The ends of the twelve months before `last`, and `last`."""
    found = [last]
    first = last.replace(day=1)
    for _ in range(MONTHS - 1):
        end = first - datetime.timedelta(days=1)
        found.append(end)
        first = end.replace(day=1)
    return found[::-1]


def _late_by_month(asked: Asked) -> list[tuple[str, int]]:
    """How many of the year's works were late at the end of each month; one query."""
    days = _months_back(asked.question.day)
    counts = works_of(asked.question, asked.visible).order_by()
    told = counts.aggregate(
        **{f"m{n}": Count("pk", filter=late(end)) for n, end in enumerate(days)}
    )
    return [(f"T{end.month}/{end.year % 100:02}", told[f"m{n}"]) for n, end in enumerate(days)]


def _late_by_area(asked: Asked) -> list[tuple[str, int, int, Question]]:
    """Districts by the share of their works that is late, the largest first; two queries."""
    question = asked.question
    works = Q(works__isnull=False)
    slow = Q(
        works__in=works_of(question, asked.visible)
        .filter(late(question.day))
        .order_by()
        .values("pk")
    )
    rows = (
        question.lines(asked.visible)
        .filter(works, area__isnull=False)
        .order_by()
        .values("area")
        .annotate(
            every=Count("works", distinct=True), slow=Count("works", filter=slow, distinct=True)
        )
    )
    told = {row["area"]: row for row in rows}
    areas = AdministrativeUnit.objects.filter(pk__in=told)
    found = [
        (
            area.full_name,
            told[area.pk]["slow"],
            told[area.pk]["every"],
            question.with_("area", area),
        )
        for area in areas
    ]
    return sorted(found, key=lambda one: (-one[1] / one[2], -one[1], one[0]))
