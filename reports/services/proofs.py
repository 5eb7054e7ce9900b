"""Time stamp and revocation data in a signed file: at once where they can be had, else later."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile

from reports import signing
from reports.models import LiftedFile

from .certificates import revocation_lists, trust_roots
from .opening import OpenedKey, revocation_services, stamp_service

#: Files of these levels need nothing more.
HIGH = (signing.PROVABLE, signing.ARCHIVAL)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that was just sealed: the level of its new signature, and that of its weakest."""

    content: bytes
    level: str
    file_level: str


def sealed_with_proofs(
    signed: signing.Signed,
    tool: OpenedKey,
    *,
    now: datetime.datetime,
    earlier: Sequence[str] = (),
) -> Sealed:
    """The file with its revocation data, where every signature is stamped and the issuers answer
    (B-LT); else as it is. `earlier` are the levels of the signatures that stood there before.
    """
    level = signing.STAMPED if signed.is_stamped else signing.BASIC
    lowest = signing.weakest([*earlier, level])
    if lowest == signing.BASIC:
        return Sealed(signed.pdf, level, lowest)
    try:
        pdf = signing.add_revocation_data(
            signed.pdf,
            trust_roots=tool.authority.trust_roots,
            data=signed.check.data,
            now=now,
            online=tool.authority.online,
        )
    except signing.NotLifted:
        return Sealed(signed.pdf, level, lowest)
    return Sealed(pdf, signing.PROVABLE, signing.PROVABLE)


def with_proofs(content: bytes, *, now: datetime.datetime) -> bytes | None:
    """The file with its proofs behind the signed bytes; None while the services are away."""
    stamps = stamp_service()
    if stamps is None:
        return None
    try:
        return signing.lift(
            content,
            trust_roots=trust_roots(),
            timestamper=stamps,
            now=now,
            crls=revocation_lists(),
            online=revocation_services(),
        )
    except signing.NotLifted:
        return None


def keep_lifted(lifted: LiftedFile, content: bytes, *, now: datetime.datetime) -> None:
    """Store the later revision of a file beside it; inside the job's effect."""
    lifted.sha256, lifted.size = hashlib.sha256(content).hexdigest(), len(content)
    lifted.level, lifted.lifted_at = signing.ARCHIVAL, now
    lifted.file.save("da-bo-sung.pdf", ContentFile(content), save=False)
    lifted.save(force_insert=True)
