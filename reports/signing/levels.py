"""How far a signature can be proven later: PAdES levels and time stamps."""

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus

from .certificates import trust_context, wait_for


def level_of(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus | None, *, archived: bool
) -> str:
    """Name the PAdES level: basic, with time stamp, with revocation data, or archival."""
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return "CMS"
    own_stamp = status is not None and status.timestamp_validity is not None
    if not (own_stamp or archived):
        return "PAdES B-B"
    if "/DSS" not in signature.reader.root:
        return "PAdES B-T"
    return "PAdES B-LTA" if archived else "PAdES B-LT"


def judge_time_stamps(
    reader: PdfFileReader,
    trust_roots: tuple[x509.Certificate, ...],
    crls: tuple[bytes, ...],
) -> list[bool]:
    """Say of each document time stamp whether it is whole and by a trusted authority."""
    verdicts = []
    for stamp in reader.embedded_timestamp_signatures:
        moment = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
        context = trust_context(
            trust_roots, others=stamp.other_embedded_certs, moment=moment, crls=crls
        )
        status = wait_for(async_validate_pdf_timestamp(stamp, context))
        verdicts.append(status.intact and status.valid and status.trusted)
    return verdicts
