"""What a report's figures rested on when they were frozen, and what they would say today."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .exhibit import Exhibit
from .reference import Figure
from .report import Report


class FigureFreeze(models.Model):
    """The frozen values of one draft with their inputs, template and fonts; never changed.

    `sha256` is that of `content` as canonical JSON (services.freezing.canonical).
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="freezes")
    draft_no = models.PositiveSmallIntegerField("dự thảo lần")
    sha256 = models.CharField("mã băm", max_length=64)
    content = models.JSONField("giá trị và đầu vào")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "lần chốt số liệu"
        ordering = ["report", "-draft_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "draft_no"],
                name="figure_freeze_once_a_draft",
                violation_error_message="Dự thảo này đã chốt số liệu.",
            )
        ]

    def __str__(self) -> str:
        return self.sha256


class FigureNowQuerySet(models.QuerySet["FigureNow"]):
    def differing(self) -> FigureNowQuerySet:
        return self.filter(differs=True)


class FigureNow(models.Model):
    """What a frozen figure would say of today's approved data, as last looked at; kept up to date
    by a job after each approval. A figure without a row says the same.
    """

    figure = models.OneToOneField(Figure, models.CASCADE, related_name="now", primary_key=True)
    report = models.ForeignKey(Report, models.CASCADE, related_name="figures_now")
    value = models.DecimalField("giá trị", max_digits=30, decimal_places=10, null=True, blank=True)
    printed = models.CharField("viết là", max_length=200, blank=True)
    differs = models.BooleanField("khác bản đã chốt", default=False)
    checked_at = models.DateTimeField("xem lúc")

    objects = FigureNowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "số liệu nay"
        ordering = ["figure"]
        indexes = [
            models.Index(fields=["report"], condition=Q(differs=True), name="figure_now_differing")
        ]

    def __str__(self) -> str:
        return f"{self.figure}: {self.printed or '…'}"


class ExhibitNow(models.Model):
    """A frozen table or chart that today's approved data would print otherwise, as last looked at;
    kept up to date with `FigureNow`. One without a row says the same.
    """

    exhibit = models.OneToOneField(
        Exhibit, models.CASCADE, related_name="now", primary_key=True, verbose_name="bảng"
    )
    report = models.ForeignKey(Report, models.CASCADE, related_name="exhibits_now")
    cells = models.PositiveIntegerField("số ô khác", default=0)
    reason = models.CharField("không lập được vì", max_length=300, blank=True)
    checked_at = models.DateTimeField("xem lúc")

    class Meta:
        verbose_name = verbose_name_plural = "bảng, biểu đồ nay"
        ordering = ["exhibit"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cells__gt=0) | ~Q(reason=""),
                name="exhibit_now_differs",
                violation_error_message="Chỉ ghi bảng, biểu đồ nay đã khác.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.exhibit}: {self.reason or self.cells}"
