"""Two signatures on one file: certify, fill in number and date, seal; and the check of it all."""

from .annexes import (
    ANNEX_FIELD,
    COPY_FIELD,
    AnnexFacts,
    UnfitAnnex,
    annex_line,
    copy_line,
    read_annex,
    seal_annex,
    seal_copy,
)
from .authority import create_test_ca
from .certificates import (
    Owner,
    SigningRefused,
    as_pem,
    check_certificate,
    fingerprint,
    is_test_certificate,
    issuer_name,
    load_certificates,
    owner_name,
)
from .fields import (
    AGENCY_FIELD,
    DATE_FIELD,
    LEADER_FIELD,
    NUMBER_FIELD,
    date_text,
    number_text,
)
from .judging import CLOCKS_APART
from .keys import FileKey, SigningKey, open_pkcs12
from .levels import ARCHIVAL, BASIC, LEVELS, PROVABLE, STAMPED, weakest
from .lifting import NotLifted, add_revocation_data, lift
from .marks import (
    Mark,
    UnfitMark,
    demonstration_handwriting,
    demonstration_seal,
    mark_from_upload,
)
from .preparation import prepare
from .reading import KeyUploaded, NotACertificate, read_certificates
from .revocation import OnlineRevocation, RevocationData, RevocationSource, Standing
from .signatures import (
    Authority,
    Signed,
    certify,
    fill_number_and_date,
    seal,
    sealed_by_agency,
    signed_by_leader,
)
from .takeaway import TakeAway, accept_signed, take_away
from .timestamps import StampService
from .tokens import open_token
from .verdicts import IssuedFacts, Outcome, SignatureVerdict, Verdict
from .verification import NOT_IN_REGISTER, verify

__all__ = [
    "AGENCY_FIELD",
    "ANNEX_FIELD",
    "ARCHIVAL",
    "BASIC",
    "CLOCKS_APART",
    "COPY_FIELD",
    "DATE_FIELD",
    "LEADER_FIELD",
    "LEVELS",
    "NOT_IN_REGISTER",
    "NUMBER_FIELD",
    "PROVABLE",
    "STAMPED",
    "AnnexFacts",
    "Authority",
    "FileKey",
    "IssuedFacts",
    "KeyUploaded",
    "Mark",
    "NotACertificate",
    "NotLifted",
    "OnlineRevocation",
    "Outcome",
    "Owner",
    "RevocationData",
    "RevocationSource",
    "SignatureVerdict",
    "Signed",
    "SigningKey",
    "SigningRefused",
    "StampService",
    "Standing",
    "TakeAway",
    "UnfitAnnex",
    "UnfitMark",
    "Verdict",
    "accept_signed",
    "add_revocation_data",
    "annex_line",
    "as_pem",
    "certify",
    "check_certificate",
    "copy_line",
    "create_test_ca",
    "date_text",
    "demonstration_handwriting",
    "demonstration_seal",
    "fill_number_and_date",
    "fingerprint",
    "is_test_certificate",
    "issuer_name",
    "lift",
    "load_certificates",
    "mark_from_upload",
    "number_text",
    "open_pkcs12",
    "open_token",
    "owner_name",
    "prepare",
    "read_annex",
    "read_certificates",
    "seal",
    "seal_annex",
    "seal_copy",
    "sealed_by_agency",
    "signed_by_leader",
    "take_away",
    "verify",
    "weakest",
]
