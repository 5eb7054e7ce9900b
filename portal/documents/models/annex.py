"""Annexes in files of their own: part of a document that was issued with them."""

from __future__ import annotations

import secrets

from django.db import models

from .document import Document


def document_annex_path(annex: DocumentAnnex, name: str) -> str:
    """A random name in a folder of the document's year."""
    year = annex.document.date.year
    return f"documents/{year}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"


class DocumentAnnex(models.Model):
    """One annex as it was issued. Append-only."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="annexes")
    position = models.PositiveSmallIntegerField("thứ tự")
    title = models.CharField("tên phụ lục", max_length=300)
    file = models.FileField("tệp", upload_to=document_annex_path, max_length=200)
    file_size = models.PositiveBigIntegerField("cỡ (byte)")
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "phụ lục của văn bản"
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "position"],
                name="document_annex_position_once",
                violation_error_message="Văn bản đã có phụ lục ở thứ tự này.",
            )
        ]

    def __str__(self) -> str:
        return self.title
