"""Writing what came of the money: actual values of targets, outputs, people, households."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from portal.accounts.models import User
from portal.documents.models import Document
from programs.models import Target, TargetActual


@transaction.atomic
def enter_actual(
    *,
    target: Target,
    year: int,
    value: Decimal,
    document: Document | None,
    note: str,
    by: User,
) -> TargetActual:
    """Keep what `target` reached in `year`; an earlier entry of that year gives way."""
    actual, _ = TargetActual.objects.select_for_update().update_or_create(
        target=target,
        year=year,
        defaults={"value": value, "document": document, "note": note, "by": by},
    )
    return actual
