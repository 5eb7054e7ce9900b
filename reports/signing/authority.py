"""A certificate authority for tests and demonstrations, with no legal value whatsoever."""

import hashlib
import json
import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .certificates import TEST_POLICY

#: Certificates begin here, so that reports of past years can be made for demonstrations.
_BEGINNING = datetime(2021, 1, 1, tzinfo=UTC)
_EXPIRED_END = datetime(2022, 12, 31, 23, 59, 59, tzinfo=UTC)
_YEARS_AHEAD = 10
_KEY_BITS = 2048

ROOT_FILE = "goc-thu-nghiem.pem"
LEADER_FILE = "lanh-dao.p12"
AGENCY_FILE = "co-quan.p12"
EXPIRED_FILE = "het-han.p12"
FOREIGN_FILE = "noi-khac.p12"
REVOKED_FILE = "da-thu-hoi.p12"
TIME_STAMP_FILE = "dau-thoi-gian.p12"
REVOCATION_LIST_FILE = "thu-hoi.crl"
FOREIGN_ROOT_FILE = "goc-noi-khac.pem"
FACTS_FILE = "thong-tin.json"

_TIME_STAMP_NAME = "Dấu thời gian thử nghiệm"
_ORGANISATION = "THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"


@dataclass(frozen=True, slots=True)
class _Issuer:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def create_test_ca(
    directory: Path,
    *,
    passphrase: str,
    now: datetime,
    leader_name: str = "Nhữ Văn Nam",
    agency_name: str = "Ban Dân tộc tỉnh Bắc Giang",
) -> dict[str, Any]:
    """Write a test root with keys for leader, agency and time stamps, and three unfit keys.

    Unfit are an expired key, a revoked one and one of a foreign root. Files (see the constants of
    this module): PEM roots, PKCS#12 keys under `passphrase`, the revocation list, and a JSON file
    with each certificate's common name, fingerprint, serial number and validity, which is also
    returned. Keys are readable by their owner alone.
    """
    directory.mkdir(parents=True, exist_ok=True)
    end = now.astimezone(UTC) + timedelta(days=365 * _YEARS_AHEAD)
    root = _root("Nơi cấp chứng thư thử nghiệm", end)
    foreign = _root("Nơi cấp chứng thư khác", end)
    _write(directory / ROOT_FILE, root.certificate.public_bytes(Encoding.PEM))
    _write(directory / FOREIGN_ROOT_FILE, foreign.certificate.public_bytes(Encoding.PEM))
    facts = {
        name: _key_file(directory / name, issuer, common_name, ends, passphrase)
        for name, issuer, common_name, ends in (
            (LEADER_FILE, root, leader_name, end),
            (AGENCY_FILE, root, agency_name, end),
            (EXPIRED_FILE, root, leader_name, min(end, _EXPIRED_END)),
            (REVOKED_FILE, root, leader_name, end),
            (TIME_STAMP_FILE, root, _TIME_STAMP_NAME, end),
            (FOREIGN_FILE, foreign, agency_name, end),
        )
    }
    revoked = int(facts[REVOKED_FILE]["serial_number"])
    _write(directory / REVOCATION_LIST_FILE, _revocation_list(root, revoked, now, end))
    facts[ROOT_FILE] = _facts(root.certificate)
    facts[FOREIGN_ROOT_FILE] = _facts(foreign.certificate)
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    _write(directory / FACTS_FILE, text.encode())
    return facts


def _root(common_name: str, end: datetime) -> _Issuer:
    key = _new_key()
    name = _name(f"{common_name} {uuid.uuid4().hex[:8]}")
    usage = _key_usage(signs_documents=False)
    builder = _builder(name, name, key, _BEGINNING, end)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(_subject_key(key), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _Issuer(certificate, key)


def _key_file(
    path: Path, issuer: _Issuer, common_name: str, end: datetime, passphrase: str
) -> dict[str, str]:
    key = _new_key()
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = _builder(issuer.certificate.subject, _name(common_name), key, _BEGINNING, end)
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_documents=True), critical=True)
        .add_extension(_subject_key(key), critical=False)
        .add_extension(issuer_key, critical=False)
        .add_extension(_test_policy(), critical=False)
    )
    if common_name == _TIME_STAMP_NAME:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    certificate = builder.sign(issuer.key, hashes.SHA256())
    data = pkcs12.serialize_key_and_certificates(
        common_name.encode(),
        key,
        certificate,
        [issuer.certificate],
        BestAvailableEncryption(passphrase.encode()),
    )
    _write(path, data, private=True)
    return _facts(certificate)


def _revocation_list(issuer: _Issuer, revoked: int, now: datetime, end: datetime) -> bytes:
    """Revoke one certificate from its first day on."""
    entry = (
        x509.RevokedCertificateBuilder().serial_number(revoked).revocation_date(_BEGINNING).build()
    )
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now.astimezone(UTC))
        .next_update(end)
        .add_revoked_certificate(entry)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
        .sign(issuer.key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def _builder(
    issuer: x509.Name, subject: x509.Name, key: rsa.RSAPrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_documents,
        crl_sign=not signs_documents,
        encipher_only=False,
        decipher_only=False,
    )


def _subject_key(key: rsa.RSAPrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _test_policy() -> x509.CertificatePolicies:
    identifier = x509.ObjectIdentifier(TEST_POLICY)
    return x509.CertificatePolicies([x509.PolicyInformation(identifier, None)])


def _facts(certificate: x509.Certificate) -> dict[str, str]:
    common_name = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return {
        "common_name": str(common_name),
        "fingerprint": hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
        "serial_number": str(certificate.serial_number),
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
    }


def _write(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write the file whole or not at all, private keys unreadable for others from the start."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    draft.replace(path)
