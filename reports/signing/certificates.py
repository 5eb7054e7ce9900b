"""Whether a certificate may sign here, now, for this owner."""

import asyncio
import hashlib
import unicodedata
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from asn1crypto import pem, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from .revocation import RevocationData, RevocationSource, Standing

#: Marks the certificates of the test authority; a policy identifier made from a random UUID.
TEST_POLICY = "2.25.243151736905281193671052370462812894715"

_SIGNING_USES = frozenset({"digital_signature", "non_repudiation"})
#: Purposes that say the key is for something else; one of others, or none named, may sign.
_OTHER_PURPOSES = frozenset({"server_auth", "code_signing", "time_stamping", "ocsp_signing"})
_SMALLEST_RSA_BITS, _SMALLEST_CURVE_BITS = 2048, 256

_NOTHING = RevocationData()

Result = TypeVar("Result")


class SigningRefused(Exception):
    """A signature that must not be made or taken; carries a Vietnamese sentence."""


class CertificateExpired(SigningRefused):
    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(
            f"Chứng thư của “{owner_name(certificate)}” đã hết hạn ngày "
            f"{certificate.not_valid_after:%d/%m/%Y}. Hãy dùng chứng thư còn hạn để ký."
        )


class CertificateNotYetValid(SigningRefused):
    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(
            f"Chứng thư của “{owner_name(certificate)}” chỉ có hiệu lực từ ngày "
            f"{certificate.not_valid_before:%d/%m/%Y}. Hãy dùng chứng thư đang có hiệu lực để ký."
        )


class CertificateRevoked(SigningRefused):
    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(
            f"Chứng thư của “{owner_name(certificate)}” đã bị thu hồi. "
            "Hãy dùng chứng thư khác hoặc liên hệ nơi cấp chứng thư."
        )


class WrongOwner(SigningRefused):
    def __init__(self, certificate: x509.Certificate, owner: "Owner") -> None:
        expected = f" Người được ký là “{owner.common_name}”." if owner.common_name else ""
        super().__init__(
            f"Chứng thư của “{owner_name(certificate)}” không phải là chứng thư đã đăng ký cho chữ "
            f"ký này.{expected} Hãy chọn đúng chứng thư."
        )


class KeyUseNotAllowed(SigningRefused):
    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(
            f"Chứng thư của “{owner_name(certificate)}” không được cấp để ký văn bản. "
            "Hãy dùng chứng thư có mục đích ký số."
        )


class KeyTooWeak(SigningRefused):
    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(
            f"Khoá trong chứng thư của “{owner_name(certificate)}” quá ngắn: cần RSA từ 2048 bit "
            "hoặc ECDSA từ 256 bit. Hãy xin cấp chứng thư mới."
        )


class CertificateNotTrusted(SigningRefused):
    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(
            f"Chứng thư của “{owner_name(certificate)}” không do nơi cấp được tin cậy cấp. "
            "Hãy dùng chứng thư chuyên dùng công vụ đã đăng ký với cơ quan."
        )


@dataclass(frozen=True, slots=True)
class Owner:
    """Who must have signed: by the certificate's SHA-256 fingerprint, its common name, or both."""

    common_name: str = ""
    fingerprint: str = ""

    def is_owner_of(self, certificate: x509.Certificate) -> bool:
        if not (self.common_name or self.fingerprint):
            return False
        named = not self.common_name or self.common_name == owner_name(certificate)
        printed = not self.fingerprint or (
            self.fingerprint.replace(":", "").lower() == fingerprint(certificate)
        )
        return named and printed


def owner_name(certificate: x509.Certificate) -> str:
    """Return the subject's common name, or what there is of a subject."""
    name = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
    return one_line(name) or "không ghi tên"


def issuer_name(certificate: x509.Certificate) -> str:
    """Return the issuer's common name, or its organisation; empty when it has neither."""
    names = certificate.issuer.native
    return one_line(names.get("common_name") or names.get("organization_name") or "")


def one_line(name: object) -> str:
    """A name that somebody else wrote, without the characters that only act on their neighbours."""
    text = name if isinstance(name, str) else ", ".join(map(str, name))  # type: ignore[call-overload]
    kept = (" " if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in text)
    return " ".join("".join(kept).split())[:300]


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 fingerprint in lower-case hexadecimal."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def load_certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """Read the certificates of a PEM or DER file; raises ValueError when there is none."""
    if not pem.detect(data):
        return (x509.Certificate.load(data, strict=True),)
    return tuple(
        x509.Certificate.load(body)
        for kind, _, body in pem.unarmor(data, multiple=True)
        if kind == "CERTIFICATE"
    )


def as_pem(*certificates: x509.Certificate) -> str:
    """The certificates as one PEM text, in this order."""
    return "".join(pem.armor("CERTIFICATE", one.dump()).decode("ascii") for one in certificates)


def is_test_certificate(certificate: x509.Certificate) -> bool:
    """Say whether the certificate carries the test authority's policy."""
    policies = certificate.certificate_policies_value
    return policies is not None and any(
        policy["policy_identifier"].dotted == TEST_POLICY for policy in policies
    )


