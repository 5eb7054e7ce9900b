"""Rounds of the survey of the 53 minorities, and the day that each table speaks of.

Basis: Quyết định 02/QĐ-TTg of 05/01/2015, every five years since 2015.
"""

from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from portal.collection.models import Dataset, ReportingPeriod

from .groups import EthnicGroup
from .published import FigureKind


class SurveyRound(models.Model):
    """One round: its plan, its day, and how people were counted. `full_below`: the size of a group
    under which everybody was counted.
    """

    year = models.PositiveSmallIntegerField("năm", unique=True)
    title = models.CharField("tên", max_length=200)
    plan = models.CharField("phương án điều tra", max_length=200)
    reference_date = models.DateField("thời điểm điều tra")
    fieldwork = models.CharField("thời gian thu thập", max_length=120, blank=True)
    coverage = models.CharField("phạm vi", max_length=300, blank=True)
    method = models.CharField("cách điều tra", max_length=500, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    full_below = models.PositiveIntegerField("điều tra toàn bộ dân tộc dưới", null=True, blank=True)
    is_verified = models.BooleanField("đã đối chiếu nguồn", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "vòng điều tra"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"Điều tra {self.year}"


class FullCount(models.Model):
    """In a round, everybody of this group was counted, not a sample of them."""

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="full_counts")
    group = models.ForeignKey(EthnicGroup, models.PROTECT, related_name="+")
    source = models.CharField("nguồn", max_length=300)
    is_verified = models.BooleanField("đã đối chiếu nguồn", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "dân tộc điều tra toàn bộ"
        ordering = ["round", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "group"],
                name="full_count_once",
                violation_error_message="Dân tộc này đã có trong vòng điều tra.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.group}"


class SurveyTableQuerySet(models.QuerySet["SurveyTable"]):
    def with_names(self) -> Self:
        return self.select_related("round", "dataset", "period")


class SurveyTable(models.Model):
    """What a dataset is in one period: of which round, of which day, counted how.

    Its values get this day and this kind; without such a row they get the period's last day and
    the dataset's kind. It stays once data were sent (see migration `survey_tables_stay`).
    """

    class Counting(models.TextChoices):
        CENSUS = "census", "tổng điều tra"
        SAMPLE = "sample", "điều tra mẫu"
        BY_GROUP = "by_group", "toàn bộ hoặc mẫu, theo dân tộc"

    round = models.ForeignKey(
        SurveyRound,
        models.PROTECT,
        related_name="tables",
        null=True,
        blank=True,
        verbose_name="vòng điều tra",
    )
    dataset = models.ForeignKey(
        Dataset, models.PROTECT, related_name="survey_tables", verbose_name="biểu"
    )
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+", verbose_name="kỳ")
    reference_date = models.DateField("thời điểm số liệu")
    counting = models.CharField("loại số liệu", max_length=10, choices=Counting)
    source = models.CharField("nguồn", max_length=300, blank=True)
    is_verified = models.BooleanField("đã đối chiếu nguồn", default=False)

    objects = SurveyTableQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "biểu điều tra"
        ordering = ["-reference_date", "dataset__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "period"],
                name="survey_table_once",
                violation_error_message="Biểu này đã có thời điểm trong kỳ.",
            ),
            models.CheckConstraint(
                condition=Q(counting__in=["census", "sample", "by_group"]),
                name="survey_table_counting_known",
                violation_error_message="Loại số liệu không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(counting="by_group") | Q(round__isnull=False),
                name="survey_table_by_group_has_round",
                violation_error_message="Loại số liệu theo dân tộc cần có vòng điều tra.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} · {self.reference_date:%d/%m/%Y}"

    @property
    def kind(self) -> FigureKind:
        """The kind of a value, unless its group was counted fully; a total over a sample is one."""
        return FigureKind.CENSUS if self.counting == self.Counting.CENSUS else FigureKind.SAMPLE

    @property
    def is_by_group(self) -> bool:
        return self.counting == self.Counting.BY_GROUP


def told_of(dataset: Dataset, period: ReportingPeriod) -> tuple[datetime.date, str, int | None]:
    """Day and kind of the values of a dataset in a period; the round whose groups differ."""
    table = SurveyTable.objects.filter(dataset=dataset, period=period).first()
    if table is None:
        return period.end, dataset.source_kind, None
    return table.reference_date, table.kind, table.round_id if table.is_by_group else None
