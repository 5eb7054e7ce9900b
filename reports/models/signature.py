"""The file of a report from layout to seal, and the certificates that may sign it."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from portal.documents.models import SignatureLevel
from portal.units.models import IssuingAgency

from .report import Report


class SignerRole(models.TextChoices):
    LEADER = "leader", "người có thẩm quyền"
    AGENCY = "agency", "cơ quan"


class Standing(models.TextChoices):
    """What was known of the certificate's revocation when it signed."""

    GOOD = "good", "chưa bị thu hồi"
    UNKNOWN = "unknown", "chưa kiểm tra được với nơi cấp"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def in_force(self, moment: datetime.datetime) -> Self:
        return self.filter(
            Q(revoked_at=None) | Q(revoked_at__gt=moment),
            not_before__lte=moment,
            not_after__gte=moment,
        )

    def of_leader(self, user: object) -> Self:
        return self.filter(role=SignerRole.LEADER, owner=user)

    def of_agency(self, agency: IssuingAgency) -> Self:
        return self.filter(role=SignerRole.AGENCY, agency=agency)

    def ending(self, *, after: datetime.datetime, until: datetime.datetime) -> Self:
        """Not withdrawn, and running out between the two moments."""
        return self.filter(revoked_at=None, not_after__gt=after, not_after__lte=until)


