"""The workbook to be filled in: rows pre-filled, headings locked, entries checked as typed.

A hidden name and a very hidden sheet carry the version mark, so that every format the workbook
may be saved in still tells what it was made for.
"""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from ..claims import MARK_SHEET, mark_of_layout
from ..layout import MEASURE_ROWS, Layout
from .form import Form, Values, plain_text
from .guide import write_guide
from .measure_form import MeasureForm
from .unit_form import GROUPS_NAME, UNITS_NAME, UnitForm

MARK_NAME = "_bieu_mau"

__all__ = ["write_template"]


def write_template(layout: Layout, *, values: Values | None = None) -> bytes:
    """An xlsx (bytes) for one dataset, unit and period; `values` fill cells by row and key."""
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(layout.dataset)
    kind: type[Form] = MeasureForm if layout.rows == MEASURE_ROWS else UnitForm
    kind(layout, sheet, values or {}).write()
    write_guide(book.create_sheet("Hướng dẫn"), layout)
    _write_lists(book, layout)
    book.properties.title = layout.title
    book.properties.creator = ""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_name(dataset: str) -> str:
    """At most 31 characters without those that Excel forbids."""
    return "".join(char for char in dataset if char not in "[]:*?/\\'")[:31] or "Biểu"


def _write_lists(book: Workbook, layout: Layout) -> None:
    """The hidden sheet: the mark in A1, the drop-downs' lists beside it."""
    sheet = book.create_sheet(MARK_SHEET)
    mark = mark_of_layout(layout).as_text()
    plain_text(sheet, 1, 1, mark)
    lists = {
        UNITS_NAME: [unit.label for unit in layout.valid_units()],
        GROUPS_NAME: [group.name for group in layout.groups],
    }
    for column, (name, texts) in enumerate(lists.items(), 3):
        for row, text in enumerate(texts, 1):
            plain_text(sheet, row, column, text)
        if texts:
            letter = get_column_letter(column)
            area = f"'{MARK_SHEET}'!${letter}$1:${letter}${len(texts)}"
            book.defined_names[name] = DefinedName(name, attr_text=area, hidden=True)
    constant = '"' + mark[:250].replace('"', "'") + '"'
    book.defined_names[MARK_NAME] = DefinedName(MARK_NAME, attr_text=constant, hidden=True)
    sheet.sheet_state = "veryHidden"
