"""Grants to sign: entered with their document, taken back from a day on."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from reports.models import Authority, SigningGrant

from .refusals import ReportRefusal
from .trail import need

if TYPE_CHECKING:
    from portal.accounts.models import User


class PassedOn(ReportRefusal):
    """Somebody who signs by authorisation cannot authorise others."""


@transaction.atomic
def enter_grant(*, grant: SigningGrant, by: User) -> SigningGrant:
    """Store a grant (unsaved).

    Raises:
        NotAllowed
        PassedOn: the granter has no authority of an own to give.
    """
    need(by, "reports.grant")
    if not grant.granter.has_perm("reports.sign"):
        raise PassedOn(
            f"{grant.granter} không phải người đứng đầu hoặc cấp phó nên không giao ký được; người "
            "được uỷ quyền không uỷ quyền lại (Nghị định 30/2020, điều 13)."
        )
    if grant.authority == Authority.MANDATE and grant.grantee.has_perm("reports.sign"):
        raise PassedOn(f"{grant.grantee} là lãnh đạo, ký thay bằng “KT.”, không cần uỷ quyền.")
    grant.entered_by = by
    grant.save()
    return grant


@transaction.atomic
def revoke_grant(*, grant: SigningGrant, by: User, on: datetime.date) -> SigningGrant:
    """End a grant from `on` on; what was signed before stays valid. Ended once, it stays so.

    Raises:
        NotAllowed
    """
    need(by, "reports.grant")
    grant = SigningGrant.objects.select_for_update().get(pk=grant.pk)
    if grant.revoked_on is None:
        grant.revoked_on, grant.revoked_by = on, by
        grant.save(update_fields=["revoked_on", "revoked_by"])
    return grant
