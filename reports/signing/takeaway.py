"""Signing elsewhere: the prepared file goes out, comes back signed with the office's own token.

What comes back is taken only if it is the same file, byte for byte, plus one incremental update
that holds one valid signature, by the right certificate, in the right place, and nothing else.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data
from pyhanko.sign.validation.status import SignatureCoverageLevel

from .certificates import SigningRefused, check_certificate, trust_context, wait_for
from .fields import LEADER_FIELD
from .judging import CLOCKS_APART, WEAK_DIGESTS
from .revocation import RevocationData
from .signatures import Authority

_LARGEST_UPDATE = 8 * 1024 * 1024

#: How long before the upload the time named in the file may lie.
_EARLIEST = timedelta(days=3)

#: Entries of the catalogue and the form that a signature may add or change.
_CATALOGUE_MAY_CHANGE = frozenset(
    {"/AcroForm", "/Perms", "/Extensions", "/Version", "/Metadata", "/DSS"}
)
_FORM_MAY_CHANGE = frozenset({"/SigFlags", "/DR", "/DA"})
_FIELD_MAY_CHANGE = frozenset({"/V", "/AP", "/F", "/Ff", "/Type", "/MK", "/DA", "/M"})


class DifferentFile(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Tệp tải lên không phải là tệp đã tải về để ký. Hãy tải lại tệp chờ ký, ký đúng tệp ấy "
            "(không in, không lưu lại bằng phần mềm khác) rồi tải lên."
        )


class NotSigned(SigningRefused):
    def __init__(self) -> None:
        super().__init__("Tệp tải lên chưa có chữ ký số. Hãy ký vào ô chữ ký có sẵn rồi tải lên.")


class WrongPlace(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Chữ ký không nằm trong ô chữ ký có sẵn, hoặc tệp có nhiều hơn một chữ ký mới. "
            "Hãy ký một lần vào đúng ô chữ ký đã dành sẵn."
        )


class NotCertifying(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Chữ ký của lãnh đạo phải là chữ ký chứng nhận (cho phép điền biểu mẫu). "
            "Hãy chọn “Chứng nhận văn bản, cho phép điền biểu mẫu” khi ký."
        )


class SignatureNotValid(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Chữ ký trong tệp tải lên không hợp lệ hoặc tệp đã bị sửa ngoài chữ ký. "
            "Hãy tải lại tệp chờ ký và ký lại."
        )


class SignedAtAnotherTime(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Thời điểm ký ghi trong tệp lệch quá nhiều so với hiện tại. "
            "Hãy kiểm tra đồng hồ của máy ký rồi ký lại."
        )


@dataclass(frozen=True, slots=True)
class TakeAway:
    """A file to be signed elsewhere, its digest, and the field to sign in."""

    pdf: bytes
    sha256: str
    field_name: str


def take_away(pdf: bytes, *, field_name: str) -> TakeAway:
    """Return the file with what identifies it when it comes back."""
    return TakeAway(pdf, hashlib.sha256(pdf).hexdigest(), field_name)


def accept_signed(
    prepared: bytes, uploaded: bytes, *, field_name: str, authority: Authority, now: datetime
) -> bytes:
    """Return the uploaded file if it may be taken; raises the SigningRefused that says why not."""
    if not uploaded.startswith(prepared) or len(uploaded) - len(prepared) > _LARGEST_UPDATE:
        raise DifferentFile
    if len(uploaded) == len(prepared):
        raise NotSigned
    try:
        _check(prepared, uploaded, field_name, authority, now)
    except SigningRefused:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # hostile bytes: parsers may even raise outside Exception
        raise SignatureNotValid from error
    return uploaded


def _check(
    prepared: bytes, uploaded: bytes, field_name: str, authority: Authority, now: datetime
) -> None:
    before, after = PdfFileReader(BytesIO(prepared)), PdfFileReader(BytesIO(uploaded))
    signature = _new_signature(before, after, field_name)
    check_certificate(
        signature.signer_cert,
        others=signature.other_embedded_certs,
        owner=authority.owner,
        trust_roots=authority.trust_roots,
        now=now,
        crls=authority.crls,
        online=authority.online,
    )
    _check_signature(signature, authority, now)
    if field_name == LEADER_FIELD and not _certifies(after, signature):
        raise NotCertifying
    _check_nothing_else(before, after, field_name)
    _check_earlier(after, authority)


def _new_signature(
    before: PdfFileReader, after: PdfFileReader, field_name: str
) -> EmbeddedPdfSignature:
    known = {signature.field_name for signature in before.embedded_signatures}
    new = [found for found in after.embedded_signatures if found.field_name not in known]
    if not new:
        raise NotSigned
    if len(new) != 1 or new[0].field_name != field_name or new[0].sig_object_type != "/Sig":
        raise WrongPlace
    return new[0]


def _check_signature(signature: EmbeddedPdfSignature, authority: Authority, now: datetime) -> None:
    context = trust_context(
        authority.trust_roots,
        others=signature.other_embedded_certs,
        moment=now,
        data=RevocationData(crls=authority.crls),
    )
    status = wait_for(async_validate_pdf_signature(signature, context))
    whole = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (status.bottom_line and whole) or signature.md_algorithm in WEAK_DIGESTS:
        raise SignatureNotValid
    moment = signature.self_reported_timestamp
    if moment is None or moment.tzinfo is None:
        raise SignedAtAnotherTime
    if not now - _EARLIEST <= moment <= now + CLOCKS_APART:
        raise SignedAtAnotherTime


def _certifies(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    certification = read_certification_data(reader)
    return (
        certification is not None
        and certification.permission == MDPPerm.FILL_FORMS
        and reader.root["/Perms"].raw_get("/DocMDP") == signature.sig_field.raw_get("/V")
    )


def _check_earlier(reader: PdfFileReader, authority: Authority) -> None:
    """The signatures that were there before must have stayed as they were."""
    for signature in reader.embedded_signatures[:-1]:
        signature.compute_integrity_info()
        if not signature.summarise_integrity_info()["docmdp_ok"]:
            raise SignatureNotValid


def _check_nothing_else(before: PdfFileReader, after: PdfFileReader, field_name: str) -> None:
    """Of the objects that were there, only those a signature must touch may be different."""
    old_count = before.xrefs.total_revisions
    if after.xrefs.total_revisions != old_count + 1:
        raise SignatureNotValid
    old = after.get_historical_resolver(old_count - 1)
    known = _references(after, old_count)
    for reference in after.xrefs.explicit_refs_in_revision(old_count) & known:
        if not _may_differ(old, after, reference, field_name):
            raise SignatureNotValid
    if old.trailer_view.raw_get("/Root") != after.trailer.raw_get("/Root"):
        raise SignatureNotValid


def _references(reader: PdfFileReader, revisions: int) -> set[generic.Reference]:
    return set().union(*(reader.xrefs.explicit_refs_in_revision(n) for n in range(revisions)))


def _may_differ(
    old: HistoricalResolver, new: PdfFileReader, reference: generic.Reference, field_name: str
) -> bool:
    before, after = old.get_object(reference), new.get_object(reference)
    if _same(before, after):
        return True
    if not isinstance(before, generic.DictionaryObject):
        return False
    if not isinstance(after, generic.DictionaryObject):
        return False
    if reference == old.root_ref:
        return _same_but(before, after, _CATALOGUE_MAY_CHANGE) and _same_form(
            before["/AcroForm"], after["/AcroForm"]
        )
    if "/Fields" in before:
        return _same_form(before, after)
    if str(before.get("/T", "")) == field_name:
        return _same_but(before, after, _FIELD_MAY_CHANGE)
    return _describes_the_file(old, reference)


def _same(before: object, after: object) -> bool:
    """Compare two objects; the library's own comparison looks at a stream's dictionary alone."""
    if isinstance(before, generic.StreamObject) and isinstance(after, generic.StreamObject):
        return before == after and before.encoded_data == after.encoded_data
    return type(before) is type(after) and before == after


def _same_form(before: generic.DictionaryObject, after: generic.DictionaryObject) -> bool:
    """Tools add fonts to the form; those that draw number and date must stay the same objects."""
    fonts_before, fonts_after = before["/DR"]["/Font"], after["/DR"]["/Font"]
    return _same_but(before, after, _FORM_MAY_CHANGE) and all(
        fonts_after.raw_get(name) == fonts_before.raw_get(name) for name in fonts_before
    )


def _same_but(
    before: generic.DictionaryObject, after: generic.DictionaryObject, exempt: frozenset[str]
) -> bool:
    names = (set(before) | set(after)) - exempt
    missing = object()
    return all(_raw(before, name, missing) == _raw(after, name, missing) for name in sorted(names))


def _raw(values: generic.DictionaryObject, name: str, missing: object) -> object:
    return values.raw_get(name) if name in values else missing


def _describes_the_file(old: HistoricalResolver, reference: generic.Reference) -> bool:
    """Dates and tool names: the information dictionary and the metadata stream."""
    try:
        described = {
            old.trailer_view.raw_get("/Info").reference,
            old.root.raw_get("/Metadata").reference,
        }
    except (KeyError, AttributeError, PdfError):
        return False
    return reference in described
