"""The columns of a dataset: what each measures, and how it is written down."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from portal.collection.workbooks.layout import Column, Formula

from .datasets import Dataset


class DatasetColumn(models.Model):
    """One column of a dataset (in a dataset by measure: one row).

    In use from `since` until before `until`. What it means does not change once data were sent
    with it (see migration 0011): it is retired, and another takes its place.
    """

    class Kind(models.TextChoices):
        ENTERED = "entered", "nhập"
        COMPUTED = "computed", "tính"

    class ValueType(models.TextChoices):
        COUNT = "count", "số đếm"
        DECIMAL = "decimal", "số có phần lẻ"
        PERCENT = "percent", "phần trăm"
        YES_NO = "yes_no", "có, không"
        TEXT = "text", "chữ"

    class Sex(models.TextChoices):
        MALE = "male", "nam"
        FEMALE = "female", "nữ"

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField("thứ tự")
    number = models.CharField("số cột", max_length=10, blank=True)
    key = models.CharField("khoá", max_length=40)
    heading = models.CharField("tên cột", max_length=200)
    parents = ArrayField(
        models.CharField(max_length=200), verbose_name="tiêu đề trên", default=list, blank=True
    )
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name="tên khác", default=list, blank=True
    )
    measure = models.CharField("chỉ tiêu", max_length=20)
    group_code = models.CharField("dân tộc", max_length=10, blank=True)
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    category = models.CharField("phân loại", max_length=60, blank=True)
    kind = models.CharField("cách có", max_length=10, choices=Kind, default=Kind.ENTERED)
    value_type = models.CharField(
        "kiểu giá trị", max_length=10, choices=ValueType, default=ValueType.COUNT
    )
    numerator = models.CharField("tử số", max_length=40, blank=True)
    denominator = models.CharField("mẫu số", max_length=40, blank=True)
    factor = models.DecimalField("hệ số", max_digits=12, decimal_places=4, default=Decimal(1))
    unit_of_measure = models.CharField("đơn vị tính", max_length=40, blank=True)
    is_required = models.BooleanField("bắt buộc", default=True)
    decimals = models.PositiveSmallIntegerField("số chữ số lẻ", default=2)
    minimum = models.DecimalField(
        "nhỏ nhất", max_digits=20, decimal_places=4, null=True, blank=True, default=Decimal(0)
    )
    maximum = models.DecimalField(
        "lớn nhất", max_digits=20, decimal_places=4, null=True, blank=True
    )

    since = models.DateField("dùng từ ngày", null=True, blank=True)
    until = models.DateField("thôi dùng từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "cột của biểu"
        ordering = ["dataset", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "key"],
                name="dataset_column_key_once",
                violation_error_message="Biểu đã có cột này.",
            ),
            models.UniqueConstraint(
                fields=["dataset", "position"],
                name="dataset_column_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Biểu đã có cột ở vị trí này.",
            ),
            models.CheckConstraint(
                condition=Q(kind="entered") | (~Q(numerator="") & ~Q(denominator="")),
                name="dataset_column_computed_from",
                violation_error_message="Cột tính phải có tử số và mẫu số.",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lt=F("until")),
                name="dataset_column_used_in_order",
                violation_error_message="Ngày thôi dùng cột phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    def in_use_on(self, day: datetime.date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )

    def as_layout(self) -> Column:
        formula = None
        if self.kind == self.Kind.COMPUTED:
            formula = Formula(
                numerator=self.numerator, denominator=self.denominator, factor=self.factor
            )
        return Column(
            key=self.key,
            measure=self.measure,
            heading=self.heading,
            number=self.number,
            parents=tuple(self.parents),
            aliases=tuple(self.aliases),
            group=self.group_code or None,
            sex=self.sex or None,  # type: ignore[arg-type]
            category=self.category or None,
            kind=self.kind,  # type: ignore[arg-type]
            value_type=self.value_type,  # type: ignore[arg-type]
            formula=formula,
            required=self.is_required,
            unit_of_measure=self.unit_of_measure,
            decimals=self.decimals,
            minimum=self.minimum,
            maximum=self.maximum,
        )
