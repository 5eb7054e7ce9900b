"""Time stamp and revocation data brought into a signed file after it was made."""

from __future__ import annotations

import datetime

from reports import signing

from .certificates import revocation_lists, trust_roots
from .opening import revocation_services, stamp_service

#: Files of these levels need nothing more.
HIGH = (signing.PROVABLE, signing.ARCHIVAL)


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
