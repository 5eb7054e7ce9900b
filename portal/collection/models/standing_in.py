"""Who stands in for whom, from day to day, and whose open work went to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from portal.units.models import no_two_at_once

if TYPE_CHECKING:
    import datetime

    from portal.accounts.models import User


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def on(self, date: datetime.date) -> Self:
        return self.filter(valid__contains=date)

    def to(self, user: User) -> Self:
        """Those in which `user` stands in for somebody who may still sign in or not."""
        return self.filter(substitute=user)


class Delegation(models.Model):
    """`substitute` may act for `principal` on the days of `valid`."""

    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="delegations",
        verbose_name="người uỷ quyền",
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="standing_in",
        verbose_name="người thay",
    )
    valid = DateRangeField("từ ngày, đến ngày")
    reason = models.CharField("lý do", max_length=300, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField("lập lúc")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "uỷ quyền"
        ordering = ["-valid", "pk"]
        constraints = [
            no_two_at_once(
                "principal",
                name="delegation_one_substitute_at_a_time",
                message="Trong thời gian này đã có người thay.",
            ),
            models.CheckConstraint(
                condition=~Q(principal=F("substitute")),
                name="delegation_to_somebody_else",
                violation_error_message="Người thay phải là người khác.",
            ),
            models.CheckConstraint(
                condition=Q(valid__startswith__isnull=False, valid__endswith__isnull=False),
                name="delegation_has_both_days",
                violation_error_message="Uỷ quyền phải có ngày bắt đầu và ngày kết thúc.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} ▸ {self.substitute}"


class HandOver(models.Model):
    """The open work of somebody who left, given to a successor in one step."""

    leaver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="handed_over",
        verbose_name="người bàn giao",
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="taken_over",
        verbose_name="người nhận",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    work = models.JSONField("việc bàn giao", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "bàn giao"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(leaver=F("successor")),
                name="hand_over_to_somebody_else",
                violation_error_message="Người nhận phải là người khác.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.leaver} ▸ {self.successor}"
