"""A year's money month by month: cumulated, beside last year and the straight line."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from portal.charts import Chart, Line, time_series

from .money import Answer, Year

TITLE = "Giải ngân luỹ kế theo tháng"
UNIT = "% kế hoạch năm"
MONTHS = 13  # with January of the next year


def months(year: int) -> list[datetime.date]:
    return [datetime.date(year + n // 12, n % 12 + 1, 1) for n in range(MONTHS)]


def label(month: datetime.date, year: int) -> str:
    return f"T{month.month}" if month.year == year else f"T{month.month}/{month.year % 100:02}"


@dataclass(frozen=True)
class Course:
    """A year's money at the end of each of its thirteen months; None after the day asked."""

    plan: list[Decimal]
    paid: list[Decimal]
    sum: list[Decimal | None]

    @classmethod
    def of(cls, year: Year, *, until: datetime.date | None) -> Course:
        first = datetime.date(year.year, 1, 1)
        planned = {month.first: month.planned for month in year.months}
        early = sum((amount for day, amount in planned.items() if day < first), Decimal(0))
        spent = {month.first: month.paid for month in year.months}
        every = months(year.year)
        plan = [*accumulate((planned.get(month, Decimal(0)) for month in every), initial=early)][1:]
        paid = [spent.get(month, Decimal(0)) for month in every]
        sums = [
            total if until is None or month <= until else None
            for month, total in zip(every, accumulate(paid), strict=True)
        ]
        return cls(plan, paid, sums)

    def rates(self, plan: Decimal) -> list[Decimal | None]:
        """Of the plan, in per cent."""
        return [None if one is None or not plan else one / plan * 100 for one in self.sum]


def straight() -> list[Decimal]:
    """A twelfth of the plan every month."""
    return [min(Decimal(100), Decimal(n) / 12 * 100) for n in range(1, MONTHS + 1)]


def course(answer: Answer) -> tuple[Course, Course]:
    return (
        Course.of(answer.this_year, until=answer.question.day),
        Course.of(answer.last_year, until=None),
    )


def drawing(answer: Answer, *, kept_only: bool = False) -> Chart:
    """The curves as per cent of each year's own plan, so that years of different size compare.

    Raises:
        NotDrawn: `kept_only`, and these curves have not been drawn yet.
    """
    year = answer.question.year
    this, last = course(answer)
    lines = [Line(str(year), _rounded(this.rates(answer.total.plan)))]
    if any(last.sum):
        lines.append(Line(str(year - 1), _rounded(last.rates(last.plan[-1]))))
    lines.append(Line("đường thẳng", _rounded(list(straight())), is_aside=True))
    return time_series(
        [label(month, year) for month in months(year)],
        lines,
        title=TITLE,
        unit=UNIT,
        decimals=1,
        kept_only=kept_only,
    )


def _rounded(values: list[Decimal | None]) -> list[Decimal | None]:
    """To a tenth: what is drawn again is what changed to the eye."""
    return [None if value is None else round(value, 1) for value in values]
