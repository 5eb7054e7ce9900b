"""A key that never leaves its token: PKCS#11.

A token knows one login for the whole process: while somebody is signed in, anybody's session of the
process may sign. So one request has the token at a time, and it is signed out before the next.
The PIN goes to the token and nowhere else; no error carries it along.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pkcs11
from asn1crypto import algos, x509
from cryptography import x509 as pyca_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pkcs11 import MGF, Attribute, Mechanism, ObjectClass, TokenFlag
from pkcs11.util.ec import encode_ecdsa_signature

from .certificates import SigningRefused
from .keys import SALT_BYTES, ecdsa, longest_of, pkcs1, pss

_SECONDS_IN_LINE = 20
_in_use = threading.Lock()


class NoTokenHere(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Không thấy thiết bị ký số nên chưa có gì được ký. Hãy cắm thiết bị vào máy chủ rồi ký "
            "lại."
        )


class TokenRemoved(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Thiết bị ký số bị rút hoặc không trả lời giữa chừng nên văn bản này chưa được ký. "
            "Hãy cắm lại thiết bị rồi ký lại."
        )


class TokenBusy(SigningRefused):
    def __init__(self) -> None:
        super().__init__("Thiết bị ký số đang được người khác dùng. Hãy đợi ít phút rồi ký lại.")


class WrongPin(SigningRefused):
    """The token counts wrong PINs itself; how many are left it says in two steps only."""

    def __init__(self, *, is_last: bool = False, is_low: bool = False) -> None:
        left = ""
        if is_last:
            left = " Chỉ còn 1 lần thử: sai lần nữa thiết bị sẽ bị khoá."
        elif is_low:
            left = " Số lần thử còn lại không nhiều."
        super().__init__(f"Mã PIN không đúng, chưa có gì được ký.{left} Hãy kiểm tra lại mã PIN.")


class PinLocked(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Thiết bị ký số đã bị khoá vì nhập sai mã PIN nhiều lần. Hãy liên hệ nơi cấp chứng thư "
            "để mở khoá."
        )


class KeyNotInToken(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Thiết bị ký số không có khoá của chứng thư đã đăng ký. Hãy cắm đúng thiết bị."
        )


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key in a token that is signed in; the signature is checked before it is given."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    handle: Any
    mechanism: algos.SignedDigestAlgorithm

    def __repr__(self) -> str:
        return f"<TokenKey {self.certificate.subject.human_friendly}>"

    @property
    def longest(self) -> int:
        public = self.certificate.public_key
        return longest_of(public.bit_size, is_rsa=public.algorithm == "rsa")

    def sign(self, data: bytes) -> bytes:
        try:
            signature = self._signed(data)
        except pkcs11.PKCS11Error:
            raise TokenRemoved from None
        self._check(signature, data)
        return signature

    def _signed(self, data: bytes) -> bytes:
        match self.mechanism.signature_algo:
            case "rsassa_pss":
                parameters = (Mechanism.SHA256, MGF.SHA256, SALT_BYTES)
                return self.handle.sign(
                    data, mechanism=Mechanism.SHA256_RSA_PKCS_PSS, mechanism_param=parameters
                )
            case "ecdsa":
                raw = self.handle.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA)
                return encode_ecdsa_signature(raw)
            case _:
                return self.handle.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS)

    def _check(self, signature: bytes, data: bytes) -> None:
        """Raise KeyNotInToken unless the signature is by the certificate's own key."""
        public = pyca_x509.load_der_x509_certificate(self.certificate.dump()).public_key()
        try:
            if isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            elif isinstance(public, rsa.RSAPublicKey):
                is_pss = self.mechanism.signature_algo == "rsassa_pss"
                scheme: padding.AsymmetricPadding = padding.PKCS1v15()
                if is_pss:
                    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES)
                public.verify(signature, data, scheme, hashes.SHA256())
        except InvalidSignature:
            raise KeyNotInToken from None


