"""Sums of approved values, kept so that nobody adds up a province while a page waits.

A sum is of a set of units, not of a name: where a unit comes to hold other units its set is another
one, finds no sums and is read from the values. So a sum may be absent, never of the wrong units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.units.models.shares import ExactField

from .indicators import Indicator, Sex
from .observations import Missing
from .published import FigureKind


def set_key(members: Iterable[int]) -> str:
    """What a set of numbers is found by; the database makes the same of `members`."""
    text = ",".join(map(str, sorted(members)))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class RollupSet(models.Model):
    """Numbers in order: the units that are added up, those that gave a value, submissions.

    Never changed once it is there, so equal numbers have one row and a row means them for good.
    """

    key = models.CharField("khoá", max_length=32, unique=True)
    members = ArrayField(models.BigIntegerField(), verbose_name="gồm")

    class Meta:
        verbose_name = verbose_name_plural = "tập hợp của tổng hợp sẵn"

    def __str__(self) -> str:
        return f"{len(self.members)}: {self.key}"


class Rollup(models.Model):
    """What one dataset tells of one indicator, for the units of `area`.

    `level` 0: the value of one unit as it reported it. Else the sum over those units of `area`
    that are of this level. `given` of `told` units gave a value; `units` are these, `submissions`
    what they gave it in, `cells` how many values it was made of. `covered` units told of groups:
    `totals` and `group_cells` stand beside `groups`, a group not named has 0. Of `open_groups` a
    part is missing. `to_read`: the sums say too little (a unit is told of in two kinds, or by two
    submissions), so the values have to be read.
    """

    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    dataset = models.ForeignKey(
        Dataset, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    area = models.ForeignKey(
        RollupSet, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    level = models.PositiveSmallIntegerField("cấp")
    kind = models.CharField("loại số liệu", max_length=14, choices=FigureKind)
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    category = models.CharField("phân loại", max_length=60, blank=True)
    total = ExactField("tổng", null=True)
    given = models.PositiveIntegerField("số đơn vị có số liệu")
    told = models.PositiveIntegerField("số đơn vị có báo cáo")
    is_partial = models.BooleanField("thiếu một phần", default=False)
    reason = models.CharField("lý do không có", max_length=14, choices=Missing, blank=True)
    other_reason = models.CharField("lý do khác", max_length=14, choices=Missing, blank=True)
    cells = models.PositiveIntegerField("số giá trị", default=0)
    units = models.ForeignKey(
        RollupSet, models.CASCADE, related_name="+", db_constraint=False, db_index=False, null=True
    )
    submissions = models.ForeignKey(
        RollupSet, models.CASCADE, related_name="+", db_constraint=False, db_index=False, null=True
    )
    covered = models.PositiveIntegerField("số đơn vị có dân tộc", default=0)
    covered_units = models.ForeignKey(
        RollupSet, models.CASCADE, related_name="+", db_constraint=False, db_index=False, null=True
    )
    covered_submissions = models.ForeignKey(
        RollupSet, models.CASCADE, related_name="+", db_constraint=False, db_index=False, null=True
    )
    groups = ArrayField(models.BigIntegerField(), verbose_name="dân tộc", default=list)
    totals = ArrayField(ExactField(), verbose_name="tổng theo dân tộc", default=list)
    group_cells = ArrayField(models.IntegerField(), verbose_name="số giá trị", default=list)
    open_groups = ArrayField(models.BigIntegerField(), verbose_name="dân tộc thiếu", default=list)
    to_read = models.BooleanField("phải đọc số liệu", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "tổng hợp sẵn"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "indicator", "period", "area", "sex", "category", "dataset", "kind", "level",
                ],
                name="rollup_once",
            ),
            models.CheckConstraint(
                condition=models.Q(given__lte=models.F("told"))
                & models.Q(covered__lte=models.F("told")),
                name="rollup_given_of_told",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["period", "dataset"], name="rollup_period_dataset")]

    def __str__(self) -> str:
        return f"{self.indicator_id} · {self.area_id}: {self.total}"


class RollupState(models.Model):
    """A period of a dataset that is summed, and the sets of units it is summed over."""

    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    dataset = models.ForeignKey(
        Dataset, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    areas = ArrayField(models.BigIntegerField(), verbose_name="phạm vi", default=list)
    summed_at = models.DateTimeField("tổng hợp lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "tình trạng tổng hợp"
        constraints = [
            models.UniqueConstraint(fields=["period", "dataset"], name="rollup_state_once")
        ]

    def __str__(self) -> str:
        return f"{self.period_id} · {self.dataset_id}"


class Unsummed(models.Model):
    """A change of what is approved that is in no sum yet. Written by a trigger, see the migration.

    While one stands, its period is read from the values.
    """

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    dataset = models.ForeignKey(
        Dataset, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    since = models.DateTimeField("từ lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "chưa tổng hợp"
        indexes = [models.Index(fields=["period", "dataset"], name="unsummed_period_dataset")]

    def __str__(self) -> str:
        return f"{self.submission_id}"


class HiddenCounts(models.Model):
    """What of an indicator and a period is not published; see ethnic_data.exploring.hiding.

    `names`: unit, group, sex and category of each hidden count. `decided_from`: the submissions and
    units of that time; while others stand, it says nothing.
    """

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    decided_from = models.CharField("căn cứ", max_length=64)
    names = models.JSONField("không công bố", default=list)
    decided_at = models.DateTimeField("xác định lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "số nhỏ không công bố"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "period"], name="hidden_counts_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} · {self.period_id}: {len(self.names)}"
