"""Who reports what to whom, and by when: forms as dated data, because circulars change."""

from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.models.datasets import day_of
from portal.documents.models import Document
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


class ReportStep(models.Model):
    """One step of a form's way upward: who does what, and by which day.

    The day is one of the year (`due_month`, `due_years_after` later), one of the month that comes
    `due_months_after` after a period's last, or so many days after works are done.
    """

    class Level(models.TextChoices):
        INVESTOR = "investor", "chủ đầu tư"
        COMMUNE = "commune", "xã"
        DISTRICT = "district", "huyện"
        PROVINCE = "province", "tỉnh"
        CENTRAL = "central", "trung ương"

    class Does(models.TextChoices):
        ENTERS = "enters", "nhập, báo cáo"
        AUTHENTICATES = "authenticates", "xác thực"
        TOTALS = "totals", "tổng hợp, gửi lên"
        RECEIVES = "receives", "nhận, tổng hợp cả nước"

    class Occasion(models.TextChoices):
        PERIOD = "period", "mỗi kỳ"
        FIRST = "first", "trong năm"
        UPDATE = "update", "cập nhật cả năm"
        COMPLETION = "completion", "khi hoàn thành"

    form = models.ForeignKey(
        MonitoringForm, models.CASCADE, related_name="steps", verbose_name="biểu"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    level = models.CharField("cấp", max_length=10, choices=Level)
    who = models.CharField("ai", max_length=200)
    does = models.CharField("làm gì", max_length=15, choices=Does)
    occasion = models.CharField("khi nào", max_length=10, choices=Occasion)
    dataset = models.ForeignKey(
        Dataset,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="biểu số liệu theo dõi",
    )
    due_month = models.PositiveSmallIntegerField("tháng", null=True, blank=True)
    due_day = models.PositiveSmallIntegerField("ngày", null=True, blank=True)
    due_years_after = models.PositiveSmallIntegerField("sau (năm)", default=0)
    due_months_after = models.PositiveSmallIntegerField("sau kỳ (tháng)", null=True, blank=True)
    days_after = models.PositiveSmallIntegerField(
        "sau khi hoàn thành (ngày)", null=True, blank=True
    )
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    valid = DateRangeField("hiệu lực")

    class Meta:
        verbose_name = verbose_name_plural = "bước báo cáo"
        ordering = ["form", "position"]
        constraints = [
            no_two_at_once(
                "form",
                "level",
                "occasion",
                name="report_step_once_at_a_time",
                message="Cấp này đã có bước cùng loại trong thời gian đó.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["investor", "commune", "district", "province", "central"])
                & Q(does__in=["enters", "authenticates", "totals", "receives"])
                & Q(occasion__in=["period", "first", "update", "completion"]),
                name="report_step_words_known",
                violation_error_message="Cấp, việc hoặc dịp của bước không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(due_month=None, due_day=None, due_months_after=None, days_after=None)
                | Q(
                    due_month__range=(1, 12),
                    due_day__range=(1, 31),
                    due_months_after=None,
                    days_after=None,
                )
                | Q(
                    due_month=None,
                    due_months_after__range=(0, 12),
                    due_day__range=(1, 31),
                    days_after=None,
                )
                | Q(due_month=None, due_day=None, due_months_after=None, days_after__gte=1),
                name="report_step_due_rule",
                violation_error_message=(
                    "Hạn là một ngày trong năm, hoặc ngày của tháng sau kỳ, hoặc số ngày sau khi "
                    "hoàn thành."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False) & ~Q(who=""),
                name="report_step_has_time",
                violation_error_message="Bước phải có thời gian hiệu lực và nơi thực hiện.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.get_does_display()}"

    def due_in(self, year: int) -> datetime.date | None:
        """The last day for the data of `year`; None where no day of the year is laid down."""
        if self.due_month is None or self.due_day is None:
            return None
        return day_of(year + self.due_years_after, self.due_month, self.due_day)

    @property
    def rule(self) -> str:
        """The day in words: "10/9", "25/1 năm sau", "15 ngày sau khi hoàn thành"."""
        if self.days_after:
            return f"trong {self.days_after} ngày sau khi hoàn thành"
        if self.due_months_after is not None:
            return f"ngày {self.due_day} của tháng thứ {self.due_months_after} sau kỳ"
        if self.due_month is None:
            return "chưa rõ"
        return f"{self.due_day}/{self.due_month}{' năm sau' if self.due_years_after else ''}"


class FormSnapshot(models.Model):
    """What was sent to the ministry: the figures of one form as they stood then. Rows only added.

    `values` is the form as JSON (see programs.ministry), `sha256` of its text.
    """

    class Form(models.TextChoices):
        QUARTER = "quy", "Báo cáo quý"
        HALF = "6-thang", "Báo cáo 6 tháng"
        YEAR = "nam", "Báo cáo năm"

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="snapshots", verbose_name="chương trình"
    )
    form = models.CharField("báo cáo", max_length=10, choices=Form)
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+", verbose_name="kỳ")
    values = models.JSONField("số liệu")
    sha256 = models.CharField(max_length=64, editable=False)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="văn bản gửi",
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    sent_at = models.DateTimeField("gửi lúc", db_default=Now(), editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")

    class Meta:
        verbose_name = verbose_name_plural = "báo cáo đã gửi"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=["quy", "6-thang", "nam"]),
                name="form_snapshot_form_known",
                violation_error_message="Loại báo cáo không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return report_name(self.period)


def report_name(period: ReportingPeriod) -> str:
    """ "Báo cáo quý I năm 2024"."""
    return f"Báo cáo {period.label[:1].lower()}{period.label[1:]}"
