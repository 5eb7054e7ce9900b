"""Outputs of what is finished, who benefited, and the households of the supports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from programs.models import Beneficiaries, Output, OutputKind, SupportedHousehold

from .figures import Job
from .reference import Reference
from .years import Year

DONE_FROM = 0.85  # pace


def is_done(job: Job) -> bool:
    return job.pace >= DONE_FROM


def quantity(job: Job, kind: OutputKind) -> Decimal:
    return max(Decimal(1), job.quantity).quantize(Decimal(1).scaleb(-kind.decimals))


def write_results(reference: Reference, one: Year, *, by_workbook: Collection[str]) -> None:
    """What no workbook tells; `by_workbook` are codes of works that one will."""
    jobs = [job for job in one.jobs if job.code not in by_workbook]
    Output.objects.bulk_create(_output(reference, one.year, job) for job in jobs)
    Beneficiaries.objects.bulk_create(
        Beneficiaries(
            works=reference.works[job.code], year=one.year, group=reference.groups[code],
            male=male, female=female, by=reference.by,
        )
        for job in jobs
        if is_done(job)
        for code, (male, female) in job.people.items()
    )  # fmt: skip
    _write_households(reference, one.year, [job for job in one.jobs if is_done(job)])


def _output(reference: Reference, year: int, job: Job) -> Output:
    kind = reference.kinds[job.trade.output]
    told = quantity(job, kind)
    return Output(
        works=reference.works[job.code], kind=kind, year=year, by=reference.by,
        planned=told, actual=told if is_done(job) else None,
    )  # fmt: skip


def _write_households(reference: Reference, year: int, done: Sequence[Job]) -> None:
    told: dict[tuple[str, str], int] = {}
    rows = []
    for job in done:
        kind = reference.kinds[job.trade.output]
        if kind.counted != OutputKind.Counted.HOUSEHOLDS:
            continue
        place = (job.trade.component, job.place.code)
        for _ in range(int(quantity(job, kind))):
            told[place] = told.get(place, 0) + 1
            rows.append(
                SupportedHousehold(
                    component=reference.components[job.trade.component],
                    year=year,
                    unit=reference.places.communes[year, job.place.code],
                    household_no=str(told[place]),
                    works=reference.works[job.code],
                    by=reference.by,
                )
            )
    SupportedHousehold.objects.bulk_create(rows, batch_size=2000)
