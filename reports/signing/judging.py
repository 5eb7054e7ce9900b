"""One signature looked at: whole, trusted at its time, by whom, and what came after it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus

from .certificates import (
    has_weak_key,
    is_test_certificate,
    issuer_name,
    may_sign_documents,
    one_line,
    owner_name,
    standing_of,
    trust_context,
    wait_for,
)
from .changes import (
    CHANGES_ALLOWED,
    changes_in_words,
    fields_filled_since,
    level_of_changes,
    unchanged_since,
)
from .fields import AGENCY_FIELD, LEADER_FIELD
from .levels import level_of, time_of_stamp
from .revocation import RevocationData, Standing
from .verdicts import Findings, SignatureVerdict

VIETNAM = timezone(timedelta(hours=7))
_ROLES = {LEADER_FIELD: "Người ký", AGENCY_FIELD: "Cơ quan"}
WEAK_DIGESTS = frozenset({"md2", "md5", "sha1"})

#: How far a signer's clock may be ahead of ours.
CLOCKS_APART = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots, and revocation data that are known apart from the file's own."""

    roots: tuple[x509.Certificate, ...]
    data: RevocationData = field(default_factory=RevocationData)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of a signature, judged as of `moment`.

    `status` is None when the library cannot make the signature out, `standing` when the certificate
    is revoked.
    """

    signature: EmbeddedPdfSignature
    status: PdfSignatureStatus | None
    moment: datetime
    standing: Standing | None
    is_early: bool

    @property
    def certificate(self) -> x509.Certificate:
        return self.signature.signer_cert

    @property
    def signer(self) -> str:
        return owner_name(self.certificate)

    @property
    def time(self) -> datetime | None:
        """When it was made, by the stamp if that proves it, else by the signer's clock."""
        return _proven_time(self.status) or signing_time(self.signature)

    @property
    def is_made_by_key(self) -> bool:
        """Whether this key signed this content, whatever came after."""
        return self.status is not None and self.status.intact and self.status.valid

    @property
    def is_intact(self) -> bool:
        """Whether what came after the signature is permitted, too."""
        return self.is_made_by_key and _is_unchanged(self.signature, self.status)

    @property
    def changes(self) -> str:
        if self.status is None:
            return "Không kiểm tra được."
        if not self.is_made_by_key:
            return "Chữ ký không khớp với nội dung tệp."
        return changes_in_words(self.signature)

    @property
    def has_weak_digest(self) -> bool:
        return self.signature.md_algorithm in WEAK_DIGESTS

    @property
    def is_weak(self) -> bool:
        return self.has_weak_digest or has_weak_key(self.certificate)

    @property
    def is_valid(self) -> bool:
        return (
            self.status is not None
            and self.status.bottom_line
            and self.standing is not None
            and may_sign_documents(self.certificate)
            and not (self.is_weak or self.is_early)
        )


def judge_signature(
    signature: EmbeddedPdfSignature,
    trust: Trust,
    findings: Findings,
    *,
    archived: bool,
    embedded: RevocationData,
    now: datetime,
) -> None:
    """Add the verdict on this signature, and every reason against it."""
    certificate = signature.signer_cert
    findings.test_certificate |= is_test_certificate(certificate)
    seen = _seen(signature, trust, embedded, now)
    is_stamped = _proven_time(seen.status) is not None
    findings.signatures.append(
        SignatureVerdict(
            role=_ROLES.get(signature.field_name, "Chữ ký"),
            signer=seen.signer,
            time=seen.time.astimezone(VIETNAM).isoformat(timespec="seconds") if seen.time else "",
            level=level_of(
                signature,
                is_stamped=is_stamped,
                archived=archived,
                is_provable=_is_provable(signature, trust, seen.moment, embedded),
            ),
            valid=seen.is_valid,
            intact=seen.is_intact,
            issuer=issuer_name(certificate),
            managing_body=_managing_body(certificate),
            certificate_from=certificate.not_valid_before.astimezone(VIETNAM).date().isoformat(),
            certificate_to=certificate.not_valid_after.astimezone(VIETNAM).date().isoformat(),
            is_stamped=is_stamped,
            is_weak=seen.is_weak,
            is_read=seen.status is not None,
            has_ended=not (is_stamped or archived) and certificate.not_valid_after < now,
            standing=seen.standing or "revoked",
            changes=seen.changes,
            filled_after=", ".join(fields_filled_since(signature)),
        )
    )
    if seen.status is None:
        findings.unread(f"Chữ ký số của “{seen.signer}” viết theo cách cổng không kiểm tra được.")
    else:
        findings.reasons += _reasons(seen, seen.status)


def _seen(
    signature: EmbeddedPdfSignature, trust: Trust, embedded: RevocationData, now: datetime
) -> _Seen:
    """Look at the signature with the trust of the moment of signing, without one with today's."""
    claimed = signing_time(signature)
    moment = _stamped_time(signature) or claimed or now
    return _Seen(
        signature,
        _status(signature, trust, moment),
        moment,
        _standing(signature, trust, moment, embedded),
        is_early=moment > now + CLOCKS_APART,
    )


