"""The workbook to be filled in, and a sent workbook with its mistakes marked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from portal.collection.models import Dataset, ReportingPeriod, Submission, Upload
from portal.collection.stores import store_of
from portal.collection.workbooks.marking import mark_workbook
from portal.collection.workbooks.outcome import Issue
from portal.collection.workbooks.source import Unreadable
from portal.collection.workbooks.template import write_template
from portal.units.models import AdministrativeUnit
from portal.units.names import fold

from .owning import own_rows_of
from .reading import local_file
from .refusals import CannotMark

if TYPE_CHECKING:
    from portal.accounts.models import User


def template_workbook(
    *,
    dataset: Dataset,
    unit: AdministrativeUnit,
    period: ReportingPeriod,
    by: User | None = None,
) -> bytes:
    """An xlsx of this dataset, unit and period, pre-filled and with drop-downs.

    Of a person who writes some rows only (`by`), with those rows.
    """
    layout = store_of(dataset).layout(dataset, unit, period)
    asked = Submission(dataset=dataset, unit=unit, period=period)
    own = own_rows_of(asked, by) if by is not None else None
    if own is not None:
        layout = replace(layout, units=tuple(row for row in layout.units if row.code in own))
    return write_template(layout)


def template_name(*, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> str:
    """ "bieu-05-son-dong-2023.xlsx": letters of ASCII only, for every file system."""
    words = f"{dataset.code} {unit.name} {period.code}"
    return f"{'-'.join(fold(words).split())}.xlsx"


def marked_workbook(*, upload: Upload) -> bytes:
    """The sender's own workbook with the cells of its issues filled and commented; a csv as csv.

    Raises:
        CannotMark: the file is no workbook, too large to be marked, or lost from the store.
    """
    issues = [Issue(**issue) for issue in upload.issues]
    try:
        with local_file(upload) as path:
            return mark_workbook(path, issues, name=upload.original_name)
    except (Unreadable, FileNotFoundError) as problem:
        raise CannotMark from problem


def marked_name(upload: Upload, content: bytes) -> str:
    """A workbook with macros keeps the suffix by which Excel opens it."""
    name = PurePath(upload.original_name)
    if not content.startswith(b"PK"):
        suffix = "txt" if name.suffix.lower() == ".txt" else "csv"
        return f"{name.stem}-danh-dau-loi.{suffix}"
    suffix = "xlsm" if b"xl/vbaProject.bin" in content else "xlsx"
    return f"{name.stem}-danh-dau-loi.{suffix}"
