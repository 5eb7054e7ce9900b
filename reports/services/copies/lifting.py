"""The proofs of an electronic copy that could not be had when it was sealed."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from portal.documents import services as documents
from reports.models import Copy, LiftedCopy

from ..proofs import HIGH, keep_lifted, with_proofs

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.jobs.lease import Lease

JOB = "lift_copy"


def copies_waiting_for_proofs() -> QuerySet[Copy]:
    """Sealed copies of a low level that have no later revision, the oldest first."""
    low = Copy.objects.sealed().exclude(level__in=HIGH).filter(lifted=None)
    return low.order_by("ready_at", "pk")


def lift_copy(*, copy_id: int, now: datetime.datetime, lease: Lease) -> LiftedCopy | None:
    """Keep the lifted file beside the copy, which stays as it is; None when nothing came of it."""
    copy = copies_waiting_for_proofs().filter(pk=copy_id).first()
    if copy is None:
        return None
    lease.say("Đang lấy dấu thời gian")
    with copy.file.open("rb") as file:
        content = with_proofs(file.read(), now=now)
    if content is None:
        return None
    with lease.effect():
        Copy.objects.select_for_update().get(pk=copy.pk)
        if LiftedCopy.objects.filter(copy=copy).exists():
            return None
        lifted = LiftedCopy(copy=copy)
        keep_lifted(lifted, content, now=now)
        if copy.document is not None:
            documents.note_signature_level(document=copy.document, level=lifted.level)
    return lifted
