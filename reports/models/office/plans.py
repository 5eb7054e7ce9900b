"""Plans of the committee and what each asks of whom by when."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from portal.documents.models import Document

from .kept import Kept, KeptQuerySet, in_order, says, within

if TYPE_CHECKING:
    from portal.accounts.models import User


class PlanQuerySet(KeptQuerySet):
    def in_period(self, start: datetime.date, end: datetime.date) -> Self:
        return self.filter(within("first_day", "last_day", start, end))

    def with_counts(self, *, today: datetime.date) -> Self:
        """With `task_count`, `done_count`, `late_count`."""
        there = Q(tasks__removed_at=None)
        over = Q(tasks__state=PlanTask.State.DONE)
        late = there & Q(tasks__state__in=PlanTask.OPEN, tasks__deadline__lt=today)
        counted = self.annotate(
            task_count=Count("tasks", filter=there),
            done_count=Count("tasks", filter=there & over),
            late_count=Count("tasks", filter=late),
        )
        return counted.order_by("-first_day", "-pk")


class Plan(Kept):
    """A plan in force from `first_day` to `last_day`; its words are the document's."""

    SEARCHED: ClassVar = ("title", "note")

    title = models.CharField("tên kế hoạch", max_length=500)
    first_day = models.DateField("thực hiện từ")
    last_day = models.DateField("đến", null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "kế hoạch"
        ordering = ["-first_day", "-pk"]
        constraints = [
            says("plan_has_title", "title", "Ghi tên kế hoạch."),
            in_order("plan_in_order", "first_day", "last_day", "Ngày cuối phải sau ngày đầu."),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(removed_at=None),
                name="plan_once_per_document",
                violation_error_message="Văn bản này đã là một kế hoạch đang theo dõi.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:plan_detail", args=[self.pk])


class PlanTaskQuerySet(KeptQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=PlanTask.OPEN)

    def due_for(self, user: User, *, until: datetime.date) -> Self:
        """Open tasks up to `until` that are this person's, or of the division whose head it is.

        A leader sees those of every division.
        """
        tasks = self.visible_to(user).open().filter(deadline__lte=until)
        if user.has_perm("reports.sign"):
            return tasks
        mine = Q(officer=user)
        if user.division_id and user.has_perm("reports.check_content"):
            mine |= Q(division=user.division_id)
        return tasks.filter(mine | Q(officer=None, division=user.division_id))


class PlanTask(Kept):
    """One task of a plan: content, division, deadline, how far, and the document that shows it."""

    class State(models.TextChoices):
        WAITING = "waiting", "chưa thực hiện"
        UNDER_WAY = "under_way", "đang thực hiện"
        DONE = "done", "hoàn thành"
        DROPPED = "dropped", "không thực hiện nữa"

    OPEN = ("waiting", "under_way")
    SEARCHED: ClassVar = ("content", "result", "note")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks", verbose_name="kế hoạch")
    position = models.PositiveIntegerField("thứ tự", default=0, editable=False)
    content = models.CharField("nội dung", max_length=1000)
    division = models.ForeignKey(
        "accounts.Division", models.PROTECT, related_name="+", verbose_name="phòng chủ trì"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="người thực hiện",
        null=True,
        blank=True,
    )
    deadline = models.DateField("hạn", null=True, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.WAITING)
    done_on = models.DateField("hoàn thành ngày", null=True, blank=True)
    result = models.CharField("kết quả", max_length=1000, blank=True)
    evidence = models.ForeignKey(
        Document,
        models.PROTECT,
        related_name="+",
        verbose_name="văn bản chứng minh",
        null=True,
        blank=True,
    )

    objects = PlanTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "nhiệm vụ kế hoạch"
        ordering = ["plan", "position", "pk"]
        constraints = [
            says("plan_task_has_content", "content", "Ghi nội dung nhiệm vụ."),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "under_way", "done", "dropped"]),
                name="plan_task_state_known",
                violation_error_message="Tình trạng nhiệm vụ không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on=None)),
                name="plan_task_done_has_day",
                violation_error_message="Nhiệm vụ hoàn thành, và chỉ khi hoàn thành, mới có ngày.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "dropped"]) | ~Q(result="") | ~Q(evidence=None),
                name="plan_task_ended_says_how",
                violation_error_message=(
                    "Ghi kết quả hoặc văn bản chứng minh khi nhiệm vụ đã hoàn thành hay dừng."
                ),
            ),
        ]
        indexes = [models.Index(F("deadline"), name="plan_task_by_deadline")]

    def __str__(self) -> str:
        return self.content

    def get_absolute_url(self) -> str:
        return f"{self.plan.get_absolute_url()}#nhiem-vu-{self.pk}"

    def days_late(self, *, today: datetime.date) -> int:
        """Days since the deadline for an open task; 0 when none has passed."""
        if self.state not in self.OPEN or self.deadline is None:
            return 0
        return max((today - self.deadline).days, 0)
