"""Is this file the genuine, complete, unchanged document that the agency issued?

A viewer's "valid" is not enough: a file cut back to its first signature, a number changed after
the seal, or a seal by a stranger's certificate can all be called valid. So the check wants every
one of these: the library's verdict with its analysis of what changed after each signature; exactly
the two signatures, in order, by the right certificates; number and date equal to the register, in
value and in picture; nothing after the seal but time stamps and revocation data; and the very
bytes that were issued.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data
from pyhanko.sign.validation.status import PdfSignatureStatus

from .certificates import (
    Owner,
    is_revoked,
    is_test_certificate,
    owner_name,
    trust_context,
    wait_for,
)
from .changes import CHANGES_ALLOWED, unchanged_since
from .fields import AGENCY_FIELD, LEADER_FIELD, date_text, number_text
from .filled import printed_words
from .levels import judge_time_stamps, level_of

# The library logs every forgery it sees with a traceback; a verdict is all that is wanted here.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_LARGEST = 64 * 1024 * 1024
_VIETNAM = timezone(timedelta(hours=7))
_ROLES = {LEADER_FIELD: "Người ký", AGENCY_FIELD: "Cơ quan"}
_WEAK_DIGESTS = frozenset({"md2", "md5", "sha1"})


@dataclass(frozen=True, slots=True)
class IssuedFacts:
    """What the register knows of an issued document.

    `sha256s` are the digests (hexadecimal) of the file as issued and of its later revisions that
    only added time stamps or revocation data.
    """

    number: int | str
    issued_on: date
    sha256s: frozenset[str]
    leader: Owner
    agency: Owner


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    role: str
    signer: str
    time: str
    level: str
    valid: bool
    intact: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "signer": self.signer,
            "time": self.time,
            "level": self.level,
            "valid": self.valid,
            "intact": self.intact,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, with every reason against it as a Vietnamese sentence."""

    genuine: bool
    reasons: tuple[str, ...]
    signatures: tuple[SignatureVerdict, ...]
    test_certificate: bool

    def as_dict(self) -> dict[str, Any]:
        """Return what `verify_document` prints: genuine, reasons, signatures, test_certificate."""
        return {
            "genuine": self.genuine,
            "reasons": list(self.reasons),
            "signatures": [signature.as_dict() for signature in self.signatures],
            "test_certificate": self.test_certificate,
        }


@dataclass(slots=True)
class _Findings:
    reasons: list[str] = field(default_factory=list)
    signatures: list[SignatureVerdict] = field(default_factory=list)
    test_certificate: bool = False


def verify(
    pdf: bytes,
    *,
    trust_roots: Iterable[x509.Certificate],
    expected: IssuedFacts | None,
    crls: Iterable[bytes] = (),
) -> Verdict:
    """Judge any bytes; never raises on what they hold.

    `expected` is the register's entry the file claims to be, None when there is none; then the
    file is not genuine, but its signatures are still described.
    """
    findings = _Findings()
    if len(pdf) > _LARGEST:
        findings.reasons.append("Tệp lớn hơn 64 MB nên không phải là bản đã phát hành.")
    elif b"%PDF-" not in pdf[:1024]:
        findings.reasons.append("Tệp không phải là văn bản PDF.")
    else:
        try:
            _examine(pdf, tuple(trust_roots), expected, tuple(crls), findings)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # hostile bytes: parsers may even raise outside Exception
            findings.reasons.append("Tệp PDF bị hỏng hoặc bị cắt nên không đọc được chữ ký.")
    if expected is None:
        findings.reasons.append("Không có văn bản này trong sổ văn bản đã phát hành.")
    elif hashlib.sha256(pdf).hexdigest() not in expected.sha256s:
        findings.reasons.append("Tệp không trùng khớp với bản đã phát hành.")
    return Verdict(
        genuine=not findings.reasons,
        reasons=tuple(dict.fromkeys(findings.reasons)),
        signatures=tuple(findings.signatures),
        test_certificate=findings.test_certificate,
    )


def _examine(
    pdf: bytes,
    trust_roots: tuple[x509.Certificate, ...],
    expected: IssuedFacts | None,
    crls: tuple[bytes, ...],
    findings: _Findings,
) -> None:
    reader = PdfFileReader(BytesIO(pdf))
    if reader.encrypted:
        findings.reasons.append("Tệp được đặt mật khẩu; bản đã phát hành không có mật khẩu.")
        return
    signatures = list(reader.embedded_regular_signatures)
    stamps = judge_time_stamps(reader, trust_roots, crls)
    if not all(stamps):
        findings.reasons.append("Dấu thời gian trong tệp không hợp lệ.")
    archived = bool(stamps) and all(stamps)
    for signature in signatures:
        _judge_signature(signature, trust_roots, crls, findings, archived=archived)
    known = {LEADER_FIELD, AGENCY_FIELD}
    known |= {stamp.field_name for stamp in reader.embedded_timestamp_signatures}
    if {name for name, _, _ in enumerate_sig_fields(reader)} != known:
        findings.reasons.append("Tệp có thêm hoặc thiếu ô chữ ký so với bản đã phát hành.")
    names = [signature.field_name for signature in signatures]
    if names != [LEADER_FIELD, AGENCY_FIELD]:
        findings.reasons.append(_wrong_signatures(names))
    else:
        _judge_order(reader, signatures, findings)
        _judge_owners(signatures, expected, findings)
    _judge_fields(reader, expected, findings)


