"""What a new round changed since the reviewers last saw a submission."""

from __future__ import annotations

import datetime
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from portal import formats
from portal.collection.models import ReturnedValues, Submission
from portal.collection.stores import StoredValue, ValueKey, store_of


class ChangedCell(NamedTuple):
    """One value before and after; `old` None for a new one, `new` None for one that is gone."""

    key: ValueKey
    old: StoredValue | None
    new: StoredValue | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The cells that differ from `base`, which says in words what it is compared with."""

    base: str
    cells: Sequence[ChangedCell]
    same: int


def keep_returned(submission: Submission, *, at: datetime.datetime) -> None:
    """Keep the values as they are seen now, before they may be changed."""
    current = store_of(submission.dataset).current(submission)
    ReturnedValues.objects.update_or_create(
        submission=submission,
        round=submission.round,
        defaults={"at": at, "content": packed(current)},
    )


def packed(values: Mapping[ValueKey, StoredValue]) -> bytes:
    rows = [
        [*key, None if stored.value is None else str(stored.value), stored.missing]
        for key, stored in values.items()
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode())


def digest_of_values(values: Mapping[ValueKey, StoredValue]) -> str:
    """SHA-256 over the values in one order: the same data, the same digest, wherever they are."""
    lines = sorted(
        "\t".join(
            [
                *(part or "" for part in key),
                "" if stored.value is None else f"{stored.value.normalize():f}",
                stored.missing,
            ]
        )
        for key, stored in values.items()
    )
    return digest_of_lines(lines)


def digest_of_lines(lines: Iterable[str]) -> str:
    """The same of the values' lines as `Store.lines` tells them, one after the other."""
    digest = hashlib.sha256()
    for number, line in enumerate(lines):
        digest.update(f"\n{line}".encode() if number else line.encode())
    return digest.hexdigest()


def unpacked(content: bytes | memoryview) -> dict[ValueKey, StoredValue]:
    return {
        ValueKey(*key): StoredValue(None if value is None else Decimal(value), missing)
        for *key, value, missing in json.loads(zlib.decompress(bytes(content)))
    }


def changes_of(submission: Submission) -> Changes | None:
    """Against the round that was returned last, or in a correction against what is approved.

    None in a first round: everything is new.
    """
    store = store_of(submission.dataset)
    returned = submission.returned_values.order_by("-round").first()
    if returned is not None:
        base = f"lượt trả lại ngày {formats.day(timezone.localdate(returned.at))}"
        return compared(base, unpacked(returned.content), store.current(submission))
    corrected = corrected_by(submission)
    if corrected is None:
        return None
    return compared(
        f"số liệu đã duyệt (lần {corrected.revision})",
        store.current(corrected),
        store.current(submission),
    )


def corrected_by(submission: Submission) -> Submission | None:
    """The approved revision that `submission` corrects."""
    if submission.revision == 1:
        return None
    earlier = Submission.objects.filter(
        dataset=submission.dataset,
        unit=submission.unit,
        period=submission.period,
        revision__lt=submission.revision,
        approved_at__isnull=False,
    )
    return earlier.order_by("-revision").first()


def compared(
    base: str,
    before: Mapping[ValueKey, StoredValue],
    after: Mapping[ValueKey, StoredValue],
) -> Changes:
    cells = [
        ChangedCell(key, before.get(key), after.get(key))
        for key in [*after, *(key for key in before if key not in after)]
        if not equal(before.get(key), after.get(key))
    ]
    return Changes(base, cells, same=len(after.keys() & before.keys()) - _in_both(cells))


def _in_both(cells: Sequence[ChangedCell]) -> int:
    return sum(cell.old is not None and cell.new is not None for cell in cells)


def equal(old: StoredValue | None, new: StoredValue | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.value == new.value and (old.missing or "") == (new.missing or "")
