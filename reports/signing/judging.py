"""One signature looked at: whole, trusted at its time, by whom, and what came after it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus

from .certificates import (
    is_test_certificate,
    may_sign_documents,
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
    one_line,
    unchanged_since,
)
from .fields import AGENCY_FIELD, LEADER_FIELD
from .levels import level_of
from .revocation import RevocationData, Standing
from .verdicts import Findings, SignatureVerdict

VIETNAM = timezone(timedelta(hours=7))
_ROLES = {LEADER_FIELD: "Người ký", AGENCY_FIELD: "Cơ quan"}
_WEAK_DIGESTS = frozenset({"md2", "md5", "sha1"})


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots, and revocation data that are known apart from the file's own."""

    roots: tuple[x509.Certificate, ...]
    data: RevocationData = field(default_factory=RevocationData)


def judge_signature(
    signature: EmbeddedPdfSignature,
    trust: Trust,
    findings: Findings,
    *,
    archived: bool,
    embedded: RevocationData,
) -> None:
    """Add the verdict on this signature, and every reason against it."""
    signer, certificate = owner_name(signature.signer_cert), signature.signer_cert
    findings.test_certificate |= is_test_certificate(certificate)
    status = _status(signature, trust)
    moment = _proven_time(status) or signing_time(signature)
    if moment is None:
        status = None
    standing = _standing(signature, trust, moment, embedded) if moment else Standing.UNKNOWN
    intact = status is not None and status.intact and _is_unchanged(signature, status)
    valid = (
        status is not None
        and status.bottom_line
        and status.trusted
        and standing is not None
        and may_sign_documents(certificate)
    )
    findings.signatures.append(
        SignatureVerdict(
            role=_ROLES.get(signature.field_name, "Chữ ký"),
            signer=signer,
            time=moment.astimezone(VIETNAM).isoformat(timespec="seconds") if moment else "",
            level=level_of(
                signature,
                is_stamped=_proven_time(status) is not None,
                archived=archived,
                is_provable=_is_provable(signature, trust, moment, embedded),
            ),
            valid=valid,
            intact=intact,
            issuer=_name_of_issuer(certificate),
            managing_body=_managing_body(certificate),
            certificate_from=certificate.not_valid_before.astimezone(VIETNAM).date().isoformat(),
            certificate_to=certificate.not_valid_after.astimezone(VIETNAM).date().isoformat(),
            is_stamped=_proven_time(status) is not None,
            standing=standing or "revoked",
            changes=changes_in_words(signature),
            filled_after=", ".join(fields_filled_since(signature)),
        )
    )
    findings.reasons += _reasons(signature, signer, status, intact, valid, standing)


def _reasons(
    signature: EmbeddedPdfSignature,
    signer: str,
    status: PdfSignatureStatus | None,
    intact: bool,
    valid: bool,
    standing: Standing | None,
) -> list[str]:
    found = []
    if status is None or not intact:
        found.append(f"Nội dung đã bị thay đổi sau chữ ký của “{signer}”.")
    elif standing is None:
        found.append(f"Chứng thư của “{signer}” đã bị thu hồi trước lúc ký.")
    elif not status.trusted:
        found.append(
            f"Chứng thư của “{signer}” không do nơi cấp được tin cậy cấp hoặc không còn hiệu lực "
            "vào lúc ký."
        )
    elif not may_sign_documents(signature.signer_cert):
        found.append(f"Chứng thư của “{signer}” không được cấp để ký văn bản.")
    elif not valid and status.timestamp_validity and not status.timestamp_validity.trusted:
        found.append(f"Dấu thời gian của “{signer}” không do nơi cấp được tin cậy cấp.")
    elif not valid:
        found.append(f"Chữ ký số của “{signer}” không hợp lệ.")
    if signature.md_algorithm in _WEAK_DIGESTS:
        found.append(f"Chữ ký số của “{signer}” dùng cách ký cũ, không còn an toàn.")
    return found


def signing_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time by the signer's own clock; without a zone it is taken for Vietnam's."""
    try:
        moment = signature.self_reported_timestamp
    except ValueError:
        return None
    if moment is not None and moment.tzinfo is None:
        return moment.replace(tzinfo=VIETNAM)
    return moment


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


def _status(signature: EmbeddedPdfSignature, trust: Trust) -> PdfSignatureStatus | None:
    """Return the library's verdict with the trust of the moment of signing, None if it has none."""
    moment = signing_time(signature)
    if moment is None:
        return None
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
    moment: datetime | None,
    embedded: RevocationData,
) -> bool:
    """Whether the file itself carries what proves the certificate's standing (level LT)."""
    if moment is None or not embedded:
        return False
    return _standing(signature, Trust(trust.roots), moment, embedded) == Standing.GOOD


def _is_unchanged(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    """Whether all that came after the signature is what it permits, and of what is looked for."""
    if not status.docmdp_ok:
        return False
    if signature.field_name in _ROLES:
        return unchanged_since(signature)
    level = level_of_changes(signature)
    return level is not None and level.value <= ModificationLevel.FORM_FILLING.value


def _name_of_issuer(certificate: x509.Certificate) -> str:
    names = certificate.issuer.native
    return one_line(names.get("common_name") or names.get("organization_name") or "")


def _managing_body(certificate: x509.Certificate) -> str:
    """The organisation that the certificate's holder belongs to."""
    names = certificate.subject.native
    parts = (names.get("organizational_unit_name"), names.get("organization_name"))
    return ", ".join(one_line(part) for part in parts if part)
