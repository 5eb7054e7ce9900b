"""A local authority with its services on loopback: CRL, OCSP, time stamps, and services gone wrong.

Everything is made with the machine's clock; no certificate here means anything to anybody.
"""

import asyncio
import contextlib
import functools
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports import signing
from reports.signing.keys import FileKey

PASSPHRASE = "mật khẩu của chứng thư"
DAY = timedelta(days=1)


@functools.cache
def rsa_key(number=0):
    """Keys are slow to make: each number names one of the process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def ec_key(number=0):
    return ec.generate_private_key(ec.SECP256R1())


class Holder:
    """A certificate with its key."""

    def __init__(self, certificate, key, chain=()):
        self.certificate, self.key, self.chain = certificate, key, chain

    @property
    def der(self):
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self):
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def asn1(self):
        return asn1_x509.Certificate.load(self.der)

    @property
    def fingerprint(self):
        return signing.fingerprint(self.asn1)

    def p12(self, passphrase=PASSPHRASE):
        chain = [one.certificate for one in self.chain]
        locked = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            b"k", self.key, self.certificate, chain, locked
        )

    def opened(self):
        return FileKey(self.asn1, tuple(one.asn1 for one in self.chain), self.key)

    def stamper(self):
        private = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        store = SimpleCertificateStore.from_certs(one.asn1 for one in self.chain)
        return DummyTimeStamper(
            self.asn1, asn1_keys.PrivateKeyInfo.load(private), certs_to_embed=store
        )


class Pki:
    """Root, certificates, and a server that answers for them. Use as a context manager.

    `requests` lists the paths that were asked; `down` holds those that answer 503; `revoked` the
    serial numbers that are revoked.
    """

    def __init__(self, name="Nơi cấp địa phương", number=9):
        self.name, self.number = name, number

    def __enter__(self):
        self.requests, self.down, self.revoked = [], set(), set()
        self._hanging = threading.Event()
        pki = self

        class Handler(_Handler):
            authority = pki

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.root = self._make_root()
        self.stamps = self.issue("Dấu thời gian", number=8, purposes=[STAMPS])
        self.expired_stamps = self.issue(
            "Dấu thời gian cũ", number=8, purposes=[STAMPS], start=-400 * DAY, end=-2 * DAY
        )
        return self

    def __exit__(self, *_):
        self._hanging.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def roots(self):
        return (self.root.asn1,)

    def online(self, seconds=2):
        return signing.OnlineRevocation(seconds)

    def service(self, path="/tsa", *, seconds=2.0, roots=None):
        return signing.StampService(
            self.address + path, trust_roots=roots or self.roots(), seconds=seconds
        )

    def allowing(self, holder, **more):
        return signing.Authority(
            signing.Owner(fingerprint=holder.fingerprint), self.roots(), **more
        )

    def _make_root(self):
        key, name = rsa_key(self.number), _name(self.name)
        builder = _builder(name, name, key, -500 * DAY, 3650 * DAY)
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs=False, issues=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        return Holder(certificate, key)

    def issue(
        self,
        name,
        *,
        number=0,
        key=None,
        start=-30 * DAY,
        end=365 * DAY,
        signs=True,
        purposes=(),
        addresses=("crl", "ocsp"),
        issuer=None,
        is_authority=False,
    ):
        """A certificate; `purposes` are extended key usages, `addresses` the services it names."""
        key, by = key or rsa_key(number), issuer or self.root
        builder = _builder(by.certificate.subject, _name(name), key, start, end)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=is_authority, path_length=None), critical=True
        ).add_extension(_usage(signs=signs, issues=is_authority), critical=True)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        if "crl" in addresses:
            point = x509.DistributionPoint(
                [x509.UniformResourceIdentifier(self.address + "/crl")], None, None, None
            )
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if "ocsp" in addresses:
            access = x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP,
                x509.UniformResourceIdentifier(self.address + "/ocsp"),
            )
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), False)
        return Holder(builder.sign(by.key, hashes.SHA256()), key, (by, *by.chain))

    def revoke(self, holder):
        self.revoked.add(holder.certificate.serial_number)

    # answers

    def crl(self):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(now - timedelta(minutes=1))
            .next_update(now + DAY)
        )
        for serial in sorted(self.revoked):
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(now - DAY)
                .build()
            )
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def ocsp(self, question, *, by=None):
        asked = ocsp.load_der_ocsp_request(question)
        now = datetime.now(UTC)
        is_revoked = asked.serial_number in self.revoked
        status = ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD
        by = by or self.root
        answer = (
            ocsp.OCSPResponseBuilder()
            .add_response_by_hash(
                issuer_name_hash=asked.issuer_name_hash,
                issuer_key_hash=asked.issuer_key_hash,
                serial_number=asked.serial_number,
                algorithm=asked.hash_algorithm,
                cert_status=status,
                this_update=now - timedelta(minutes=1),
                next_update=now + DAY,
                revocation_time=now - DAY if is_revoked else None,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
            .sign(by.key, hashes.SHA256())
        )
        return answer.public_bytes(Encoding.DER)

    def tsa(self, question, *, by=None, wrong_nonce=False, wrong_digest=False):
        asked = tsp.TimeStampReq.load(question)
        if wrong_nonce:
            asked = tsp.TimeStampReq.load(question)
            asked["nonce"] = 7
        if wrong_digest:
            asked["message_imprint"]["hashed_message"] = bytes(32)
        stamper = (by or self.stamps).stamper()
        return asyncio.run(stamper.async_request_tsa_response(asked)).dump()


STAMPS = ExtendedKeyUsageOID.TIME_STAMPING


class _Handler(BaseHTTPRequestHandler):
    authority: Pki

    def do_GET(self):
        self._answer(b"")

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, question):
        pki, path = self.authority, self.path
        pki.requests.append(path)
        if path in pki.down:
            return self._send(503, b"")
        match path:
            case "/crl":
                answer = pki.crl()
            case "/ocsp":
                answer = pki.ocsp(question)
            case "/tsa":
                answer = pki.tsa(question)
            case "/tsa/nonce":
                answer = pki.tsa(question, wrong_nonce=True)
            case "/tsa/digest":
                answer = pki.tsa(question, wrong_digest=True)
            case "/tsa/expired":
                answer = pki.tsa(question, by=pki.expired_stamps)
            case "/tsa/refused":
                answer = tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
            case "/tsa/garbage" | "/garbage":
                answer = b"<html>\xff</html>" * 20
            case "/tsa/endless":
                return self._endless()
            case "/tsa/huge":
                answer = bytes(1_000_000)
            case "/tsa/slow":
                return self._drip()
            case "/moved":
                self.send_response(302)
                self.send_header("Location", "/crl")
                return self.end_headers()
            case "/moved/round":
                self.send_response(302)
                self.send_header("Location", "/moved/round")
                return self.end_headers()
            case _:
                pki._hanging.wait(30)
                return None
        return self._send(200, answer)

    def _send(self, status, answer):
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(answer)

    def _endless(self):
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.authority._hanging.is_set():
                self.wfile.write(bytes(4096))

    def _drip(self):
        """One byte in a while: no single wait is long enough to trip a socket's timeout."""
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.authority._hanging.is_set():
                self.wfile.write(b"0")
                self.wfile.flush()
                time.sleep(0.1)

    def log_message(self, *_):
        pass


def _name(common_name):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "UBND tỉnh Bắc Giang"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(issuer, subject, key, start, end):
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + start)
        .not_valid_after(now + end)
    )


def _usage(*, signs, issues):
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not (signs or issues),
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )
