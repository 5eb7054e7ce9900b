"""What the project's own files gave, so that a later file is told from what people changed."""

from __future__ import annotations

from django.db import models


class GivenRow(models.Model):
    """One row of the files as it was given last: `values` are texts by field of its model."""

    file = models.CharField("tệp", max_length=40)
    key = models.CharField("dòng", max_length=200)
    values = models.JSONField("nội dung")

    class Meta:
        verbose_name = verbose_name_plural = "dữ liệu gốc đã nạp"
        ordering = ["file", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "key"],
                name="given_row_once",
                violation_error_message="Dòng này của dữ liệu gốc đã có.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file}: {self.key}"
