"""A list of people on its way in from a file."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from .access import PeopleList

if TYPE_CHECKING:
    from portal.accounts.models import User


def kept_as(one: PeopleImport, name: str) -> str:
    """A name of our own: nothing of the user's file name reaches the disk."""
    return f"people/imports/{uuid.uuid4().hex}.bin"


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    def of(self, user: User) -> PeopleImportQuerySet:
        """Only the sender sees a file of people on its way in."""
        return self.filter(by=user)

    def open(self) -> PeopleImportQuerySet:
        return self.exclude(state__in=PeopleImport.ENDED)


class PeopleImport(models.Model):
    """One file: read, compared, then taken over as a whole or put aside.

    `rows` holds the read rows until then, `changes` and `problems` what a page shows of them;
    all three, and the file, are emptied when the import has ended.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "đang đọc"
        READ = "read", "chờ xác nhận"
        CONFIRMED = "confirmed", "đang ghi nhận"
        DONE = "done", "đã ghi nhận"
        DISCARDED = "discarded", "đã bỏ"

    ENDED = ("done", "discarded")

    which = models.CharField("danh sách", max_length=12, choices=PeopleList)
    file = models.FileField("tệp", upload_to=kept_as, max_length=255, blank=True)
    original_name = models.CharField("tên tệp", max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    rows = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    counts = models.JSONField("kết quả", default=dict, blank=True)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tệp danh sách người"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "read", "confirmed", "done", "discarded"]),
                name="people_import_state_known",
                violation_error_message="Tình trạng tệp không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "discarded"]) | Q(file="", rows={}),
                name="people_import_keeps_nobody",
                violation_error_message="Tệp đã xong không giữ lại thông tin cá nhân.",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("ethnic_data:people_import", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READ and not self.problems
