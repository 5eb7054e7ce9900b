"""What a submission holds by record, as the engine and the ledgers ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet, Sum

from portal.collection.stores import StoredRow, StoredValue, ValueKey
from programs.models import RecordValue
from programs.models.records import RecordValueQuerySet

if TYPE_CHECKING:
    from portal.collection.models import Dataset, ReportingPeriod, Submission
    from portal.collection.workbooks.layout import Column

KEY = ("row", "measure", "group", "sex", "category")


def of(submission: Submission) -> RecordValueQuerySet:
    return RecordValue.objects.filter(submission=submission)


def plain(value: Decimal | None) -> Decimal | None:
    """Without the zeros that the column's scale adds: 12.0000000000 is 12."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _key(row: str, measure: str, group: str | None, sex: str, category: str) -> ValueKey:
    return ValueKey(row, measure, group, sex or None, category)


def current_values(
    submission: Submission,
    *,
    rows: Collection[str] | None = None,
    measures: Collection[str] | None = None,
) -> dict[ValueKey, StoredValue]:
    wanted = of(submission)
    if rows is not None:
        wanted = wanted.filter(row__in=list(rows))
    if measures is not None:
        wanted = wanted.filter(measure__in=list(measures))
    found = wanted.order_by("pk").values_list(*KEY, "value", "missing", "upload", "sheet", "cell")
    return {
        _key(*told[:5]): StoredValue(plain(told[5]), *told[6:])  # type: ignore[arg-type]
        for told in found
    }


def numbers(submissions: QuerySet[Submission]) -> dict[ValueKey, Decimal]:
    """The numbers of these submissions by key; of one dataset, unit and period there is one."""
    found = RecordValue.objects.filter(submission__in=submissions, value__isnull=False)
    return {
        _key(*key): plain(value) or Decimal(0)
        for *key, value in found.order_by("pk").values_list(*KEY, "value")
    }


def approved_values(
    dataset: Dataset,
    rows: Collection[str],
    periods: Collection[ReportingPeriod],
    *,
    measures: Collection[str],
) -> dict[int, dict[ValueKey, StoredValue]]:
    found = RecordValue.objects.approved().filter(
        submission__dataset=dataset,
        submission__period__in=list(periods),
        row__in=list(rows),
        measure__in=list(measures),
    )
    by_period: dict[int, dict[ValueKey, StoredValue]] = defaultdict(dict)
    told = found.order_by("pk").values_list("submission__period", *KEY, "value", "missing")
    for period, *key, value, missing in told:
        by_period[period][_key(*key)] = StoredValue(plain(value), missing)
    return by_period


def places(submission: Submission) -> list[tuple[str, str | None]]:
    return list(of(submission).order_by().values_list("row", "group").distinct())


def sums(submission: Submission) -> dict[ValueKey, Decimal]:
    """By key with an empty row; a sum over no number is left out."""
    by_key = of(submission).filter(value__isnull=False).order_by()
    totals = by_key.values_list(*KEY[1:]).annotate(total=Sum("value"))
    return {_key("", *key): plain(total) or Decimal(0) for *key, total in totals}


def found_at(submission: Submission, upload: int, cell: str) -> ValueKey | None:
    wanted = of(submission).filter(upload=upload, cell=cell).order_by("pk")
    found = wanted.values_list(*KEY).first()
    return _key(*found) if found else None


def rows(submission: Submission, columns: Sequence[Column]) -> Iterator[StoredRow]:
    """A row for each record and group, in no order that means anything."""
    position = {
        (column.measure, column.sex or "", column.category or ""): index
        for index, column in enumerate(columns)
    }
    found: dict[tuple[str, str | None], tuple[list[str | None], list[str]]] = {}
    told = of(submission).order_by("pk").values_list(*KEY, "value", "missing")
    for row, measure, group, sex, category, value, missing in told:
        cells, all_told = found.setdefault((row, group), ([None] * len(columns), []))
        text = missing if value is None else f"{plain(value):f}"
        all_told.append(text)
        if (index := position.get((measure, sex, category))) is not None:
            cells[index] = text
    for (row, group), (cells, all_told) in found.items():
        yield StoredRow(row, group, cells, len(all_told))


def lines(submission: Submission) -> Iterator[str]:
    """In the order of their bytes, as a database of collation C has them."""
    told = of(submission).order_by().values_list(*KEY, "value", "missing")
    texts = [
        "\t".join([row, measure, group or "", sex, category, number, missing])
        for row, measure, group, sex, category, value, missing in told
        for number in ["" if value is None else f"{plain(value):f}"]
    ]
    return iter(sorted(texts, key=str.encode))
