"""What signs: a key that is open for the length of one request, wherever it lives.

A key file is parsed once for everything that one request signs, since parsing and decrypting it
takes longer than signing; neither key nor passphrase outlives the request.
"""

from dataclasses import dataclass
from typing import Protocol

from asn1crypto import algos, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.sign.signers import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .certificates import SigningRefused

SALT_BYTES = 32
_LARGEST_FILE = 100_000


class KeyNotOpened(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Không mở được khoá ký: mật khẩu không đúng hoặc tệp khoá bị hỏng. Hãy nhập lại mật "
            "khẩu; nếu vẫn không được, hãy nhờ quản trị xem lại tệp khoá."
        )


class SigningKey(Protocol):
    """An open key: its certificate, those that issued it, and how it signs."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def others(self) -> tuple[x509.Certificate, ...]: ...

    @property
    def mechanism(self) -> algos.SignedDigestAlgorithm:
        """The algorithm as the signature names it: RSASSA-PSS, RSA or ECDSA, over SHA-256."""
        ...

    @property
    def longest(self) -> int:
        """The length of the longest signature, in bytes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over SHA-256 of `data`; raises a SigningRefused."""
        ...


@dataclass(frozen=True, slots=True)
class FileKey:
    """The key of a PKCS#12 file, in this process's memory."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"<FileKey {self.certificate.subject.human_friendly}>"

    @property
    def mechanism(self) -> algos.SignedDigestAlgorithm:
        return pss() if isinstance(self.private_key, rsa.RSAPrivateKey) else ecdsa()

    @property
    def longest(self) -> int:
        is_rsa = isinstance(self.private_key, rsa.RSAPrivateKey)
        return longest_of(self.private_key.key_size, is_rsa=is_rsa)

    def sign(self, data: bytes) -> bytes:
        key = self.private_key
        if isinstance(key, rsa.RSAPrivateKey):
            scheme = padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES)
            return key.sign(data, scheme, hashes.SHA256())
        return key.sign(data, ec.ECDSA(hashes.SHA256()))


def open_pkcs12(data: bytes, passphrase: str) -> FileKey:
    """Return the key of a PKCS#12 file; raises KeyNotOpened."""
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
    return FileKey(certificate, tuple(others), key)


def longest_of(bits: int, *, is_rsa: bool) -> int:
    """Bytes of the longest signature: RSA's is as long as its key, ECDSA's two numbers and DER."""
    return (bits + 7) // 8 if is_rsa else 2 * ((bits + 7) // 8) + 9


def pss() -> algos.SignedDigestAlgorithm:
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    mask = algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": digest})
    parameters = algos.RSASSAPSSParams(
        {"hash_algorithm": digest, "mask_gen_algorithm": mask, "salt_length": SALT_BYTES}
    )
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


def pkcs1() -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})


def ecdsa() -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


class KeySigner(Signer):
    """pyHanko's signer over a key that is already open.

    A time stamp that cannot be had does not undo the signature: it is made once, and `is_stamped`
    says whether it carries the stamp.
    """

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        self.is_stamped = False
        # what has been looked into is copied part by part with every signature; what was only just
        # read is copied as the bytes it is, which halves the cost
        certificate, *others = (
            x509.Certificate.load(one.dump()) for one in (key.certificate, *key.others)
        )
        super().__init__(
            signing_cert=certificate,
            cert_registry=SimpleCertificateStore.from_certs([certificate, *others]),
            signature_mechanism=algos.SignedDigestAlgorithm.load(key.mechanism.dump()),
        )

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return bytes(self._key.longest) if dry_run else self._key.sign(data)

    async def unsigned_attrs(
        self,
        digest_algorithm: str,
        signature: bytes,
        signed_attrs: object,
        timestamper: TimeStamper | None = None,
        dry_run: bool = False,
    ) -> object:
        told = (digest_algorithm, signature, signed_attrs)
        if timestamper is not None:
            try:
                stamped = await super().unsigned_attrs(*told, timestamper, dry_run)
            except TimestampRequestError:
                pass
            else:
                self.is_stamped = not dry_run
                return stamped
        return await super().unsigned_attrs(*told, None, dry_run)
