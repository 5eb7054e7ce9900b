"""Writing what came of the money: actual values of targets, outputs, people, households."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from portal.accounts.models import User
from portal.documents.models import Document
from programs.models import (
    Output,
    OutputKind,
    SupportedHousehold,
    Target,
    TargetActual,
    Works,
)

NOTHING = (None, None)


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


class TakenFromData(Exception):
    """The outputs of this kind and year are those of approved data, corrected there."""


@transaction.atomic
def enter_outputs(
    *,
    works: Works,
    year: int,
    told: Mapping[OutputKind, tuple[Decimal | None, Decimal | None]],
    by: User,
) -> int:
    """Keep planned and actual outputs of `works` in `year`; none of both takes the row away.

    Returns how many changed.

    Raises:
        TakenFromData: one of those that would change comes from approved data.
    """
    kept = {
        one.kind_id: one
        for one in Output.objects.select_for_update().filter(works=works, year=year)
    }
    changed = 0
    for kind, (planned, actual) in told.items():
        one = kept.get(kind.pk)
        if ((one.planned, one.actual) if one else NOTHING) == (planned, actual):
            continue
        if one is not None and one.submission_id:
            raise TakenFromData(kind.name)
        changed += 1
        if (planned, actual) == NOTHING:
            kept[kind.pk].delete()
            continue
        Output.objects.update_or_create(
            works=works,
            kind=kind,
            year=year,
            defaults={"planned": planned, "actual": actual, "by": by},
        )
    return changed


@transaction.atomic
def forget_household(*, household: SupportedHousehold) -> None:
    """Take a household off the register that was listed by mistake."""
    household.delete()
