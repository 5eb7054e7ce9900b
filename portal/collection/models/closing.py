"""From which day a period is closed for sending, and for whom it is held open longer."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from portal.units.models import AdministrativeUnit, no_two_at_once

from .datasets import Dataset, ReportingPeriod


class ClosingRule(models.Model):
    """A dataset's periods close so many days after they are due; of dues within `valid`."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="closing_rules")
    days_after_due = models.PositiveSmallIntegerField("khoá sổ sau hạn nộp (ngày)")
    valid = DateRangeField("áp dụng cho hạn nộp")

    class Meta:
        verbose_name = verbose_name_plural = "quy tắc khoá sổ"
        ordering = ["dataset", "valid"]
        constraints = [
            no_two_at_once(
                "dataset",
                name="closing_rule_one_at_a_time",
                message="Biểu đã có quy tắc khoá sổ trong cùng thời gian.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.days_after_due}"


class PeriodClosing(models.Model):
    """The day from which `dataset` is not sent any more for `period`: what the database looks at.

    Kept by services.closing from the rules.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="closings")
    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="closings")
    closed_from = models.DateField("khoá sổ từ ngày")

    class Meta:
        verbose_name = verbose_name_plural = "kỳ khoá sổ"
        ordering = ["dataset", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "period"],
                name="period_closing_once",
                violation_error_message="Kỳ này của biểu đã có ngày khoá sổ.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset} · {self.period}: {self.closed_from}"


class LockException(models.Model):
    """One unit may still send one closed period until a day, for a reason."""

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="lock_exceptions")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="lock_exceptions")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="lock_exceptions")
    until = models.DateField("nộp được đến hết ngày")
    reason = models.CharField("lý do", max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người mở"
    )
    granted_at = models.DateTimeField("mở lúc")

    class Meta:
        verbose_name = verbose_name_plural = "gia hạn nộp"
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="lock_exception_has_reason",
                violation_error_message="Ghi lý do gia hạn.",
            )
        ]
        indexes = [
            models.Index(fields=["dataset", "unit", "period"], name="lock_exception_of_duty")
        ]

    def __str__(self) -> str:
        return f"{self.dataset} · {self.unit} · {self.period}: {self.until}"
