"""A year's money is carried over: asked for with its decision, done by a worker."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction

from portal.accounts.models import User
from portal.documents.models import Document
from portal.jobs import services as jobs
from portal.jobs.models import is_given_up
from programs.ledger import LedgerRefused
from programs.ledger.weighing import refuse_before
from programs.models import CapitalPlan, CarryOver, Programme
from programs.services.capital import carry_over

CARRY_JOB = "carry_over"
GIVEN_UP = "Máy chủ không làm xong; chưa chuyển dòng vốn nào."


def asked_for(programme: Programme, year: int) -> CarryOver | None:
    """The one that waits or is being done."""
    asked = CarryOver.objects.filter(programme=programme, year=year)
    return asked.filter(state=CarryOver.State.ASKED).first()


@transaction.atomic
def ask_carry_over(
    *,
    programme: Programme,
    year: int,
    document: Document,
    day: datetime.date,
    by: User,
    note: str = "",
) -> CarryOver:
    """Ask that all that is left of `year` goes on into the next.

    Raises:
        LedgerRefused: the day does not fit, or the year is being carried over already.
    """
    refuse_before(document, day)
    if day < datetime.date(year, 12, 31):
        raise LedgerRefused(f"Vốn năm {year} chuyển nguồn từ ngày 31/12/{year} trở đi.")
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    there = asked_for(programme, year)
    if there is not None:
        if not is_given_up(CARRY_JOB, there.pk):
            raise LedgerRefused(f"Vốn năm {year} đang được chuyển nguồn, hãy chờ xong.")
        there.state, there.outcome = CarryOver.State.REFUSED, GIVEN_UP
        there.save(update_fields=["state", "outcome"])
    asked = CarryOver.objects.create(
        programme=programme, year=year, document=document, day=day, note=note, by=by
    )
    jobs.ask(CARRY_JOB, asked.pk)
    return asked


@transaction.atomic
def do_carry_over(*, asked: CarryOver) -> None:
    """Carry over what is left, or keep why not. Harmless when run twice."""
    asked = CarryOver.objects.select_for_update().get(pk=asked.pk)
    if not asked.is_open:
        return
    try:
        with transaction.atomic():
            came = carry_over(
                lines=list(CapitalPlan.objects.yearly(asked.programme, asked.year)),
                document=asked.document,
                day=asked.day,
                by=asked.by,
                note=asked.note,
            )
    except LedgerRefused as refused:
        asked.state, asked.outcome = CarryOver.State.REFUSED, refused.message[:700]
    else:
        asked.state, asked.lines = CarryOver.State.DONE, len(came)
        asked.total = sum((one.amount for one in came), Decimal(0))
    asked.save(update_fields=["state", "outcome", "lines", "total"])
