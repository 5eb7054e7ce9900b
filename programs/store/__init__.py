"""Where datasets whose rows are records keep their values: works, components, plan lines.

A dataset of the programme names a subclass of `RecordStore` that says which rows it has, and what
the programme's own tables hold against its values: see docs/adr on how one is declared.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from ethnic_data.store.layouts import main_groups, once
from portal.collection.models import ReportingPeriod, Submission
from portal.collection.stores import (
    Asked,
    ChangedValue,
    Changes,
    Free,
    Over,
    StoredRow,
    StoredValue,
    ValueKey,
    Written,
)
from portal.collection.workbooks.layout import Column, GroupName, LaterRows, Layout, RowUnit
from portal.collection.workbooks.outcome import CellValue

from . import comparing, reading, writing
from .posting import Difference, differences

if TYPE_CHECKING:
    from portal.collection.models import Dataset, Upload
    from portal.units.models import AdministrativeUnit


class RecordStore(Free):
    """Values of a submission by the codes of records. Runs in the caller's transaction.

    A subclass gives `row_units`, and where it needs them `known_rows`, `group_names`,
    `objections`, `own_rows` and `take_effect`.
    """

    guards = True
    row_noun: ClassVar[str] = "công trình"
    row_heading: ClassVar[str] = "Tên công trình"
    code_heading: ClassVar[str] = "Mã công trình"
    expected_noun: ClassVar[str] = "tổng mức đầu tư"
    ceiling_noun: ClassVar[str] = "kế hoạch vốn"

    def row_units(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        """The records that stand in the rows, in their order: code, name, place, how much."""
        raise NotImplementedError

    def known_rows(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        """Other records that a file may name by mistake, so that it is told where they belong."""
        return ()

    def group_names(self) -> Sequence[GroupName]:
        """Ethnic groups, for a dataset with a row for each record and group."""
        return ()

    def main_groups(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[str]:
        """Codes of the groups that the page shows before others are asked for."""
        return main_groups(dataset, unit, period)

    def layout(self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> Layout:
        """The declared columns and rules with the records of this unit and period."""
        key = ("layout", dataset.pk, unit.pk, period.pk)
        return once(key, lambda: self._layout(dataset, unit, period))

    def _layout(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Layout:
        has_groups = dataset.row_axis == "unit_group"
        return dataset.layout_of(
            unit=unit,
            period=period,
            units=tuple(self.row_units(dataset, unit, period)),
            known_units=LaterRows(lambda: self.known_rows(dataset, unit, period)),
            groups=tuple(self.group_names()) if has_groups else (),
            main_groups=tuple(self.main_groups(dataset, unit, period)) if has_groups else (),
            row_noun=self.row_noun,
            unit_heading=self.row_heading,
            code_heading=self.code_heading,
            expected_noun=self.expected_noun,
            ceiling_noun=self.ceiling_noun,
            has_records=True,
        )

    def posted(self, asked: Asked) -> Mapping[ValueKey, Decimal]:
        """What the approved revision of this dataset, unit and period says now.

        A check against a ledger counts it out, for a correction posts only the difference.
        """
        approved = Submission.objects.approved().filter(
            dataset=asked.dataset, unit=asked.unit, period=asked.period
        )
        return reading.numbers(approved)

    def differences(self, submission: Submission) -> list[Difference]:
        """What the approval of `submission` changes against the revision that it takes over from.

        For `take_effect`: of a first revision everything is new; a value that a correction drops
        goes to nothing.
        """
        return differences(submission)

    # the protocol

    def previous(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Mapping[ValueKey, Decimal]:
        """Approved values of the unit's period before."""
        before = ReportingPeriod.objects.filter(frequency=period.frequency, end__lt=period.end)
        return reading.numbers(
            Submission.objects.approved().filter(
                dataset=dataset, unit=unit, period=before.order_by("-end")[:1]
            )
        )

    def approved(
        self,
        dataset: Dataset,
        units: Collection[str],
        periods: Collection[ReportingPeriod],
        *,
        measures: Collection[str],
        day: datetime.date,
    ) -> Mapping[int, Mapping[ValueKey, StoredValue]]:
        """Approved values by period (its pk) of the records with these codes."""
        return reading.approved_values(dataset, units, periods, measures=measures)

    def current(
        self,
        submission: Submission,
        *,
        units: Collection[str] | None = None,
        measures: Collection[str] | None = None,
    ) -> Mapping[ValueKey, StoredValue]:
        """All values of this submission, or those of some rows or measures."""
        return reading.current_values(submission, rows=units, measures=measures)

    def places(self, submission: Submission) -> list[tuple[str, str | None]]:
        """The row and group of every row that has values."""
        return reading.places(submission)

    def count(self, submission: Submission) -> int:
        """How many values this submission has."""
        return reading.of(submission).count()

    def lines(self, submission: Submission) -> Iterator[str]:
        """Each value as a line of key, number and reason between tabs, in order of the text."""
        return reading.lines(submission)

    def sums(self, submission: Submission) -> Mapping[ValueKey, Decimal]:
        """What is stored, added up over the rows."""
        return reading.sums(submission)

    def found_at(self, submission: Submission, upload: int, cell: str) -> ValueKey | None:
        """What the value is about that came from this cell of this upload."""
        return reading.found_at(submission, upload, cell)

    def rows(self, submission: Submission, columns: Sequence[Column]) -> Iterator[StoredRow]:
        """All values of this submission by row and group, with a cell for each of `columns`."""
        return reading.rows(submission, columns)

    def units_of(self, submission: Submission) -> set[str]:
        """Codes of the rows that this submission has values of."""
        return set(reading.of(submission).order_by().values_list("row", flat=True).distinct())

    def copy(self, source: Submission, target: Submission) -> None:
        """Begin a correction: the values of `source`, with their links to files."""
        writing.copy_values(source, target)

    def write(
        self,
        submission: Submission,
        values: Sequence[CellValue],
        upload: Upload | None,
        *,
        units: Sequence[str] | None = None,
    ) -> Written:
        """Make `values` the submission's values of the rows `units` (default: those in them)."""
        scope = sorted({value.unit for value in values} if units is None else set(units))
        return writing.write_values(submission, values, upload, scope)

    def write_staged(self, submission: Submission, upload: Upload) -> Written:
        """Make what waits of `upload` the submission's values of `upload.units`."""
        return writing.take_over(submission, upload)

    def changes(
        self,
        submission: Submission,
        uploads: Sequence[Upload],
        *,
        first: int = 0,
        keep: bool = False,
    ) -> Changes:
        """What taking over all that waits of `uploads` would do; changes no value."""
        return comparing.changes_of(submission, uploads, first=first)

    def changed(
        self, submission: Submission, uploads: Sequence[Upload], kind: str, start: int, stop: int
    ) -> list[ChangedValue]:
        """Those of one kind (new, changed, same, removed) from `start` up to `stop`."""
        return comparing.changed_values(submission, uploads, kind, start, stop)

    def written_over(self, submission: Submission, upload: Upload) -> Over:
        """Files taken over later, or typing, where `upload` wrote."""
        return writing.written_over(submission, upload)

    def undo(self, submission: Submission, upload: Upload) -> Written:
        """Take back what `upload` made; put back what it changed or took away."""
        return writing.undo_values(submission, upload)


__all__ = ["Difference", "RecordStore"]