@dataclass(frozen=True, slots=True)
class CertificateCheck:
    """A certificate that may sign: what is known of its revocation, and the proof of that."""

    standing: Standing
    data: RevocationData


def check_certificate(
    certificate: x509.Certificate,
    *,
    others: Sequence[x509.Certificate] = (),
    owner: Owner,
    trust_roots: Sequence[x509.Certificate],
    now: datetime,
    crls: Iterable[bytes] = (),
    online: RevocationSource | None = None,
) -> CertificateCheck:
    """Raise the SigningRefused that says why this certificate may not sign at `now`.

    `online` is asked for news of revocation when all else is well; what cannot be reached makes the
    standing unknown, not the certificate unfit (Nghị định 68/2024 wants a warning).
    """
    if now < certificate.not_valid_before:
        raise CertificateNotYetValid(certificate)
    if now > certificate.not_valid_after:
        raise CertificateExpired(certificate)
    if not owner.is_owner_of(certificate):
        raise WrongOwner(certificate, owner)
    if not may_sign_documents(certificate):
        raise KeyUseNotAllowed(certificate)
    if certificate.public_key.algorithm not in ("rsa", "ec") or has_weak_key(certificate):
        raise KeyTooWeak(certificate)
    context = trust_context(trust_roots, others=others, moment=now)
    try:
        path = wait_for(_validation(certificate, others, context))
    except (PathError, ValidationError) as error:
        raise CertificateNotTrusted(certificate) from error
    data = RevocationData(crls=tuple(crls))
    if online is not None:
        data += online(list(path))
    standing = standing_of(
        certificate, others=others, trust_roots=trust_roots, moment=now, data=data
    )
    if standing is None:
        raise CertificateRevoked(certificate)
    return CertificateCheck(standing, data)


def standing_of(
    certificate: x509.Certificate,
    *,
    others: Iterable[x509.Certificate],
    trust_roots: Iterable[x509.Certificate],
    moment: datetime,
    data: RevocationData,
) -> Standing | None:
    """What these lists and responses say of the certificate at `moment`; None: it is revoked."""
    if not data:
        return Standing.UNKNOWN
    context = trust_context(trust_roots, others=others, moment=moment, data=data, must_look_up=True)
    try:
        wait_for(_validation(certificate, others, context))
    except RevokedError:
        return None
    except (PathError, ValidationError):
        return Standing.UNKNOWN  # nothing about it, or too old, or not by its issuer
    return Standing.GOOD


async def _validation(
    certificate: x509.Certificate, others: Iterable[x509.Certificate], context: ValidationContext
) -> ValidationPath:
    validator = CertificateValidator(
        certificate, intermediate_certs=list(others), validation_context=context
    )
    return await validator.async_validate_usage(key_usage=set())


def trust_context(
    trust_roots: Iterable[x509.Certificate],
    *,
    others: Iterable[x509.Certificate] = (),
    moment: datetime,
    data: RevocationData = _NOTHING,
    must_look_up: bool = False,
) -> ValidationContext:
    """Return a context that trusts these roots alone, at this moment, and never goes online.

    Revocation data are looked at only where the certificate says where they are published, unless
    `must_look_up`, which then fails for certificates about which they say nothing.
    """
    return ValidationContext(
        trust_roots=list(trust_roots),
        other_certs=list(others),
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        crls=list(data.crls) or None,
        ocsps=list(data.ocsps) or None,
        revocation_mode="require" if must_look_up else "soft-fail",
        retroactive_revinfo=True,
    )


def wait_for(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end, also where an event loop is already running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Say whether the certificate was issued for signatures, or for something else."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    if certificate.ca or (usage is not None and not usage.native & _SIGNING_USES):
        return False
    return purposes is None or not set(purposes.native) <= _OTHER_PURPOSES


def has_weak_key(certificate: x509.Certificate) -> bool:
    """Say whether the key is one that can be broken today."""
    key = certificate.public_key
    match key.algorithm:
        case "rsa" | "rsassa_pss":
            return key.bit_size < _SMALLEST_RSA_BITS
        case "ec":
            return key.bit_size < _SMALLEST_CURVE_BITS
    return key.algorithm == "dsa"
