"""A cut of a programme's money as a table or chart of a report, in million đồng."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.http import QueryDict

from portal.charts import Bar, horizontal_bars
from portal.formats import NOTHING, number, percent, rounded
from programs.aggregation import Answer, Money, Question, all_lines, answer, course
from programs.aggregation.cuts import TITLES, ordered
from programs.forms.seeing import SeeingFilter, address_of
from programs.models import Programme
from reports.figures.programmes import entries

from .content import Content, Head, Line, Made, NotToBeMade
from .drawing import as_svg

MONTHS = "thang"
CUTS = {name: title for name, (title, _) in TITLES.items()} | {MONTHS: "Theo tháng"}
MILLION = "triệu đồng"
_HEADS = ("Kế hoạch", "Đã phân bổ tới công trình", "Đã giải ngân", "Còn lại")
_MONTH_HEADS = ("Kế hoạch đến cuối tháng", "Giải ngân trong tháng", "Giải ngân luỹ kế")
_RATE = "Tỷ lệ giải ngân"


def question_of(query: str, *, today: datetime.date) -> tuple[Question, str]:
    """What the address asks, and the name of its cut. Raises NotToBeMade."""
    asked = QueryDict(query)
    code = asked.get("chuong-trinh", "")
    programme = Programme.objects.filter(code=code[:40]).first() if code.isprintable() else None
    if programme is None:
        raise NotToBeMade("Không có chương trình này.")
    form = SeeingFilter(asked, programme=programme, visible=all_lines(), today=today)
    cut = asked.get("bang", "component")
    question = form.question
    question = replace(question, day=min(question.day, today))  # what is to come is not known
    return question, cut if cut in CUTS else "component"


def tidied(query: str, *, today: datetime.date) -> str:
    """Only what is read, with the year that was chosen by itself. Raises NotToBeMade."""
    question, cut = question_of(query, today=today)
    told = QueryDict(mutable=True)
    told.update(address_of(question, today=today))
    told["bang"] = cut
    return told.urlencode()


def made(
    query: str,
    *,
    today: datetime.date,
    with_chart: bool,
    as_of: datetime.datetime | None = None,
) -> Made:
    """The cut, and its chart when wanted; at `as_of` from what was written by then.

    Raises:
        NotToBeMade
    """
    question, cut = question_of(query, today=today)
    question = replace(question, known_at=as_of)
    found = answer(question, all_lines())
    if not found.has_money:
        raise NotToBeMade(f"Năm {question.year} chưa có kế hoạch vốn nào khớp.")
    title = f"Kế hoạch và giải ngân vốn {CUTS[cut].lower()} năm {question.year}"
    content = _by_month(found) if cut == MONTHS else _by_cut(found, cut)
    drawing = ""
    if with_chart:
        title = f"{_RATE} vốn {CUTS[cut].lower()} năm {question.year} (%)"
        drawing = _drawing(found, cut, title)
    return Made(title, content, drawing, _provenance(found, cut))


def _about(question: Question) -> str:
    """What the money is narrowed to; programme and day stand with the source."""
    chosen = (question.component, question.source, question.area, question.investor)
    return " · ".join(str(one) for one in chosen if one)


def _by_cut(found: Answer, cut: str) -> Content:
    rows = list(ordered(found.cuts[cut]))
    places = _places(amount for row in (*rows, found) for amount in _amounts(_money(row)))
    lines = [
        Line(f"{row.label}: {row.about}" if row.about else row.label, _cells(row.money, places))
        for row in rows
    ]
    lines.append(Line("Tổng cộng", _cells(found.total, places), is_total=True))
    heads = (TITLES[cut][1], *_HEADS, f"{_RATE} (%)")
    return Content(
        (tuple(Head(text) for text in heads),), tuple(lines), MILLION, _about(found.question)
    )


def _money(row: object) -> Money:
    return row.total if isinstance(row, Answer) else row.money  # type: ignore[attr-defined, no-any-return]


def _amounts(money: Money) -> tuple[Decimal, ...]:
    return money.plan, money.detail, money.paid, money.left


def _places(amounts: Iterable[Decimal]) -> int:
    """As many places, three at most, as the amounts of one table need to be whole."""
    return max(
        (max(0, -int(rounded(amount, 3).normalize().as_tuple().exponent)) for amount in amounts),
        default=0,
    )


def _cells(money: Money, places: int) -> tuple[tuple[str, str | None], ...]:
    rate = None if money.rate is None else rounded(money.rate, 1)
    return (
        *((number(amount, places), f"{amount:f}") for amount in _amounts(money)),
        (NOTHING if rate is None else number(rate, 1), None if rate is None else f"{rate:f}"),
    )


def _by_month(found: Answer) -> Content:
    year = found.question.year
    this, _ = course.course(found)
    told = [
        (month, this.plan[n], this.paid[n], total)
        for n, month in enumerate(course.months(year))
        if (total := this.sum[n]) is not None
    ]
    places = _places(amount for _, *amounts in told for amount in amounts)
    lines = tuple(
        Line(
            f"Tháng {month.month}/{month.year}",
            tuple((number(amount, places), f"{amount:f}") for amount in amounts),
        )
        for month, *amounts in told
    )
    heads = tuple(Head(text) for text in ("Tháng", *_MONTH_HEADS))
    return Content((heads,), lines, MILLION, _about(found.question))


def _drawing(found: Answer, cut: str, title: str) -> str:
    if cut == MONTHS:
        return as_svg(course.drawing(found))
    bars = [
        Bar(row.label, None if row.money.rate is None else rounded(row.money.rate, 1))
        for row in ordered(found.cuts[cut])
    ]
    return as_svg(horizontal_bars(bars, title=title, unit="%", decimals=1))


def _provenance(found: Answer, cut: str) -> dict[str, object]:
    question = found.question
    return {
        "source": f"Sổ theo dõi vốn {question.programme.short_name}",
        "period": f"Năm {question.year}",
        "units": "",
        "as_of": question.day.isoformat(),
        "is_demo": found.is_demo,
        "hidden": 0,
        "total_rate": percent(found.total.rate),
        "cut": cut,
        "programme": question.programme.code,
        **entries(question),
    }
