"""Who was sent the week's sheet; the row comes before the letter, so there is one of each week."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class WeeklyLetter(models.Model):
    """One person's e-mail of the week that begins on `monday`."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="người nhận", related_name="+"
    )
    monday = models.DateField("tuần từ thứ hai")
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "thư tuần"
        ordering = ["-monday", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "monday"],
                name="weekly_letter_once",
                violation_error_message="Tuần này đã gửi thư cho người này.",
            ),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=1),
                name="weekly_letter_of_a_monday",
                violation_error_message="Tuần bắt đầu từ thứ hai.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.monday}"
