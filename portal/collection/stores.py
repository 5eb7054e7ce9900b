"""What a domain app gives to a dataset: the rows it expects, and a place for its values.

`portal.collection` knows no domain. `Dataset.store` names a class by its dotted path; an object of
it does everything that needs the domain's own tables.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from django.utils.module_loading import import_string

from .workbooks.layout import Column, Layout
from .workbooks.outcome import CellValue
from .workbooks.rules import Objection, Told

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.units.models import AdministrativeUnit

    from .models import Dataset, ReportingPeriod, Submission, Upload


class Asked(Protocol):
    """What is asked of whom and for when: a submission, or an errand of the shell."""

    @property
    def dataset(self) -> Dataset: ...
    @property
    def unit(self) -> AdministrativeUnit: ...
    @property
    def period(self) -> ReportingPeriod: ...


class ValueKey(NamedTuple):
    """What a value is about. `group` and `sex` None mean all; `category` "" means none.

    `unit` is the code of the row: a unit's, or that of a record such as a works.
    """

    unit: str
    measure: str
    group: str | None = None
    sex: str | None = None
    category: str = ""


class StoredValue(NamedTuple):
    """A value as stored, and the cell it came from; `upload` None for one typed in the form."""

    value: Decimal | None
    missing: str = ""
    upload: int | None = None
    sheet: str = ""
    cell: str = ""


class StoredRow(NamedTuple):
    """The values of one unit and group: a cell for each column that was asked for.

    A cell is a number with a decimal point, the reason why there is none, or None for nothing.
    `value_count` is how many values there are, those of no column included.
    """

    unit: str
    group: str | None
    cells: list[str | None]
    value_count: int


class Changes(NamedTuple):
    """What taking files over would do: counts by kind, and sums of values.

    `before` and `going` add what is stored by everything but the unit, `coming` what waits by the
    key of the column. The totals afterwards are before - going + coming. `first` holds as many
    values as were asked for of the first kind that is there (new, changed, removed, same).
    """

    counts: Mapping[str, int]
    before: Mapping[ValueKey, Decimal]
    going: Mapping[ValueKey, Decimal]
    coming: Mapping[str, Decimal]
    first: Mapping[str, list[ChangedValue]] = {}


class ChangedValue(NamedTuple):
    """One value before (`key`, `old`) and after (`new`), and the upload that changes it."""

    upload: int
    key: ValueKey | None
    old: StoredValue | None
    new: CellValue | None


class Written(NamedTuple):
    """How many values a `write` made, changed, left as they were and took away."""

    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0

    def __add__(self, other: Written) -> Written:  # type: ignore[override]
        return Written(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def touched(self) -> bool:
        return bool(self.new or self.changed or self.removed)


class Over(NamedTuple):
    """What now stands where an upload wrote: files taken over later (their ids), or typing."""

    uploads: frozenset[int] = frozenset()
    typed: bool = False

    def __bool__(self) -> bool:
        return bool(self.uploads or self.typed)


class Free:
    """The hooks of a store whose domain asks nothing beyond the declared rules."""

    guards = False

    def objections(self, asked: Asked, layout: Layout, told: Told) -> Iterable[Objection]:
        return ()

    def own_rows(self, asked: Asked, user: User) -> Collection[str] | None:
        return None

    def before_sending(self, submission: Submission, *, by: User) -> None:
        return None

    def take_effect(self, submission: Submission, *, by: User) -> None:
        return None


class Store(Protocol):
    """The domain's side of a dataset."""

    @property
    def guards(self) -> bool:
        """Whether the domain is asked at all: `objections`, `own_rows` and `take_effect`."""

    def objections(self, asked: Asked, layout: Layout, told: Told) -> Iterable[Objection]:
        """What the domain holds against `told`, all rows as they would stand, at row and column.

        Asked of a file as it is read and again when it is taken over, of the grid, the API, and
        of everything stored at submission and at each approval: other data may have changed.
        Errors refuse, warnings ask for a reason, as those of declared rules do. Reads only.
        """

    def own_rows(self, asked: Asked, user: User) -> Collection[str] | None:
        """Codes of the rows that `user` may write; None: every row."""

    def before_sending(self, submission: Submission, *, by: User) -> None:
        """What the domain wants of a complete submission, its letter included, as it is sent.

        Inside the transaction of sending, while it is still a draft. A `Refused` with a sentence
        refuses it: nothing is sent, and the sender reads it.
        """

    def take_effect(self, submission: Submission, *, by: User) -> None:
        """What follows from the last approval, inside its transaction.

        Of a correction `submission.revision` is over 1, and the revision before it is superseded
        by now. Runs once for each revision. A `Refused` with a sentence, or the database's refusal
        of what is written, refuses the approval: all stays as it was, and the approver reads it.
        """

    def layout(self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> Layout:
        """What is expected of `unit` in `period`: units in force on the period's last day.

        `Dataset.layout_of(...)` builds it from the declared columns and rules; the store adds rows
        and groups.
        """

    def previous(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Mapping[ValueKey, Decimal]:
        """Approved values of the period before, for rules that watch changes; may be empty."""

    def approved(
        self,
        dataset: Dataset,
        units: Collection[str],
        periods: Collection[ReportingPeriod],
        *,
        measures: Collection[str],
        day: datetime.date,
    ) -> Mapping[int, Mapping[ValueKey, StoredValue]]:
        """Approved values by period (its pk), of the units with these codes on `day`.

        What was told of units that went whole into one of them is added up for it. For rules that
        look at other periods or other datasets. What is not there is left out.
        """

    def current(
        self,
        submission: Submission,
        *,
        units: Collection[str] | None = None,
        measures: Collection[str] | None = None,
    ) -> Mapping[ValueKey, StoredValue]:
        """All values of this submission, or those of some units or measures."""

    def places(self, submission: Submission) -> list[tuple[str, str | None]]:
        """The unit and group of every row that has values."""

    def count(self, submission: Submission) -> int:
        """How many values this submission has."""

    def lines(self, submission: Submission) -> Iterator[str]:
        """Each value as a line of key, number and reason between tabs, in order of the text.

        For millions of values: they are fetched a few thousand at a time.
        """

    def sums(self, submission: Submission) -> Mapping[ValueKey, Decimal]:
        """What is stored, added up over the units: by key with an empty unit."""

    def found_at(self, submission: Submission, upload: int, cell: str) -> ValueKey | None:
        """What the value is about that came from this cell of this upload."""

    def rows(self, submission: Submission, columns: Sequence[Column]) -> Iterator[StoredRow]:
        """All values of this submission by unit and group, with a cell for each of `columns`.

        Columns are told apart by measure, sex and category. For millions of values: nothing is
        made for each of them.
        """

    def copy(self, source: Submission, target: Submission) -> None:
        """Begin a correction: `target` gets every value of `source`, with its link to the file."""

    def write(
        self,
        submission: Submission,
        values: Sequence[CellValue],
        upload: Upload | None,
        *,
        units: Sequence[str] | None = None,
    ) -> Written:
        """Make `values` the submission's values of `units` (default: the units in `values`).

        Values of other units stay. An equal value is not touched and keeps its older source, so
        the same file twice changes nothing. Runs inside the caller's transaction; set-based.
        What an upload changes or takes away is kept beside it until the upload is undone.
        """

    def write_staged(self, submission: Submission, upload: Upload) -> Written:
        """`write` of all that waits of `upload`, of `upload.units`, without bringing it here.

        No two waiting values of a file are about the same thing.
        """

    def changes(
        self,
        submission: Submission,
        uploads: Sequence[Upload],
        *,
        first: int = 0,
        keep: bool = False,
    ) -> Changes:
        """What taking over all that waits of `uploads` would do; changes no value.

        `first` values of the first kind come with it. With `keep` the store may keep what it found,
        and use it in `write_staged` where nothing can have changed since.
        """

    def changed(
        self, submission: Submission, uploads: Sequence[Upload], kind: str, start: int, stop: int
    ) -> list[ChangedValue]:
        """Those of one kind (new, changed, same, removed) from `start` up to `stop`."""

    def units_of(self, submission: Submission) -> set[str]:
        """Codes of the units that this submission has values of."""

    def written_over(self, submission: Submission, upload: Upload) -> Over:
        """Who wrote later where `upload` wrote; nothing of it can be undone then."""

    def undo(self, submission: Submission, upload: Upload) -> Written:
        """Take back what `upload` made, and put back what it changed or took away.

        The counts are those of the way back: `new` values return, `changed` have their old value
        again, `removed` are gone. Runs inside the caller's transaction; set-based. The caller asks
        `written_over` first.
        """


def store_of(dataset: Dataset) -> Store:
    """The store that `dataset` names."""
    return cast(Store, import_string(dataset.store)())


def key_of(value: CellValue) -> ValueKey:
    """The key of a value that was read."""
    return ValueKey(value.unit, value.indicator, value.group, value.sex, value.category or "")
