"""Two signatures on one file: certify, fill in number and date, seal; and the check of it all."""

from .authority import create_test_ca
from .certificates import (
    Owner,
    SigningRefused,
    check_certificate,
    fingerprint,
    is_test_certificate,
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
from .keys import SigningKey, open_pkcs12
from .lifting import NotLifted, lift
from .marks import (
    Mark,
    UnfitMark,
    demonstration_handwriting,
    demonstration_seal,
    mark_from_upload,
)
from .preparation import prepare
from .signatures import Authority, certify, fill_number_and_date, seal
from .takeaway import TakeAway, accept_signed, take_away
from .verification import IssuedFacts, SignatureVerdict, Verdict, verify

__all__ = [
    "AGENCY_FIELD",
    "DATE_FIELD",
    "LEADER_FIELD",
    "NUMBER_FIELD",
    "Authority",
    "IssuedFacts",
    "Mark",
    "NotLifted",
    "Owner",
    "SignatureVerdict",
    "SigningKey",
    "SigningRefused",
    "TakeAway",
    "UnfitMark",
    "Verdict",
    "accept_signed",
    "certify",
    "check_certificate",
    "create_test_ca",
    "date_text",
    "demonstration_handwriting",
    "demonstration_seal",
    "fill_number_and_date",
    "fingerprint",
    "is_test_certificate",
    "lift",
    "load_certificates",
    "mark_from_upload",
    "number_text",
    "open_pkcs12",
    "owner_name",
    "prepare",
    "seal",
    "take_away",
    "verify",
]
