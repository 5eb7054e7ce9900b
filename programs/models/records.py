"""Values by record: what datasets whose rows are works, components or plan lines collect.

A submission's values cannot be changed by anybody unless it is a draft or was returned: see the
triggers in migration `record_locks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from portal.collection.models import Submission, Upload
from portal.collection.models.datasets import ROW_CODE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class Sex(models.TextChoices):
    MALE = "male", "nam"
    FEMALE = "female", "nữ"


class Missing(models.TextChoices):
    """Why there is no value. None of them is 0."""

    NOT_COLLECTED = "not_collected", "không có số liệu"
    NOT_APPLICABLE = "not_applicable", "không áp dụng"
    CONFIDENTIAL = "confidential", "không công bố"


class RecordValueQuerySet(models.QuerySet["RecordValue"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(submission__in=Submission.objects.visible_to(user))

    def approved(self) -> Self:
        return self.filter(submission__status=Submission.Status.APPROVED)


class Told(models.Model):
    """What one value says, and the cell it came from. `group` None and `sex` "" mean all.

    `row` is the record's code, `measure` what is counted ("NSTW-DT"), as its column names it.
    """

    row = models.CharField("dòng", max_length=ROW_CODE)
    measure = models.CharField("chỉ tiêu", max_length=20)
    group = models.CharField("dân tộc", max_length=10, null=True, blank=True)  # noqa: DJ001
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    category = models.CharField("phân loại", max_length=60, blank=True)
    value = models.DecimalField("giá trị", max_digits=30, decimal_places=10, null=True, blank=True)
    missing = models.CharField("lý do không có", max_length=14, choices=Missing, blank=True)
    sheet = models.CharField("trang tính", max_length=120, blank=True)
    cell = models.CharField("ô", max_length=12, blank=True)
    raw = models.CharField("nội dung ô", max_length=255, blank=True)

    class Meta:
        abstract = True


class RecordValue(Told):
    """One value of a submission, or the reason why there is none."""

    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        related_name="record_values",
        verbose_name="bộ số liệu",
        db_index=False,
    )
    upload = models.ForeignKey(
        Upload,
        models.PROTECT,
        related_name="record_values",
        verbose_name="tệp",
        null=True,
        blank=True,
    )

    objects = RecordValueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "số liệu theo công trình, hạng mục"
        ordering = ["submission", "row", "measure", "group", "sex", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "row", "measure", "group", "sex", "category"],
                name="record_value_once",
                nulls_distinct=False,
                violation_error_message="Bộ số liệu đã có giá trị này.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="") | (Q(value=None) & ~Q(missing="")),
                name="record_value_or_reason",
                violation_error_message="Phải có giá trị, hoặc lý do không có.",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=["", *Sex.values]),
                name="record_value_sex_known",
                violation_error_message="Giới tính không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(missing__in=["", *Missing.values]),
                name="record_value_missing_known",
                violation_error_message="Lý do không có số liệu không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(row="") & ~Q(measure=""),
                name="record_value_about_something",
                violation_error_message="Giá trị phải có dòng và chỉ tiêu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row} · {self.measure}: {self.value or self.missing}"


class ReplacedRecordValue(Told):
    """A value as it was before `upload` changed it or took it away; `source` is its own file."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="+", db_index=False)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="+")
    source = models.ForeignKey(
        Upload, models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "số liệu trước khi tệp thay đổi"

    def __str__(self) -> str:
        return f"{self.row} · {self.measure}: {self.value or self.missing}"
