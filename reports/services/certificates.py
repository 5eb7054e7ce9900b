"""Whose certificate it is, which roots are trusted, and the keys of the demonstration."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import x509
from django.conf import settings
from django.db import transaction

from portal.units.models import IssuingAgency
from reports.models import Certificate, Report, SignerRole
from reports.signing import (
    Authority,
    Mark,
    Owner,
    as_pem,
    create_test_ca,
    demonstration_handwriting,
    demonstration_seal,
    fingerprint,
    is_test_certificate,
    issuer_name,
    load_certificates,
    mark_from_upload,
    open_pkcs12,
    owner_name,
)
from reports.signing.authority import AGENCY_FILE, LEADER_FILE, ROOT_FILE

from .refusals import ReportRefusal

if TYPE_CHECKING:
    from portal.accounts.models import User

#: Folders of settings.SIGNING_DIR: roots that are trusted, lists of revoked certificates.
ROOTS, REVOKED = "noi-cap", "thu-hoi"


class DemoOnly(ReportRefusal):
    message = (
        "Chứng thư thử nghiệm chỉ lập được ở bản trình diễn. Khi dùng thật, hãy đăng ký chứng thư "
        "chuyên dùng công vụ của cơ quan."
    )


class NoCertificate(ReportRefusal):
    message = "Chưa đăng ký chứng thư số cho người ký này. Hãy nhờ quản trị đăng ký chứng thư."


class NoKeyHere(ReportRefusal):
    message = (
        "Khoá ký không lưu trên cổng. Hãy tải tệp chờ ký về, ký bằng thiết bị của cơ quan rồi tải "
        "lên."
    )


class NoMark(ReportRefusal):
    message = "Chưa có ảnh chữ ký hoặc ảnh con dấu của chứng thư này. Hãy nhờ quản trị thêm ảnh."


def signing_dir() -> Path:
    return Path(settings.SIGNING_DIR)


def trust_roots() -> tuple[x509.Certificate, ...]:
    """The roots that are trusted: those of the folder, and in the demonstration its own."""
    paths = sorted(path for path in (signing_dir() / ROOTS).glob("*") if path.is_file())
    if settings.DEMO and (signing_dir() / ROOT_FILE).is_file():
        paths.append(signing_dir() / ROOT_FILE)
    return tuple(found for path in paths for found in load_certificates(path.read_bytes()))


def revocation_lists() -> tuple[bytes, ...]:
    """Lists of revoked certificates that the office has put there, as DER bytes."""
    return tuple(path.read_bytes() for path in sorted((signing_dir() / REVOKED).glob("*.crl")))


def authority_of(certificate: Certificate) -> Authority:
    """Exactly this certificate, under the trusted roots."""
    return Authority(
        owner=Owner(fingerprint=certificate.fingerprint),
        trust_roots=trust_roots(),
        crls=revocation_lists(),
    )


def candidates(report: Report, role: str) -> list[Certificate]:
    """Certificates registered for the report's signatory, or for its agency; newest first."""
    found = Certificate.objects.filter(revoked_at=None)
    if role == SignerRole.LEADER:
        return list(found.of_leader(report.signatory))
    return list(found.of_agency(report.agency))


def certificate_for(report: Report, role: str, moment: datetime.datetime) -> Certificate:
    """The certificate to sign with: one in force at `moment`, else the newest.

    The signing itself says in plain words when it has run out.

    Raises:
        NoCertificate: none is registered.
    """
    return _best(candidates(report, role), moment)


def certificate_of(agency: IssuingAgency, moment: datetime.datetime) -> Certificate:
    """The agency's own, as `certificate_for`. Raises NoCertificate."""
    known = list(Certificate.objects.filter(revoked_at=None).of_agency(agency))
    if not known:
        raise NoCertificate(
            f"Chưa đăng ký chứng thư số của {agency.full_name}. Hãy nhờ quản trị đăng ký chứng thư."
        )
    return _best(known, moment)


def _best(known: list[Certificate], moment: datetime.datetime) -> Certificate:
    if not known:
        raise NoCertificate
    return next((found for found in known if found.is_in_force(moment)), known[0])


def mark_of(certificate: Certificate) -> Mark:
    """The picture of handwriting or seal; test certificates have the demonstration's own.

    Raises:
        NoMark: a real certificate without a picture.
    """
    path = signing_dir() / f"{certificate.fingerprint}.png"
    if path.is_file():
        return mark_from_upload(path.read_bytes())
    if not certificate.is_test:
        raise NoMark
    is_leader = certificate.role == SignerRole.LEADER
    return demonstration_handwriting() if is_leader else demonstration_seal()


@transaction.atomic
def register_certificate(
    *,
    data: bytes,
    owner: User | None = None,
    agency: IssuingAgency | None = None,
    key_file: str = "",
) -> Certificate:
    """Record that the certificate (PEM or DER) belongs to a person or to the agency.

    Registering the same one again returns it; it does not change hands.

    Raises:
        ReportRefusal: no certificate in the data, or it is another owner's.
    """
    try:
        certificate, *others = load_certificates(data)
    except ValueError as error:
        raise ReportRefusal("Tệp này không phải là chứng thư số.") from error
    return _entered(certificate, others, owner=owner, agency=agency, key_file=key_file)


def _entered(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    *,
    owner: User | None,
    agency: IssuingAgency | None,
    key_file: str,
) -> Certificate:
    entered, _ = Certificate.objects.get_or_create(
        fingerprint=fingerprint(certificate),
        defaults={
            "role": SignerRole.LEADER if owner else SignerRole.AGENCY,
            "owner": owner,
            "agency": agency,
            "subject": owner_name(certificate),
            "issuer": issuer_name(certificate),
            "not_before": certificate.not_valid_before,
            "not_after": certificate.not_valid_after,
            "is_test": is_test_certificate(certificate),
            "key_file": key_file,
            "pem": as_pem(certificate, *others),
        },
    )
    if (entered.owner, entered.agency) != (owner, agency):
        raise ReportRefusal("Chứng thư này đã đăng ký cho người hoặc cơ quan khác.")
    return entered


@transaction.atomic
def make_test_ca(
    *, passphrase: str, leader: User, agency: IssuingAgency, now: datetime.datetime
) -> list[Certificate]:
    """Make the demonstration's root and keys, unless they are there, and register both.

    Raises:
        DemoOnly: this is no demonstration.
    """
    if not settings.DEMO:
        raise DemoOnly
    if not (signing_dir() / ROOT_FILE).is_file():
        create_test_ca(
            signing_dir(),
            passphrase=passphrase,
            now=now,
            leader_name=leader.full_name,
            agency_name=agency.full_name,
        )
    made = []
    for name, owner, of_agency in ((LEADER_FILE, leader, None), (AGENCY_FILE, None, agency)):
        key = open_pkcs12((signing_dir() / name).read_bytes(), passphrase)
        made.append(
            _entered(key.certificate, key.others, owner=owner, agency=of_agency, key_file=name)
        )
    return made
