"""Whose certificate it is: entered and withdrawn by the administrator, and when it runs out."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.units.models import IssuingAgency
from reports import signing
from reports.models import Certificate, CertificateEvent
from reports.text import typed

from .certificates import register_certificate, revocation_lists, trust_roots
from .opening import revocation_services
from .refusals import ReasonMissing, ReportRefusal
from .trail import need

if TYPE_CHECKING:
    from portal.accounts.models import User

PERMISSION = "reports.certificates"

#: Owner and administrator are told this long before a certificate runs out.
WARNED_BEFORE = datetime.timedelta(days=30)


class AlreadyRegistered(ReportRefusal):
    message = "Chứng thư này đã đăng ký rồi."


class Withdrawn(ReportRefusal):
    message = "Chứng thư này đã ngừng dùng, không đăng ký lại được. Hãy dùng chứng thư mới."


@transaction.atomic
def enter_certificate(
    *,
    data: bytes,
    by: User,
    now: datetime.datetime,
    owner: User | None = None,
    agency: IssuingAgency | None = None,
    token: str = "",
) -> Certificate:
    """Register the public part of a certificate and write down who did.

    `token` is the label of the device at this server that holds the key; empty when the key is
    used elsewhere.

    Raises:
        NotAllowed, AlreadyRegistered, Withdrawn
        SigningRefused: a key file, no certificate, or one that could not sign today.
    """
    need(by, PERMISSION)
    certificate, *others = signing.read_certificates(data)
    known = Certificate.objects.filter(fingerprint=signing.fingerprint(certificate)).first()
    if known is not None:
        raise AlreadyRegistered if known.revoked_at is None else Withdrawn
    signing.check_certificate(
        certificate,
        others=others,
        owner=signing.Owner(fingerprint=signing.fingerprint(certificate)),
        trust_roots=trust_roots(),
        now=now,
        crls=revocation_lists(),
        online=revocation_services(),
    )
    entered = register_certificate(
        data=signing.as_pem(certificate, *others).encode(), owner=owner, agency=agency
    )
    entered.token, entered.registered_by = typed.one_line(token)[:32], by
    entered.registered_at = now
    entered.save(update_fields=["token", "registered_by", "registered_at"])
    where = f"khoá trong thiết bị “{entered.token}”" if entered.token else "ký ở ngoài cổng"
    note = f"Cho {owner.full_name if owner else agency}, {where}"
    _write_down(entered, "Đăng ký", note, by, now)
    return entered


@transaction.atomic
def withdraw_certificate(
    *, certificate: Certificate, by: User, reason: str, now: datetime.datetime
) -> Certificate:
    """Sign with it no more; signatures made before stay valid. Again changes nothing.

    Raises:
        NotAllowed, ReasonMissing
    """
    need(by, PERMISSION)
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.revoked_at is not None:
        return certificate
    reason = typed.one_line(reason)[:300]
    if not reason:
        raise ReasonMissing("Hãy ghi lý do ngừng dùng chứng thư.")
    certificate.revoked_at = now
    certificate.save(update_fields=["revoked_at"])
    _write_down(certificate, "Ngừng dùng", reason, by, now)
    return certificate


def ending_soon(user: User, *, now: datetime.datetime) -> list[Certificate]:
    """Certificates that run out within thirty days: one's own, the administrator's all.

    One that has its successor already is left out.
    """
    found = Certificate.objects.ending(after=now, until=now + WARNED_BEFORE)
    if not user.has_perm(PERMISSION):
        found = found.of_leader(user)
    later = Certificate.objects.filter(revoked_at=None, not_after__gt=now + WARNED_BEFORE)
    covered = set(later.values_list("role", "owner", "agency"))
    return [
        one
        for one in found.select_related("owner", "agency").order_by("not_after")
        if (one.role, one.owner_id, one.agency_id) not in covered
    ]


def _write_down(
    certificate: Certificate, what: str, note: str, by: User, now: datetime.datetime
) -> None:
    CertificateEvent.objects.create(
        certificate=certificate, what=what, note=note[:300], who=by, at=now
    )
