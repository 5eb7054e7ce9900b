"""What people write to the agency through "Báo lỗi / hỏi"."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.jobs.models import support_code


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def waiting(self) -> FeedbackQuerySet:
        return self.filter(handled_at=None)

    def sent_since(self, moment: datetime.datetime) -> FeedbackQuerySet:
        return self.filter(created_at__gte=moment)


class Feedback(models.Model):
    """One question or fault report, with the page it came from."""

    text = models.TextField("nội dung", max_length=4000)
    contact = models.CharField("liên hệ", max_length=200, blank=True)
    page = models.CharField("trang", max_length=300, blank=True)
    fault_code = models.CharField("mã hỗ trợ của lỗi", max_length=20, blank=True)
    code = models.CharField("mã tiếp nhận", max_length=4, default=support_code, editable=False)
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người gửi"
    )
    # a hash of the address and the day, to limit how often one sender writes
    sender_key = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField("gửi lúc", db_default=Now())
    handled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xử lý"
    )
    handled_at = models.DateTimeField("xử lý lúc", null=True, blank=True)
    outcome = models.CharField("kết quả xử lý", max_length=500, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "góp ý, báo lỗi"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["sender_key", "created_at"], name="feedback_sender")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="feedback_says_something",
                violation_error_message="Hãy viết nội dung.",
            ),
            models.CheckConstraint(
                condition=Q(handled_at=None, handled_by=None)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="feedback_handled_by_someone",
                violation_error_message="Phải ghi người xử lý cùng thời điểm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.text[:60]}"
