"""What the committee's own records ask of a person: tasks of plans, recommendations unanswered."""

from __future__ import annotations

import datetime

from django.urls import reverse

from portal import formats
from portal.accounts.models import User
from reports.models.office import PlanTask, Recommendation

from .waiting import MOST, Task, Work

#: Tasks are shown this long before they are due.
AHEAD = datetime.timedelta(days=21)


def plan_tasks(user: User, *, today: datetime.date) -> list[Work]:
    """Tasks of plans that are late or soon due; no list when there is none."""
    due = PlanTask.objects.due_for(user, until=today + AHEAD)
    due = due.select_related("plan__document", "division").order_by("deadline", "pk")
    tasks = [_task(one, today=today) for one in due[: MOST + 1]]
    if not tasks:
        return []
    more = max(due.count() - MOST, 0) if len(tasks) > MOST else 0
    url = reverse("reports:kept_list", args=["ke-hoach"])
    return [Work("Nhiệm vụ kế hoạch đến hạn", tasks[:MOST], "", more, url)]


def _task(one: PlanTask, *, today: datetime.date) -> Task:
    plan = one.plan.document.number_and_symbol if one.plan.document else one.plan.title
    late = one.days_late(today=today)
    return Task(
        one.content,
        one.get_absolute_url(),
        f"{plan} · {one.division} · hạn {formats.day(one.deadline)}",
        "wrong" if late else "waiting",
        f"Quá hạn {formats.number(late)} ngày" if late else "Sắp đến hạn",
    )


def recommendations_unanswered(user: User, *, today: datetime.date) -> list[Work]:
    """Recommendations whose answer is overdue; no list when there is none."""
    late = Recommendation.objects.visible_to(user).open().filter(due_on__lt=today)
    late = late.order_by("due_on", "pk")
    url = reverse("reports:kept_list", args=["kien-nghi"])
    tasks = [
        Task(
            str(one),
            url,
            f"Gửi {one.addressee}, hẹn trả lời {formats.day(one.due_on)}",
            "wrong",
            f"Quá hẹn {formats.number(one.days_late(today=today))} ngày",
        )
        for one in late[: MOST + 1]
    ]
    if not tasks:
        return []
    more = max(late.count() - MOST, 0) if len(tasks) > MOST else 0
    return [Work("Kiến nghị chưa được trả lời", tasks[:MOST], "", more, url)]
