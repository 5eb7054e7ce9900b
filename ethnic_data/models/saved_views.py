"""Selections of the explorer that somebody keeps under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST_QUERY = 2000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """Own ones, and those that colleagues share."""
        return self.filter(Q(owner=user) | Q(is_shared=True))

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)


class SavedView(models.Model):
    """A name for an address. What it shows is decided by who opens it, never by who kept it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_views",
        verbose_name="người lưu",
    )
    name = models.CharField("tên bảng", max_length=120)
    query = models.CharField("lựa chọn", max_length=LONGEST_QUERY, blank=True)
    is_shared = models.BooleanField("chia sẻ với đồng nghiệp", default=False)
    saved_at = models.DateTimeField("lưu lúc", db_default=Now())

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bảng đã lưu"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_view_name_once",
                violation_error_message="Anh/chị đã có bảng mang tên này. Đặt tên khác.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_view_has_name",
                violation_error_message="Bảng phải có tên.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it opens: the explorer with these choices."""
        address = reverse("ethnic_data:explorer")
        return f"{address}?{self.query}" if self.query else address
