"""What people are told: in the portal at once, by e-mail once a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class NoticeMail(models.Model):
    """One person's e-mail of one day; the row comes before the letter, so there is one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField("ngày")
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "thư nhắc"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"],
                name="notice_mail_once_a_day",
                violation_error_message="Hôm nay đã gửi thư cho người này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(person_id=user.pk)

    def unseen(self) -> Self:
        return self.filter(seen_at=None)


class Notice(models.Model):
    """One thing that one person is told. `key` says what it is about: told once, never twice."""

    class Kind(models.TextChoices):
        DUE = "due", "Hạn nộp"
        OVERDUE = "overdue", "Quá hạn"
        REVIEW = "review", "Chờ duyệt"
        RETURNED = "returned", "Trả lại"
        OPENED = "opened", "Gia hạn"
        WORK = "work", "Bàn giao, uỷ quyền"
        UNITS = "units", "Sắp xếp đơn vị"
        LETTER = "letter", "Văn bản giao xử lý"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField("loại", max_length=10, choices=Kind)
    key = models.CharField("khoá", max_length=200)
    text = models.CharField("nội dung", max_length=500)
    url = models.CharField("địa chỉ", max_length=300, blank=True)
    at = models.DateTimeField("lúc")
    seen_at = models.DateTimeField("đã xem lúc", null=True, blank=True)
    mail = models.ForeignKey(
        NoticeMail, models.SET_NULL, related_name="notices", null=True, blank=True
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "thông báo"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"],
                name="notice_once",
                violation_error_message="Người này đã được báo việc này.",
            )
        ]
        indexes = [
            models.Index(
                fields=["person", "-at"], condition=models.Q(seen_at=None), name="notice_unseen"
            )
        ]

    def __str__(self) -> str:
        return self.text
