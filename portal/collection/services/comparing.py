"""What taking the waiting files over would change: old beside new, cell by cell."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, cast

from django.core.cache import cache
from django.db import connection

from portal.collection.models import Submission, Upload
from portal.collection.stores import ChangedValue, Changes, StoredValue, ValueKey, key_of, store_of
from portal.collection.workbooks.outcome import CellValue

from .owning import own_rows_of

if TYPE_CHECKING:
    from portal.accounts.models import User

Change = Literal["new", "changed", "same", "removed"]
PAGE = 100
MANY_ROWS = 2_000  # rows of files, from which a comparison is kept
Found = TypeVar("Found")


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
    """The differences of a submission's waiting files, in the order of the files.

    `before` and `after` are control totals per column key, over the whole submission. `first` has
    the first page of the first kind.
    """

    submission: Submission
    uploads: Sequence[Upload] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    overlaps: Sequence[Overlap] = ()
    before: Mapping[str, Decimal] = field(default_factory=dict)
    after: Mapping[str, Decimal] = field(default_factory=dict)
    first: Mapping[str, Sequence[ChangedValue]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Differences:
        return Differences(self, kind)


class Differences(Sequence[Difference]):
    """Those of one kind; a slice asks the database for no more than the slice."""

    def __init__(self, comparison: Comparison, kind: str) -> None:
        self.comparison, self.kind = comparison, kind

    def __len__(self) -> int:
        return self.comparison.counts.get(self.kind, 0)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if not isinstance(index, slice):
            return self[index : index + 1][0]
        start, stop, _ = index.indices(len(self))
        if start >= stop:
            return []
        comparison, kind = self.comparison, self.kind
        column_of = columns_by_key(comparison.submission)
        uploads = {upload.pk: upload for upload in comparison.uploads}
        if stop <= PAGE and kind in comparison.first:
            page = comparison.first[kind][start:stop]
            return [_difference(kind, value, uploads[value.upload], column_of) for value in page]
        store = store_of(comparison.submission.dataset)

        def find() -> list[ChangedValue]:
            return store.changed(comparison.submission, comparison.uploads, kind, start, stop)

        found = _once(comparison.submission, comparison.uploads, f"{kind}-{start}-{stop}", find)
        return [_difference(kind, value, uploads[value.upload], column_of) for value in found]


def accepted_uploads(submission: Submission, *, by: User | None = None) -> list[Upload]:
    """Waiting files that were read and hold no error and no open question.

    Of a person who writes some rows only (`by`), those that they sent.
    """
    waiting = submission.uploads.open()
    if by is not None and own_rows_of(submission, by) is not None:
        waiting = waiting.filter(uploaded_by=by)
    return [upload for upload in waiting if upload.is_accepted]


def compare(submission: Submission, *, keep: bool = False, by: User | None = None) -> Comparison:
    """What committing the accepted files (of `by`) would do; with `keep` it is kept for then."""
    uploads = accepted_uploads(submission, by=by)
    store = store_of(submission.dataset)

    def find() -> Changes:
        return store.changes(submission, uploads, first=PAGE, keep=keep)

    found = _once(submission, uploads, "changes", find)
    column_of = columns_by_key(submission)
    before = _sums((column_of(key), value) for key, value in found.before.items())
    going = _sums((column_of(key), value) for key, value in found.going.items())
    after = {
        column: before.get(column, Decimal(0))
        - going.get(column, Decimal(0))
        + found.coming.get(column, Decimal(0))
        for column in {**before, **found.coming}
    }
    return Comparison(
        submission=submission,
        uploads=uploads,
        counts=found.counts,
        overlaps=overlaps(uploads),
        before=before,
        after=after,
        first=found.first,
    )


def look_ahead(submission: Submission) -> None:
    """Compare a large file where it was read, so that its first page is there at once."""
    compare(submission, keep=True)


def _once(
    submission: Submission, uploads: Sequence[Upload], what: str, find: Callable[[], Found]
) -> Found:
    """Kept for an hour where many values wait, as long as nothing was read or written since."""
    if sum(upload.reconciliation.get("stored", 0) for upload in uploads) < MANY_ROWS:
        return find()
    last = submission.events.order_by("-pk").values_list("pk", flat=True).first()
    files = ",".join(f"{upload.pk}.{upload.readings}" for upload in uploads)
    key = f"compare:{submission.pk}:{last}:{hashlib.sha256(files.encode()).hexdigest()}:{what}"
    known: Found | None = cache.get(key)
    if known is None:
        known = find()
        cache.set(key, known, 3600)
    return known


def _difference(kind: str, value: ChangedValue, upload: Upload, column_of) -> Difference:  # type: ignore[no-untyped-def]
    if value.new is not None:
        key, column = key_of(value.new), value.new.column
    else:
        key = value.key or ValueKey("", "")
        column = column_of(key)
    return Difference(cast("Change", kind), key, column, value.old, value.new, upload)


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
