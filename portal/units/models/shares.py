"""What part of one unit's figures belongs to another unit of another time."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from .units import AdministrativeUnit, no_two_at_once

MOSTLY = Decimal("0.5")  # a unit that was split lies where more than this of it lies


class ExactField(models.DecimalField):
    """A `numeric` without a scale: a product of weights is kept to its last digit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_digits=1000, decimal_places=500)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        return "numeric"


class UnitShareQuerySet(models.QuerySet["UnitShare"]):
    def on(self, day: datetime.date) -> Self:
        """Shares in the units that are in force on `day`."""
        return self.filter(valid__contains=day)

    def estimates(self) -> Self:
        return self.filter(weight__lt=1)


class UnitShare(models.Model):
    """`weight` of what was counted at `unit` belongs to `target`, in the units of days of `valid`.

    Kept by services.rebuild_shares from successions and parents. `target` is in force on those
    days and of any level, so a commune has a share in its new commune and in all above it; a unit
    in force that day has the whole of itself. `weight` is 1 where that is certain, less than 1 an
    estimate by population, and nothing where no one can say.
    """

    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="shares")
    target = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="shares_of")
    weight = ExactField("phần", null=True)
    valid = DateRangeField("theo đơn vị của")

    objects = UnitShareQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "quy đổi giữa đơn vị các thời kỳ"
        indexes = [models.Index(fields=["target", "unit"], name="unit_share_target")]
        constraints = [
            no_two_at_once(
                "unit",
                "target",
                name="unit_share_once_at_a_time",
                message="Quy đổi giữa hai đơn vị bị lặp.",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=Decimal(0), weight__lte=Decimal(1)),
                name="unit_share_weight",
                violation_error_message="Phần quy đổi phải lớn hơn 0 và không quá 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.target}: {self.weight}"

    @property
    def is_estimate(self) -> bool:
        return self.weight is not None and self.weight < 1
