"""Annexes in files of their own, bound to a report before its signature (Nghị định 30/2020)."""

from __future__ import annotations

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .lifted import LiftedFile
from .report import Report
from .signature import Certificate, Standing, level_words


def annex_path(annex: AnnexFile | SealedAnnex | LiftedAnnex, name: str) -> str:
    """A path of its own for every file, so that nothing is ever written over."""
    while not isinstance(annex, AnnexFile):
        annex = annex.annex
    return f"reports/{annex.report_id}/phu-luc-{secrets.token_hex(6)}.pdf"


class AnnexQuerySet(models.QuerySet["AnnexFile"]):
    def with_revisions(self) -> Self:
        return self.select_related("sealed__lifted")


class AnnexFile(models.Model):
    """A PDF that goes with the report. Its digest is part of the evidence the leader signs."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="annex_files")
    position = models.PositiveSmallIntegerField("thứ tự")
    title = models.CharField("tên phụ lục", max_length=300)
    file = models.FileField("tệp", upload_to=annex_path, max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("cỡ (byte)")
    pages = models.PositiveSmallIntegerField("số trang")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người tải lên", related_name="+"
    )
    uploaded_at = models.DateTimeField("tải lên lúc", db_default=Now())

    objects = AnnexQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tệp phụ lục"
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "position"],
                name="annex_file_position_once",
                violation_error_message="Đã có phụ lục ở thứ tự này.",
            ),
            models.UniqueConstraint(
                fields=["report", "sha256"],
                name="annex_file_once",
                violation_error_message="Tệp này đã đính kèm báo cáo.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> AnnexFile | SealedAnnex | LiftedAnnex:
        """Its latest revision; of a row read with its revisions."""
        sealed = getattr(self, "sealed", None)
        return getattr(sealed, "lifted", None) or sealed or self

    @property
    def file_name(self) -> str:
        return f"phu-luc-{self.position}.pdf"

    def content(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read()


class SealedAnnex(models.Model):
    """The annex with the number, the time and the agency's signature."""

    annex = models.OneToOneField(AnnexFile, models.PROTECT, related_name="sealed")
    file = models.FileField("tệp", upload_to=annex_path, max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField("cỡ (byte)")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người thực hiện", related_name="+"
    )
    signed_at = models.DateTimeField("ký lúc")
    level = models.CharField("mức chữ ký", max_length=20)
    standing = models.CharField(
        "tình trạng chứng thư lúc ký", max_length=8, choices=Standing, default=Standing.UNKNOWN
    )

    class Meta:
        verbose_name = verbose_name_plural = "tệp phụ lục đã ký số"
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="sealed_annex_not_empty")
        ]

    def __str__(self) -> str:
        return str(self.annex)

    def content(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read()

    @property
    def level_words(self) -> str:
        return level_words(self.level)


class LiftedAnnex(LiftedFile):
    """A sealed annex's later file."""

    annex = models.OneToOneField(SealedAnnex, models.PROTECT, related_name="lifted")
    file = models.FileField("tệp", upload_to=annex_path, max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "tệp phụ lục đã bổ sung dấu thời gian"
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="lifted_annex_not_empty")
        ]

    def __str__(self) -> str:
        return str(self.annex)
