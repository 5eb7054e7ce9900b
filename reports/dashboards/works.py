"""Works that are late, for those who keep them."""

from __future__ import annotations

import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse

from portal import formats
from portal.accounts.models import User
from programs.models import Works
from programs.models.works import DONE

from .waiting import MOST, Task, Work


def works_late(user: User, *, today: datetime.date) -> list[Work]:
    """What is not finished first, to whoever keeps works of an area or an organisation; no list
    when none is late."""
    if user.sees_every_unit or not user.has_perm("programs.works"):
        return []
    late = Works.objects.visible_to(user).late(on=today)
    late = late.alias(is_over=ExpressionWrapper(Q(state__in=DONE), BooleanField()))
    late = late.order_by("is_over", "planned_finish", "code")
    tasks = [_task(one, today) for one in late[: MOST + 1]]
    if not tasks:
        return []
    more = max(late.count() - MOST, 0) if len(tasks) > MOST else 0
    url = reverse("programs:works_list", query={"cham": "1"})
    return [Work("Công trình chậm tiến độ", tasks[:MOST], "", more, url)]


def _task(works: Works, today: datetime.date) -> Task:
    days = formats.lateness(works.days_late(on=today))
    return Task(
        works.name,
        works.get_absolute_url(),
        f"{works.code} · kế hoạch hoàn thành {formats.day(works.planned_finish)}, chậm {days}",
        *(("done", "Hoàn thành chậm") if works.is_done else ("wrong", "Chậm")),
    )
