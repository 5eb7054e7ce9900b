"""CT-KQ, CT-DT, CT-DG of 2024: what works of two districts gave, to whom, and the evaluation."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.layout import Layout
from portal.units.models import AdministrativeUnit
from programs.demo.figures import Job, Million
from programs.demo.results import is_done, quantity
from programs.demo.years import Year
from programs.models import OutputKind
from programs.store.outputs import ACTUAL, PLANNED, row_code

from .delivery import Cells, Delivery
from .money import LANG_GIANG, PLAN_YEAR, SON_DONG
from .people import People

DISTRICTS = (SON_DONG, LANG_GIANG)
SENT_ON = {
    "CT-KQ": datetime.date(PLAN_YEAR + 1, 1, 20),
    "CT-DT": datetime.date(PLAN_YEAR + 1, 1, 21),
    "CT-DG": datetime.date(PLAN_YEAR, 9, 12),
}
NEXT_YEAR = Decimal("1.1")  # what is wanted for the next year, of this one's plan


def told_works(one: Year) -> set[str]:
    """Codes of works whose outputs and people a workbook tells."""
    if one.year != PLAN_YEAR:
        return set()
    return {job.code for job in one.jobs if job.place.district in DISTRICTS}


def results(years: Mapping[int, Year], people: People) -> Iterator[Delivery]:
    one = years[PLAN_YEAR]
    period = ReportingPeriod.objects.get(code=str(PLAN_YEAR))
    kinds = OutputKind.objects.in_bulk(field_name="code")
    for district in DISTRICTS:
        unit = AdministrativeUnit.objects.on(period.end).districts().get(code=district)
        jobs = [job for job in one.jobs if job.place.district == district]
        paid_for = [job for job in one.paid_for if job.place.district == district]
        cells = {
            "CT-KQ": partial(_outputs, jobs, kinds),
            "CT-DT": partial(_people, jobs),
            "CT-DG": partial(_evaluation, paid_for, one.year),
        }
        for code, of in cells.items():
            yield Delivery(
                dataset=Dataset.objects.get(code=code), unit=unit, period=period, cells=of,
                sender=people.officer(unit), reviewer=people.specialist, sent_on=SENT_ON[code],
            )  # fmt: skip


def _outputs(jobs: Sequence[Job], kinds: Mapping[str, OutputKind], layout: Layout) -> Cells:
    cells: dict[tuple[RowKey, str], Decimal] = {}
    for job in jobs:
        kind = kinds[job.trade.output]
        row, told = RowKey(row_code(job.code, kind.code)), quantity(job, kind)
        cells[row, PLANNED] = told
        if is_done(job):
            cells[row, ACTUAL] = told
    return cells


def _people(jobs: Sequence[Job], layout: Layout) -> Cells:
    cells: dict[tuple[RowKey, str], Decimal] = {}
    for job in jobs:
        for group, (male, female) in job.people.items() if is_done(job) else ():
            row = RowKey(job.code, group)
            told = {"TONG": male + female, "NAM": male, "NU": female}
            cells |= {(row, key): Decimal(count) for key, count in told.items()}
    return cells


def _evaluation(jobs: Sequence[Job], year: int, layout: Layout) -> Cells:
    """By project or subproject: given, paid by June, expected by the year's end, wanted next."""
    june = datetime.date(year, 6, 30)
    told: dict[str, dict[str, Million]] = defaultdict(lambda: defaultdict(Decimal))
    rows = [unit.code for unit in layout.valid_units()]
    for job in jobs:
        row = next(code for code in rows if f"{job.trade.component}.".startswith(f"{code}."))
        told[row]["DG-VON"] += job.total
        for paid in job.payments.values():
            told[row]["DG-UOC"] += sum((amount for _, amount in paid), Decimal(0))
            told[row]["DG-6T"] += sum((amount for day, amount in paid if day <= june), Decimal(0))
    cells: dict[tuple[RowKey, str], Decimal] = {}
    for row, amounts in told.items():
        share = amounts["DG-UOC"] * 100 / amounts["DG-VON"] if amounts["DG-VON"] else Decimal(0)
        wanted = {
            **amounts,
            "DG-KL": min(Decimal(100), share.quantize(Decimal(1)) + 4),
            "DG-KHNS": (amounts["DG-VON"] * NEXT_YEAR).quantize(Decimal(1)),
            "DG-VM": Decimal(len(row) % 3),
        }
        cells |= {(RowKey(row), key): value for key, value in wanted.items()}
    return cells
