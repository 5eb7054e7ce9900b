"""Who changed a row of the programmes in the browser, when, and what of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from portal.accounts.models import User

if TYPE_CHECKING:
    from typing import Self


class EditQuerySet(models.QuerySet["Edit"]):
    def of(self, row: models.Model) -> Self:
        """The changes of `row`, the latest first."""
        return self.filter(noun=row._meta.label_lower, row=row.pk)


class Edit(models.Model):
    """One saving of a form; rows are only added. `what` are the names of the fields changed."""

    noun = models.CharField("loại", max_length=60)
    row = models.BigIntegerField("dòng")
    what = models.CharField("đã sửa", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người sửa")
    at = models.DateTimeField("lúc", db_default=Now(), editable=False)

    objects = EditQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "lần sửa"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["noun", "row", "-at"], name="edit_of_row")]

    def __str__(self) -> str:
        return f"{self.by}: {self.what}"
