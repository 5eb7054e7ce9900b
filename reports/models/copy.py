"""Copies of documents: sao y, sao lục, trích sao (Nghị định 30/2020/NĐ-CP, điều 25 to 27)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from portal.documents.models import Document
from portal.units.models import IssuingAgency

from .lifted import LiftedFile
from .signature import Certificate, Standing, level_words
from .template import Authority

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


def copy_path(copy: Copy | LiftedCopy, name: str) -> str:
    """A path of its own for every file, so that nothing is ever written over."""
    source = copy.source_id if isinstance(copy, Copy) else copy.copy.source_id
    return f"reports/ban-sao/{source}/{secrets.token_hex(8)}.pdf"


class CopyQuerySet(models.QuerySet["Copy"]):
    def visible_to(self, user: User | AnonymousUser) -> CopyQuerySet:
        """Whoever sees reports and reads the document that is copied."""
        if not (user.is_authenticated and user.has_perm("reports.view")):
            return self.none()
        return self.filter(source__in=Document.objects.visible_to(user))

    def with_names(self) -> CopyQuerySet:
        return self.select_related(
            "source__document_type", "source__issuer", "agency", "document", "made_by", "signatory"
        )

    def sealed(self) -> CopyQuerySet:
        """Electronic copies that carry the agency's signature."""
        return self.filter(medium=Copy.Medium.ELECTRONIC, state=Copy.State.READY)


class Copy(models.Model):
    """One copy, on its way from the text to the number and the signature.

    On paper the block of the copy stands under the text, is signed by hand and stamped; an
    electronic copy carries the agency's digital signature instead, with a line of words at the top
    right. `original` is what is copied, `file` the copy. The register's entry is `document`.
    """

    class Form(models.TextChoices):
        SAME = "SY", "Sao y"
        OF_COPY = "SL", "Sao lục"
        EXTRACT = "TrS", "Trích sao"

    class Medium(models.TextChoices):
        PAPER = "paper", "văn bản giấy"
        ELECTRONIC = "electronic", "văn bản điện tử"

    class State(models.TextChoices):
        MAKING = "making", "Đang chuẩn bị"
        REFUSED = "refused", "Chưa sao được"
        DRAFT = "draft", "Chờ cấp số"
        NUMBERED = "numbered", "Đã cấp số"
        READY = "ready", "Đã xong"

    #: Điều 25: an electronic document that is copied whole is printed; its file needs no copy.
    ALLOWED = {
        Form.SAME: (("paper", "paper"), ("electronic", "paper"), ("paper", "electronic")),
        Form.OF_COPY: (("paper", "paper"), ("paper", "electronic"), ("electronic", "paper")),
        Form.EXTRACT: (
            ("paper", "paper"),
            ("paper", "electronic"),
            ("electronic", "electronic"),
            ("electronic", "paper"),
        ),
    }

    source = models.ForeignKey(
        Document, models.PROTECT, related_name="copies_made", verbose_name="văn bản được sao"
    )
    form = models.CharField("hình thức sao", max_length=3, choices=Form)
    source_medium = models.CharField("sao từ", max_length=10, choices=Medium)
    medium = models.CharField("sao sang", max_length=10, choices=Medium)
    part = models.CharField("phần trích sao", max_length=300, blank=True)
    sections = models.JSONField("các mục trích", default=list, blank=True)

    agency = models.ForeignKey(IssuingAgency, models.PROTECT, related_name="+")
    copy_date = models.DateField("ngày sao")
    authority = models.CharField("thẩm quyền ký", max_length=4, choices=Authority, blank=True)
    signature_prefix = models.CharField(max_length=120, blank=True)
    signature_title = models.CharField("chức vụ người ký", max_length=120)
    signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người ký bản sao"
    )
    signer_name = models.CharField("người ký", max_length=120)
    recipients = models.TextField("nơi nhận", blank=True)
    quantity = models.PositiveSmallIntegerField("số bản", default=1)

    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.MAKING)
    problem = models.CharField("vì sao", max_length=500, blank=True)
    original = models.FileField("tệp được sao", upload_to=copy_path, max_length=200, blank=True)
    file = models.FileField("bản sao", upload_to=copy_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    pages = models.PositiveSmallIntegerField("số trang", null=True, blank=True)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, related_name="copy", verbose_name="vào sổ bản sao"
    )
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("ký số lúc", null=True)
    level = models.CharField("mức chữ ký", max_length=20, blank=True)
    standing = models.CharField(max_length=8, choices=Standing, blank=True)

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập"
    )
    made_at = models.DateTimeField("lập lúc", db_default=Now())
    ready_at = models.DateTimeField("xong lúc", null=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bản sao"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(form="TrS") | ~Q(part=""),
                name="copy_extract_says_what",
                violation_error_message="Trích sao phải ghi phần được trích.",
            ),
            models.CheckConstraint(
                condition=Q(form="TrS", source_medium="electronic", medium="electronic")
                | ~Q(source_medium="electronic", medium="electronic"),
                name="copy_of_allowed_medium",
                violation_error_message=(
                    "Văn bản điện tử chỉ trích sao sang văn bản điện tử (điều 25)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["making", "refused", "draft"], document=None)
                | Q(state__in=["numbered", "ready"], document__isnull=False),
                name="copy_numbered_with_entry",
                violation_error_message="Bản sao có số phải có trong sổ.",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(file="") & ~Q(sha256="")),
                name="copy_ready_with_file",
                violation_error_message="Bản sao đã xong phải có tệp.",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready", medium="electronic")
                | Q(certificate__isnull=False, signed_at__isnull=False),
                name="copy_electronic_sealed",
                violation_error_message="Bản sao điện tử phải có chữ ký số của cơ quan.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="copy_at_least_one",
                violation_error_message="Sao ít nhất một bản.",
            ),
        ]

    def __str__(self) -> str:
        written = f" số {self.document.number_and_symbol}" if self.document else ""
        return f"Bản {self.get_form_display().lower()}{written}"

    def get_absolute_url(self) -> str:
        return reverse("reports:copy_detail", args=[self.pk])

    @property
    def symbol(self) -> str:
        """ "SY-BDT": what follows the number."""
        return f"{self.form}-{self.agency.symbol}"

    @property
    def level_words(self) -> str:
        return level_words(self.level)

    @property
    def is_electronic(self) -> bool:
        return self.medium == self.Medium.ELECTRONIC

    @property
    def subject(self) -> str:
        """ "Kế hoạch số 63/KH-BDT ngày 06/02/2023 của …": in the book the type stands before it."""
        part = f" ({self.part})" if self.part else ""
        return f"{self.source.citation()}{part}"


class LiftedCopy(LiftedFile):
    """An electronic copy's later file."""

    copy = models.OneToOneField(Copy, models.PROTECT, related_name="lifted")
    file = models.FileField("tệp", upload_to=copy_path, max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "bản sao đã bổ sung dấu thời gian"
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="lifted_not_empty")]

    def __str__(self) -> str:
        return str(self.copy)
