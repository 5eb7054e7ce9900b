"""Later, when the services can be reached: time stamp and revocation data on an issued file.

Both are appended after the seal and change nothing that was signed; they keep the signatures
provable after the certificates have run out (PAdES B-LTA).
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
from pyhanko_certvalidator.errors import PathError, ValidationError

from .certificates import SigningRefused, trust_context, wait_for
from .signatures import PlainWriter


class NotLifted(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Chưa lấy được dấu thời gian hoặc danh sách thu hồi cho văn bản. Văn bản vẫn hợp lệ; "
            "hệ thống sẽ thử lại sau."
        )


def lift(
    pdf: bytes,
    *,
    trust_roots: Iterable[x509.Certificate],
    timestamper: TimeStamper,
    crls: Iterable[bytes],
    now: datetime,
) -> bytes:
    """Return the sealed file with revocation data of both signatures and a document time stamp.

    `crls` are the revocation lists of the issuing authorities as DER bytes. The result is a later
    revision of the same document: add its digest to the issued ones. Raises NotLifted.
    """
    roots, lists = tuple(trust_roots), tuple(crls)
    try:
        for index in range(len(_signatures(pdf))):
            signature = _signatures(pdf)[index]
            context = trust_context(
                roots, others=signature.other_embedded_certs, moment=now, crls=lists
            )
            added = async_add_validation_info(signature, context, force_write=True)
            pdf = wait_for(added).getvalue()
        stamped = PdfTimeStamper(timestamper).async_timestamp_pdf(
            PlainWriter(BytesIO(pdf)), "sha256", trust_context(roots, moment=now, crls=lists)
        )
        return wait_for(stamped).getvalue()
    except (
        OSError,
        PathError,
        PdfError,
        SignatureValidationError,
        SigningError,
        TimestampRequestError,
        ValidationError,
        ValidationInfoReadingError,
    ) as error:
        raise NotLifted from error


def _signatures(pdf: bytes) -> list:
    return list(PdfFileReader(BytesIO(pdf)).embedded_regular_signatures)
