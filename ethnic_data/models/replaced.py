"""Values as they were before a file changed them or took them away, so that it can be undone."""

from __future__ import annotations

from django.db import models

from portal.collection.models import Submission, Upload
from portal.units.models import AdministrativeUnit

from .groups import EthnicGroup
from .indicators import Indicator, Sex
from .published import FigureKind


class ReplacedObservation(models.Model):
    """One value that `upload` changed or removed; `source` is the file it came from."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="+", db_constraint=False)
    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    group = models.ForeignKey(
        EthnicGroup,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
        db_index=False,
    )
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    category = models.CharField("phân loại", max_length=60, blank=True)
    value = models.DecimalField("giá trị", max_digits=30, decimal_places=10, null=True, blank=True)
    missing = models.CharField("lý do không có", max_length=14, blank=True)
    reference_date = models.DateField("thời điểm số liệu")
    kind = models.CharField("loại số liệu", max_length=14, choices=FigureKind)
    source = models.ForeignKey(
        Upload,
        models.CASCADE,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
        db_index=False,
    )
    sheet = models.CharField("trang tính", max_length=120, blank=True)
    cell = models.CharField("ô", max_length=12, blank=True)
    raw = models.CharField("nội dung ô", max_length=255, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "số liệu trước khi tệp thay đổi"

    def __str__(self) -> str:
        return f"{self.indicator_id} · {self.unit_id}: {self.value or self.missing}"
