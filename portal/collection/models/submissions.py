"""A unit's data for one dataset and period: its way from draft to approved, and what was said.

The way is guarded by the database: see migration `locks` for the trigger.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from portal.collection.row_owners import units_collected, writes_rows_only
from portal.units.models import AdministrativeUnit

from .datasets import ROW_CODE, Dataset, ReportingPeriod, RowLevel

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


def end_of(when: datetime.date | datetime.datetime) -> datetime.datetime:
    """A moment as it is; of a day its last one."""
    if isinstance(when, datetime.datetime):
        return when
    return timezone.make_aware(datetime.datetime.combine(when, datetime.time.max))


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of the units of `user`; for whoever writes rows of their own, of datasets of records."""
        seen = self.filter(unit__in=units_collected(user))
        return seen.filter(dataset__row_level=RowLevel.RECORD) if writes_rows_only(user) else seen

    def open(self) -> Self:
        """Still being worked on: draft, submitted or returned."""
        return self.filter(status__in=Submission.OPEN)

    def approved(self) -> Self:
        return self.filter(status=Submission.Status.APPROVED)

    def awaiting_review(self) -> Self:
        return self.filter(status=Submission.Status.SUBMITTED)

    def with_names(self) -> Self:
        return self.select_related(
            "dataset", "unit", "period", "created_by", "submitted_by", "approved_by"
        )

    def known_on(self, when: datetime.date | datetime.datetime) -> Self:
        """The revision of each dataset, unit and period that stood approved at a moment, or at
        the end of a day."""
        moment = end_of(when)
        standing = (
            Submission.objects.filter(
                dataset=OuterRef("dataset"),
                unit=OuterRef("unit"),
                period=OuterRef("period"),
                approved_at__lte=moment,
            )
            .order_by("-revision")
            .values("pk")[:1]
        )
        return self.filter(approved_at__lte=moment, pk=Subquery(standing))

    def with_turn(self, day: datetime.date) -> Self:
        """`turn`: which level reviews on `day` (None when none does); `turn_since`: since when."""
        return self.annotate(
            turn=Func(F("pk"), Value(day), function="collection_turn", output_field=TextField()),
            turn_since=Func(
                F("pk"), function="collection_turn_since", output_field=models.DateTimeField()
            ),
        )


