"""One template for many units: a request, and one sheet for each unit."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.units.models import AdministrativeUnit

from .template import ReportTemplate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.is_authenticated and user.has_perm("reports.view") else self.none()


class Batch(models.Model):
    """One request for the sheets of many units in one period. Each sheet is a job of its own, so
    several workers share them and an interrupted batch goes on where it was.
    """

    template = models.ForeignKey(ReportTemplate, models.PROTECT, verbose_name="đề cương")
    period = models.ForeignKey(
        "collection.ReportingPeriod", models.PROTECT, verbose_name="kỳ báo cáo"
    )
    day = models.DateField("ngày lập")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người yêu cầu", related_name="+"
    )
    requested_at = models.DateTimeField("yêu cầu lúc")

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "lô phiếu"
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.template.title}, {self.period.label}"

    def get_absolute_url(self) -> str:
        return reverse("reports:batch_detail", args=[self.pk])


def sheet_path(sheet: BatchSheet, name: str) -> str:
    """A path of its own for every attempt, so that nothing is ever written over."""
    return f"batches/{sheet.batch_id}/{sheet.position:03}-{secrets.token_hex(6)}.pdf"


class BatchSheet(models.Model):
    """The sheet of one unit."""

    class State(models.TextChoices):
        WAITING = "waiting", "chờ lập"
        DONE = "done", "đã lập"
        REFUSED = "refused", "không lập được"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="sheets")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("thứ tự")
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.WAITING)
    problem = models.TextField("vì sao", blank=True)
    file = models.FileField("tệp", upload_to=sheet_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField("cỡ (byte)", default=0)
    pages = models.PositiveSmallIntegerField("số trang", default=0)
    missing = models.PositiveSmallIntegerField("số liệu chưa có", default=0)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "phiếu của lô"
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "unit"],
                name="batch_sheet_once_a_unit",
                violation_error_message="Đơn vị này đã có trong lô.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None)
                | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                name="batch_sheet_finished_when_ended",
                violation_error_message="Phiếu đã lập phải có giờ xong.",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(file="") & ~Q(sha256="")),
                name="batch_sheet_done_with_file",
                violation_error_message="Phiếu đã lập phải có tệp.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch}: {self.unit}"
