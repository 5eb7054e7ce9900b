"""The years of the demo as they are made up, before anything of them is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from . import figures
from .figures import Dice, Job, Million, Place, Purse, parts

CARRIED_INTO = 2024
NO_BEGIN, STOPPED, SLOW = 0.0, 0.2, 0.6  # paces
LATE = {1.0: -10, 0.85: 25, SLOW: 140}  # days after the planned finish, by pace
SETTLED_AFTER = 150  # days
LAST_SETTLED = 2023


@dataclass
class Year:
    """What is told of one year; `carried` are works of the year before with what was left, `kept`
    is what the province has not passed on, by purse."""

    year: int
    jobs: list[Job]
    carried: list[Job] = field(default_factory=list)
    kept: dict[Purse, Million] = field(default_factory=dict)

    @property
    def day(self) -> datetime.date:
        """From when the year's money is there."""
        return datetime.date(self.year, 1, 10)

    @property
    def paid_for(self) -> list[Job]:
        return [*self.jobs, *self.carried]

    def share(self, dice: Dice, total: Million) -> None:
        """Give every job its money and payments, and the province what it keeps."""
        shares = figures.SOURCES[self.year]
        purses = dict(zip(shares, parts(total, list(shares.values())), strict=True))
        for job in self.carried:
            for purse, amount in job.money.items():
                purses[purse] -= amount
        self.kept = {
            purse: (amount * Decimal(str(figures.NOT_YET_PASSED_ON))).quantize(Decimal(1))
            for purse, amount in purses.items()
        }
        dice.give_money(self.jobs, {purse: purses[purse] - self.kept[purse] for purse in purses})
        dice.pay(self.paid_for, self.year)
        if self.year == CARRIED_INTO:
            june = datetime.date(self.year, 6, 30)
            figures.reach_by(self.paid_for, june, figures.PAID_BY_JUNE_2024)


def left_over(one: Year | None) -> list[Job]:
    """Works that went on slowly, with what they have not spent, as jobs of the next year."""
    found = []
    for job in one.jobs if one else []:
        paid = {p: sum((a for _, a in told), Decimal(0)) for p, told in job.payments.items()}
        left = {p: job.money[p] - paid[p] for p in job.money if job.money[p] > paid[p]}
        if job.pace == SLOW and left:
            begin = datetime.date(job.year + 1, 2, 1)
            found.append(
                replace(job, year=job.year + 1, begin=begin, money=left, payments={}, pace=1.0)
            )
    return found


def make_up(places: Mapping[int, Sequence[Place]]) -> dict[int, Year]:
    """All years, the same every time for the same places; writes nothing."""
    dice = Dice(places)
    made: dict[int, Year] = {}
    for year, total in figures.TOTALS.items():
        carried = left_over(made.get(year - 1)) if year == CARRIED_INTO else []
        made[year] = Year(year, dice.jobs(year), carried=carried)
        made[year].share(dice, total)
    return made


def finished_on(job: Job) -> datetime.date:
    """When works that go on will be done."""
    return max(job.begin, job.finish) + datetime.timedelta(days=LATE[job.pace])


def steps(job: Job) -> Iterator[tuple[str, datetime.date]]:
    """The states of works in order. Slow ones of the last year are told by a workbook."""
    yield "approved", job.begin - datetime.timedelta(days=20)
    if job.pace == NO_BEGIN:
        return
    yield "started", job.begin
    if job.pace <= STOPPED:
        yield "suspended", job.begin + datetime.timedelta(days=90)
        return
    if job.pace == SLOW and job.year == max(figures.TOTALS):
        return
    done = finished_on(job)
    yield "finished", done
    if job.year <= LAST_SETTLED and job.pace == 1.0:
        yield "settled", done + datetime.timedelta(days=SETTLED_AFTER)
