"""Who reports what to whom, and by when: forms as dated data, because circulars change."""

from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from portal.units.models import no_two_at_once

from .structure import Confidence, Dated, Programme


class Frequency(models.TextChoices):
    MONTHLY = "monthly", "hằng tháng"
    QUARTERLY = "quarterly", "hằng quý"
    HALF_YEARLY = "half-yearly", "6 tháng"
    ANNUAL = "annual", "hằng năm"
    PER_PHASE = "per phase", "theo giai đoạn"
    ON_COMPLETION = "on completion", "khi kết thúc"
    AD_HOC = "ad hoc", "khi có yêu cầu"


class MonitoringFormQuerySet(models.QuerySet["MonitoringForm"]):
    def on(self, date: datetime.date) -> Self:
        return self.filter(valid__contains=date)


class MonitoringForm(Dated):
    """One form of monitoring, evaluation or reporting while its basis is in force."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="forms", verbose_name="chương trình"
    )
    code = models.CharField("mã", max_length=20)
    title = models.CharField("tên biểu, báo cáo", max_length=300)
    sender = models.CharField("nơi gửi", max_length=200)
    receiver = models.CharField("nơi nhận", max_length=200)
    deadline = models.CharField("thời hạn", max_length=200, blank=True)
    frequency = models.CharField("kỳ báo cáo", max_length=20, choices=Frequency)
    columns = models.CharField("nội dung, cột", max_length=500, blank=True)
    basis = models.CharField("căn cứ", max_length=200)
    source = models.CharField("nguồn", max_length=300, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=10, choices=Confidence)
    valid = DateRangeField("hiệu lực")
    position = models.PositiveSmallIntegerField("thứ tự")

    objects = MonitoringFormQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "biểu theo dõi, báo cáo"
        ordering = ["programme", "position"]
        constraints = [
            no_two_at_once(
                "programme",
                "code",
                name="monitoring_form_once_at_a_time",
                message="Biểu này đã có trong thời gian đó.",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=[choice.value for choice in Frequency]),
                name="monitoring_form_frequency_known",
                violation_error_message="Kỳ báo cáo không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
