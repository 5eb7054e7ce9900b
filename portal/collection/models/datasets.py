"""What is collected: forms with declared columns and rules, and the periods they are due in.

An administrator adds a dataset or a column as a row; no migration is needed.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from portal.collection.row_owners import writes_rows_only
from portal.collection.workbooks.layout import Column, Layout
from portal.units.models import AdministrativeUnit, Level

from .periods import Frequency, ReportingPeriod

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User

    from .columns import DatasetColumn


ROW_CODE = 40  # letters of the code of a row: a unit's, or a record's such as a works'


class FigureKind(models.TextChoices):
    """Where a figure comes from. Figures of different kinds are never added together."""

    CENSUS = "census", "tổng điều tra"
    SAMPLE = "sample", "điều tra mẫu"
    ADMINISTRATIVE = "administrative", "báo cáo hành chính"


class RowLevel(models.TextChoices):
    """What stands in the rows of a dataset: units of a level, or records that the store lists."""

    COMMUNE = "commune", "các xã, phường, thị trấn của đơn vị nộp"
    DISTRICT = "district", "các huyện, thành phố của đơn vị nộp"
    PROVINCE = "province", "các tỉnh, thành phố của đơn vị nộp"
    OWN = "own", "chính đơn vị nộp"
    OWN_BELOW = "own_below", "chính đơn vị nộp, rồi các huyện, thành phố của đơn vị"
    RECORD = "record", "các công trình, hạng mục đang theo dõi của đơn vị nộp"


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def active(self) -> DatasetQuerySet:
        return self.filter(is_active=True)

    def open_to(self, user: User | AnonymousUser) -> DatasetQuerySet:
        """Those that are any of `user`'s business: of records only, for whoever writes rows."""
        return self.filter(row_level=RowLevel.RECORD) if writes_rows_only(user) else self


