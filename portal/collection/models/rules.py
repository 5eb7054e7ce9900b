"""The rules of a dataset: what is compared with what, from when, and how grave a breach is."""

from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from portal.collection.workbooks.layout import Rule

from .datasets import Dataset
from .periods import Frequency, ReportingPeriod


class DatasetRuleQuerySet(models.QuerySet["DatasetRule"]):
    def in_force(self, day: datetime.date) -> Self:
        """Rules that a period ending on `day` is judged by."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gt=day))

    def comparing_with(self, dataset: Dataset) -> Self:
        """Rules of other datasets that look at values of `dataset`."""
        return self.filter(kind=DatasetRule.Kind.CROSS, other_dataset=dataset)


class DatasetRule(models.Model):
    """A rule over the columns of a row; see `workbooks.layout.Rule` for what each kind reads.

    A rule is in force for periods that end from `since` on and before `until`. In its first
    `warning_periods` periods it is a warning, whatever its severity.
    """

    class Kind(models.TextChoices):
        AT_MOST = "at_most", "không lớn hơn"
        AT_LEAST = "at_least", "không nhỏ hơn"
        SUM = "sum", "so với tổng"
        RANGE = "range", "trong khoảng"
        RATIO = "ratio", "tỷ lệ trong khoảng"
        REQUIRED_IF = "required_if", "phải có khi"
        CHANGE = "change", "biến động so với kỳ trước"
        OUTLIER = "outlier", "khác thường"
        CROSS = "cross", "so với biểu khác"

    class Relation(models.TextChoices):
        EQUAL = "=", "bằng"
        AT_MOST = "<=", "không lớn hơn"
        AT_LEAST = ">=", "không nhỏ hơn"

    class Severity(models.TextChoices):
        ERROR = "error", "lỗi"
        WARNING = "warning", "cảnh báo"

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    code = models.CharField("mã", max_length=40)
    kind = models.CharField("loại", max_length=12, choices=Kind)
    columns = ArrayField(models.CharField(max_length=40), verbose_name="các cột")
    other = models.CharField("cột so sánh", max_length=40, blank=True)
    parameter = models.DecimalField(
        "tham số", max_digits=20, decimal_places=4, null=True, blank=True
    )
    minimum = models.DecimalField(
        "nhỏ nhất", max_digits=20, decimal_places=4, null=True, blank=True
    )
    maximum = models.DecimalField(
        "lớn nhất", max_digits=20, decimal_places=4, null=True, blank=True
    )
    relation = models.CharField("quan hệ", max_length=2, choices=Relation, default=Relation.EQUAL)
    tolerance_percent = models.DecimalField(
        "chênh lệch cho phép (%)", max_digits=7, decimal_places=4, null=True, blank=True
    )
    other_dataset = models.ForeignKey(
        Dataset,
        models.PROTECT,
        verbose_name="biểu so sánh",
        related_name="rules_from_elsewhere",
        null=True,
        blank=True,
    )
    other_columns = ArrayField(
        models.CharField(max_length=40), verbose_name="cột của biểu kia", default=list, blank=True
    )
    over_groups = models.BooleanField("cộng các dân tộc của đơn vị", default=False)
    severity = models.CharField("mức", max_length=8, choices=Severity, default=Severity.ERROR)
    message = models.CharField("lời báo", max_length=400, blank=True)
    since = models.DateField("áp dụng từ ngày", null=True, blank=True)
    warning_periods = models.PositiveSmallIntegerField("số kỳ đầu chỉ cảnh báo", default=0)
    until = models.DateField("ngừng áp dụng từ ngày", null=True, blank=True)

    objects = DatasetRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "quy tắc của biểu"
        ordering = ["dataset", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "code"],
                name="dataset_rule_code_once",
                violation_error_message="Biểu đã có quy tắc này.",
            ),
            models.CheckConstraint(
                condition=(Q(kind="cross") & Q(other_dataset__isnull=False))
                | (~Q(kind="cross") & Q(other_dataset=None)),
                name="dataset_rule_cross_has_dataset",
                violation_error_message="Chọn biểu để so sánh.",
            ),
            models.CheckConstraint(
                condition=~Q(other_dataset=F("dataset")),
                name="dataset_rule_cross_elsewhere",
                violation_error_message="Biểu so sánh phải là một biểu khác.",
            ),
            models.CheckConstraint(
                condition=Q(warning_periods=0) | Q(since__isnull=False),
                name="dataset_rule_trial_has_start",
                violation_error_message="Ghi ngày bắt đầu áp dụng khi có kỳ đầu chỉ cảnh báo.",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lt=F("until")),
                name="dataset_rule_ends_after_start",
                violation_error_message="Ngày ngừng phải sau ngày bắt đầu áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(minimum__lte=F("maximum")),
                name="dataset_rule_range_in_order",
                violation_error_message="Giá trị nhỏ nhất phải không lớn hơn giá trị lớn nhất.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_in_force(self, period: ReportingPeriod) -> bool:
        return (self.since is None or self.since <= period.end) and (
            self.until is None or period.end < self.until
        )

    def is_on_trial(self, period: ReportingPeriod) -> bool:
        """Whether `period` is one of the first `warning_periods` since the rule began."""
        if self.severity == self.Severity.WARNING or self.since is None:
            return False
        return _number_of(period.end, period) - _number_of(self.since, period) < (
            self.warning_periods
        )

    def as_layout(self, period: ReportingPeriod) -> Rule:
        """The rule as it stands in `period`: an error on trial is a warning and says so."""
        trial = self.is_on_trial(period)
        left = ""
        if trial and self.since is not None:
            number = _number_of(self.since, period) + self.warning_periods
            left = f"Quy tắc mới, {_named(number, period)} trở đi sẽ là lỗi."
        return Rule(
            code=self.code,
            kind=self.kind,  # type: ignore[arg-type]
            columns=tuple(self.columns),
            other=self.other or None,
            parameter=self.parameter,
            minimum=self.minimum,
            maximum=self.maximum,
            relation=self.relation,  # type: ignore[arg-type]
            tolerance_percent=self.tolerance_percent,
            over_groups=self.over_groups,
            other_heading=self._other_heading(),
            severity="warning" if trial else self.severity,  # type: ignore[arg-type]
            message=self.message,
            note=left,
        )

    def _other_heading(self) -> str:
        """ "số liệu của biểu Dân số": what the other side is called in a sentence."""
        return f"số liệu của biểu {self.other_dataset}" if self.other_dataset else ""


MONTHS = {
    Frequency.YEARLY: 12,
    Frequency.HALF_YEARLY: 6,
    Frequency.QUARTERLY: 3,
    Frequency.MONTHLY: 1,
}


def _number_of(day: datetime.date, period: ReportingPeriod) -> int:
    """The number, from year 0, of the period of the same frequency that `day` lies in."""
    return (day.year * 12 + day.month - 1) // MONTHS[Frequency(period.frequency)]


def _named(number: int, period: ReportingPeriod) -> str:
    """ "từ quý 2/2024": the period of that number, as the end of a sentence names it."""
    frequency = Frequency(period.frequency)
    year, part = divmod(number * MONTHS[frequency], 12)
    if frequency == Frequency.YEARLY:
        return f"từ năm {year}"
    part = part // MONTHS[frequency] + 1
    if frequency == Frequency.HALF_YEARLY:
        return f"từ 6 tháng {'đầu' if part == 1 else 'cuối'} năm {year}"
    word = "quý" if frequency == Frequency.QUARTERLY else "tháng"
    return f"từ {word} {part}/{year}"
