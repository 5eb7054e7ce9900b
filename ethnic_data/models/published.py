"""Tables that others published: kept as printed, totals beside what they add up to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.collection.models import FigureKind
from portal.units.models import AdministrativeUnit

from .groups import EthnicGroup
from .indicators import Indicator, Sex


class PublishedTable(models.Model):
    """One table of one publication. `file` names the data file it was read from."""

    code = models.CharField("mã", max_length=40, unique=True)
    title = models.CharField("tên biểu", max_length=300)
    source = models.CharField("nguồn", max_length=300)
    reference_date = models.DateField("thời điểm số liệu")
    kind = models.CharField("loại số liệu", max_length=14, choices=FigureKind)
    note = models.TextField("ghi chú", blank=True)
    file = models.CharField("tệp dữ liệu", max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "biểu đã công bố"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in FigureKind]),
                name="published_kind_known",
                violation_error_message="Loại số liệu không đúng.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ethnic_data:published_detail", args=[self.code])


class PublishedRow(models.Model):
    """A row as printed. A total is stored as printed; `covers` says what should add up to it."""

    class Covers(models.TextChoices):
        NOTHING = "", "không phải dòng tổng"
        ALL = "all", "tất cả các dòng"
        MINORITIES = "minorities", "các dòng dân tộc thiểu số"

    table = models.ForeignKey(PublishedTable, models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("tên dòng", max_length=120)
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, null=True, blank=True)
    group = models.ForeignKey(EthnicGroup, models.PROTECT, null=True, blank=True)
    covers = models.CharField("là tổng của", max_length=10, choices=Covers, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "dòng của biểu đã công bố"
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(fields=["table", "position"], name="published_row_once"),
        ]

    def __str__(self) -> str:
        return self.label


class PublishedColumn(models.Model):
    """A column as printed, with the indicator and the date it speaks of.

    A printed share is of the column `base`; a printed growth is ln(base / against) per year.
    """

    class Role(models.TextChoices):
        FIGURE = "figure", "số liệu"
        TOTAL = "total", "tổng của các cột thành phần"
        PART = "part", "thành phần của cột tổng"
        SHARE = "share", "tỷ trọng in trong biểu"
        GROWTH = "growth", "tốc độ tăng bình quân năm in trong biểu"

    table = models.ForeignKey(PublishedTable, models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    heading = models.CharField("tên cột", max_length=120)
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True)
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    category = models.CharField("phân loại", max_length=60, blank=True)
    role = models.CharField("vai trò", max_length=6, choices=Role, default=Role.FIGURE)
    base = models.ForeignKey(
        "self", models.PROTECT, related_name="+", verbose_name="tính từ cột", null=True, blank=True
    )
    against = models.ForeignKey(
        "self", models.PROTECT, related_name="+", verbose_name="so với cột", null=True, blank=True
    )
    unit_of_measure = models.CharField("đơn vị tính", max_length=40)
    decimals = models.PositiveSmallIntegerField("số lẻ", default=0)
    reference_date = models.DateField("thời điểm số liệu")

    class Meta:
        verbose_name = verbose_name_plural = "cột của biểu đã công bố"
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(fields=["table", "key"], name="published_column_once"),
        ]

    def __str__(self) -> str:
        return self.heading


class PublishedFigure(models.Model):
    """One printed number."""

    row = models.ForeignKey(PublishedRow, models.CASCADE, related_name="figures")
    column = models.ForeignKey(PublishedColumn, models.CASCADE, related_name="figures")
    value = models.DecimalField("giá trị", max_digits=20, decimal_places=6)

    class Meta:
        verbose_name = verbose_name_plural = "số liệu đã công bố"
        ordering = ["row", "column"]
        constraints = [
            models.UniqueConstraint(fields=["row", "column"], name="published_figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.row}, {self.column}: {self.value}"
