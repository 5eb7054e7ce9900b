"""What is asked of a file and what is answered: facts of the register, signatures, the verdict."""

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from .certificates import Owner


class Outcome(StrEnum):
    """The answer in one word. Only GENUINE is the agency's own issued document."""

    GENUINE = "genuine"
    FORGED = "forged"  # claims to be one of ours and is not
    VALID = "valid"  # of others: every signature holds and is trusted
    WEAK = "weak"  # whole, as far as a broken digest or too short a key can say
    UNTRUSTED = "untrusted"  # whole, but the portal does not know who stands behind a certificate
    FILLED = "filled"  # whole, but fields were filled after the last signature
    CHANGED = "changed"
    STAMPED = "stamped"  # nobody signed; a time stamp says since when the content is what it is
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


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
    """One signature.

    `time` is ISO 8601 to the second with Vietnam's zone, from the time stamp when `is_stamped`,
    else by the signer's clock; `standing` is "good", "unknown" or "revoked" at that time;
    `is_weak`: digest or key can be broken today; `is_read`: it could be made out at all;
    `has_ended`: the certificate has run out and nothing proves that the signature is older;
    `changes` says what came after it, `filled_after` which fields were filled then;
    `certificate_from` and `…_to` are dates in ISO 8601.
    """

    role: str
    signer: str
    time: str
    level: str
    valid: bool
    intact: bool
    issuer: str = ""
    managing_body: str = ""
    certificate_from: str = ""
    certificate_to: str = ""
    is_stamped: bool = False
    is_weak: bool = False
    is_read: bool = True
    has_ended: bool = False
    standing: str = "unknown"
    changes: str = ""
    filled_after: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "signer": self.signer,
            "time": self.time,
            "level": self.level,
            "valid": self.valid,
            "intact": self.intact,
        }

    def as_facts(self) -> dict[str, Any]:
        """Everything that is known, for the page."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, with every reason against it as a Vietnamese sentence."""

    genuine: bool
    reasons: tuple[str, ...]
    signatures: tuple[SignatureVerdict, ...]
    test_certificate: bool
    outcome: Outcome = Outcome.FORGED

    def as_dict(self) -> dict[str, Any]:
        """Return what `verify_document` prints: genuine, reasons, signatures, test_certificate."""
        return {
            "genuine": self.genuine,
            "reasons": list(self.reasons),
            "signatures": [signature.as_dict() for signature in self.signatures],
            "test_certificate": self.test_certificate,
        }


@dataclass(slots=True)
class Findings:
    """What has been found so far; `is_unread` when something in the file could not be looked at,
    `is_stamped` when every document time stamp in it holds and nothing came after the last.
    """

    reasons: list[str] = field(default_factory=list)
    signatures: list[SignatureVerdict] = field(default_factory=list)
    test_certificate: bool = False
    is_unread: bool = False
    is_stamped: bool = False

    def unread(self, reason: str) -> None:
        self.reasons.append(reason)
        self.is_unread = True

    def outcome(self, *, is_ours: bool) -> Outcome:
        if is_ours:
            return Outcome.FORGED if self.reasons else Outcome.GENUINE
        if self.is_unread:
            return Outcome.UNREADABLE
        if not self.signatures:
            return Outcome.STAMPED if self.is_stamped else Outcome.UNSIGNED
        if not all(one.intact for one in self.signatures):
            return Outcome.CHANGED
        if any(one.is_weak for one in self.signatures):
            return Outcome.WEAK
        if all(one.filled_after for one in self.signatures):
            return Outcome.FILLED
        if not all(one.valid for one in self.signatures):
            return Outcome.UNTRUSTED
        return Outcome.VALID
