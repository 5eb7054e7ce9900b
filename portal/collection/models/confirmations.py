"""What a sender confirmed when a submission was sent: its reconciliation, word for word."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .submissions import Submission


class Confirmation(models.Model):
    """ "Tôi đã đối chiếu": who, when, what was seen, and its SHA-256.

    The database refuses a submitted submission without one of the same person and moment, and
    keeps what was confirmed (see migration `undo_and_confirmation`).
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("đối chiếu lúc")
    statement = models.JSONField("nội dung đối chiếu")
    digest = models.CharField("mã đối chiếu", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "xác nhận đối chiếu"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="confirmation_digest",
                violation_error_message="Mã đối chiếu không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.digest[:12]}"
