"""Case files (hồ sơ công việc): the documents of one piece of work, kept for their time.

Nghị định 30/2020/NĐ-CP, điều 28 to 31: the list of files is issued at the start of the year; a file
is closed when the work has ended, without duplicates and drafts, its retention looked at again.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Now
from django.urls import reverse

from portal.accounts.models import Division, User

from .assignment import Assignment
from .document import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RetentionTerm(models.Model):
    """How long files of one kind are kept; the committee edits the table."""

    name = models.CharField(
        "thời hạn", max_length=30, help_text="In vào danh mục hồ sơ, ví dụ: 20 năm, Vĩnh viễn."
    )
    years = models.PositiveSmallIntegerField(
        "số năm", null=True, blank=True, help_text="Để trống khi giữ vĩnh viễn."
    )
    kind = models.CharField("nhóm hồ sơ, tài liệu", max_length=200, unique=True)
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "thời hạn bảo quản"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(years=None) | Q(years__gte=1, years__lte=200),
                name="retention_years_possible",
                violation_error_message="Số năm bảo quản từ 1 đến 200.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.kind}"

    def until(self, closed: datetime.date) -> datetime.date | None:
        """The last day of keeping, counted from the end of the year of closing; None: for ever."""
        return None if self.years is None else datetime.date(closed.year + self.years, 12, 31)


class CaseFileQuerySet(models.QuerySet["CaseFile"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The committee's own; a file that may be read by its division only stays with it, its
        maker, the clerk and the leader.
        """
        if not (user.is_authenticated and user.has_perm("documents.view") and user.sees_every_unit):
            return self.none()
        if any(user.has_perm(name) for name in ("documents.number", "documents.direct")):
            return self
        near = Q(rights=CaseFile.Rights.COMMITTEE) | Q(maker=user)
        if user.division_id:
            near |= Q(division=user.division_id)
        return self.filter(near)

    def kept_by(self, user: User | AnonymousUser) -> Self:
        """What this person may put documents into, change and close: the own, the clerk all."""
        if not user.is_authenticated:
            return self.none()
        found = self.visible_to(user)
        if user.has_perm("documents.number"):
            return found
        if not (user.has_perm("documents.edit") or user.has_perm("reports.draft")):
            return self.none()
        near = Q(maker=user)
        if user.has_perm("documents.assign") and user.division_id:
            near |= Q(division=user.division_id)
        return found.filter(near)

    def open(self) -> Self:
        return self.filter(closed_date=None)

    def of_year(self, year: int) -> Self:
        return self.filter(year=year)

    def with_totals(self) -> Self:
        """`documents_total`, `pages_total`, `first_day`, `last_day` of what each holds."""
        return self.annotate(
            documents_total=Count("items"),
            pages_total=Sum("items__pages"),
            last_day=Max("items__document__date"),
        )

    def with_names(self) -> Self:
        return self.select_related("division", "maker", "retention", "assignment")


class CaseFile(models.Model):
    """One file of the year's list (danh mục hồ sơ)."""

    class Rights(models.TextChoices):
        COMMITTEE = "committee", "Cả cơ quan"
        DIVISION = "division", "Trong phòng, văn thư và lãnh đạo"

    year = models.PositiveSmallIntegerField("năm")
    symbol = models.CharField(
        "số, ký hiệu hồ sơ", max_length=20, help_text="Ví dụ: 01.HCTH; không trùng trong năm."
    )
    title = models.CharField("tiêu đề hồ sơ", max_length=500)
    retention = models.ForeignKey(
        RetentionTerm, models.PROTECT, related_name="case_files", verbose_name="thời hạn bảo quản"
    )
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="case_files", verbose_name="đơn vị"
    )
    maker = models.ForeignKey(
        User, models.PROTECT, related_name="case_files", verbose_name="người lập hồ sơ"
    )
    rights = models.CharField("quyền đọc", max_length=10, choices=Rights, default=Rights.COMMITTEE)
    language = models.CharField("ngôn ngữ", max_length=50, default="Tiếng Việt")
    description = models.CharField("ghi chú", max_length=500, blank=True)
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, null=True, blank=True, related_name="case_file",
        verbose_name="việc giao xử lý",
    )  # fmt: skip
    opened_date = models.DateField("ngày mở")
    closed_date = models.DateField("ngày kết thúc", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người đóng"
    )
    closing_note = models.CharField("ghi chú khi đóng", max_length=500, blank=True)
    created_at = models.DateTimeField("lập lúc", db_default=Now())
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "hồ sơ công việc"
        ordering = ["-year", "symbol"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "symbol"],
                name="case_file_symbol_once_a_year",
                violation_error_message="Trong năm đã có hồ sơ mang số, ký hiệu này.",
            ),
            models.CheckConstraint(
                condition=~Q(symbol="") & ~Q(title=""),
                name="case_file_named",
                violation_error_message="Hồ sơ phải có số, ký hiệu và tiêu đề.",
            ),
            models.CheckConstraint(
                condition=Q(closed_date=None, closed_by=None)
                | Q(closed_date__gte=F("opened_date"), closed_by__isnull=False),
                name="case_file_closed_complete",
                violation_error_message="Hồ sơ đóng phải có người đóng, ngày không trước ngày mở.",
            ),
            models.CheckConstraint(
                condition=Q(rights__in=["committee", "division"]),
                name="case_file_rights_known",
                violation_error_message="Quyền đọc không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("documents:case_file", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_date is None

    @property
    def kept_until(self) -> datetime.date | None:
        """The last day of keeping of a closed file; None: for ever, or not closed yet."""
        return self.retention.until(self.closed_date) if self.closed_date else None


class CaseFileItem(models.Model):
    """One document in a file, at its place."""

    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="items")
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="filed", verbose_name="văn bản"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    pages = models.PositiveSmallIntegerField("số tờ, số trang", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField("đưa vào lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "văn bản trong hồ sơ"
        ordering = ["case_file", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "document"],
                name="case_file_document_once",
                violation_error_message="Văn bản này đã có trong hồ sơ.",
            ),
            models.UniqueConstraint(
                fields=["case_file", "position"],
                name="case_file_position_once",
                violation_error_message="Hai văn bản ở cùng một thứ tự.",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.document}"
