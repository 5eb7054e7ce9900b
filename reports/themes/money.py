"""Panels of a programme's money: the sums of programs.aggregation, in million đồng."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse

from portal import formats
from portal.charts import Bar, horizontal_bars
from portal.units.models import Level
from programs.aggregation import Answer, Money, Row, answer, course
from programs.aggregation.cuts import TITLES, ordered
from programs.forms.seeing import SeeingFilter
from programs.models import CapitalPlan, Programme
from programs.views.seeing.asking import Links

from .desk import Desk
from .shown import Line, Picture, Shown, Value

HEADS = ("Kế hoạch", "Đã phân bổ tới công trình", "Đã giải ngân", "Còn lại", "Tỷ lệ giải ngân (%)")
MONTH_HEADS = ("Kế hoạch đến cuối tháng", "Giải ngân trong tháng", "Giải ngân luỹ kế")
UNIT = "triệu đồng"
Found = tuple[Programme, Answer | None, Links | None, int]


def by_component(desk: Desk) -> list[Shown]:
    return _cuts(desk, "component")


def by_area(desk: Desk) -> list[Shown]:
    return _cuts(desk, "area")


def by_source(desk: Desk) -> list[Shown]:
    return _cuts(desk, "source")


def by_month(desk: Desk) -> list[Shown]:
    shown = []
    for programme, found, links, latest in _found(desk):
        if found is None or links is None:
            shown.append(_nothing(desk, programme, latest))
            continue
        this, _ = course.course(found)
        told = [
            (month, this.plan[n], this.paid[n], total)
            for n, month in enumerate(course.months(found.question.year))
            if (total := this.sum[n]) is not None
        ]
        places = _places(amount for _, *amounts in told for amount in amounts)
        lines = [
            Line(
                f"Tháng {month.month}/{month.year}",
                [_amount(amount, places) for amount in amounts],
            )
            for month, *amounts in told
        ]
        picture = Picture(course.drawing(found), f"{course.TITLE} ({course.UNIT})")
        shown.append(
            replace(
                _of(desk, programme, found, links),
                corner="Tháng",
                heads=[[(words, 1) for words in MONTH_HEADS]],
                lines=lines,
                picture=picture,
            )
        )
    return shown


def _cuts(desk: Desk, cut: str) -> list[Shown]:
    shown = []
    for programme, found, links, _ in _found(desk):
        if found is None or links is None:
            continue  # told once, by the months
        rows = list(ordered(found.cuts[cut]))
        shown.append(_cut(desk, programme, found, links, cut, rows))
    return shown


def _cut(
    desk: Desk, programme: Programme, found: Answer, links: Links, cut: str, rows: list[Row]
) -> Shown:
    told = [*(row.money for row in rows), found.total]
    places = _places(amount for money in told for amount in _all(money))
    lines = [
        Line(
            f"{row.label}: {row.about}" if row.about else row.label,
            _values(row.money, places),
            "" if row.is_remainder else links.dashboard(found.question.with_(cut, row.value)),
        )
        for row in rows
    ]
    lines.append(Line("Tổng cộng", _values(found.total, places), is_total=True))
    title = f"Tỷ lệ giải ngân vốn {TITLES[cut][0].lower()} năm {found.question.year} (%)"
    bars = [
        Bar(row.label, row.money.rate, line.url, "not_applicable")
        for row, line in zip(rows, lines, strict=False)
    ]
    return replace(
        _of(desk, programme, found, links),
        corner=TITLES[cut][1],
        heads=[[(words, 1) for words in HEADS]],
        lines=lines,
        picture=Picture(horizontal_bars(bars, title=title, unit="%", decimals=1), title),
    )


def _of(desk: Desk, programme: Programme, found: Answer, links: Links) -> Shown:
    return desk.shown(
        subtitle=f"{programme.short_name} · {desk.filters.scope.full_name} · "
        f"Năm {found.question.year} · {UNIT}",
        source=f"Sổ theo dõi vốn {programme.short_name}",
        as_of=found.question.day,
        is_demo=found.is_demo,
        more_url=links.dashboard(),
        more="Mở trang vốn và tiến độ",
    )


def _nothing(desk: Desk, programme: Programme, latest: int) -> Shown:
    words = f"{programme.short_name}: năm {desk.year} chưa có kế hoạch vốn ở địa bàn này."
    if latest and latest != desk.year:
        known = {one.code for one in desk.lookups.periods}
        if str(latest) in known:
            url = f"{desk.path}?{desk.filters.address(ky=str(latest))}"
            return desk.shown(empty=words, empty_url=url, empty_button=f"Xem năm {latest}")
    page = reverse("programs:dashboard")
    return desk.shown(empty=words, empty_url=page, empty_button="Mở trang vốn và tiến độ")


def _found(desk: Desk) -> list[Found]:
    """Each programme's year; asked once for all panels of the page."""
    return desk.lookups.once("money", lambda: [_asked(desk, p) for p in _programmes()])


def _programmes() -> list[Programme]:
    return list(Programme.objects.order_by("code"))


def _asked(desk: Desk, programme: Programme) -> Found:
    visible = CapitalPlan.objects.visible_to(desk.user)
    scope = desk.filters.scope
    told = {"nam": str(desk.year)}
    if scope.level == Level.DISTRICT:
        told["dia_ban"] = str(scope.pk)
    elif scope.level == Level.COMMUNE:
        told["xa"] = str(scope.pk)
    query = QueryDict(mutable=True)
    query.update(told)
    form = SeeingFilter(query, programme=programme, visible=visible, today=desk.today)
    question, latest = form.question, form.year
    other_area = scope.level == Level.DISTRICT and question.area != scope
    if question.year != desk.year or other_area:
        return programme, None, None, latest
    found = answer(question, visible, low=form.threshold, names=form.names)
    if not found.has_money:
        return programme, None, None, latest
    return programme, found, Links(question, desk.today), latest


def _all(money: Money) -> tuple[Decimal, ...]:
    return money.plan, money.detail, money.paid, money.left


def _places(amounts: Iterable[Decimal]) -> int:
    """As many places, three at most, as the amounts of one table need to be whole."""
    return max(
        (max(0, -int(formats.rounded(one, 3).normalize().as_tuple().exponent)) for one in amounts),
        default=0,
    )


def _amount(amount: Decimal, places: int) -> Value:
    return Value(formats.number(amount, places), amount, places)


def _values(money: Money, places: int) -> list[Value]:
    rate = money.rate
    return [
        *(_amount(one, places) for one in _all(money)),
        Value(formats.NOTHING) if rate is None else Value(formats.number(rate, 1), rate, 1),
    ]
