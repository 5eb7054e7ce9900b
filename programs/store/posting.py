"""What an approval changes: the values of a revision beside those of the one before it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from portal.collection.models import Submission
from portal.collection.stores import StoredValue, ValueKey

from .reading import current_values

if TYPE_CHECKING:
    from collections.abc import Mapping


class Difference(NamedTuple):
    """One value that an approval changes; what is not told, or has no number, counts as 0."""

    key: ValueKey
    before: Decimal
    after: Decimal
    stored: StoredValue | None  # as it is now, with the cell it came from; None: no longer told

    @property
    def amount(self) -> Decimal:
        """What is to be posted."""
        return self.after - self.before


def differences(submission: Submission) -> list[Difference]:
    """Against the revision that stood approved before, by row and measure."""
    standing = Submission.objects.filter(
        dataset=submission.dataset,
        unit=submission.unit,
        period=submission.period,
        revision__lt=submission.revision,
        approved_at__isnull=False,
    )
    last = standing.order_by("-revision").first()
    before = current_values(last) if last else {}
    after = current_values(submission)
    found = [
        Difference(key, _number(before, key), _number(after, key), after.get(key))
        for key in sorted({*before, *after}, key=lambda key: tuple(part or "" for part in key))
    ]
    return [one for one in found if one.amount]


def _number(values: Mapping[ValueKey, StoredValue], key: ValueKey) -> Decimal:
    stored = values.get(key)
    return stored.value if stored and stored.value is not None else Decimal(0)