class Dataset(models.Model):
    """A form of data, collected by unit and period. `store` is where the domain keeps them."""

    class RowAxis(models.TextChoices):
        UNIT = "unit", "mỗi dòng một đơn vị"
        UNIT_GROUP = "unit_group", "mỗi dòng một đơn vị và một dân tộc"
        MEASURE = "measure", "mỗi dòng một chỉ tiêu"

    code = models.CharField("mã", max_length=30, unique=True)
    short_title = models.CharField("tên gọn", max_length=60, blank=True)
    title = models.CharField("tên biểu", max_length=200)
    frequency = models.CharField(
        "kỳ báo cáo", max_length=12, choices=Frequency, default=Frequency.YEARLY
    )
    row_axis = models.CharField("dòng của biểu", max_length=12, choices=RowAxis)
    submitting_level = models.CharField(
        "cấp nộp", max_length=10, choices=Level, default=Level.DISTRICT
    )
    later_level = models.CharField("cấp nộp về sau", max_length=10, choices=Level, blank=True)
    later_level_since = models.DateField("cấp nộp về sau, từ ngày", null=True, blank=True)
    row_level = models.CharField(
        "đơn vị trong dòng", max_length=10, choices=RowLevel, default=RowLevel.COMMUNE
    )
    source_kind = models.CharField(
        "loại số liệu", max_length=14, choices=FigureKind, default=FigureKind.ADMINISTRATIVE
    )
    includes_reference = models.BooleanField(
        "nhận cả số liệu của cả nước, tỉnh khác", default=False
    )
    wants_cover_letter = models.BooleanField("cần công văn kèm theo", default=False)
    store = models.CharField("nơi lưu", max_length=200)
    due_month = models.PositiveSmallIntegerField("tháng nộp", null=True, blank=True)
    due_day = models.PositiveSmallIntegerField("ngày nộp", null=True, blank=True)
    due_years_after = models.PositiveSmallIntegerField("nộp sau kỳ (năm)", default=0)
    due_months_after = models.PositiveSmallIntegerField("nộp sau kỳ (tháng)", null=True, blank=True)
    collected_from = models.DateField("thu thập từ ngày", null=True, blank=True)
    collected_until = models.DateField("thôi thu thập từ ngày", null=True, blank=True)
    template_version = models.CharField("phiên bản biểu mẫu", max_length=20, default="1")
    unit_of_measure = models.CharField("đơn vị tính", max_length=40, blank=True)
    every_unit = models.BooleanField("phải có đủ các đơn vị", default=True)
    instructions = ArrayField(
        models.CharField(max_length=500), verbose_name="hướng dẫn", default=list, blank=True
    )
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name="tên gọi khác", default=list, blank=True
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "biểu số liệu"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_month=None, due_months_after=None, due_day=None)
                | Q(due_month__range=(1, 12), due_months_after=None, due_day__range=(1, 31))
                | Q(due_month=None, due_months_after__range=(0, 24), due_day__range=(1, 31)),
                name="dataset_due_rule",
                violation_error_message=(
                    "Hạn nộp phải có ngày, và tháng trong năm hoặc số tháng sau kỳ."
                ),
            ),
            models.CheckConstraint(
                condition=Q(later_level="", later_level_since=None)
                | (~Q(later_level="") & Q(later_level_since__isnull=False)),
                name="dataset_later_level_and_day",
                violation_error_message="Cấp nộp về sau phải có ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(source_kind__in=FigureKind.values),
                name="dataset_source_kind_known",
                violation_error_message="Loại số liệu không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(row_level__in=RowLevel.values),
                name="dataset_row_level_known",
                violation_error_message="Đơn vị trong dòng không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values),
                name="dataset_frequency_known",
                violation_error_message="Kỳ báo cáo không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(collected_from=None)
                | Q(collected_until=None)
                | Q(collected_from__lt=F("collected_until")),
                name="dataset_collected_in_order",
                violation_error_message="Ngày thôi thu thập phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(row_axis__in=["unit", "unit_group", "measure"]),
                name="dataset_row_axis_known",
                violation_error_message="Kiểu dòng của biểu không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_title or self.title

    def level_on(self, day: datetime.date) -> str:
        """The level that sends this dataset on `day`: the district level ended on 1/7/2025."""
        later = self.later_level_since
        return self.later_level if later is not None and later <= day else self.submitting_level

    def is_due_in(self, period: ReportingPeriod) -> bool:
        """Whether it is owed for `period`; one of an earlier time may be sent all the same."""
        begins, ends = self.collected_from, self.collected_until
        return (
            self.is_active
            and self.frequency == period.frequency
            and (begins is None or begins <= period.start)
            and (ends is None or ends > period.end)
        )

    def due_date(self, period: ReportingPeriod) -> datetime.date | None:
        """The last day on which data of `period` are in time; None when there is no such day.

        Either a day of the year (`due_month`, `due_years_after` later), or a day of the month
        that is `due_months_after` later than the period's last one.
        """
        if self.due_day is None:
            return period.due_date
        if self.due_months_after is not None:
            months = period.end.month - 1 + self.due_months_after
            return day_of(period.end.year + months // 12, months % 12 + 1, self.due_day)
        return day_of(period.end.year + self.due_years_after, self.due_month or 1, self.due_day)

    def is_open_to(self, user: User | AnonymousUser) -> bool:
        """See `DatasetQuerySet.open_to`."""
        return self.row_level == RowLevel.RECORD or not writes_rows_only(user)

    def columns_in(self, period: ReportingPeriod) -> list[DatasetColumn]:
        """The columns in use on the period's last day: a retired one stays where it was used."""
        return [column for column in self.columns.all() if column.in_use_on(period.end)]

    def _columns_of(self, period: ReportingPeriod) -> tuple[Column, ...]:
        """As a layout has them; of records, those whose heading is repeated go by their parent."""
        columns = [column.as_layout() for column in self.columns_in(period)]
        if self.row_level != RowLevel.RECORD:
            return tuple(columns)
        count = Counter(column.heading for column in columns)
        return tuple(
            replace(column, needs_parent=bool(column.parents) and count[column.heading] > 1)
            for column in columns
        )

    def layout_of(
        self, *, unit: AdministrativeUnit, period: ReportingPeriod, **domain: Any
    ) -> Layout:
        """The declared columns and rules as a layout; `domain` adds units, groups and the like."""
        return Layout(
            **{
                "dataset": self.code,
                "title": self.title,
                "period": period.code,
                "period_label": period.label,
                "unit": unit.code,
                "unit_name": unit.full_name,
                "rows": self.row_axis,
                "columns": self._columns_of(period),
                "rules": tuple(
                    rule.as_layout(period)
                    for rule in self.rules.select_related("other_dataset")
                    if rule.is_in_force(period)
                ),
                "template_version": self.template_version,
                "unit_of_measure": self.unit_of_measure,
                "year": period.year,
                "every_unit": self.every_unit,
                "is_printed": self.includes_reference,
                "keeps_own": self.row_level == RowLevel.OWN_BELOW,
                "has_records": self.row_level == RowLevel.RECORD,
                "instructions": tuple(self.instructions),
                "aliases": tuple(self.aliases),
                **domain,
            }
        )


def day_of(year: int, month: int, day: int) -> datetime.date:
    """That day, or the last of a month that is shorter: 31/4 is 30/4."""
    try:
        return datetime.date(year, month, day)
    except ValueError:
        following = datetime.date(year, month, 28) + datetime.timedelta(days=4)
        return following.replace(day=1) - datetime.timedelta(days=1)
