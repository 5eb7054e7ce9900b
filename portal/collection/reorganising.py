"""Open submissions of units that end, and the people whose area changes, who are told."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from portal import formats
from portal.accounts.models import User
from portal.units.consequences import Consequence, Party, party
from portal.units.models import AdministrativeUnit
from portal.units.services.planning import Plan

from .models import Notice, Submission
from .services.telling import tell

Kind = Notice.Kind


@party("collection")
class OpenSubmissions(Party):
    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        return self.left_open(plan.ending)

    def left_open(self, ended: Mapping[int, AdministrativeUnit]) -> Sequence[Consequence]:
        return [
            Consequence(
                "Bộ số liệu đang mở",
                f"{one.dataset}, {one.unit}, {one.period.label}",
                f"{one.get_status_display().lower()}: vẫn của đơn vị cũ, cần nộp và duyệt xong",
                True,
                one.get_absolute_url(),
            )
            for one in _open_submissions(ended)
        ]

    def objections(self, units: Sequence[int]) -> Sequence[str]:
        count = Submission.objects.filter(unit__in=units).count()
        if not count:
            return ()
        return (f"Đã có {count} bộ số liệu của đơn vị mới, nên không hoàn tác được.",)


@party("notices")
class ToldOfTheirArea(Party):
    """After `accounts`, by name: areas that could move have moved."""

    def follow(self, plan: Plan, begun: Mapping[str, int]) -> Any:
        at, day = timezone.now(), formats.day(plan.date)
        people = User.objects.active().filter(area__in=[*begun.values(), *plan.ending])
        keys = []
        for person in people.select_related("area"):
            if person.area_id in plan.ending:
                why = "được chia" if plan.is_split(person.area_id or 0) else "kết thúc"
                text = f"{person.area} {why} từ {day}. Quản trị sẽ chọn địa bàn mới cho bạn."
            else:
                text = f"Từ {day}, địa bàn của bạn là {person.area}."
            keys.append(_told(person, text, at))
        return keys

    def go_back(self, done: Any) -> None:
        """Who has not read it need not; who has is told that all is as before."""
        told = Notice.objects.filter(kind=Kind.UNITS, key__in=done or ())
        at = timezone.now()
        for notice in told.exclude(seen_at=None).select_related("person__area"):
            text = f"Sắp xếp đơn vị đã hoàn tác. Địa bàn của bạn là {notice.person.area}."
            _told(notice.person, text, at)
        told.filter(seen_at=None).delete()


def _open_submissions(units: Iterable[int]) -> Iterable[Submission]:
    waiting = Submission.objects.filter(unit__in=list(units), status__in=Submission.OPEN)
    return waiting.select_related("dataset", "unit", "period")


def _told(person: User, text: str, at: datetime.datetime) -> str:
    key = f"units:{person.pk}:{at.isoformat()}"
    tell([person], kind=Kind.UNITS, key=key, text=text, at=at)
    return key
