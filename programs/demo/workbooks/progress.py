"""CT-TD: how far works have come, of the quarters that the circular's steps of a year look at."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from django.db.models import QuerySet

from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.layout import Layout
from portal.units.models import MOSTLY, AdministrativeUnit, Level, UnitParent, UnitShare
from programs.demo.works import owes_report
from programs.demo.years import SLOW, Year, finished_on
from programs.models import Membership, State, Works, WorksPlace
from programs.store.progress import BEGUN, DONE_SHARE, FINISHED, PARTS, PAUSED
from programs.store.works import in_force

from .delivery import Cells, Delivery, Fate
from .money import LANG_GIANG, SON_DONG
from .people import People

VALUE = "GTKL"
QUARTERS = ("2025-Q2", "2025-Q4", "2026-Q2")  # of which communes authenticate
DISTRICTS = (SON_DONG, LANG_GIANG)  # while there are districts, only their communes send
#: what becomes of some communes of the last quarter; those of None have not begun
OPEN = {"07621": Fate.WAITING, "07615": Fate.RETURNED, "07672": None}
#: what an investor has begun for the communes of the own works
BEGUN_BY_INVESTOR = "2026-Q3"
REMARK = (
    DONE_SHARE,
    "Khối lượng chưa khớp với biên bản nghiệm thu gửi kèm; kiểm tra lại rồi nộp lại.",
)
HUNDRED, THOUSANDTH = Decimal(100), Decimal("0.001")
MOST_UNFINISHED = 95


def progress(
    years: Mapping[int, Year], people: People, *, today: datetime.date
) -> Iterator[Delivery]:
    dataset = Dataset.objects.get(code="CT-TD")
    late = _finished_slowly(years)
    ended = ReportingPeriod.objects.filter(code__in=QUARTERS, end__lt=today).order_by("end")
    periods = list(ended)
    for period in periods:
        districts = _districts(period)
        for unit in _communes(period):
            if districts and districts.get(unit.pk) not in DISTRICTS:
                continue
            is_last = period == periods[-1]
            fate = OPEN.get(unit.code, Fate.APPROVED) if is_last else Fate.APPROVED
            if fate is None:
                continue
            sender = people.sender_of(unit, districts.get(unit.pk))
            yield Delivery(
                dataset=dataset, unit=unit, period=period, cells=partial(_cells, period.end, late),
                sender=sender, reviewer=people.reviewer_of(sender), fate=fate, remark=REMARK,
                sent_on=period.end + datetime.timedelta(days=_days_taken(unit)),
            )  # fmt: skip
    yield from _begun_by_investor(dataset, people, today)


def _days_taken(unit: AdministrativeUnit) -> int:
    return 2 + zlib.crc32(unit.code.encode()) % 10


def _begun_by_investor(
    dataset: Dataset, people: People, today: datetime.date
) -> Iterator[Delivery]:
    period = ReportingPeriod.objects.filter(code=BEGUN_BY_INVESTOR, end__lt=today).first()
    own = Works.objects.filter(
        investor__in=Membership.objects.filter(user=people.investor).values("organisation")
    )
    if period is None:
        return
    for unit in _communes(period, own):
        yield Delivery(
            dataset=dataset, unit=unit, period=period, cells=partial(_cells, period.end, {}),
            sender=people.investor, reviewer=people.specialist, fate=Fate.DRAFT,
            sent_on=period.end + datetime.timedelta(days=3),
        )  # fmt: skip


def _communes(
    period: ReportingPeriod, works: QuerySet[Works] | None = None
) -> list[AdministrativeUnit]:
    """Communes of the period's last day in which works lie that it tells of."""
    every = Works.objects.all() if works is None else works
    told = every.filter(in_force(period.start, period.end))
    shares = UnitShare.objects.on(period.end).filter(
        weight__gt=MOSTLY,
        target__level=Level.COMMUNE,
        unit__in=WorksPlace.objects.filter(works__in=told, is_main=True).values("unit"),
    )
    units = AdministrativeUnit.objects.filter(pk__in=shares.values("target"))
    return list(units.order_by("code"))


def _districts(period: ReportingPeriod) -> dict[int, str]:
    """Codes of the districts by commune; empty since there are none."""
    links = UnitParent.objects.filter(
        valid__contains=period.end, parent__level=Level.DISTRICT, unit__level=Level.COMMUNE
    )
    return dict(links.values_list("unit", "parent__code"))


def _finished_slowly(years: Mapping[int, Year]) -> dict[str, datetime.date]:
    """When the last year's slow works were done, of which only a workbook tells."""
    last = years[max(years)]
    return {job.code: finished_on(job) for job in last.jobs if job.pace == SLOW}


def _cells(end: datetime.date, late: Mapping[str, datetime.date], layout: Layout) -> Cells:
    codes: Sequence[str] = [unit.code for unit in layout.valid_units()]
    cells: dict[tuple[RowKey, str], Decimal] = {}
    for code, works in Works.objects.in_bulk(codes, field_name="code").items():
        done = works.actual_finish or late.get(code)
        if done is not None and done > end:
            done = None
        share = _share(works, done, end)
        told = {DONE_SHARE: Decimal(share)}
        if works.total_investment:
            part = works.total_investment * share / HUNDRED
            told[VALUE] = part.quantize(THOUSANDTH)
        if works.actual_start and works.actual_start <= end:
            told |= _day(BEGUN, works.actual_start)
        if done is not None and not owes_report(code, done.year):
            told |= _day(FINISHED, done)
        if _is_paused(works, end):
            told[PAUSED] = Decimal(1)
        cells |= {(RowKey(code), key): value for key, value in told.items()}
    return cells


def _is_paused(works: Works, end: datetime.date) -> bool:
    return works.state == State.SUSPENDED and bool(works.state_since and works.state_since <= end)


def _share(works: Works, done: datetime.date | None, end: datetime.date) -> int:
    """Of a hundred: by the time that has gone since the works began."""
    start = works.actual_start
    if done is not None:
        return 100
    if start is None or start > end:
        return 0
    until = works.state_since if _is_paused(works, end) and works.state_since else end
    planned = works.planned_finish or end
    whole = max((planned - start).days, 30) * 4 // 3
    return max(5, min(MOST_UNFINISHED, (until - start).days * 100 // whole))


def _day(which: str, day: datetime.date) -> dict[str, Decimal]:
    parts = (day.day, day.month, day.year)
    return {f"{which}-{part}": Decimal(n) for part, n in zip(PARTS, parts, strict=True)}
