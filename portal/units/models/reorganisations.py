"""A reorganisation of units: entered with its decision, looked at, then put in force on its day."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from .units import AdministrativeUnit


class ReorganisationQuerySet(models.QuerySet["Reorganisation"]):
    def due(self, today: datetime.date) -> Self:
        """Confirmed, and their day has come."""
        return self.filter(state=Reorganisation.State.CONFIRMED, date__lte=today)


class Reorganisation(models.Model):
    """What one decision does to units on one day. `done` is what undoing needs."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        CONFIRMED = "confirmed", "Chờ đến ngày"
        IN_FORCE = "in_force", "Đã có hiệu lực"
        UNDONE = "undone", "Đã hoàn tác"

    decision = models.CharField("văn bản", max_length=200)
    date = models.DateField("ngày hiệu lực")
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhập"
    )
    created_at = models.DateTimeField("nhập lúc", db_default=Now())
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="người xác nhận",
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)
    in_force_at = models.DateTimeField("thực hiện lúc", null=True, blank=True)
    done = models.JSONField("đã làm", default=dict, editable=False)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "sắp xếp đơn vị"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "confirmed", "in_force", "undone"]),
                name="reorganisation_state_known",
                violation_error_message="Trạng thái không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="reorganisation_confirmed_by",
                violation_error_message="Sắp xếp đơn vị phải có người xác nhận.",
            ),
            models.CheckConstraint(
                condition=Q(in_force_at__isnull=False) | ~Q(state__in=["in_force", "undone"]),
                name="reorganisation_in_force_at",
                violation_error_message="Sắp xếp đã thực hiện phải có thời điểm thực hiện.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}, từ {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("units:reorganisation_detail", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        """Nothing has been changed yet."""
        return self.state in (self.State.DRAFT, self.State.CONFIRMED)

    def is_due(self, today: datetime.date) -> bool:
        return self.state == self.State.CONFIRMED and self.date <= today


class ReorganisationItem(models.Model):
    """One way from an old unit to a new one, or to its end where there is no new code.

    `people` who go this way, where known: figures of the new unit are later led back by them.
    """

    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField("dòng")
    old = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="+", verbose_name="đơn vị cũ"
    )
    new_code = models.CharField("mã mới", max_length=10, blank=True)
    new_name = models.CharField("tên mới", max_length=120, blank=True)
    new_kind = models.CharField("loại mới", max_length=30, blank=True)
    parent_code = models.CharField("mã cấp trên", max_length=10, blank=True)
    weight = models.DecimalField("phần", max_digits=7, decimal_places=6, default=1)
    people = models.PositiveIntegerField("số dân", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "dòng sắp xếp"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation", "old", "new_code"],
                name="reorganisation_item_once",
                violation_error_message="Cặp đơn vị cũ, mới này đã có ở dòng khác.",
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=1),
                name="reorganisation_item_weight",
                violation_error_message="Phần phải lớn hơn 0 và không quá 1.",
            ),
            models.CheckConstraint(
                condition=Q(new_code="") | ~Q(new_name="") & ~Q(new_kind=""),
                name="reorganisation_item_named",
                violation_error_message="Đơn vị mới phải có tên và loại.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new_name or 'kết thúc'}"
