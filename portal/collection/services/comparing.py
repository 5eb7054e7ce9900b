"""What taking the waiting files over would change: old beside new, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from django.db import connection

from portal.collection.models import Submission, Upload
from portal.collection.stores import StoredValue, ValueKey, key_of, store_of
from portal.collection.workbooks.outcome import CellValue

from .staging import Staged, staged_values

Change = Literal["new", "changed", "same", "removed"]


# what a file tells of a unit, as a number that differs when anything does
FACTS = """
SELECT unit, upload_id, count(*), sum(hashtextextended(concat_ws(
    '|', measure, coalesce("group", '-'), coalesce(sex, '-'), coalesce(category, '-'),
    coalesce(trim_scale(value)::text, '-'), coalesce(missing, '-')), 0)::numeric)
FROM collection_stagedvalue WHERE upload_id = ANY (%s) AND unit = ANY (%s)
GROUP BY unit, upload_id ORDER BY unit
"""


class Difference(NamedTuple):
    """One value before and after; `old` None for a new one, `new` None for one that goes."""

    kind: Change
    key: ValueKey
    column: str
    old: StoredValue | None
    new: CellValue | None
    upload: Upload | None


class Overlap(NamedTuple):
    """A unit that several waiting files tell of in different ways."""

    unit: str
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All differences of a submission's waiting files, in the order of the files.

    `before` and `after` are control totals per column key, over the whole submission.
    """

    differences: Sequence[Difference] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    overlaps: Sequence[Overlap] = ()
    before: Mapping[str, Decimal] = field(default_factory=dict)
    after: Mapping[str, Decimal] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Sequence[Difference]:
        return [difference for difference in self.differences if difference.kind == kind]


def accepted_uploads(submission: Submission) -> list[Upload]:
    """Waiting files that were read and hold no error and no open question."""
    return [upload for upload in submission.uploads.open() if upload.is_accepted]


def compare(submission: Submission) -> Comparison:
    """What committing the accepted files would do; writes nothing."""
    current = store_of(submission.dataset).current(submission)
    uploads = accepted_uploads(submission)
    parts = [staged_values(upload) for upload in uploads]
    column_of = columns_by_key(submission)
    differences = list(_differences(parts, current, column_of))
    return Comparison(
        differences=differences,
        counts=Counter(difference.kind for difference in differences),
        overlaps=overlaps(uploads),
        before=_sums((column_of(key), value.value) for key, value in current.items()),
        after=_sums(_after(differences, current, column_of)),
    )


def columns_by_key(submission: Submission):  # type: ignore[no-untyped-def]
    """A function from a value's key to the key of the column it stands in ("" when none)."""
    exact: dict[tuple, str] = {}
    for column in submission.dataset.columns.all():
        place = (column.measure, column.group_code, column.sex, column.category)
        exact.setdefault(place, column.key)

    def column_of(key: ValueKey) -> str:
        sex, category = key.sex or "", key.category or ""
        for group in (key.group or "", ""):
            if found := exact.get((key.measure, group, sex, category)):
                return found
        return ""

    return column_of


def _differences(parts: Iterable[Staged], current, column_of) -> Iterable[Difference]:  # type: ignore[no-untyped-def]
    for part in parts:
        told = set()
        for value in part.values:
            key = key_of(value)
            told.add(key)
            old = current.get(key)
            yield Difference(_kind(old, value), key, value.column, old, value, part.upload)
        units = set(part.upload.units)
        for key, old in current.items():
            if key.unit in units and key not in told:
                yield Difference("removed", key, column_of(key), old, None, part.upload)


def _kind(old: StoredValue | None, new: CellValue) -> Change:
    if old is None:
        return "new"
    equal = old.value == new.value and (old.missing or "") == (new.missing or "")
    return "same" if equal else "changed"


def _after(differences, current, column_of):  # type: ignore[no-untyped-def]
    touched = {difference.key for difference in differences}
    for difference in differences:
        if difference.new is not None:
            yield difference.column, difference.new.value
    for key, old in current.items():
        if key not in touched:
            yield column_of(key), old.value


def _sums(pairs: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for column, value in pairs:
        if value is not None:
            sums[column] = sums.get(column, Decimal(0)) + value
    return sums


def overlaps(uploads: Sequence[Upload]) -> list[Overlap]:
    """Units that stand in more than one of these files with different values."""
    named = Counter(unit for upload in uploads for unit in set(upload.units))
    shared = sorted(unit for unit, count in named.items() if count > 1)
    if not shared:
        return []
    told: dict[str, dict[int, tuple]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [[upload.pk for upload in uploads], shared])
        for unit, upload, *facts in cursor.fetchall():
            told.setdefault(unit, {})[upload] = tuple(facts)
    names = {upload.pk: upload.original_name for upload in uploads}
    return [
        Overlap(unit, tuple(name for pk, name in names.items() if pk in files))
        for unit, files in told.items()
        if len(set(files.values())) > 1
    ]
