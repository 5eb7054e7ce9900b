"""Payments month by month as rows of the page."""

from __future__ import annotations

from dataclasses import dataclass

from portal.formats import percent
from programs.aggregation import Answer
from programs.aggregation.course import course, months, straight

from .asking import Links
from .tables import Written


@dataclass(frozen=True)
class MonthRow:
    """One month of the year's money, in words."""

    label: str
    plan: str
    paid: str
    sum: str
    rate: str
    last_rate: str
    straight: str
    url: str


def table(answer: Answer, links: Links, *, written: Written) -> list[MonthRow]:
    """The months up to the day asked."""
    year = answer.question.year
    this, last = course(answer)
    rates, lasts = this.rates(answer.total.plan), last.rates(last.plan[-1])
    return [
        MonthRow(
            label=f"Tháng {month.month}/{month.year}",
            plan=written.amount(this.plan[n]),
            paid=written.amount(this.paid[n]),
            sum=written.amount(total),
            rate=percent(rates[n]),
            last_rate=percent(lasts[n]),
            straight=percent(one),
            url=links.payments(thang=month.strftime("%Y-%m")),
        )
        for n, (month, one) in enumerate(zip(months(year), straight(), strict=True))
        if (total := this.sum[n]) is not None
    ]
