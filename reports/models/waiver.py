"""A departure from the decree's form that is left as it is, and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .report import Report, who_and_when


class FormWaiver(models.Model):
    """One departure of one report that somebody explains instead of mending it.

    `fingerprint` is made of the rule, the section and the words quoted: when the words change the
    departure shows again. The explanation counts once a form checker has accepted it.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="form_waivers")
    rule = models.CharField("quy tắc", max_length=40)
    fingerprint = models.CharField("dấu vân tay", max_length=32)
    quote = models.TextField("chỗ được dẫn", blank=True)
    reason = models.CharField("lý do giữ nguyên", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người ghi", related_name="+"
    )
    at = models.DateTimeField("lúc")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người đồng ý",
        related_name="+",
        null=True,
        blank=True,
    )
    accepted_at = models.DateTimeField("đồng ý lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "chỗ giữ nguyên về thể thức"
        ordering = ["report", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "fingerprint"],
                name="form_waiver_once",
                violation_error_message="Chỗ này đã có lý do giữ nguyên.",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="form_waiver_reason",
                violation_error_message="Giữ nguyên phải có lý do.",
            ),
            who_and_when(
                "form_waiver_accepted_who_when",
                who="accepted_by",
                when="accepted_at",
                message="Đồng ý giữ nguyên phải có người và giờ.",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None
