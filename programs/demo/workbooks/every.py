"""Everything that was sent, and the sending of what is not there yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from ethnic_data.demo.beside import in_two
from ethnic_data.demo.sizes import learn_sizes
from ethnic_data.store.layouts import kept
from portal.collection.models import Submission
from programs.demo.years import Year

from .delivery import Delivery, send
from .money import payments
from .people import People
from .progress import progress
from .results import results

LEARNING = 20  # deliveries after which the planner looks again
SIZES = ("programs_recordvalue", "programs_worksevent", "collection_submission",
         "collection_submissionevent")  # fmt: skip


def deliveries(years: Mapping[int, Year], *, today: datetime.date) -> Iterator[Delivery]:
    """All but the plans, which money is drawn from, in the order of their days."""
    people = People()
    found = [
        *payments(years, people),
        *progress(years, people, today=today),
        *results(years, people),
    ]
    return iter(sorted((one for one in found if one.sent_on < today), key=lambda d: d.sent_on))


def send_missing(years: Mapping[int, Year], *, now: datetime.datetime) -> None:
    """Send what no submission is there of; two units at a time."""
    there = set(
        Submission.objects.filter(dataset__code__startswith="CT-").values_list(
            "dataset__code", "unit__code", "period__code"
        )
    )
    missing = [one for one in deliveries(years, today=now.date()) if one.key not in there]

    def send_all(part: Sequence[Delivery]) -> None:
        for number, one in enumerate(part):
            with kept():
                send(one, now=now)
            if number % LEARNING == 0:
                learn_sizes(*SIZES)

    in_two(send_all, _halves(missing))


def _halves(wanted: Sequence[Delivery]) -> list[list[Delivery]]:
    """Every second unit apart: what one unit sends stays in order."""
    units = sorted({one.unit.code for one in wanted})
    parts = [[one for one in wanted if units.index(one.unit.code) % 2 == n] for n in range(2)]
    return [part for part in parts if part]
