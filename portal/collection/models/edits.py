"""What was typed over which cell: by whom, when, from what to what. Only ever added to."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .datasets import ROW_CODE
from .submissions import Submission


class CellEdit(models.Model):
    """One cell changed by hand. Texts as people write them: "61", "…", "" for none."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="cell_edits")
    unit_code = models.CharField("dòng", max_length=ROW_CODE)
    group_code = models.CharField("dân tộc", max_length=10, blank=True)
    column_key = models.CharField("cột", max_length=40)
    before = models.CharField("trước", max_length=100, blank=True)
    after = models.CharField("sau", max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "ô sửa tay"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["submission", "unit_code", "column_key", "group_code"],
                name="cell_edit_place",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(before=models.F("after")),
                name="cell_edit_changes_something",
                violation_error_message="Ô không thay đổi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.column_key}: {self.before} → {self.after}"
