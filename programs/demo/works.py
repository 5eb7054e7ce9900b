"""Investors, works with their places and decisions, and what happened to them day by day."""

from __future__ import annotations

import calendar
import datetime
import zlib
from collections.abc import Iterable

from portal.accounts.models import User
from portal.documents.models import Document
from portal.units.names import fold, sort_key
from programs.models import (
    Membership,
    Organisation,
    Works,
    WorksDecision,
    WorksEvent,
    WorksPlace,
)

from .figures import Job
from .reference import Reference
from .years import Year, steps

INVESTOR, INVESTOR_OF = "chudautu", ("bqlda-220", "kinh-te-220")
FIRST_OWED = 2024  # of works finished before, every report came
OWING = 15  # one of so many late works has no report, another one a late one


def write_investors(reference: Reference) -> None:
    districts = {unit.code: unit for unit in reference.places.districts.values()}
    offices = {
        "bqlda": "Ban Quản lý dự án đầu tư xây dựng {}",
        "kinh-te": "Phòng Dân tộc {}",
    }
    wanted = [
        Organisation(
            code=f"{office}-{code}", kind=Organisation.Kind.INVESTOR, unit=unit, is_demo=True,
            name=name.format(f"{unit.kind} {unit.name}"),
        )
        for office, name in offices.items()
        for code, unit in sorted(districts.items())
    ]  # fmt: skip
    for one in wanted:
        one.name_key, one.sort_key = fold(one.name), sort_key(one.name)
    Organisation.objects.bulk_create(wanted, ignore_conflicts=True)
    reference.investors = {o.code: o for o in Organisation.objects.filter(is_demo=True)}
    for user in User.objects.filter(username=INVESTOR):
        for code in INVESTOR_OF:
            Membership.objects.create(user=user, organisation=reference.investors[code])


def write_works(reference: Reference, one: Year) -> None:
    made = Works.objects.bulk_create(_works(reference, job) for job in one.jobs)
    reference.works |= {works.code: works for works in made}
    WorksPlace.objects.bulk_create(
        WorksPlace(
            works=reference.works[job.code],
            unit=reference.places.communes[one.year, job.place.code],
            village=job.village,
        )
        for job in one.jobs
    )
    approval = reference.decision(one.year, "phê duyệt danh mục công trình")
    WorksDecision.objects.bulk_create(
        WorksDecision(works=works, document=approval, role="approval") for works in made
    )
    _write_events(reference, one.jobs)


def _works(reference: Reference, job: Job) -> Works:
    return Works(
        code=job.code,
        name=job.name,
        name_key=fold(job.name),
        sort_key=sort_key(job.name),
        component=reference.components[job.trade.component],
        investor=reference.investor(job),
        kind=job.trade.kind,
        total_investment=job.total or None,
        planned_start=job.begin,
        planned_finish=job.finish,
        is_demo=True,
        created_by=reference.by,
    )


def _write_events(reference: Reference, jobs: Iterable[Job]) -> None:
    told = sorted(
        (day, index, job.code, state)
        for job in jobs
        for index, (state, day) in enumerate(steps(job))
        if day <= reference.today
    )
    reports = _Reports(reference)
    WorksEvent.objects.bulk_create(
        WorksEvent(
            works=reference.works[code], state=state, day=day, by=reference.by,
            document=reports.of(code, day) if state == "finished" else None,
        )
        for day, _, code, state in told
    )  # fmt: skip


def owes_report(code: str, year: int) -> bool:
    """Whether the report on finished works never came."""
    return year >= FIRST_OWED and zlib.crc32(code.encode()) % OWING == 0


class _Reports:
    """Reports on finished works that the communes signed: one for each half of a month."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.made: dict[datetime.date, Document] = {}

    def of(self, code: str, finished: datetime.date) -> Document | None:
        if owes_report(code, finished.year):
            return None
        late = finished.year >= FIRST_OWED and zlib.crc32(code.encode()) % OWING == 1
        day = half_of_month(finished + datetime.timedelta(days=30 if late else 0))
        if day > self.reference.today:
            return None
        if day not in self.made:
            self.made[day] = self.reference.document(
                f"MH{day:%y%m%d}",
                f"Báo cáo minh hoạ về kết thúc dự án, hoạt động, đến ngày {day:%d/%m/%Y}",
                day,
                kind="BC",
            )
        return self.made[day]


def half_of_month(day: datetime.date) -> datetime.date:
    """The 15th or the last of the month, whichever comes first from `day` on."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=15 if day.day <= 15 else last)
