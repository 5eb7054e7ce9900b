"""Signatures made here, with a key file or a token of the server.

A signature is made without holding any lock, then stored under one. Passphrases are passed through
and kept nowhere.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_variables

from reports import signing
from reports.models import (
    Report,
    Signature,
    SignerRole,
)

from .annexes import ReadyAnnex, keep_annexes, sealed_annexes
from .certificates import certificate_for
from .opening import OpenedKey, opened_key
from .proofs import sealed_with_proofs
from .rendering import rendering_of

if TYPE_CHECKING:
    from portal.accounts.models import User

from .acts import ACTS, Act, Made, check_signable, file_to_sign, ready, store


@sensitive_variables("passphrase")
def sign(*, report: Report, by: User, passphrase: str, now: datetime.datetime) -> Signature:
    """The leader signs with key file or token; signing twice returns the first signature.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority
        NoCertificate, NoKeyHere, NoMark, FileMissing
        SigningRefused: wrong passphrase or PIN, a certificate that is expired, revoked, another's.
    """
    return _sign_here(ACTS[SignerRole.LEADER], report, by, passphrase, now)


@sensitive_variables("passphrase")
def seal(*, report: Report, by: User, passphrase: str, now: datetime.datetime) -> Signature:
    """The records clerk puts the agency's signature on the numbered file. Raises as `sign`."""
    return _sign_here(ACTS[SignerRole.AGENCY], report, by, passphrase, now)


@sensitive_variables("passphrase")
def _sign_here(
    act: Act, report: Report, by: User, passphrase: str, now: datetime.datetime
) -> Signature:
    if made := ready(act, report, by, now):
        return made
    certificate = certificate_for(report, act.role, now)
    check_signable(act, report)
    with opened_key(certificate, passphrase) as tool:
        return sign_with(act, report, tool, by=by, now=now)


def sign_with(
    act: Act, report: Report, tool: OpenedKey, *, by: User, now: datetime.datetime
) -> Signature:
    """Make and store the signature with a key that is open."""
    make = signing.signed_by_leader if act.role == SignerRole.LEADER else signing.sealed_by_agency
    signed = make(
        file_to_sign(act, report).content(),
        key=tool.key,
        authority=tool.authority,
        mark=tool.mark,
        now=localtime(now),
        timestamper=tool.stamps,
    )
    made = _made(act, report, signed, tool, now)
    annexes: list[ReadyAnnex] = []
    if act.role == SignerRole.AGENCY:
        annexes = sealed_annexes(report, tool, now=now)
    with transaction.atomic():
        signature = store(act, report, tool.certificate, made, by=by, now=now)
        if signature.file.sha256 == hashlib.sha256(made.content).hexdigest():
            keep_annexes(annexes, tool, by=by, now=now)
    return signature


def _made(
    act: Act, report: Report, signed: signing.Signed, tool: OpenedKey, now: datetime.datetime
) -> Made:
    """The signed file; sealed, it carries its proofs where they can be had at once."""
    if act.role == SignerRole.LEADER:
        level = signing.STAMPED if signed.is_stamped else signing.BASIC
        return Made(signed.pdf, level, signed.check.standing, level)
    leaders = rendering_of(report).signatures.get(role=SignerRole.LEADER).level
    found = sealed_with_proofs(signed, tool, now=now, earlier=[leaders])
    return Made(found.content, found.level, signed.check.standing, found.file_level)
