"""What a programme aims at, kept as printed and, where the print is plain, as a number too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from portal.units.models import AdministrativeUnit

from .structure import Confidence, Programme

# a plain printed value: ">98", "2.5", "100 (cơ bản không còn xã, thôn ĐBKK)"; not "1/2", "4/2/3"
PLAIN_VALUE = re.compile(r"^(?P<sign>[<>]?)\s*(?P<number>\d+(?:[.,]\d+)?)(?:\s*\(.*\))?$")


class TargetQuerySet(models.QuerySet["Target"]):
    def of_province(self) -> Self:
        """Targets that the province set for itself."""
        return self.filter(unit__isnull=False)


# what is counted one by one; all else is measured, and written with two decimals
COUNTED = frozenset({"xã", "thôn", "hộ", "người", "huyện", "công trình", "trường", "trạm"})
MEASURED_DECIMALS = 2


class Target(models.Model):
    """One target of a programme: of the whole nation, or of one province (`unit`)."""

    class Direction(models.TextChoices):
        UP = "up", "cao lên"
        DOWN = "down", "thấp đi"

    class Measure(models.TextChoices):
        LEVEL = "level", "mức đạt được"
        YEARLY_FALL = "yearly_fall", "mức giảm so với năm trước"

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="targets", verbose_name="chương trình"
    )
    code = models.CharField("mã", max_length=20)
    name = models.CharField("mục tiêu", max_length=300)
    unit_of_measure = models.CharField("đơn vị tính", max_length=40)
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="địa bàn",
    )
    direction = models.CharField("tốt khi", max_length=4, choices=Direction)
    indicator_code = models.CharField("chỉ tiêu so sánh", max_length=20, blank=True)
    measure = models.CharField("cách so sánh", max_length=12, choices=Measure, default="level")
    position = models.PositiveSmallIntegerField("thứ tự")
    confidence = models.CharField("độ tin cậy", max_length=10, choices=Confidence)
    source = models.CharField("nguồn", max_length=300, blank=True)
    is_verified = models.BooleanField("đã đối chiếu", default=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "mục tiêu"
        ordering = ["programme", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="target_code_once",
                violation_error_message="Mã mục tiêu này đã có trong chương trình.",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["up", "down"]),
                name="target_direction_known",
                violation_error_message="Hướng của mục tiêu không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=[choice.value for choice in Confidence]),
                name="target_confidence_known",
                violation_error_message="Độ tin cậy không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def decimals(self) -> int:
        """How many places its values are written with, by its unit of measure."""
        return 0 if self.unit_of_measure.strip().lower() in COUNTED else MEASURED_DECIMALS

    @property
    def is_yearly_rate(self) -> bool:
        """Asked anew in every year, such as a fall by 3 points a year; not a level on the way."""
        return self.measure == self.Measure.YEARLY_FALL or self.unit_of_measure.endswith("/năm")

    def printed_by_year(self, years: Sequence[int]) -> list[dict[str, object]]:
        """`year` and printed `text` of each of `years`; the text is empty where there is none."""
        printed = {value.year: value.printed for value in self.values.all()}
        return [{"year": year, "text": printed.get(year, "")} for year in years]


class TargetValue(models.Model):
    """What is to be reached by the end of a year; the print is kept, a plain number is read."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="values")
    year = models.PositiveSmallIntegerField(
        "năm", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    printed = models.CharField("như văn bản", max_length=200)
    threshold = models.DecimalField(
        "ngưỡng", max_digits=12, decimal_places=3, null=True, blank=True, editable=False
    )
    is_strict = models.BooleanField("phải vượt ngưỡng", default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "mức mục tiêu"
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "year"],
                name="target_value_once",
                violation_error_message="Năm này đã có mức mục tiêu.",
            ),
            models.CheckConstraint(
                condition=~Q(printed=""),
                name="target_value_printed",
                violation_error_message="Ghi mức mục tiêu như văn bản.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.year}: {self.printed}"

    def save(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        self.threshold, self.is_strict = read_printed(self.printed)
        super().save(*args, **kwargs)

    def is_met_by(self, actual: Decimal) -> bool | None:
        """Whether `actual`, in the target's unit of measure, meets this value; None when the print
        gives no plain number."""
        if self.threshold is None:
            return None
        if self.is_strict and actual == self.threshold:
            return False
        if self.target.direction == Target.Direction.UP:
            return actual >= self.threshold
        return actual <= self.threshold


def read_printed(printed: str) -> tuple[Decimal | None, bool]:
    """The number a printed value gives, and whether it must be exceeded (or undercut)."""
    found = PLAIN_VALUE.match(printed.strip())
    if found is None:
        return None, False
    return Decimal(found["number"].replace(",", ".")), bool(found["sign"])
