"""Sections given to people to write, each with its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from .report import Status, who_and_when
from .section import Section

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class SectionShareQuerySet(models.QuerySet["SectionShare"]):
    def open(self) -> Self:
        """Not taken back, of sections that still stand in the text."""
        return self.filter(ended_at=None, section__removed_at=None)

    def to_write(self, user: User | AnonymousUser) -> Self:
        """What this person has still to write, the most pressing first."""
        if not user.is_authenticated:
            return self.none()
        mine = self.open().filter(person=user, done_at=None, section__report__status=Status.DRAFT)
        return mine.select_related("section__report__template", "given_by").order_by(
            "due_date", "pk"
        )


class SectionShare(models.Model):
    """One section, with all below it, in the hands of one person until it is taken back."""

    section = models.ForeignKey(Section, models.PROTECT, verbose_name="mục", related_name="shares")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người soạn",
        related_name="section_shares",
    )
    due_date = models.DateField("hạn")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người giao", related_name="+"
    )
    given_at = models.DateTimeField("giao lúc")
    done_at = models.DateTimeField("soạn xong lúc", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField("thôi giao lúc", null=True, blank=True)

    objects = SectionShareQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "mục giao soạn"
        ordering = ["section", "given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section"],
                condition=Q(ended_at=None),
                name="section_share_once",
                violation_error_message="Mục này đang giao cho người khác.",
            ),
            who_and_when(
                "section_share_ended_who_when",
                who="ended_by",
                when="ended_at",
                message="Thôi giao phải có người và giờ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.person}"