class Submission(models.Model):
    """One revision of what a unit reports for a dataset and a period."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang nhập"
        SUBMITTED = "submitted", "Chờ duyệt"
        RETURNED = "returned", "Trả lại"
        APPROVED = "approved", "Đã duyệt"
        SUPERSEDED = "superseded", "Đã thay thế"

    OPEN = ("draft", "submitted", "returned")
    EDITABLE = ("draft", "returned")

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="submissions")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="submissions")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="submissions")
    revision = models.PositiveSmallIntegerField("lần", default=1)
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT)
    round = models.PositiveSmallIntegerField("lượt nộp", default=0, editable=False)
    reason = models.CharField("lý do đính chính", max_length=500, blank=True)
    is_demo = models.BooleanField("số liệu minh hoạ", default=False)

    from_old_system = models.BooleanField("chuyển từ hệ thống cũ", default=False)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("lập lúc", db_default=Now())
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)

    cover_letter_number = models.CharField("số công văn", max_length=60, blank=True)
    cover_letter_date = models.DateField("ngày công văn", null=True, blank=True)
    cover_letter_file = models.FileField(
        "bản chụp công văn", upload_to="collection/letters/%Y/", max_length=255, blank=True
    )
    reconciliation = models.JSONField("đối chiếu", default=dict, blank=True)
    findings = models.JSONField("cảnh báo", default=list, blank=True)
    typed = models.JSONField("nội dung đang gõ", default=dict, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bộ số liệu nộp"
        ordering = ["-period__end", "dataset__position", "unit__sort_key", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "unit", "period", "revision"],
                name="submission_revision_once",
                violation_error_message="Lần nộp này đã có.",
            ),
            models.UniqueConstraint(
                fields=["dataset", "unit", "period"],
                condition=Q(status__in=["draft", "submitted", "returned"]),
                name="submission_one_open",
                violation_error_message="Đơn vị đang có một bộ số liệu chưa duyệt trong kỳ này.",
            ),
            models.UniqueConstraint(
                fields=["dataset", "unit", "period"],
                condition=Q(status="approved"),
                name="submission_one_approved",
                violation_error_message="Đơn vị đã có số liệu được duyệt trong kỳ này.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "submitted", "returned", "approved", "superseded"]
                ),
                name="submission_status_known",
                violation_error_message="Trạng thái không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by=None, submitted_at=None)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="submission_submitted_by_and_at",
                violation_error_message="Người nộp và lúc nộp phải đi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="submission_approved_by_and_at",
                violation_error_message="Người duyệt và lúc duyệt phải đi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_by__isnull=False),
                name="submission_submitted_by_someone",
                violation_error_message="Số liệu đã nộp phải có người nộp.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["approved", "superseded"], approved_by__isnull=False)
                | Q(status__in=["draft", "submitted", "returned"], approved_by=None),
                name="submission_approved_by_someone",
                violation_error_message="Số liệu đã duyệt phải có người duyệt.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("submitted_by")) & ~Q(approved_by=F("created_by"))),
                name="submission_not_approved_by_its_maker",
                violation_error_message="Người nhập hoặc nộp không tự duyệt số liệu của mình.",
            ),
            models.CheckConstraint(
                condition=Q(revision=1) | (Q(revision__gt=1) & ~Q(reason="")),
                name="submission_correction_has_reason",
                violation_error_message="Bản đính chính phải ghi lý do.",
            ),
            models.CheckConstraint(
                condition=Q(cover_letter_number="", cover_letter_date=None)
                | (~Q(cover_letter_number="") & Q(cover_letter_date__isnull=False)),
                name="submission_cover_letter_number_and_date",
                violation_error_message="Công văn phải có cả số và ngày.",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "period"], name="submission_status_period"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} · {self.unit} · {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("collection:submission", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_editable(self) -> bool:
        return self.status in self.EDITABLE

    @property
    def is_locked(self) -> bool:
        return self.status in (self.Status.APPROVED, self.Status.SUPERSEDED)


class SubmissionEvent(models.Model):
    """Something that happened to a submission: who, when, what."""

    class What(models.TextChoices):
        OPENED = "opened", "Mở bộ số liệu"
        UPLOADED = "uploaded", "Tải tệp lên"
        DISCARDED = "discarded", "Bỏ tệp"
        COMMITTED = "committed", "Ghi nhận số liệu từ tệp"
        TYPED = "typed", "Nhập số liệu trên trang"
        UNDONE = "undone", "Hoàn tác tệp"
        SUBMITTED = "submitted", "Nộp số liệu"
        WITHDRAWN = "withdrawn", "Rút lại để sửa"
        RETURNED = "returned", "Trả lại"
        ENDORSED = "endorsed", "Duyệt, chuyển cấp trên"
        SENT_BACK = "sent_back", "Chuyển lại cấp dưới"
        APPROVED = "approved", "Duyệt"
        SUPERSEDED = "superseded", "Được thay bằng bản đính chính"
        RECHECKED = "rechecked", "Kiểm tra lại với biểu khác"
        HANDED_OVER = "handed_over", "Bàn giao"

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="events")
    what = models.CharField("việc", max_length=12, choices=What)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    at = models.DateTimeField("lúc")
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "diễn biến"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.submission}"


class Remark(models.Model):
    """What a reviewer wants changed, pinned to a cell where there is one."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="remarks")
    row_code = models.CharField("dòng", max_length=ROW_CODE, blank=True)
    group_code = models.CharField("dân tộc", max_length=10, blank=True)
    column_key = models.CharField("cột", max_length=40, blank=True)
    sheet = models.CharField("trang tính", max_length=120, blank=True)
    cell = models.CharField("ô", max_length=12, blank=True)
    place = models.CharField("chỗ", max_length=300, blank=True)
    text = models.CharField("nội dung", max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    is_sent = models.BooleanField("đã gửi đơn vị", default=False)
    answer = models.CharField("trả lời", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    resolved_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ý kiến"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="remark_says_something",
                violation_error_message="Ý kiến phải có nội dung.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WarningReason(models.Model):
    """Why a value that a rule warns of is right all the same."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="warning_reasons")
    rule = models.CharField("quy tắc", max_length=60)
    unit_code = models.CharField("dòng", max_length=ROW_CODE, blank=True)
    group_code = models.CharField("dân tộc", max_length=10, blank=True)
    column_key = models.CharField("cột", max_length=40, blank=True)
    # as the warning showed it; another value asks anew. NULL: said before values were kept
    value = models.CharField("giá trị được giải trình", max_length=100, null=True)  # noqa: DJ001
    text = models.CharField("lý do", max_length=500)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "lý do của cảnh báo"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "rule", "unit_code", "group_code", "column_key"],
                name="warning_reason_once",
                violation_error_message="Cảnh báo này đã có lý do.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