@contextmanager
def open_token(
    module: str, *, label: str, pin: str, certificates: Sequence[x509.Certificate]
) -> Iterator[TokenKey]:
    """Sign in at the token called `label`, and out again.

    `module` is the path of the token's PKCS#11 library; `certificates` are the signer's and those
    that issued it.

    Raises:
        SigningRefused: no such token, it is in use, a wrong PIN, locked, or without the key.
    """
    if not _in_use.acquire(timeout=_SECONDS_IN_LINE):
        raise TokenBusy
    try:
        session = _session(module, label, pin)
        try:
            yield _key(session, certificates)
        finally:
            with suppress(pkcs11.PKCS11Error):
                session.close()
    finally:
        _in_use.release()


def _session(module: str, label: str, pin: str) -> Any:
    token = _token(module, label)
    if TokenFlag.USER_PIN_LOCKED in token.flags:
        raise PinLocked
    refusal: SigningRefused
    try:
        return token.open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        refusal = _wrong_pin(token)
    except pkcs11.PinLocked:
        refusal = PinLocked()
    except (pkcs11.UserAlreadyLoggedIn, pkcs11.AnotherUserAlreadyLoggedIn):
        refusal = TokenBusy()
    except (pkcs11.PKCS11Error, RuntimeError):
        refusal = TokenRemoved()
    raise refusal from None


def _wrong_pin(token: Any) -> SigningRefused:
    try:
        flags = token.slot.get_token().flags
    except pkcs11.PKCS11Error:
        return TokenRemoved()
    if TokenFlag.USER_PIN_LOCKED in flags:
        return PinLocked()
    return WrongPin(
        is_last=TokenFlag.USER_PIN_FINAL_TRY in flags, is_low=TokenFlag.USER_PIN_COUNT_LOW in flags
    )


def _token(module: str, label: str) -> Any:
    """The token; some libraries see one that was put in later, or know any after one was pulled
    out, only when begun anew."""
    if not module:
        raise NoTokenHere
    for is_second_try in (False, True):
        with suppress(pkcs11.PKCS11Error, RuntimeError, OSError):
            library = pkcs11.lib(module)
            if is_second_try:
                library.reinitialize()
            for token in library.get_tokens(token_label=label):
                return token
    raise NoTokenHere


def _key(session: Any, certificates: Sequence[x509.Certificate]) -> TokenKey:
    try:
        certificate, *others = certificates
        handle = _handle(session, certificate)
        mechanisms = session.token.slot.get_mechanisms()
    except pkcs11.PKCS11Error:
        raise TokenRemoved from None
    except ValueError:
        raise KeyNotInToken from None
    return TokenKey(certificate, tuple(others), handle, _mechanism(certificate, mechanisms))


def _handle(session: Any, certificate: x509.Certificate) -> Any:
    """The private key that goes with the certificate: by its number, its modulus, or alone."""
    private = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    told = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.VALUE: certificate.dump()}
    for found in session.get_objects(told):
        for key in session.get_objects(private | {Attribute.ID: found[Attribute.ID]}):
            return key
    keys = list(session.get_objects(private))
    if certificate.public_key.algorithm == "rsa":
        modulus = certificate.public_key["public_key"].parsed["modulus"].native
        size = (modulus.bit_length() + 7) // 8
        wanted = modulus.to_bytes(size, "big")
        keys = [key for key in keys if _modulus(key) == wanted]
    if len(keys) != 1:
        raise KeyNotInToken
    return keys[0]


def _modulus(key: Any) -> bytes:
    try:
        return bytes(key[Attribute.MODULUS])
    except pkcs11.AttributeTypeInvalid:
        return b""


def _mechanism(
    certificate: x509.Certificate, offered: set[Mechanism]
) -> algos.SignedDigestAlgorithm:
    """RSASSA-PSS where the token can; some older ones know PKCS#1 alone."""
    if certificate.public_key.algorithm != "rsa":
        return ecdsa()
    return pss() if Mechanism.SHA256_RSA_PKCS_PSS in offered else pkcs1()
