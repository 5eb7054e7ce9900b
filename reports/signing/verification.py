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
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data

from .certificates import owner_name
from .fields import AGENCY_FIELD, LEADER_FIELD, date_text, number_text
from .filled import printed_words, references_say
from .judging import CLOCKS_APART, VIETNAM, Trust, judge_signature, revocation_data_in, signing_time
from .levels import judge_time_stamps
from .revocation import RevocationData
from .verdicts import Findings, IssuedFacts, Verdict

# The library logs every forgery it sees with a traceback; a verdict is all that is wanted here.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

NOT_IN_REGISTER = "Không có văn bản này trong sổ văn bản đã phát hành."

_LARGEST = 64 * 1024 * 1024

#: Each signature is compared with everything after it, so the work grows with the square.
_MOST_SIGNATURES = 30


def verify(
    pdf: bytes,
    *,
    trust_roots: Iterable[x509.Certificate],
    expected: IssuedFacts | None,
    crls: Iterable[bytes] = (),
    now: datetime | None = None,
) -> Verdict:
    """Judge any bytes; never raises on what they hold. A signature of after `now` is none.

    `expected` is the register's entry the file claims to be, None when there is none; then the
    file is not genuine, but its signatures are still described.
    """
    findings = Findings()
    if len(pdf) > _LARGEST:
        findings.unread("Tệp lớn hơn 64 MB nên không phải là bản đã phát hành.")
    elif b"%PDF-" not in pdf[:1024]:
        findings.unread("Tệp không phải là văn bản PDF.")
    else:
        trust = Trust(tuple(trust_roots), RevocationData(crls=tuple(crls)))
        try:
            _examine(pdf, trust, expected, findings, now or datetime.now(UTC))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # hostile bytes: parsers may even raise outside Exception
            findings.unread(
                "Tệp hoặc chữ ký trong tệp bị hỏng, bị cắt hay viết sai quy cách nên cổng không "
                "đọc được."
            )
    if expected is None:
        findings.reasons.append(NOT_IN_REGISTER)
    elif hashlib.sha256(pdf).hexdigest() not in expected.sha256s:
        findings.reasons.append("Tệp không trùng khớp với bản đã phát hành.")
    return Verdict(
        genuine=not findings.reasons,
        reasons=tuple(dict.fromkeys(findings.reasons)),
        signatures=tuple(findings.signatures),
        test_certificate=findings.test_certificate,
        outcome=findings.outcome(is_ours=expected is not None),
    )


def _examine(
    pdf: bytes, trust: Trust, expected: IssuedFacts | None, findings: Findings, now: datetime
) -> None:
    reader = PdfFileReader(BytesIO(pdf))
    if reader.encrypted and not _opens_without_password(reader):
        findings.unread("Tệp phải có mật khẩu mới mở được nên cổng không kiểm tra được.")
        return
    fields = list(enumerate_sig_fields(reader))
    if len(fields) > _MOST_SIGNATURES:
        findings.unread(
            f"Tệp có {len(fields)} ô chữ ký; cổng chỉ kiểm tra tệp có tối đa {_MOST_SIGNATURES} ô."
        )
        return
    if _is_dynamic_form(reader):
        findings.unread(
            "Tệp là biểu mẫu động (XFA): chữ hiện ra tuỳ chương trình đọc nên không xác thực được."
        )
    signatures = list(reader.embedded_regular_signatures)
    archived = _judge_stamps(reader, trust, findings)
    embedded = revocation_data_in(reader)
    for signature in signatures:
        judge_signature(signature, trust, findings, archived=archived, embedded=embedded, now=now)
    _look_for_other_kinds(reader, findings)
    _judge_as_ours(reader, signatures, {name for name, _, _ in fields}, expected, findings)


def _opens_without_password(reader: PdfFileReader) -> bool:
    """Files that only forbid printing or copying open for everybody."""
    return (
        isinstance(reader.security_handler, StandardSecurityHandler)
        and reader.decrypt("").status != AuthStatus.FAILED
    )


def _judge_stamps(reader: PdfFileReader, trust: Trust, findings: Findings) -> bool:
    """Whether document time stamps lie over the file and all of them hold."""
    stamps = judge_time_stamps(reader, trust.roots, trust.data)
    if not all(stamp.holds for stamp in stamps):
        findings.reasons.append(
            "Dấu thời gian trong tệp không hợp lệ hoặc không do nơi cấp được tin cậy cấp."
        )
        return False
    for stamp in stamps if not reader.embedded_regular_signatures else ():
        made = f"ngày {stamp.time.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S} của “{stamp.authority}”"
        findings.reasons.append(
            f"Nội dung không thay đổi từ dấu thời gian {made}."
            if stamp.is_unchanged
            else f"Nội dung đã bị thay đổi sau dấu thời gian {made}."
        )
    findings.is_stamped = bool(stamps) and all(stamp.is_unchanged for stamp in stamps)
    return bool(stamps)


def _look_for_other_kinds(reader: PdfFileReader, findings: Findings) -> None:
    """Signatures of kinds that the library passes over are not to be passed over in silence."""
    known = (*reader.embedded_regular_signatures, *reader.embedded_timestamp_signatures)
    filled = {name for name, _, _ in enumerate_sig_fields(reader, filled_status=True)}
    if filled - {signature.field_name for signature in known}:
        findings.unread("Tệp có chữ ký theo kiểu mà cổng không kiểm tra được.")


def _is_dynamic_form(reader: PdfFileReader) -> bool:
    return "/AcroForm" in reader.root and "/XFA" in reader.root["/AcroForm"]


def _judge_as_ours(
    reader: PdfFileReader,
    signatures: list[EmbeddedPdfSignature],
    fields: set[str],
    expected: IssuedFacts | None,
    findings: Findings,
) -> None:
    """What only a document of this agency must have."""
    names = [signature.field_name for signature in signatures]
    if expected is None and not {LEADER_FIELD, AGENCY_FIELD} & fields:
        if not names and not findings.is_unread:
            findings.reasons.append(_wrong_signatures(names))
        return
    known = {LEADER_FIELD, AGENCY_FIELD}
    known |= {stamp.field_name for stamp in reader.embedded_timestamp_signatures}
    if fields != known:
        findings.reasons.append("Tệp có thêm hoặc thiếu ô chữ ký so với bản đã phát hành.")
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


def _judge_order(
    reader: PdfFileReader, signatures: list[EmbeddedPdfSignature], findings: Findings
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
    times = [signing_time(signature) for signature in signatures]
    if times[0] and times[1] and times[0] > times[1] + CLOCKS_APART:
        findings.reasons.append("Chữ ký của cơ quan có thời điểm trước chữ ký của người ký.")


def _judge_owners(
    signatures: list[EmbeddedPdfSignature], expected: IssuedFacts | None, findings: Findings
) -> None:
    if expected is None:
        return
    for signature, owner in zip(signatures, (expected.leader, expected.agency), strict=True):
        if not owner.is_owner_of(signature.signer_cert):
            findings.reasons.append(
                f"Chữ ký của “{owner_name(signature.signer_cert)}” không phải bằng chứng thư đã "
                "đăng ký cho văn bản này."
            )


def _judge_fields(reader: PdfFileReader, expected: IssuedFacts | None, findings: Findings) -> None:
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
    if not references_say(reader, expected.number, expected.issued_on):
        findings.reasons.append("Dòng “Kèm theo” dưới tên phụ lục khác với sổ đăng ký.")
