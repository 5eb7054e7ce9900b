"""Values by indicator, unit, group and sex, each belonging to one submission.

An approved or superseded submission's observations cannot be changed by anybody: see the trigger
in migration `observation_locks`.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from portal.collection.models import Submission, Upload
from portal.units.models import AdministrativeUnit

from .groups import EthnicGroup
from .indicators import Indicator, Sex
from .published import FigureKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class Missing(models.TextChoices):
    """Why there is no value. None of them is 0."""

    NOT_COLLECTED = "not_collected", "không có số liệu"
    NOT_APPLICABLE = "not_applicable", "không áp dụng"
    CONFIDENTIAL = "confidential", "không công bố"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(unit__in=AdministrativeUnit.objects.visible_to(user))

    def approved(self) -> Self:
        return self.filter(submission__status=Submission.Status.APPROVED)

    def known_on(self, when: datetime.date | datetime.datetime) -> Self:
        """Of the revisions that stood approved at a moment, or at the end of a day."""
        return self.filter(submission__in=Submission.objects.known_on(when))

    def in_period(self, code: str) -> Self:
        return self.filter(submission__period__code=code)

    def within(self, unit: AdministrativeUnit, *, on: datetime.date) -> Self:
        """Of `unit` and all that belonged to it on `on`."""
        return self.filter(unit__in=AdministrativeUnit.objects.within(unit, on=on))

    def with_sources(self) -> Self:
        """With the names and the file that a list of values shows, in one query."""
        return self.select_related(
            "indicator",
            "unit",
            "group",
            "upload",
            "submission__dataset",
            "submission__period",
            "submission__unit",
        )


class Observation(models.Model):
    """One value, or the reason why there is none. `group` None and `sex` "" mean all.

    References are held by triggers that look at whole statements (migration
    `set_based_references`): millions of rows are checked in a second instead of minutes.
    """

    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        related_name="observations",
        verbose_name="bộ số liệu",
        db_index=False,
        db_constraint=False,
    )
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        verbose_name="chỉ tiêu",
        db_index=False,
        db_constraint=False,
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, verbose_name="đơn vị", db_constraint=False
    )
    group = models.ForeignKey(
        EthnicGroup,
        models.PROTECT,
        verbose_name="dân tộc",
        null=True,
        blank=True,
        db_constraint=False,
    )
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    category = models.CharField("phân loại", max_length=60, blank=True)
    value = models.DecimalField("giá trị", max_digits=30, decimal_places=10, null=True, blank=True)
    missing = models.CharField("lý do không có", max_length=14, choices=Missing, blank=True)
    reference_date = models.DateField("thời điểm số liệu")
    kind = models.CharField(
        "loại số liệu", max_length=14, choices=FigureKind, default=FigureKind.ADMINISTRATIVE
    )
    upload = models.ForeignKey(
        Upload,
        models.PROTECT,
        verbose_name="tệp",
        related_name="observations",
        null=True,
        blank=True,
        db_constraint=False,
    )
    sheet = models.CharField("trang tính", max_length=120, blank=True)
    cell = models.CharField("ô", max_length=12, blank=True)
    raw = models.CharField("nội dung ô", max_length=255, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "số liệu"
        ordering = ["submission", "indicator", "unit", "group", "sex", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "submission", "sex", "unit", "group", "category"],
                name="observation_once",
                nulls_distinct=False,
                include=["value", "missing", "kind"],
                violation_error_message="Bộ số liệu đã có giá trị này.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="") | (Q(value=None) & ~Q(missing="")),
                name="observation_value_or_reason",
                violation_error_message="Phải có giá trị, hoặc lý do không có.",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0),
                name="observation_not_negative",
                violation_error_message="Giá trị không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=["", *Sex.values]),
                name="observation_sex_known",
                violation_error_message="Giới tính không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(missing__in=["", *Missing.values]),
                name="observation_missing_known",
                violation_error_message="Lý do không có số liệu không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FigureKind.values),
                name="observation_kind_known",
                violation_error_message="Loại số liệu không đúng.",
            ),
        ]
        indexes = [models.Index(fields=["submission"], name="observation_submission")]

    def __str__(self) -> str:
        return f"{self.indicator_id} · {self.unit_id}: {self.value or self.missing}"