class Certificate(models.Model):
    """A certificate that is known to belong to a leader or to the agency.

    `key_file` names a PKCS#12 file in settings.SIGNING_DIR, `token` the label of a PKCS#11 token at
    this server; both are empty when the key is used elsewhere. Passphrase and PIN are stored
    nowhere. `pem` holds the public part: the certificate, then those that issued it.
    """

    role = models.CharField("của", max_length=6, choices=SignerRole)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người",
        related_name="certificates",
        null=True,
        blank=True,
    )
    agency = models.ForeignKey(
        IssuingAgency,
        models.PROTECT,
        verbose_name="cơ quan",
        related_name="certificates",
        null=True,
        blank=True,
    )
    fingerprint = models.CharField("dấu vân SHA-256", max_length=64, unique=True)
    subject = models.CharField("cấp cho", max_length=300)
    issuer = models.CharField("nơi cấp", max_length=300)
    not_before = models.DateTimeField("hiệu lực từ")
    not_after = models.DateTimeField("hiệu lực đến")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    is_test = models.BooleanField("chứng thư thử nghiệm", default=False)
    key_file = models.CharField("tệp khoá", max_length=120, blank=True)
    token = models.CharField("tên thiết bị", max_length=32, blank=True)
    pem = models.TextField("chứng thư và nơi cấp", blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người đăng ký",
        related_name="+",
        null=True,
        blank=True,
    )
    registered_at = models.DateTimeField("đăng ký lúc", db_default=Now())

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "chứng thư số"
        ordering = ["role", "-not_after"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role="leader", owner__isnull=False, agency=None)
                | Q(role="agency", owner=None, agency__isnull=False),
                name="certificate_has_one_owner",
                violation_error_message="Chứng thư là của một người hoặc của cơ quan.",
            ),
            models.CheckConstraint(
                condition=Q(not_before__lt=F("not_after")),
                name="certificate_period",
                violation_error_message="Thời hạn chứng thư không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(key_file="") | Q(token=""),
                name="certificate_key_in_one_place",
                violation_error_message="Khoá nằm trong tệp hoặc trong thiết bị, không ở cả hai.",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def is_in_force(self, moment: datetime.datetime) -> bool:
        revoked = self.revoked_at is not None and self.revoked_at <= moment
        return self.not_before <= moment <= self.not_after and not revoked

    @property
    def signs_here(self) -> bool:
        """Whether a passphrase or PIN typed at the portal can sign."""
        return bool(self.key_file or self.token)


class CertificateEvent(models.Model):
    """What was done with a registered certificate. Append-only."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    what = models.CharField("nội dung", max_length=200)
    note = models.CharField("lý do", max_length=300, blank=True)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "việc đã làm với chứng thư"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what


class Rendering(models.Model):
    """One laying-out of a report that passed the form check. `layout` holds the places (A's boxes)
    in PDF points: {"number", "date", "signature", "seal": {"page", "x0", "y0", "x1", "y1"}}.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "đang kết xuất"
        DONE = "done", "đã kết xuất"
        REFUSED = "refused", "không kết xuất được"

    report = models.ForeignKey(Report, models.PROTECT, related_name="renderings")
    attempt = models.PositiveSmallIntegerField("lần")
    draft_no = models.PositiveSmallIntegerField("dự thảo lần")
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.WAITING)
    problem = models.TextField("vì sao", blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người yêu cầu", related_name="+"
    )
    requested_at = models.DateTimeField("yêu cầu lúc")
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    pages = models.PositiveSmallIntegerField("số trang", null=True, blank=True)
    layout = models.JSONField("vị trí", default=dict, blank=True)
    evidence = models.JSONField("số liệu và nguồn", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bản in"
        ordering = ["report", "-attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "attempt"],
                name="rendering_attempt_once",
                violation_error_message="Báo cáo đang được kết xuất.",
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(state="waiting"),
                name="rendering_one_waiting",
                violation_error_message="Báo cáo đang được kết xuất.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None)
                | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                name="rendering_finished_when_ended",
                violation_error_message="Bản in đã xong phải có giờ xong.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.attempt})"

    def file_of(self, stage: str) -> ReportFile | None:
        return next((file for file in self.files.all() if file.stage == stage), None)

    def signature_of(self, role: str) -> Signature | None:
        return next((found for found in self.signatures.all() if found.role == role), None)


def attempt_path(file: ReportFile, name: str) -> str:
    """A path of its own for every attempt, so that nothing is ever written over."""
    rendering = file.rendering
    attempt = secrets.token_hex(6)
    return f"reports/{rendering.report_id}/{rendering.attempt:03}-{file.stage}-{attempt}.pdf"


class ReportFile(models.Model):
    """The PDF after one stage; each stage adds to the one before (incremental update)."""

    class Stage(models.TextChoices):
        PREPARED = "prepared", "chờ ký"
        SIGNED = "signed", "đã ký"
        FILLED = "filled", "đã ghi số, ngày"
        SEALED = "sealed", "đã ký số cơ quan"
        LIFTED = "lifted", "đã bổ sung dấu thời gian"

    #: Both are the issued document: what was sent, and the same with its proofs added later.
    ISSUED_STAGES = (Stage.SEALED, Stage.LIFTED)

    rendering = models.ForeignKey(Rendering, models.PROTECT, related_name="files")
    stage = models.CharField("giai đoạn", max_length=8, choices=Stage)
    file = models.FileField("tệp", upload_to=attempt_path, max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField("cỡ (byte)")
    level = models.CharField("mức chữ ký", max_length=20, blank=True)
    created_at = models.DateTimeField("lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "tệp báo cáo"
        ordering = ["rendering", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rendering", "stage"],
                name="report_file_stage_once",
                violation_error_message="Bước này đã có tệp.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rendering} {self.stage}"

    @property
    def level_words(self) -> str:
        return level_words(self.level)

    @property
    def is_whole(self) -> bool:
        """Whether the store still has the file, byte for byte."""
        try:
            return bool(self.file) and hashlib.sha256(self.content()).hexdigest() == self.sha256
        except OSError:
            return False

    def content(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read()


def level_words(level: str) -> str:
    """What a level means, in the words of the register."""
    return SignatureLevel(level).label if level in SignatureLevel.values else level


class Signature(models.Model):
    """A digital signature that stands in the file; a retry never makes a second one."""

    rendering = models.ForeignKey(Rendering, models.PROTECT, related_name="signatures")
    role = models.CharField("vai", max_length=6, choices=SignerRole)
    file = models.OneToOneField(ReportFile, models.PROTECT, related_name="signature")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="signatures")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người thực hiện", related_name="+"
    )
    signer_name = models.CharField("người ký", max_length=200)
    signed_at = models.DateTimeField("ký lúc")
    level = models.CharField("mức chữ ký", max_length=20)
    standing = models.CharField(
        "tình trạng chứng thư lúc ký", max_length=8, choices=Standing, default=Standing.UNKNOWN
    )
    is_take_away = models.BooleanField("ký ở ngoài rồi tải lên", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "chữ ký số"
        ordering = ["rendering", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rendering", "role"],
                name="signature_once_by_role",
                violation_error_message="Báo cáo đã có chữ ký này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.signer_name} ({self.role})"

    @property
    def level_words(self) -> str:
        return level_words(self.level)
