"""What happens to a report after its issue; the report itself changes no more."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .report import Report


class Sequel(models.Model):
    """Filed, or withdrawn; once each, never changed. Replacement and correction are reports."""

    class Kind(models.TextChoices):
        FILED = "filed", "Đã lưu hồ sơ"
        WITHDRAWN = "withdrawn", "Đã thu hồi"

    report = models.ForeignKey(Report, models.PROTECT, related_name="sequels")
    kind = models.CharField("việc", max_length=10, choices=Kind)
    note = models.CharField("lý do, hồ sơ", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "việc sau phát hành"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind"],
                name="sequel_once",
                violation_error_message="Việc này đã làm với báo cáo.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["filed", "withdrawn"]),
                name="sequel_kind_known",
                violation_error_message="Việc sau phát hành không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="sequel_says_why",
                violation_error_message="Ghi lý do hoặc hồ sơ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note}"


class ReportView(models.Model):
    """That somebody opened a report on a day, and how often (Nghị định 30/2020, Phụ lục VI)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField("ngày")
    count = models.PositiveIntegerField("số lần", default=1)
    last_at = models.DateTimeField("lần cuối")

    class Meta:
        verbose_name = verbose_name_plural = "lượt xem báo cáo"
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "user", "day"],
                name="report_view_once_a_day",
                violation_error_message="Lượt xem trong ngày đã được ghi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} xem {self.day:%d/%m/%Y}"