def _wrong_signatures(names: list[str]) -> str:
    if not names:
        return "Tệp không có chữ ký số nào."
    if LEADER_FIELD in names and AGENCY_FIELD not in names:
        return "Thiếu chữ ký số của cơ quan."
    if AGENCY_FIELD in names and LEADER_FIELD not in names:
        return "Thiếu chữ ký số của người có thẩm quyền."
    return "Tệp không có đúng hai chữ ký: của người ký rồi đến của cơ quan."


def _judge_signature(
    signature: EmbeddedPdfSignature,
    trust_roots: tuple[x509.Certificate, ...],
    crls: tuple[bytes, ...],
    findings: _Findings,
    *,
    archived: bool,
) -> None:
    role = _ROLES.get(signature.field_name, "Chữ ký khác")
    signer, moment = owner_name(signature.signer_cert), _signing_time(signature)
    findings.test_certificate |= is_test_certificate(signature.signer_cert)
    status = _status(signature, trust_roots, crls, moment) if moment else None
    revoked = moment is not None and is_revoked(
        signature.signer_cert,
        others=signature.other_embedded_certs,
        trust_roots=trust_roots,
        moment=moment,
        crls=crls,
    )
    intact = status is not None and status.intact and unchanged_since(signature)
    valid = status is not None and status.bottom_line and status.trusted and not revoked
    findings.signatures.append(
        SignatureVerdict(
            role=role,
            signer=signer,
            time=moment.astimezone(_VIETNAM).isoformat(timespec="seconds") if moment else "",
            level=level_of(signature, status, archived=archived),
            valid=valid,
            intact=intact,
        )
    )
    if status is None or not intact:
        findings.reasons.append(f"Nội dung đã bị thay đổi sau chữ ký của “{signer}”.")
    elif revoked:
        findings.reasons.append(f"Chứng thư của “{signer}” đã bị thu hồi trước lúc ký.")
    elif not status.trusted:
        findings.reasons.append(
            f"Chứng thư của “{signer}” không do nơi cấp được tin cậy cấp hoặc không còn hiệu lực "
            "vào lúc ký."
        )
    elif not valid:
        findings.reasons.append(f"Chữ ký số của “{signer}” không hợp lệ.")
    if signature.md_algorithm in _WEAK_DIGESTS:
        findings.reasons.append(f"Chữ ký số của “{signer}” dùng thuật toán băm không còn an toàn.")


def _status(
    signature: EmbeddedPdfSignature,
    trust_roots: tuple[x509.Certificate, ...],
    crls: tuple[bytes, ...],
    moment: datetime,
) -> PdfSignatureStatus | None:
    """Return the library's verdict with the trust of the moment of signing, None if it has none."""
    context = trust_context(
        trust_roots, others=signature.other_embedded_certs, moment=moment, crls=crls
    )
    try:
        return wait_for(
            async_validate_pdf_signature(signature, context, diff_policy=CHANGES_ALLOWED)
        )
    except Exception:  # the library names dozens of faults; here they are all one: not valid
        return None


def _signing_time(signature: EmbeddedPdfSignature) -> datetime | None:
    try:
        moment = signature.self_reported_timestamp
    except ValueError:
        return None
    if moment is not None and moment.tzinfo is None:
        return moment.replace(tzinfo=_VIETNAM)
    return moment


def _judge_order(
    reader: PdfFileReader, signatures: list[EmbeddedPdfSignature], findings: _Findings
) -> None:
    """The leader's signature certifies and lets forms be filled; the seal closes the file."""
    leader, agency = signatures
    certification = read_certification_data(reader)
    certifies = (
        certification is not None
        and certification.permission == MDPPerm.FILL_FORMS
        and reader.root["/Perms"].raw_get("/DocMDP") == leader.sig_field.raw_get("/V")
    )
    if not certifies:
        findings.reasons.append(
            "Chữ ký của người có thẩm quyền không phải là chữ ký chứng nhận văn bản."
        )
    if agency.docmdp_level != MDPPerm.NO_CHANGES:
        findings.reasons.append("Chữ ký của cơ quan không khoá văn bản.")
    times = [_signing_time(signature) for signature in signatures]
    if times[0] and times[1] and times[0] > times[1]:
        findings.reasons.append("Chữ ký của cơ quan có thời điểm trước chữ ký của người ký.")


def _judge_owners(
    signatures: list[EmbeddedPdfSignature], expected: IssuedFacts | None, findings: _Findings
) -> None:
    if expected is None:
        return
    for signature, owner in zip(signatures, (expected.leader, expected.agency), strict=True):
        if not owner.is_owner_of(signature.signer_cert):
            findings.reasons.append(
                f"Chữ ký của “{owner_name(signature.signer_cert)}” không phải bằng chứng thư đã "
                "đăng ký cho văn bản này."
            )


def _judge_fields(reader: PdfFileReader, expected: IssuedFacts | None, findings: _Findings) -> None:
    words = printed_words(reader)
    for name, shown in (("Số văn bản", words.number), ("Ngày ban hành", words.date)):
        if shown is None:
            findings.reasons.append(f"{name} trên trang in khác với giá trị ghi trong tệp.")
    if expected is None:
        return
    if words.number is not None and words.number != number_text(expected.number):
        findings.reasons.append("Số văn bản trong tệp khác với sổ đăng ký.")
    if words.date is not None and words.date != date_text(expected.issued_on):
        findings.reasons.append("Ngày ban hành trong tệp khác với sổ đăng ký.")
