"""A report: what is printed around its text, and how far it has come."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear, Now
from django.urls import reverse

from portal.documents.citation import written_number
from portal.units.models import IssuingAgency

from .template import Authority, ReportTemplate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class Status(models.TextChoices):
    """The way of the law: each act is a step of its own (Nghị định 30/2020, điều 12, 13, 32)."""

    DRAFT = "draft", "Dự thảo"
    CONTENT_CHECK = "content_check", "Chờ kiểm tra nội dung"
    FORM_CHECK = "form_check", "Chờ kiểm tra thể thức"
    TO_SIGN = "to_sign", "Chờ ký"
    SIGNED = "signed", "Đã ký, chờ cấp số"
    NUMBERED = "numbered", "Đã cấp số, chờ ký số cơ quan"
    SEALED = "sealed", "Chờ phát hành"
    ISSUED = "issued", "Đã phát hành"


class RepeatedNotes(models.TextChoices):
    """What a note prints that names a document which an earlier note has named in full."""

    FULL = "full", "Ghi đầy đủ như lần đầu"
    SHORT = "short", "Chỉ ghi loại, số và ký hiệu"


ORDER = tuple(Status)

#: Whose turn it is: the permission that moves a report on.
TURN = {
    Status.DRAFT: "reports.draft",
    Status.CONTENT_CHECK: "reports.check_content",
    Status.FORM_CHECK: "reports.check_form",
    Status.TO_SIGN: "reports.sign",
    Status.SIGNED: "reports.number",
    Status.NUMBERED: "reports.number",
    Status.SEALED: "reports.issue",
}


def verify_code() -> str:
    """The unguessable part of the address in the QR code."""
    return secrets.token_urlsafe(9)


def who_and_when(name: str, *, who: str, when: str, message: str) -> models.CheckConstraint:
    """`who` and `when` are both there or both not."""
    return models.CheckConstraint(
        condition=Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
        | Q(**{f"{who}__isnull": False, f"{when}__isnull": False}),
        name=name,
        violation_error_message=message,
    )


def needed_from(status: Status, name: str, *fields: str, message: str) -> models.CheckConstraint:
    """From `status` on none of `fields` is empty."""
    before = [step.value for step in ORDER[: ORDER.index(status)]]
    return models.CheckConstraint(
        condition=Q(status__in=before) | Q(**{f"{field}__isnull": False for field in fields}),
        name=name,
        violation_error_message=message,
    )


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.is_authenticated and user.has_perm("reports.view") else self.none()

    def waiting_for(self, user: User | AnonymousUser) -> Self:
        """What this person can move on now; nobody checks a draft of their own."""
        if not user.is_authenticated:
            return self.none()
        turns = [status for status, permission in TURN.items() if user.has_perm(permission)]
        to_sign = Q(status=Status.TO_SIGN, signatory=user)
        mine = self.visible_to(user).filter(Q(status__in=turns) | to_sign)
        mine = mine.exclude(
            Q(status__in=[Status.CONTENT_CHECK, Status.FORM_CHECK]) & Q(drafter=user)
        )
        mine = mine.exclude(Q(status=Status.DRAFT) & ~Q(drafter=user))
        return mine.exclude(Q(status=Status.TO_SIGN) & ~Q(signatory=user))

    def issued(self) -> Self:
        return self.filter(status=Status.ISSUED)

    def with_names(self) -> Self:
        return self.select_related(
            "template", "period", "agency", "drafter", "division", "signatory", "document_type",
            "assignment__document__document_type",
        )  # fmt: skip


class Report(models.Model):
    """One report of one period, from draft to issue."""

    Status = Status

    template = models.ForeignKey(ReportTemplate, models.PROTECT, verbose_name="đề cương")
    period = models.ForeignKey(
        "collection.ReportingPeriod", models.PROTECT, verbose_name="kỳ báo cáo"
    )
    document_type = models.ForeignKey(
        "documents.DocumentType", models.PROTECT, verbose_name="loại văn bản"
    )
    agency = models.ForeignKey(IssuingAgency, models.PROTECT, verbose_name="cơ quan ban hành")
    symbol = models.CharField("ký hiệu", max_length=30)
    subject = models.TextField("trích yếu")
    report_date = models.DateField("ngày lập")
    status = models.CharField(
        "trạng thái", max_length=14, choices=Status, default=Status.DRAFT, db_index=True
    )
    draft_no = models.PositiveSmallIntegerField("dự thảo lần", default=1)
    drafter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người soạn thảo",
        related_name="drafted_reports",
    )
    division = models.ForeignKey(
        "accounts.Division", models.PROTECT, verbose_name="phòng", null=True, blank=True
    )
    authority = models.CharField(
        "thẩm quyền ký", max_length=4, choices=Authority, default=Authority.HEAD, blank=True
    )
    signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người ký",
        related_name="reports_to_sign",
        null=True,
        blank=True,
    )
    signature_prefix = models.CharField("quyền hạn", max_length=120, blank=True)
    signature_title = models.CharField("chức vụ người ký", max_length=120)
    signer_name = models.CharField("họ tên người ký", max_length=120, blank=True)
    verify_code = models.CharField(
        "mã xác thực", max_length=20, unique=True, default=verify_code, editable=False
    )
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="chép từ báo cáo",
        related_name="copies",
        null=True,
        blank=True,
    )
    repeated_notes = models.CharField(
        "chú thích nhắc lại", max_length=5, choices=RepeatedNotes, default=RepeatedNotes.FULL
    )
    is_demo = models.BooleanField("báo cáo minh hoạ", default=False)
    created_at = models.DateTimeField("lập lúc", db_default=Now())

    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name="thay thế",
        related_name="replacement",
        null=True,
        blank=True,
        editable=False,
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="đính chính",
        related_name="corrections",
        null=True,
        blank=True,
        editable=False,
    )
    remedy_reason = models.CharField("lý do thay thế, đính chính", max_length=500, blank=True)

    frozen_at = models.DateTimeField("chốt số liệu lúc", null=True, blank=True)
    content_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    content_checked_at = models.DateTimeField(null=True, blank=True)
    form_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    form_checked_at = models.DateTimeField(null=True, blank=True)
    rendering = models.ForeignKey(
        "reports.Rendering", models.PROTECT, related_name="+", null=True, blank=True
    )
    number = models.CharField("số", max_length=11, null=True, blank=True)  # noqa: DJ001
    issue_date = models.DateField("ngày ban hành", null=True, blank=True)
    numbered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    numbered_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    issued_at = models.DateTimeField("phát hành lúc", null=True, blank=True)
    document = models.OneToOneField(
        "documents.Document", models.PROTECT, verbose_name="văn bản đi", null=True, blank=True
    )
    assignment = models.ForeignKey(
        "documents.Assignment", models.PROTECT, verbose_name="việc giao xử lý", null=True,
        blank=True, related_name="reports",
    )  # fmt: skip

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "báo cáo"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in Status]),
                name="report_status_known",
                violation_error_message="Trạng thái báo cáo không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", frozen_at=None)
                | (~Q(status="draft") & Q(frozen_at__isnull=False)),
                name="report_frozen_after_draft",
                violation_error_message="Số liệu được chốt khi trình và chỉ khi trình.",
            ),
            models.CheckConstraint(
                condition=Q(repeated_notes__in=[one.value for one in RepeatedNotes]),
                name="report_repeated_notes_known",
                violation_error_message="Cách ghi chú thích nhắc lại không đúng.",
            ),
            who_and_when(
                "report_content_check_who_when",
                who="content_checked_by",
                when="content_checked_at",
                message="Kiểm tra nội dung phải có người và giờ.",
            ),
            who_and_when(
                "report_form_check_who_when",
                who="form_checked_by",
                when="form_checked_at",
                message="Kiểm tra thể thức phải có người và giờ.",
            ),
            who_and_when(
                "report_number_who_when",
                who="numbered_by",
                when="numbered_at",
                message="Cấp số phải có người và giờ.",
            ),
            who_and_when(
                "report_issue_who_when",
                who="issued_by",
                when="issued_at",
                message="Phát hành phải có người và giờ.",
            ),
            models.CheckConstraint(
                condition=(Q(content_checked_by=None) | ~Q(content_checked_by=F("drafter")))
                & (Q(form_checked_by=None) | ~Q(form_checked_by=F("drafter"))),
                name="report_not_checked_by_drafter",
                violation_error_message="Người soạn thảo không tự kiểm tra báo cáo của mình.",
            ),
            needed_from(
                Status.FORM_CHECK,
                "report_content_checked_first",
                "content_checked_by",
                message="Báo cáo chưa được kiểm tra nội dung.",
            ),
            needed_from(
                Status.TO_SIGN,
                "report_form_checked_first",
                "form_checked_by",
                "rendering",
                "signatory",
                message="Báo cáo chưa được kiểm tra thể thức.",
            ),
            needed_from(
                Status.NUMBERED,
                "report_numbered_first",
                "number",
                "issue_date",
                "numbered_by",
                message="Báo cáo chưa được cấp số.",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(status__in=["numbered", "sealed", "issued"]),
                name="report_number_after_signature",
                violation_error_message="Chỉ cấp số cho báo cáo đã ký.",
            ),
            needed_from(
                Status.ISSUED,
                "report_issued_complete",
                "issued_by",
                "document",
                message="Báo cáo phát hành phải có trong sổ văn bản đi.",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | Q(corrects=None),
                name="report_one_remedy",
                violation_error_message="Một văn bản hoặc thay thế, hoặc đính chính văn bản khác.",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, corrects=None) | ~Q(remedy_reason=""),
                name="report_remedy_says_why",
                violation_error_message="Ghi lý do thay thế hoặc đính chính.",
            ),
            models.UniqueConstraint(
                "symbol",
                "number",
                ExtractYear("issue_date"),
                name="report_number_once_a_year",
                violation_error_message="Số và ký hiệu này đã dùng trong năm.",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("reports:report_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def number_and_symbol(self) -> str:
        """ "123/BC-BDT" once numbered, "…/BC-BDT" before; below 10 with a leading zero."""
        return f"{self.printed_number or '…'}/{self.symbol}"

    @property
    def printed_number(self) -> str:
        return written_number(self.number or "")

    def has_reached(self, step: str) -> bool:
        return ORDER.index(Status(self.status)) >= ORDER.index(Status(step))
