"""What guides a programme and looks after it: its documents, inspections, decisions behind data."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.collection.models import Submission
from portal.documents.models import Document
from portal.units.models import AdministrativeUnit

from .structure import Programme


class DocumentRole(models.TextChoices):
    """What a document of the register is to a programme."""

    PROGRAMME = "programme", "phê duyệt, điều chỉnh Chương trình"
    GUIDANCE = "guidance", "hướng dẫn, chỉ đạo, điều hành"
    OVERSIGHT = "oversight", "kiểm tra, giám sát, đánh giá"
    PLAN = "plan", "kế hoạch thực hiện"
    REPORT = "report", "báo cáo kết quả"


class ProgrammeDocument(models.Model):
    """A document of the register that belongs to a programme."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="documents", verbose_name="chương trình"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="programmes", verbose_name="văn bản"
    )
    role = models.CharField("nội dung", max_length=10, choices=DocumentRole)

    class Meta:
        verbose_name = verbose_name_plural = "văn bản của chương trình"
        ordering = ["role", "document__date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "document", "role"],
                name="programme_document_once",
                violation_error_message="Văn bản này đã có trong danh mục.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["programme", "guidance", "oversight", "plan", "report"]),
                name="programme_document_role_known",
                violation_error_message="Nội dung của văn bản không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.get_role_display()}"


class Inspection(models.Model):
    """One inspection or supervision visit of a programme, and what it found."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="inspections", verbose_name="chương trình"
    )
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến ngày")
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="địa bàn",
    )
    place = models.CharField("nơi được kiểm tra", max_length=200)
    content = models.CharField("nội dung", max_length=500)
    finding = models.CharField("kết quả, kiến nghị", max_length=1000, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="văn bản",
    )
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "cuộc kiểm tra, giám sát"
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="inspection_in_order",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=~Q(place="") & ~Q(content=""),
                name="inspection_says_what",
                violation_error_message="Ghi nơi được kiểm tra và nội dung.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.first_day:%d/%m/%Y}"


class SubmissionDecision(models.Model):
    """The decision of the register that the money of a submission goes back to."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, related_name="decision", verbose_name="bộ số liệu"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", verbose_name="quyết định"
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "quyết định của bộ số liệu"

    def __str__(self) -> str:
        return f"{self.submission}: {self.document}"
