"""What all records of the committee's own work share."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from portal.documents.models import Document
from portal.units.names import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class KeptQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The committee's own work is for its staff, as its reports are."""
        if user.is_authenticated and user.has_perm("reports.view"):
            return self.filter(removed_at=None)
        return self.none()

    def present(self) -> Self:
        return self.filter(removed_at=None)

    def searched(self, words: str) -> Self:
        """Every one of `words` stands in the record, with or without marks."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(search_text__contains=word)
        return found


class Kept(models.Model):
    """A record with a document behind it. It is taken out with a reason, never deleted."""

    #: Fields whose words a search looks in.
    SEARCHED: ClassVar[tuple[str, ...]] = ()

    document = models.ForeignKey(
        Document,
        models.PROTECT,
        verbose_name="văn bản",
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)
    search_text = models.TextField(editable=False, blank=True)
    is_demo = models.BooleanField("số liệu minh hoạ", default=False, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    created_at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    changed_at = models.DateTimeField("sửa lúc", null=True, editable=False)
    removed_at = models.DateTimeField("bỏ lúc", null=True, editable=False)
    removed_reason = models.CharField("lý do bỏ", max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = fold(" ".join(str(getattr(self, name) or "") for name in self.SEARCHED))
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)


def in_order(name: str, first: str, last: str, message: str) -> models.CheckConstraint:
    """`last` is open or not before `first`."""
    return models.CheckConstraint(
        condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{first}__lte": F(last)}),
        name=name,
        violation_error_message=message,
    )


def says(name: str, field: str, message: str) -> models.CheckConstraint:
    """`field` is not empty."""
    return models.CheckConstraint(
        condition=~Q(**{field: ""}), name=name, violation_error_message=message
    )


def within(first: str, last: str, start: datetime.date, end: datetime.date) -> Q:
    """The record's time from `first` to `last` (open: still so) meets the days from start to end.

    `end` counts.
    """
    return Q(**{f"{first}__lte": end}) & (
        Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": start})
    )
