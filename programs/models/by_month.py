"""The money of lines month by month, kept by the database so that a year is summed at once."""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .capital import CapitalPlan

#: before the year, January to December, January of the next year, later
SLOTS = 15


def slot_of(day: datetime.date, year: int) -> int:
    """Which slot (from 1) of the money of `year` a day falls into."""
    return min(max(1 + (day.year - year) * 12 + day.month, 1), SLOTS)


def slot_end(slot: int, year: int) -> datetime.date:
    """The last day of a slot; of the last one, the last day there is."""
    if slot >= SLOTS:
        return datetime.date.max
    months = year * 12 + slot - 1
    return datetime.date(months // 12, months % 12 + 1, 1) - datetime.timedelta(days=1)


class CapitalByMonth(models.Model):
    """How much more a yearly line held and had paid in each slot, in thousand đồng.

    `held` is what came in (but for what is carried over into the next year) less what lines below
    drew, as `CapitalPlan.held`. Written by triggers alone; programs_months_astray() tells rows
    that differ from the entries.
    """

    plan = models.OneToOneField(
        CapitalPlan, models.CASCADE, primary_key=True, related_name="by_month", editable=False
    )
    held = ArrayField(models.BigIntegerField(), size=SLOTS, editable=False)
    paid = ArrayField(models.BigIntegerField(), size=SLOTS, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "vốn theo tháng"

    def __str__(self) -> str:
        return str(self.plan_id)
