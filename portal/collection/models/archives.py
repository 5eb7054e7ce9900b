"""Zips of workbooks as they came, and what was in them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.collection.row_owners import writes_rows_only

from .submissions import Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


def archive_kept_as(archive: Archive, name: str) -> str:
    return f"collection/archives/{uuid.uuid4().hex}.zip"


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Files of what `user` may see; of whoever writes rows of their own, their own files."""
        seen = self.filter(submission__in=Submission.objects.visible_to(user))
        return seen.filter(uploaded_by=user) if writes_rows_only(user) else seen

    def waiting(self) -> Self:
        return self.filter(state=Archive.State.RECEIVED)


class Archive(models.Model):
    """One zip, kept as it came. `left_out` lists [name, reason] of what was not taken."""

    class State(models.TextChoices):
        RECEIVED = "received", "đang mở"
        UNPACKED = "unpacked", "đã mở"
        REFUSED = "refused", "không mở được"

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="archives")
    file = models.FileField("tệp", upload_to=archive_kept_as, max_length=255)
    original_name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField("mã băm", max_length=64)
    size = models.PositiveBigIntegerField("cỡ tệp (byte)")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.RECEIVED)
    problem = models.CharField("chưa mở được vì", max_length=500, blank=True)
    taken = models.PositiveIntegerField("số tệp đã lấy", default=0)
    left_out = models.JSONField("đã bỏ qua", default=list, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("tải lên lúc")

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tệp nén"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "unpacked", "refused"]),
                name="archive_state_known",
                violation_error_message="Tình trạng tệp nén không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
