"""Signing keys from PKCS#12 files, parsed once.

Parsing and decrypting a key takes longer than signing with it, so an opened key is kept for the
life of the process, under the digest of file and passphrase; neither of the two is kept.
"""

import hashlib
import threading
from dataclasses import dataclass

from asn1crypto import algos, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .certificates import SigningRefused

_DIGEST = "sha256"
_SALT_BYTES = 32
_LARGEST_FILE = 100_000
_MOST_KEPT = 32


class KeyNotOpened(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Không mở được tệp khoá ký: mật khẩu không đúng hoặc tệp không phải là PKCS#12. "
            "Hãy kiểm tra lại tệp và mật khẩu."
        )


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An opened key with its certificate and those that issued it."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"<SigningKey {self.certificate.subject.human_friendly}>"


_opened: dict[bytes, SigningKey] = {}
_lock = threading.Lock()


def open_pkcs12(data: bytes, passphrase: str) -> SigningKey:
    """Return the key of a PKCS#12 file; raises KeyNotOpened."""
    name = hashlib.sha256(
        hashlib.sha256(data).digest() + hashlib.sha256(passphrase.encode()).digest()
    ).digest()
    with _lock:
        if name not in _opened:
            if len(_opened) >= _MOST_KEPT:
                _opened.clear()
            _opened[name] = _parsed(data, passphrase)
        return _opened[name]


def _parsed(data: bytes, passphrase: str) -> SigningKey:
    if len(data) > _LARGEST_FILE:
        raise KeyNotOpened
    try:
        store = pkcs12.load_pkcs12(data, passphrase.encode())
    except (ValueError, TypeError) as error:
        raise KeyNotOpened from error
    key = store.key
    if store.cert is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyNotOpened
    certificate, *others = (
        x509.Certificate.load(entry.certificate.public_bytes(Encoding.DER))
        for entry in (store.cert, *store.additional_certs)
    )
    return SigningKey(certificate, tuple(others), key)


class KeySigner(Signer):
    """Signs with a key that is already open: RSASSA-PSS or ECDSA, over SHA-256."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        super().__init__(
            signing_cert=key.certificate,
            cert_registry=SimpleCertificateStore.from_certs([key.certificate, *key.others]),
            signature_mechanism=_mechanism(key),
        )

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        key = self._key.private_key
        if dry_run:
            return bytes(key.key_size // 8 if isinstance(key, rsa.RSAPrivateKey) else 160)
        if isinstance(key, rsa.RSAPrivateKey):
            scheme = padding.PSS(padding.MGF1(hashes.SHA256()), _SALT_BYTES)
            return key.sign(data, scheme, hashes.SHA256())
        return key.sign(data, ec.ECDSA(hashes.SHA256()))


def _mechanism(key: SigningKey) -> algos.SignedDigestAlgorithm:
    if not isinstance(key.private_key, rsa.RSAPrivateKey):
        return algos.SignedDigestAlgorithm({"algorithm": f"{_DIGEST}_ecdsa"})
    digest = algos.DigestAlgorithm({"algorithm": _DIGEST})
    mask = algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": digest})
    parameters = algos.RSASSAPSSParams(
        {"hash_algorithm": digest, "mask_gen_algorithm": mask, "salt_length": _SALT_BYTES}
    )
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
