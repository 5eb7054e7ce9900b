"""How far a signature can be proven later: PAdES levels and time stamps."""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from .certificates import owner_name, trust_context, wait_for
from .changes import level_of_changes
from .revocation import RevocationData

BASIC, STAMPED, PROVABLE, ARCHIVAL = "PAdES B-B", "PAdES B-T", "PAdES B-LT", "PAdES B-LTA"

#: From the weakest to the strongest.
LEVELS = (BASIC, STAMPED, PROVABLE, ARCHIVAL)


def level_of(
    signature: EmbeddedPdfSignature, *, is_stamped: bool, archived: bool, is_provable: bool
) -> str:
    """Name the PAdES level: basic, with time stamp, with revocation data, or archival.

    `archived` says that a valid document time stamp lies over the signature, `is_provable` that the
    file carries revocation data which cover its certificates.
    """
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return "CMS"
    if not (is_stamped or archived):
        return BASIC
    if not is_provable:
        return STAMPED
    return ARCHIVAL if archived else PROVABLE


def weakest(levels: list[str]) -> str:
    """The level of a file is that of its weakest signature."""
    return min(levels, key=LEVELS.index, default=BASIC)


@dataclass(frozen=True, slots=True)
class StampVerdict:
    """A document time stamp: `holds` when it is whole and by a trusted authority."""

    authority: str
    time: datetime
    holds: bool
    is_unchanged: bool


def judge_time_stamps(
    reader: PdfFileReader,
    trust_roots: tuple[x509.Certificate, ...],
    data: RevocationData,
) -> list[StampVerdict]:
    verdicts = []
    for stamp in reader.embedded_timestamp_signatures:
        moment = time_of_stamp(stamp.signed_data)
        context = trust_context(
            trust_roots, others=stamp.other_embedded_certs, moment=moment, data=data
        )
        status = wait_for(async_validate_pdf_timestamp(stamp, context))
        level = level_of_changes(stamp)
        verdicts.append(
            StampVerdict(
                owner_name(stamp.signer_cert),
                moment,
                holds=status.intact and status.valid and status.trusted,
                is_unchanged=level is not None and level <= ModificationLevel.LTA_UPDATES,
            )
        )
    return verdicts


def time_of_stamp(signed: cms.SignedData) -> datetime:
    moment: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    return moment
