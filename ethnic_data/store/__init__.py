"""Where the values of ethnic-data datasets live: the `Store` that portal.collection asks for."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection

from ethnic_data.models import Observation
from portal.collection.stores import (
    ChangedValue,
    Changes,
    Free,
    Over,
    StoredRow,
    StoredValue,
    ValueKey,
    Written,
)
from portal.collection.workbooks.layout import Column, Layout
from portal.collection.workbooks.outcome import CellValue

from .comparing import changed_values, changes_of, sums_of
from .earlier import approved_values, plain
from .layouts import layout_of, previous_period, row_units
from .tabling import lines_of, rows_of
from .taking import UnknownCode, take_over
from .undoing import undo_values, written_over
from .writing import write_values

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.collection.models import Dataset, ReportingPeriod, Submission, Upload
    from portal.units.models import AdministrativeUnit

COPIED = (
    "indicator_id, unit_id, group_id, sex, category, value, missing, reference_date, kind,"
    " upload_id, sheet, cell, raw"
)


class ObservationStore(Free):
    """Values of a submission are its observations. Runs in the caller's transaction."""

    def layout(self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> Layout:
        """The communes of `unit` in force on the period's last day, groups, declared columns."""
        return layout_of(dataset, unit, period)

    def previous(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Mapping[ValueKey, Decimal]:
        """Approved values of the period before, in the units that `unit` has now."""
        before = previous_period(period)
        if before is None:
            return {}
        units = [row.code for row in row_units(dataset, unit, period)]
        found = approved_values(dataset, units, [before], day=period.end).get(before.pk, {})
        return {key: stored.value for key, stored in found.items() if stored.value is not None}

    def approved(
        self,
        dataset: Dataset,
        units: Collection[str],
        periods: Collection[ReportingPeriod],
        *,
        measures: Collection[str],
        day: datetime.date,
    ) -> Mapping[int, Mapping[ValueKey, StoredValue]]:
        """Approved values by period (its pk), of the units that have these codes on `day`."""
        return approved_values(dataset, units, periods, day=day, measures=measures)

    def current(
        self,
        submission: Submission,
        *,
        units: Collection[str] | None = None,
        measures: Collection[str] | None = None,
    ) -> Mapping[ValueKey, StoredValue]:
        """All values of this submission, or those of some units or measures."""
        wanted = Observation.objects.filter(submission=submission)
        if units is not None:
            wanted = wanted.filter(unit__code__in=list(units))
        if measures is not None:
            wanted = wanted.filter(indicator__code__in=list(measures))
        return dict(_by_key(wanted))

    def places(self, submission: Submission) -> list[tuple[str, str | None]]:
        """The unit and group of every row that has values."""
        found = Observation.objects.filter(submission=submission).order_by()
        return list(found.values_list("unit__code", "group__code").distinct())

    def count(self, submission: Submission) -> int:
        """How many values this submission has."""
        return Observation.objects.filter(submission=submission).count()

    def lines(self, submission: Submission) -> Iterator[str]:
        """Each value as a line of key, number and reason between tabs, in order of the text."""
        return lines_of(submission)

    def sums(self, submission: Submission) -> Mapping[ValueKey, Decimal]:
        """What is stored, added up over the units in the database."""
        return {key: plain(value) or Decimal(0) for key, value in sums_of(submission).items()}

    def found_at(self, submission: Submission, upload: int, cell: str) -> ValueKey | None:
        """What the value is about that came from this cell of this upload."""
        wanted = Observation.objects.filter(submission=submission, upload=upload, cell=cell)
        found = _by_key(wanted, most=1)
        return found[0][0] if found else None

    def rows(self, submission: Submission, columns: Sequence[Column]) -> Iterator[StoredRow]:
        """All values of this submission by unit and group, with a cell for each of `columns`."""
        return rows_of(submission, columns)

    def copy(self, source: Submission, target: Submission) -> None:
        """Begin a correction: the values of `source`, with their links to files."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO ethnic_data_observation (submission_id, {COPIED})
                SELECT %s, {COPIED} FROM ethnic_data_observation WHERE submission_id = %s
                """,  # noqa: S608 - a constant list of columns
                [target.pk, source.pk],
            )

    def write(
        self,
        submission: Submission,
        values: Sequence[CellValue],
        upload: Upload | None,
        *,
        units: Sequence[str] | None = None,
    ) -> Written:
        """Make `values` the submission's values of `units` (default: the units in `values`).

        Raises:
            UnknownCode: a value names a unit, an indicator, a group or a category that is not
                there.
        """
        scope = sorted({value.unit for value in values} if units is None else set(units))
        return write_values(submission, values, upload, scope)

    def write_staged(self, submission: Submission, upload: Upload) -> Written:
        """Make what waits of `upload` the submission's values of `upload.units`.

        Raises:
            UnknownCode: see `write`.
        """
        return take_over(submission, upload)

    def changes(
        self,
        submission: Submission,
        uploads: Sequence[Upload],
        *,
        first: int = 0,
        keep: bool = False,
    ) -> Changes:
        """What taking over all that waits of `uploads` would do; changes no value."""
        return changes_of(submission, uploads, first=first, keep=keep)

    def changed(
        self, submission: Submission, uploads: Sequence[Upload], kind: str, start: int, stop: int
    ) -> list[ChangedValue]:
        """Those of one kind (new, changed, same, removed) from `start` up to `stop`."""
        return changed_values(submission, uploads, kind, start, stop)

    def units_of(self, submission: Submission) -> set[str]:
        """Codes of the units that this submission has values of."""
        found = Observation.objects.filter(submission=submission)
        return set(found.order_by().values_list("unit__code", flat=True).distinct())

    def written_over(self, submission: Submission, upload: Upload) -> Over:
        """Files taken over later, or typing, where `upload` wrote."""
        return written_over(submission, upload)

    def undo(self, submission: Submission, upload: Upload) -> Written:
        """Take back what `upload` made; put back what it changed or took away."""
        return undo_values(submission, upload)


def _by_key(
    observations: QuerySet[Observation], *, most: int | None = None
) -> list[tuple[ValueKey, StoredValue]]:
    rows = observations.order_by("pk").values_list(
        "unit__code",
        "indicator__code",
        "group__code",
        "sex",
        "category",
        "value",
        "missing",
        "upload_id",
        "sheet",
        "cell",
    )[:most]
    return [
        (
            ValueKey(unit, indicator, group, sex or None, category),
            StoredValue(plain(value), missing, upload, sheet, cell),
        )
        for unit, indicator, group, sex, category, value, missing, upload, sheet, cell in rows[
            :most
        ]
    ]


__all__ = ["ObservationStore", "UnknownCode", "plain"]
