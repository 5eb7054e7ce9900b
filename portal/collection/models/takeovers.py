"""Large files being taken over in the background: who asked, and what came of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from .submissions import Submission


class TakeoverQuerySet(models.QuerySet["Takeover"]):
    def open(self) -> Self:
        return self.filter(state=Takeover.State.ASKED)


class Takeover(models.Model):
    """One "Ghi nhận số liệu" that takes longer than a page may. `uploads` are the files meant."""

    class State(models.TextChoices):
        ASKED = "asked", "đang ghi nhận"
        DONE = "done", "đã ghi nhận"
        REFUSED = "refused", "không ghi nhận"

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="takeovers")
    uploads = models.JSONField("các tệp")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("yêu cầu lúc")
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.ASKED)
    refusal = models.CharField("không ghi nhận vì", max_length=500, blank=True)

    objects = TakeoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ghi nhận số liệu"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(state="asked"),
                name="takeover_one_at_a_time",
                violation_error_message="Số liệu của bộ này đang được ghi nhận.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "done", "refused"]),
                name="takeover_state_known",
                violation_error_message="Tình trạng ghi nhận không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_state_display()}"