def _reasons(seen: _Seen, status: PdfSignatureStatus) -> list[str]:
    found = [*_against_content(seen, status), *_against_signer(seen, status)]
    if not (found or seen.is_valid):
        found.append("Chữ ký số của “{signer}” không hợp lệ.")
    return [sentence.format(signer=seen.signer) for sentence in found]


def _against_content(seen: _Seen, status: PdfSignatureStatus) -> Iterator[str]:
    if status.intact and not status.valid:
        yield "Chữ ký số của “{signer}” không phải do khoá trong chứng thư ký lên nội dung này."
    elif not seen.is_intact:
        yield "Nội dung đã bị thay đổi sau chữ ký của “{signer}”."


def _against_signer(seen: _Seen, status: PdfSignatureStatus) -> Iterator[str]:
    certificate, stamp = seen.certificate, status.timestamp_validity
    if seen.has_weak_digest:
        yield "Chữ ký số của “{signer}” dùng cách ký cũ, không còn an toàn."
    if has_weak_key(certificate):
        yield "Khoá trong chứng thư của “{signer}” không còn đủ an toàn."
    if seen.is_early:
        yield "Thời điểm ký của “{signer}” ghi trong tệp còn ở sau lúc kiểm tra."
    if seen.moment < certificate.not_valid_before:
        yield "Chứng thư của “{signer}” chưa có hiệu lực vào lúc ký."
    elif seen.moment > certificate.not_valid_after:
        yield "Chứng thư của “{signer}” đã hết hạn trước lúc ký."
    elif seen.standing is None:
        yield "Chứng thư của “{signer}” đã bị thu hồi trước lúc ký."
    elif not may_sign_documents(certificate):
        yield "Chứng thư của “{signer}” không được cấp để ký văn bản."
    elif seen.is_made_by_key and not (status.trusted or seen.is_weak):
        yield (
            "Chứng thư của “{signer}” không do nơi cấp được tin cậy cấp, hoặc tệp thiếu chứng thư "
            "của nơi cấp."
        )
    if stamp is not None and not stamp.trusted:
        yield "Dấu thời gian của “{signer}” không do nơi cấp được tin cậy cấp."


def signing_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time by the signer's own clock; without a zone it is taken for Vietnam's."""
    try:
        moment = signature.self_reported_timestamp
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=VIETNAM)
        return moment and moment.astimezone(VIETNAM)
    except (ValueError, OverflowError):  # no date, or one outside the calendar
        return None


def _stamped_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """The latest time that an attached stamp names, whoever made it."""
    stamps = extract_tst_data_iter(signature.signer_info, signed=False)
    return max(map(time_of_stamp, stamps), default=None)


def revocation_data_in(reader: PdfFileReader) -> RevocationData:
    """The lists and responses that the file carries (its DSS); damaged ones count as none."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
        return RevocationData(
            crls=tuple(bytes(found.get_object().data) for found in store.crls),
            ocsps=tuple(bytes(found.get_object().data) for found in store.ocsps),
        )
    except (NoDSSFoundError, ValueError, KeyError, TypeError, AttributeError):
        return RevocationData()


def _proven_time(status: PdfSignatureStatus | None) -> datetime | None:
    """The time of a stamp that is whole and by a trusted authority."""
    stamp = status.timestamp_validity if status is not None else None
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return None
    return stamp.timestamp


def _status(
    signature: EmbeddedPdfSignature, trust: Trust, moment: datetime
) -> PdfSignatureStatus | None:
    """Return the library's verdict with the trust of this moment, None if it has none."""
    others = signature.other_embedded_certs
    context = trust_context(trust.roots, others=others, moment=moment, data=trust.data)
    policy = CHANGES_ALLOWED if signature.field_name in _ROLES else DEFAULT_DIFF_POLICY
    try:
        return wait_for(async_validate_pdf_signature(signature, context, diff_policy=policy))
    except Exception:  # the library names dozens of faults; here they are all one: not valid
        return None


def _standing(
    signature: EmbeddedPdfSignature, trust: Trust, moment: datetime, embedded: RevocationData
) -> Standing | None:
    return standing_of(
        signature.signer_cert,
        others=signature.other_embedded_certs,
        trust_roots=trust.roots,
        moment=moment,
        data=trust.data + embedded,
    )


def _is_provable(
    signature: EmbeddedPdfSignature,
    trust: Trust,
    moment: datetime,
    embedded: RevocationData,
) -> bool:
    """Whether the file itself carries what proves the certificate's standing (level LT)."""
    if not embedded:
        return False
    return _standing(signature, Trust(trust.roots), moment, embedded) == Standing.GOOD


def _is_unchanged(signature: EmbeddedPdfSignature, status: PdfSignatureStatus | None) -> bool:
    """Whether all that came after the signature is what it permits, and of what is looked for."""
    if status is None or not status.docmdp_ok:
        return False
    if signature.field_name in _ROLES:
        return unchanged_since(signature)
    level = level_of_changes(signature)
    return level is not None and level.value <= ModificationLevel.FORM_FILLING.value


def _managing_body(certificate: x509.Certificate) -> str:
    """The organisation that the certificate's holder belongs to."""
    names = certificate.subject.native
    parts = (names.get("organizational_unit_name"), names.get("organization_name"))
    return ", ".join(one_line(part) for part in parts if part)
