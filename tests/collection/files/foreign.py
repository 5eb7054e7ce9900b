"""Understands a grid without writing a file: for the many traits that no container changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import Reading
from portal.collection.workbooks.rules import Beside
from portal.collection.workbooks.source import Sheet, Source
from portal.collection.workbooks.understanding import understand


def sheet_of(
    rows: Sequence[Sequence[Any]],
    *,
    name: str = "Bieu",
    merges: Sequence[tuple[int, int, int, int]] = (),
    **more: Any,
) -> Sheet:
    """A sheet as the reader gives it: whole numbers are floats, empty cells are ""."""
    cells = [
        ["" if cell is None else float(cell) if type(cell) is int else cell for cell in row]
        for row in rows
    ]
    return Sheet(name, rows=cells, merges=list(merges), **more)


def understood(
    rows: Sequence[Sequence[Any]] | None,
    layout: Layout,
    *,
    answers: Mapping[str, str] | None = None,
    name: str = "tep.xlsx",
    sheets: Sequence[Sheet] = (),
    beside: Beside | None = None,
    **more: Any,
) -> Reading:
    all_sheets = [*([sheet_of(rows, **more)] if rows is not None else []), *sheets]
    source = Source("xlsx", all_sheets)
    return understand(source, layout=layout, answers=answers or {}, name=name, beside=beside)


def messages(reading: Reading) -> list[str]:
    return [issue.message for issue in reading.issues]
