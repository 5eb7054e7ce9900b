"""A list of people on its way in from a file."""

from __future__ import annotations

import uuid

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from portal.collection.models import ListFile
from portal.collection.models.lists import STATES

from .access import PeopleList


def kept_as(one: PeopleImport, name: str) -> str:
    """A name of our own: nothing of the user's file name reaches the disk."""
    return f"people/imports/{uuid.uuid4().hex}.bin"


class PeopleImport(ListFile):
    """One file. Read rows and what a page shows of them, and the file, are emptied when it ends."""

    which = models.CharField("danh sách", max_length=12, choices=PeopleList)
    file = models.FileField("tệp", upload_to=kept_as, max_length=255, blank=True)

    class Meta(ListFile.Meta):
        verbose_name = verbose_name_plural = "tệp danh sách người"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=STATES),
                name="people_import_state_known",
                violation_error_message="Tình trạng tệp không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "discarded", "undone"]) | Q(file="", rows={}),
                name="people_import_keeps_nobody",
                violation_error_message="Tệp đã xong không giữ lại thông tin cá nhân.",
            ),
        ]

    def end(self, state: str) -> None:
        """Nothing personal stays behind: not the file, not its rows."""
        kept, storage = self.file.name, self.file.storage
        self.file, self.problems = "", []
        super().end(state)
        if kept:
            transaction.on_commit(lambda: storage.delete(kept))

    def get_absolute_url(self) -> str:
        return reverse("ethnic_data:people_import", args=[self.pk])
