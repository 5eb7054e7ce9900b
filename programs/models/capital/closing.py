"""Months whose payments are settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from portal.accounts.models import User
from programs.models.structure import Programme


class ClosedMonth(models.Model):
    """A month of a programme whose payments are settled: nothing more is entered in it."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="closed_months")
    month = models.DateField("tháng")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("khoá lúc", db_default=Now(), editable=False)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField("mở lại lúc", null=True, blank=True)
    reason = models.CharField("lý do mở lại", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "tháng đã khoá"
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month"],
                condition=Q(reopened_at=None),
                name="closed_month_once",
                violation_error_message="Tháng này đã khoá.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="closed_month_first_day",
                violation_error_message="Ghi tháng bằng ngày đầu tháng.",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason="")),
                name="closed_month_reopened_with_reason",
                violation_error_message="Mở lại tháng đã khoá phải có người và lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"Tháng {self.month:%m/%Y}"
