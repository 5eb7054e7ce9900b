"""CT-KHV and CT-GN: two districts told their plan of 2024 and months of 2025 by workbook."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.layout import Layout
from portal.units.models import AdministrativeUnit
from programs.demo.figures import Job, Million
from programs.demo.reference import Reference
from programs.demo.years import Year
from programs.models import FundingSource
from programs.services.posting import measure_of
from programs.store.works import works_of

from .delivery import Cells, Delivery, Fate
from .people import People

SON_DONG, LANG_GIANG = "220", "217"
PLAN_YEAR = 2024
PLANNING = (SON_DONG, LANG_GIANG)
PLANNED_ON = datetime.date(PLAN_YEAR, 2, 20)
#: first and last month that each told, and what became of the last
PAYING = {
    SON_DONG: ((2025, 1), (2025, 6), Fate.WAITING),
    LANG_GIANG: ((2025, 4), (2025, 6), Fate.RETURNED),
}
TOTAL = "TONG"
REMARK = (
    TOTAL,
    "Đối chiếu lại với Kho bạc: số của dòng này lớn hơn khối lượng đã nghiệm thu trong tháng.",
)
ByMeasure = Mapping[str, Million]


def months_of(district: str) -> list[ReportingPeriod]:
    (first_year, first), (last_year, last), _ = PAYING[district]
    return list(
        ReportingPeriod.objects.filter(
            frequency="monthly",
            start__gte=datetime.date(first_year, first, 1),
            start__lte=datetime.date(last_year, last, 1),
        ).order_by("start")
    )


class Told:
    """What workbooks tell of money, so that it is not entered otherwise; a few queries."""

    def __init__(self, reference: Reference) -> None:
        self.today = reference.today

    def plan(self, one: Year) -> set[str]:
        """Codes of works whose capital of the year a workbook allocates."""
        if one.year != PLAN_YEAR:
            return set()
        return {job.code for job in one.jobs if job.place.district in PLANNING}

    def payments(self, one: Year) -> set[tuple[str, datetime.date]]:
        """Works and last days of months, of the year, that a workbook tells."""
        return {
            (works.code, period.end)
            for district in PAYING
            for period in months_of(district)
            if period.end.year == one.year and period.end < self.today
            for works, _ in works_of(_unit(district, period), period.start, period.end)
        }


def _unit(code: str, period: ReportingPeriod) -> AdministrativeUnit:
    return AdministrativeUnit.objects.on(period.end).districts().get(code=code)


def plans(reference: Reference, one: Year, people: People) -> Iterator[Delivery]:
    """The plans of the year's works in each district."""
    dataset = Dataset.objects.get(code="CT-KHV")
    period = ReportingPeriod.objects.get(code=str(one.year))
    for district in PLANNING:
        unit = _unit(district, period)
        jobs = [job for job in one.jobs if job.place.district == district]
        decision = reference.document(
            f"9{district}", f"Quyết định minh hoạ về việc phân bổ vốn {one.year}, {unit}",
            PLANNED_ON,
        )  # fmt: skip
        yield Delivery(
            dataset=dataset, unit=unit, period=period, cells=partial(_planned, jobs),
            sender=people.officer(unit), reviewer=people.specialist, decision=decision,
            sent_on=PLANNED_ON + datetime.timedelta(days=3),
        )  # fmt: skip


def _planned(jobs: Sequence[Job], layout: Layout) -> Cells:
    return _cells(layout, {job.code: _by_measure(job.money) for job in jobs})


def payments(years: Mapping[int, Year], people: People) -> Iterator[Delivery]:
    dataset = Dataset.objects.get(code="CT-GN")
    for district, (_, _, last) in PAYING.items():
        periods = months_of(district)
        for period in periods:
            unit = _unit(district, period)
            yield Delivery(
                dataset=dataset, unit=unit, period=period,
                cells=partial(_paid, years[period.end.year], period.end),
                sender=people.officer(unit), reviewer=people.specialist,
                sent_on=period.end + datetime.timedelta(days=6), days_of_review=8,
                fate=last if period == periods[-1] else Fate.APPROVED, remark=REMARK,
            )  # fmt: skip


def _paid(one: Year, day: datetime.date, layout: Layout) -> Cells:
    told: dict[str, dict[str, Million]] = {job.code: {} for job in one.paid_for}
    for job in one.paid_for:
        for purse, paid in job.payments.items():
            for paid_on, amount in paid:
                if paid_on == day:
                    told[job.code] |= _by_measure({purse: amount})
    return _cells(layout, told)


def _by_measure(money: Mapping[tuple[str, str], Million]) -> dict[str, Million]:
    return {
        measure_of(FundingSource(code=source), kind): amount
        for (source, kind), amount in money.items()
    }


def _cells(layout: Layout, told: Mapping[str, ByMeasure]) -> Cells:
    """Source by source, and the row's total, which may be nothing."""
    keys = {column.measure: column.key for column in layout.entered}
    cells = {}
    for unit in layout.valid_units():
        amounts = told.get(unit.code)
        if amounts is None:
            continue
        cells[RowKey(unit.code), TOTAL] = sum(amounts.values(), Decimal(0))
        for measure, amount in amounts.items():
            cells[RowKey(unit.code), keys[measure]] = amount
    return cells
