"""Printed totals of a file, each a row of its own: thousands of them burden no mend and no page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import cast

from portal.collection.models import PrintedTotal, Upload
from portal.collection.workbooks.kept import Scope, Working
from portal.collection.workbooks.outcome import ControlTotal, Reading

from .stored_text import plain

SHOWN_TOTALS = 60
AT_ONCE = 2_000
LARGEST = Decimal(10) ** 40


def keep_totals(upload: Upload, reading: Reading) -> None:
    """Replace the totals of an earlier reading."""
    upload.totals.all().delete()
    working: Working | None = reading.working
    scopes = working.scopes if working else {}
    PrintedTotal.objects.bulk_create(
        (
            _kept(upload, position, total, scopes.get((total.sheet, total.cell), ()))
            for position, total in enumerate(reading.reconciliation.totals)
        ),
        batch_size=AT_ONCE,
    )


def _kept(
    upload: Upload, position: int, total: ControlTotal, scopes: Sequence[Scope]
) -> PrintedTotal:
    ranges = [part for scope in scopes for part in scope.ranges]
    return PrintedTotal(
        upload=upload,
        position=position,
        sheet=plain(total.sheet)[:120],
        cell=total.cell[:12],
        label=plain(total.label)[:255],
        heading=plain(total.heading),
        column=total.column,
        printed=_within(total.printed),
        computed=_within(total.computed),
        agrees=total.agrees,
        first=min((part[0] for part in ranges), default=None),
        last=max((part[1] for part in ranges), default=None),
        scopes=[[scope.ranges, str(scope.sum)] for scope in scopes],
    )


def _within(number: Decimal | None) -> Decimal | None:
    """A number as far as it has a place in the table."""
    return number if number is not None and abs(number) < LARGEST else None


def shown_totals(upload: Upload) -> dict[str, object]:
    """The totals for a page: those that differ first, the others as far as there is room."""
    count = upload.totals.count()
    return {
        "totals": upload.totals.defer("scopes").order_by("agrees", "position")[:SHOWN_TOTALS],
        "more_totals": max(0, count - SHOWN_TOTALS),
        "totals_apart": upload.totals.filter(agrees=False).count(),
    }


def last_printed(uploads: Iterable[Upload]) -> Iterator[tuple[int, dict[str, Decimal]]]:
    """Each file's last printed total of each column, by the file's number; one query."""
    mine: dict[int, dict[str, Decimal]] = {upload.pk: {} for upload in uploads}
    found = (
        PrintedTotal.objects.filter(upload__in=mine, printed__isnull=False)
        .order_by("upload", "column", "-position")
        .distinct("upload", "column")
    )
    for pk, column, printed in found.values_list("upload", "column", "printed"):
        mine[pk][column] = cast(Decimal, printed)
    return iter(mine.items())


def touching(
    upload: Upload, columns: Collection[str], positions: Collection[int]
) -> list[PrintedTotal]:
    """The totals of these columns that may stand for one of these rows."""
    found = upload.totals.filter(
        column__in=columns, first__lte=max(positions), last__gte=min(positions)
    )
    return list(found)
