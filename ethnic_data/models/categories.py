"""What figures are broken down by: dimensions such as sex or religion, and their categories.

A value holds the code of its category; the database refuses one that is not in the catalogue
(see migration 0008). Codes are unique over all dimensions and never change; what is no longer
used is retired.
"""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from portal.units.names import fold

# a code is part of the key of a column, and stands in files and addresses
CODE = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z", "Mã gồm chữ thường không dấu, số và dấu gạch dưới, bắt đầu bằng chữ."
)


class DimensionQuerySet(models.QuerySet["Dimension"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_categories(self) -> Self:
        return self.filter(kind=Dimension.Kind.CATEGORIES)


class Dimension(models.Model):
    """One way to break a figure down. Groups and sexes have places of their own in a value."""

    class Kind(models.TextChoices):
        CATEGORIES = "categories", "danh mục phân loại"
        GROUPS = "groups", "danh mục dân tộc"
        SEXES = "sexes", "giới tính"

    code = models.CharField("mã", max_length=30, unique=True, validators=[CODE])
    name = models.CharField("tên cách phân tổ", max_length=100)
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.CATEGORIES)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)

    objects = DimensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cách phân tổ"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"),
                name="dimension_code_plain",
                violation_error_message="Mã cách phân tổ không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryQuerySet(models.QuerySet["Category"]):
    def active(self) -> Self:
        return self.filter(is_active=True, dimension__is_active=True)

    def of_dimensions(self, codes: list[str]) -> Self:
        return self.filter(dimension__code__in=codes)


class Category(models.Model):
    """One category, with the names it goes by in files. `is_verified`: seen in an official list."""

    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="categories", verbose_name="cách phân tổ"
    )
    code = models.CharField("mã", max_length=30, unique=True, validators=[CODE])
    name = models.CharField("tên", max_length=120)
    name_key = models.CharField("tên để tìm", max_length=120, editable=False)
    aliases = ArrayField(
        models.CharField(max_length=120), verbose_name="tên khác", default=list, blank=True
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)
    is_verified = models.BooleanField("đã đối chiếu nguồn", default=False)
    source = models.CharField("nguồn", max_length=300, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phân loại"
        ordering = ["dimension", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "name_key"],
                name="category_name_once",
                violation_error_message="Cách phân tổ này đã có tên đó.",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"),
                name="category_code_plain",
                violation_error_message="Mã phân loại không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)
