"""What a drafter has looked at in a report that began as a copy, and left as it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .report import Report


class KeptPoint(models.Model):
    """One place to look at that was looked at: "giữ nguyên" or "đã xem".

    `key` says what was seen, words and all: when the place says something else it is shown anew.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="kept_points")
    key = models.CharField("chỗ", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người xem", related_name="+"
    )
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "chỗ đã xem, giữ nguyên"
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "key"],
                name="kept_point_once",
                violation_error_message="Chỗ này đã được xem.",
            )
        ]

    def __str__(self) -> str:
        return self.key
