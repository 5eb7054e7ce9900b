"""Agencies and investors: who is given money and carries works out, and their people."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.units.models import AdministrativeUnit
from portal.units.names import fold, sort_key


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def investors(self) -> OrganisationQuerySet:
        return self.filter(kind=Organisation.Kind.INVESTOR)

    def of(self, user: User) -> OrganisationQuerySet:
        """Those that `user` belongs to."""
        return self.filter(members=user)


class Organisation(models.Model):
    """An agency that passes money on (cơ quan), or an investor that spends it (chủ đầu tư)."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "cơ quan, đơn vị được giao vốn"
        INVESTOR = "investor", "chủ đầu tư"

    code = models.SlugField(
        "mã", max_length=30, unique=True, error_messages={"unique": "Mã này đã có."}
    )
    name = models.CharField("tên", max_length=200)
    kind = models.CharField("loại", max_length=10, choices=Kind)
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="thuộc địa bàn",
    )
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    members = models.ManyToManyField(
        User, through="Membership", related_name="organisations", verbose_name="người của đơn vị"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cơ quan, chủ đầu tư"
        ordering = ["sort_key", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["agency", "investor"]),
                name="organisation_kind_known",
                violation_error_message="Loại đơn vị không đúng.",
            ),
            models.UniqueConstraint(
                fields=["name_key"],
                name="organisation_name_once",
                violation_error_message="Đã có đơn vị cùng tên.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key, self.sort_key = fold(self.name), sort_key(self.name)
        super().save(*args, **kwargs)


class Membership(models.Model):
    """A person who enters data for an organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="người")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name="đơn vị"
    )

    class Meta:
        verbose_name = verbose_name_plural = "người của đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_once",
                violation_error_message="Người này đã thuộc đơn vị.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.organisation}"
