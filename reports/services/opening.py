"""A key opened for one request: with its certificate's authority and the services it may ask.

Nothing of it outlives the request; a batch of documents is signed with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from reports.models import Certificate
from reports.signing import (
    Authority,
    FileKey,
    Mark,
    OnlineRevocation,
    SigningKey,
    StampService,
    load_certificates,
    open_pkcs12,
    open_token,
)

from .certificates import NoKeyHere, authority_of, mark_of, signing_dir, trust_roots


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """What signs, how it is drawn, and whom to ask for time and revocation; each is asked once."""

    certificate: Certificate
    key: SigningKey
    authority: Authority
    mark: Mark
    stamps: StampService | None


@contextmanager
@sensitive_variables("secret")
def opened_key(certificate: Certificate, secret: str) -> Iterator[OpenedKey]:
    """Open the certificate's key with its passphrase or PIN and close it again.

    Raises:
        NoKeyHere: the key is kept elsewhere.
        NoMark: a real certificate without a picture.
        SigningRefused: the file, the device or the secret is not right.
    """
    mark = mark_of(certificate)
    if certificate.token:
        with open_token(
            settings.SIGNING_PKCS11_MODULE,
            label=certificate.token,
            pin=secret,
            certificates=load_certificates(certificate.pem.encode()),
        ) as key:
            yield _with_services(certificate, key, mark)
        return
    yield _with_services(certificate, _file_key(certificate, secret), mark)


def _with_services(certificate: Certificate, key: SigningKey, mark: Mark) -> OpenedKey:
    return OpenedKey(
        certificate=certificate,
        key=key,
        authority=replace(authority_of(certificate), online=revocation_services()),
        mark=mark,
        stamps=stamp_service(),
    )


@sensitive_variables("secret")
def _file_key(certificate: Certificate, secret: str) -> FileKey:
    if not certificate.key_file:
        raise NoKeyHere
    path = signing_dir() / Path(certificate.key_file).name
    if not path.is_file():
        raise NoKeyHere
    return open_pkcs12(path.read_bytes(), secret)


def revocation_services() -> OnlineRevocation | None:
    """The way to ask the issuers, where this server may go online."""
    seconds = settings.SIGNING_SERVICE_SECONDS
    return OnlineRevocation(seconds) if settings.SIGNING_ONLINE else None


def stamp_service() -> StampService | None:
    """The office's time stamp service, if it has one."""
    if not settings.SIGNING_TSA_URL:
        return None
    return StampService(
        settings.SIGNING_TSA_URL,
        trust_roots=trust_roots(),
        seconds=settings.SIGNING_SERVICE_SECONDS,
    )
