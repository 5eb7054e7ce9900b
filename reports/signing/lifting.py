"""Revocation data and time stamps that are appended after the seal and change nothing signed.

They keep the signatures provable after the certificates have run out: PAdES B-LT when the services
answer while the seal is made, B-LTA when a later job comes back for what was missing.
"""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import PathError, ValidationError

from .certificates import SigningRefused, trust_context, wait_for
from .revocation import RevocationData, RevocationSource
from .signatures import PlainWriter


class NotLifted(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Chưa lấy được dấu thời gian hoặc danh sách thu hồi cho văn bản. Văn bản vẫn hợp lệ; "
            "hệ thống sẽ thử lại sau."
        )


_FAULTS = (
    OSError,
    PathError,
    PdfError,
    SignatureValidationError,
    SigningError,
    TimestampRequestError,
    ValidationError,
    ValidationInfoReadingError,
)


def add_revocation_data(
    pdf: bytes,
    *,
    trust_roots: Iterable[x509.Certificate],
    data: RevocationData,
    now: datetime,
    online: RevocationSource | None = None,
) -> bytes:
    """Return the file with the revocation data of every signature and of its time stamp (DSS).

    `data` are known already; `online` is asked for the rest. Raises NotLifted when they do not
    cover every certificate: a store that proves half is no store.
    """
    roots = tuple(trust_roots)
    try:
        for index, signature in enumerate(_signatures(pdf)):
            if online is not None:
                data += _asked(signature, roots, now, online)
            if not data:
                raise NotLifted
            context = trust_context(
                roots,
                others=signature.other_embedded_certs,
                moment=now,
                data=data,
                must_look_up=True,
            )
            again = _signatures(pdf)[index]
            pdf = wait_for(async_add_validation_info(again, context, force_write=True)).getvalue()
    except _FAULTS as error:
        raise NotLifted from error
    return pdf


def lift(
    pdf: bytes,
    *,
    trust_roots: Iterable[x509.Certificate],
    timestamper: TimeStamper,
    now: datetime,
    crls: Iterable[bytes] = (),
    online: RevocationSource | None = None,
) -> bytes:
    """Return the sealed file with revocation data of both signatures and a document time stamp.

    `crls` are the revocation lists of the issuing authorities as DER bytes, `online` is asked for
    what they lack. The result is a later revision of the same document: add its digest to the
    issued ones. Raises NotLifted.
    """
    roots, data = tuple(trust_roots), RevocationData(crls=tuple(crls))
    pdf = add_revocation_data(pdf, trust_roots=roots, data=data, now=now, online=online)
    try:
        stamped = PdfTimeStamper(timestamper).async_timestamp_pdf(
            PlainWriter(BytesIO(pdf)), "sha256", trust_context(roots, moment=now, data=data)
        )
        return wait_for(stamped).getvalue()
    except _FAULTS as error:
        raise NotLifted from error


def _asked(
    signature: EmbeddedPdfSignature,
    roots: tuple[x509.Certificate, ...],
    now: datetime,
    online: RevocationSource,
) -> RevocationData:
    """What the services say of the signer's certificate and of the time stamp authority's."""
    data = online(_path(signature.signer_cert, signature.other_embedded_certs, roots, now))
    for stamp in extract_tst_data_iter(signature.signer_info, signed=False):
        certificates = [one.chosen for one in stamp["certificates"]]
        for authority in certificates:
            if not authority.ca:
                data += online(_path(authority, certificates, roots, now))
    return data


def _path(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    roots: tuple[x509.Certificate, ...],
    now: datetime,
) -> list[x509.Certificate]:
    context = trust_context(roots, others=others, moment=now)
    validator = CertificateValidator(certificate, list(others), validation_context=context)
    purposes = {"time_stamping"} if _is_for_stamps(certificate) else None
    found = validator.async_validate_usage(key_usage=set(), extended_key_usage=purposes)
    return list(wait_for(found))


def _is_for_stamps(certificate: x509.Certificate) -> bool:
    purposes = certificate.extended_key_usage_value
    return purposes is not None and "time_stamping" in purposes.native


def _signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    return list(PdfFileReader(BytesIO(pdf)).embedded_regular_signatures)
