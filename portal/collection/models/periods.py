"""The times that data are collected for: years, halves, quarters and months."""

from __future__ import annotations

import datetime
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q


class Frequency(models.TextChoices):
    YEARLY = "yearly", "hằng năm"
    HALF_YEARLY = "half_yearly", "6 tháng"
    QUARTERLY = "quarterly", "hằng quý"
    MONTHLY = "monthly", "hằng tháng"


class ReportingPeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def begun(self, today: datetime.date) -> Self:
        return self.filter(start__lte=today)

    def in_use(self) -> Self:
        """Those that an active dataset is collected for, or that something was sent for."""
        datasets = apps.get_model("collection", "Dataset").objects.active()
        due = datasets.filter(
            Q(collected_from=None) | Q(collected_from__lte=OuterRef("start")),
            Q(collected_until=None) | Q(collected_until__gt=OuterRef("end")),
            frequency=OuterRef("frequency"),
        )
        sent = apps.get_model("collection", "Submission").objects.filter(period=OuterRef("pk"))
        return self.filter(Exists(due) | Exists(sent))


class ReportingPeriod(models.Model):
    """A time that data are collected for: "2023" is "Năm 2023"; see services.periods."""

    code = models.CharField("mã", max_length=20, unique=True)
    label = models.CharField("tên kỳ", max_length=60)
    frequency = models.CharField(
        "loại kỳ", max_length=12, choices=Frequency, default=Frequency.YEARLY
    )
    start = models.DateField("từ ngày")
    end = models.DateField("đến ngày")
    due_date = models.DateField("hạn nộp", null=True, blank=True)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "kỳ báo cáo"
        ordering = ["-end", "start"]  # of those that end together the longest first
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lte=F("end")),
                name="period_start_before_end",
                violation_error_message="Ngày đầu kỳ phải trước ngày cuối kỳ.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def year(self) -> int:
        return self.end.year
