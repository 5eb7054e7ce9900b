"""A list on its way in from a file: read, compared, then taken over as a whole or put aside."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

if TYPE_CHECKING:
    from portal.accounts.models import User


class ListState(models.TextChoices):
    RECEIVED = "received", "đang đọc"
    READ = "read", "chờ xác nhận"
    CONFIRMED = "confirmed", "đang ghi nhận"
    DONE = "done", "đã ghi nhận"
    DISCARDED = "discarded", "đã bỏ"
    UNDONE = "undone", "đã thu hồi"


STATES = [state.value for state in ListState]


class ListFileQuerySet(models.QuerySet["ListFile"]):
    def of(self, user: User) -> Self:
        """Only the sender sees a file on its way in."""
        return self.filter(by=user)

    def open(self) -> Self:
        return self.exclude(state__in=ListFile.ENDED)


class ListFile(models.Model):
    """One file of a list.

    `rows` holds the rows that can be taken over, `changes` and `problems` what a page shows of
    them, `counts` the reconciliation. `made` is what came of it: for each record its key, its
    stamp, and what it was before.
    """

    State = ListState
    ENDED = ("done", "discarded", "undone")

    original_name = models.CharField("tên tệp", max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    state = models.CharField(max_length=10, choices=ListState, default=ListState.RECEIVED)
    rows = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    counts = models.JSONField("kết quả", default=dict, blank=True)
    made = models.JSONField(default=list, blank=True)

    objects = ListFileQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.original_name

    def end(self, state: str) -> None:
        """Rows and changes are for the comparison alone; what was refused stays told."""
        self.state, self.rows, self.changes = state, {}, []
        self.save()

    @property
    def is_ready(self) -> bool:
        return self.state == ListState.READ and bool(self.rows)

    @property
    def read_count(self) -> int:
        """Rows read = taken over + skipped + refused."""
        return sum(self.counts.get(name, 0) for name in ("new", "update", "same", "refused"))

    @property
    def stored_count(self) -> int:
        return int(self.counts.get("new", 0)) + int(self.counts.get("update", 0))


def kept_as(one: ListImport, name: str) -> str:
    """A name of our own: nothing of the user's file name reaches the disk."""
    return f"collection/lists/{uuid.uuid4().hex}.bin"


class ListImport(ListFile):
    """A file of what the old systems held: documents, catalogues. The file is kept, with its hash.

    `which` is the name under which an app declared the list (portal.collection.lists).
    """

    which = models.CharField("danh sách", max_length=30)
    file = models.FileField("tệp", upload_to=kept_as, max_length=255)
    sha256 = models.CharField("mã băm", max_length=64)

    class Meta(ListFile.Meta):
        verbose_name = verbose_name_plural = "tệp danh sách chuyển từ hệ thống cũ"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=STATES),
                name="list_import_state_known",
                violation_error_message="Tình trạng tệp không đúng.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("collection:list_import", args=[self.pk])
