"""Who may sign in whose place, by what document, for what and how long."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from portal.documents.models import Document

from .template import Authority

if TYPE_CHECKING:
    from portal.accounts.models import User


class SigningGrantQuerySet(models.QuerySet["SigningGrant"]):
    def on(self, day: datetime.date) -> Self:
        """In force on `day`: begun, not over, not taken back before."""
        begun = self.filter(first_day__lte=day).filter(Q(last_day=None) | Q(last_day__gte=day))
        return begun.filter(Q(revoked_on=None) | Q(revoked_on__gt=day))

    def of(self, user: User, authority: str) -> Self:
        return self.filter(grantee=user, authority=authority)

    def lets_sign(self, user: User, *, day: datetime.date) -> bool:
        """Whether this person signs something by a grant on `day`; at most one query."""
        return user.has_perm("reports.view") and self.on(day).filter(grantee=user).exists()


class SigningGrant(models.Model):
    """A right to sign by order (TL.) or by authorisation (TUQ.).

    Nghị định 30/2020/NĐ-CP, điều 13: by order it must be laid down in the work regulation; an
    authorisation is in writing, limited in time and content, and is not passed on.
    """

    AUTHORITIES = (Authority.ORDER, Authority.MANDATE)

    grantee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="signing_grants",
        verbose_name="người được giao ký",
    )
    granter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="người giao",
    )
    authority = models.CharField(
        "hình thức", max_length=4, choices=[(one.value, one.label) for one in AUTHORITIES]
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", verbose_name="văn bản giao"
    )
    content = models.CharField("nội dung được ký", max_length=500)
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến hết ngày", null=True, blank=True)
    revoked_on = models.DateField("thôi từ ngày", null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    entered_at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    objects = SigningGrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "giao ký"
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(authority__in=["TL.", "TUQ."]),
                name="signing_grant_authority_known",
                violation_error_message="Chỉ giao ký thừa lệnh hoặc thừa uỷ quyền.",
            ),
            models.CheckConstraint(
                condition=~Q(grantee=F("granter")),
                name="signing_grant_to_another",
                violation_error_message="Không tự giao ký cho mình.",
            ),
            models.CheckConstraint(
                condition=~Q(authority="TUQ.") | Q(last_day__isnull=False),
                name="signing_grant_mandate_ends",
                violation_error_message="Uỷ quyền phải có thời hạn (Nghị định 30/2020, điều 13).",
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(first_day__lte=F("last_day")),
                name="signing_grant_in_order",
                violation_error_message="Ngày cuối phải từ ngày đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=~Q(content=""),
                name="signing_grant_says_what",
                violation_error_message="Ghi nội dung được ký.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, revoked_by=None)
                | Q(revoked_on__isnull=False, revoked_by__isnull=False),
                name="signing_grant_revoked_who_when",
                violation_error_message="Thôi giao ký phải có người và ngày.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grantee} ký {self.authority} theo {self.document}"

    def is_in_force(self, day: datetime.date) -> bool:
        begun = self.first_day <= day and (self.last_day is None or day <= self.last_day)
        return begun and (self.revoked_on is None or day < self.revoked_on)
