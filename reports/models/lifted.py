"""A sealed file's later revision, kept beside the one that was sealed."""

from __future__ import annotations

from django.db import models

from .signature import level_words


class LiftedFile(models.Model):
    """The bytes of a sealed file with time stamp and revocation data behind them.

    Both files are the document; the first is held by whoever got it before the services answered.
    """

    file: models.FileField  # each kind keeps it in its own folder
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField("cỡ (byte)")
    level = models.CharField("mức chữ ký", max_length=20)
    lifted_at = models.DateTimeField("bổ sung lúc")

    class Meta:
        abstract = True

    @property
    def level_words(self) -> str:
        return level_words(self.level)

    def content(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read()
