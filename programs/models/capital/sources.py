"""Where money comes from, and what kinds of it there are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FundingSource(models.Model):
    """Where money comes from: central budget, provincial budget, policy credit …"""

    class Level(models.TextChoices):
        CENTRAL = "central", "trung ương"
        PROVINCIAL = "provincial", "tỉnh"
        DISTRICT = "district", "huyện"
        COMMUNE = "commune", "xã"
        CREDIT = "credit", "tín dụng chính sách"
        OTHER = "other", "khác"

    code = models.CharField(
        "mã", max_length=10, unique=True, error_messages={"unique": "Mã nguồn vốn này đã có."}
    )
    name = models.CharField("nguồn vốn", max_length=120)
    level = models.CharField("cấp", max_length=10, choices=Level)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "nguồn vốn"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    level__in=["central", "provincial", "district", "commune", "credit", "other"]
                ),
                name="funding_source_level_known",
                violation_error_message="Cấp của nguồn vốn không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CapitalKind(models.TextChoices):
    INVESTMENT = "investment", "vốn đầu tư"
    RECURRENT = "recurrent", "vốn sự nghiệp"
