"""Who deals with an incoming document, by when, and what came of it (giao việc)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import localdate

from portal.accounts.models import Division, User

from .document import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SOON = 3  # days before the deadline


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of documents that this person may read; the committee's own work only."""
        if not user.is_authenticated or not user.sees_every_unit:
            return self.none()
        return self.filter(document__in=Document.objects.visible_to(user))

    def directed_by(self, user: User | AnonymousUser) -> Self:
        """What this person may give to others: the leader and the clerk who enters the leader's
        words all of them, a head what lies with the own division.
        """
        found = self.visible_to(user)
        if not user.is_authenticated or user.has_perm("documents.direct"):
            return found
        if user.has_perm("documents.number"):
            return found
        if user.has_perm("documents.assign") and user.division_id:
            return found.filter(division=user.division_id)
        return self.none()

    def handled_by(self, user: User | AnonymousUser) -> Self:
        """What this person may work on: the own, and what they direct."""
        if not user.is_authenticated:
            return self.none()
        return self.visible_to(user).filter(
            Q(officer=user) | Q(pk__in=Assignment.objects.directed_by(user).values("pk"))
        )

    def open(self) -> Self:
        return self.exclude(state=Assignment.State.DONE)

    def late(self, *, today: datetime.date) -> Self:
        return self.open().filter(due_date__lt=today)

    def waiting_for(self, user: User | AnonymousUser, *, today: datetime.date) -> Self:
        """What this person should look at: the own open work; of a head the division's work
        without an officer or late; of the leader each document once that is late or nearly.
        """
        if not user.is_authenticated:
            return self.none()
        wanted = Q(officer=user)
        if user.has_perm("documents.assign") and user.division_id:
            wanted |= Q(division=user.division_id) & (Q(officer=None) | Q(due_date__lt=today))
        if user.has_perm("documents.direct"):
            soon = today + datetime.timedelta(days=SOON)
            wanted |= Q(part=Assignment.Part.LEAD, due_date__lte=soon)
        return self.visible_to(user).open().filter(wanted)

    def with_names(self) -> Self:
        return self.select_related(
            "document__document_type", "document__issuer", "document__issued_number",
            "division", "officer", "assigned_by", "closed_by", "answer__document_type",
        )  # fmt: skip

    def by_deadline(self) -> Self:
        return self.order_by(models.F("due_date").asc(nulls_last=True), "pk")


class Assignment(models.Model):
    """One incoming document in the hands of one division.

    The division in the lead (chủ trì) answers; others work with it (phối hợp).
    """

    class Part(models.TextChoices):
        LEAD = "lead", "Chủ trì"
        SUPPORT = "support", "Phối hợp"

    class State(models.TextChoices):
        ASSIGNED = "assigned", "Mới giao"
        WORKING = "working", "Đang xử lý"
        DONE = "done", "Xong"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Đã trả lời bằng văn bản"
        NO_ANSWER = "no_answer", "Không cần trả lời"
        WITH_LEAD = "with_lead", "Xong cùng đơn vị chủ trì"

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="assignments", verbose_name="văn bản đến"
    )
    part = models.CharField("vai trò", max_length=8, choices=Part, default=Part.LEAD)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="assignments", verbose_name="đơn vị"
    )
    officer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="assignments",
        verbose_name="người xử lý",
    )  # fmt: skip
    due_date = models.DateField("hạn giải quyết", null=True, blank=True)
    direction = models.TextField("ý kiến chỉ đạo", max_length=1000, blank=True)
    assigned_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người giao"
    )
    assigned_at = models.DateTimeField("giao lúc")
    state = models.CharField(
        "tình trạng", max_length=8, choices=State, default=State.ASSIGNED, db_index=True
    )
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome, blank=True)
    answer = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="answered_assignments",
        verbose_name="văn bản trả lời",
    )  # fmt: skip
    closing_note = models.CharField("lý do, ghi chú khi xong", max_length=500, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người đóng"
    )
    closed_at = models.DateTimeField("xong lúc", null=True, blank=True)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "việc giao xử lý văn bản"
        ordering = ["document", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "division"],
                name="assignment_division_once",
                violation_error_message="Văn bản này đã giao cho phòng ấy.",
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(part="lead"),
                name="assignment_one_lead",
                violation_error_message="Mỗi văn bản chỉ có một đơn vị chủ trì.",
            ),
            models.CheckConstraint(
                condition=Q(part__in=["lead", "support"])
                & Q(state__in=["assigned", "working", "done"]),
                name="assignment_words_known",
                violation_error_message="Vai trò hoặc tình trạng không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answer=None, closed_by=None, closed_at=None)
                & ~Q(state="done")
                | Q(state="done", closed_by__isnull=False, closed_at__isnull=False)
                & ~Q(outcome=""),
                name="assignment_closed_complete",
                violation_error_message="Việc xong phải có kết quả, người và giờ đóng.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="answered") | Q(answer__isnull=False),
                name="assignment_answer_named",
                violation_error_message="Việc đã trả lời phải có văn bản trả lời.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="no_answer") | ~Q(closing_note=""),
                name="assignment_no_answer_reasoned",
                violation_error_message="Không trả lời thì phải ghi lý do.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["officer", "due_date"],
                condition=~Q(state="done"),
                name="assignment_open_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.division}"

    def get_absolute_url(self) -> str:
        return reverse("documents:assignment_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state != self.State.DONE

    @property
    def is_lead(self) -> bool:
        return self.part == self.Part.LEAD

    @property
    def who(self) -> str:
        """ "Phòng Chính sách (Nguyễn Thu Hà)"."""
        return f"{self.division} ({self.officer})" if self.officer else str(self.division)

    def days_late(self, *, today: datetime.date) -> int:
        """Days past the deadline: to `today` while it is open, to its end afterwards."""
        if self.due_date is None:
            return 0
        until = today if self.closed_at is None else self.ended_on
        return max((until - self.due_date).days, 0)

    @property
    def ended_on(self) -> datetime.date:
        """The day of the answer, or of the closing where there was none."""
        if self.answer is not None:
            return self.answer.date
        assert self.closed_at is not None  # noqa: S101 - the database holds it for what is done
        return localdate(self.closed_at)


class AssignmentEvent(models.Model):
    """One thing that was done with an assignment; never changed afterwards."""

    class What(models.TextChoices):
        ASSIGNED = "assigned", "Giao xử lý"
        STARTED = "started", "Bắt đầu xử lý"
        REASSIGNED = "reassigned", "Giao lại"
        EXTENDED = "extended", "Đổi hạn"
        CLOSED = "closed", "Kết thúc"
        REOPENED = "reopened", "Mở lại"

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="events")
    what = models.CharField("việc", max_length=10, choices=What)
    told = models.CharField("nội dung", max_length=300)
    note = models.CharField("lý do", max_length=1000, blank=True)
    who = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ai")
    at = models.DateTimeField("lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "diễn biến giao việc"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.told}"
