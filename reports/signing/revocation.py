"""Whether a certificate still stands: OCSP and revocation lists, asked for and kept as proof."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as pyca_ocsp

from .fetching import NotReached, fetch

_LARGEST_LIST = 16 * 1024 * 1024
_LARGEST_ANSWER = 64 * 1024
_HEADERS = {
    "Content-Type": "application/ocsp-request",
    "Accept": "application/ocsp-response",
}


class Standing(StrEnum):
    """What is known of a certificate's revocation; a revoked one never gets this far."""

    GOOD = "good"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RevocationData:
    """Revocation lists and OCSP responses as DER bytes."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __add__(self, other: "RevocationData") -> "RevocationData":
        return RevocationData(
            tuple(dict.fromkeys(self.crls + other.crls)),
            tuple(dict.fromkeys(self.ocsps + other.ocsps)),
        )

    def __bool__(self) -> bool:
        return bool(self.crls or self.ocsps)


#: Of a path from the root to a certificate: what its issuers say of revocation now.
RevocationSource = Callable[[Sequence[x509.Certificate]], RevocationData]


@dataclass(slots=True)
class OnlineRevocation:
    """Asks the services that the certificates themselves name; each question is asked once.

    Made for one request. A service that does not answer within `seconds` is not asked again.
    """

    seconds: float
    _known: dict[bytes, RevocationData] = field(default_factory=dict)
    _silent: set[str] = field(default_factory=set)

    def __call__(self, path: Sequence[x509.Certificate]) -> RevocationData:
        found = RevocationData()
        for issuer, certificate in itertools.pairwise(path):
            name = certificate.sha256
            if name not in self._known:
                self._known[name] = self._about(certificate, issuer)
            found += self._known[name]
        return found

    def _about(self, certificate: x509.Certificate, issuer: x509.Certificate) -> RevocationData:
        for url in _ocsp_addresses(certificate):
            answer = self._asked(url, ocsp_request(certificate, issuer))
            if answer is not None and _is_ocsp(answer):
                return RevocationData(ocsps=(answer,))
        for url in _list_addresses(certificate):
            answer = self._asked(url, None)
            if answer is not None and _is_list(answer):
                return RevocationData(crls=(answer,))
        return RevocationData()

    def _asked(self, url: str, question: bytes | None) -> bytes | None:
        if url in self._silent:
            return None
        try:
            return fetch(
                url,
                seconds=self.seconds,
                most_bytes=_LARGEST_LIST if question is None else _LARGEST_ANSWER,
                body=question,
                headers=None if question is None else _HEADERS,
            )
        except NotReached:
            self._silent.add(url)
            return None


def ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """The question as DER. Its SHA-1 only names the certificate: responders index by it (RFC 5019),
    nothing is signed with it.
    """
    asked, by = (pyca_x509.load_der_x509_certificate(one.dump()) for one in (certificate, issuer))
    builder = pyca_ocsp.OCSPRequestBuilder().add_certificate(asked, by, hashes.SHA1())  # noqa: S303
    return builder.build().public_bytes(Encoding.DER)


def _ocsp_addresses(certificate: x509.Certificate) -> list[str]:
    try:
        return [url for url in certificate.ocsp_urls if isinstance(url, str)]
    except ValueError:
        return []


def _list_addresses(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.crl_distribution_points
        return [point.url for point in points if isinstance(point.url, str)]
    except ValueError:
        return []


def _is_ocsp(answer: bytes) -> bool:
    try:
        response = asn1_ocsp.OCSPResponse.load(answer, strict=True)
        return response["response_status"].native == "successful"
    except ValueError:
        return False


def _is_list(answer: bytes) -> bool:
    try:
        found = asn1_crl.CertificateList.load(answer, strict=True)
        return bool(found["tbs_cert_list"]["issuer"].native)
    except (ValueError, TypeError):
        return False
