"""Values of xlsx, xlsb, xls and ods by python-calamine.

The native reader may abort the process, run out of memory or raise what is no `Exception`; the
process is ours alone, so all of that ends here or in the parent.
"""

from __future__ import annotations

from pathlib import Path

import python_calamine as calamine

from .output import Output
from .problems import Problem

MAX_SHEETS = 200
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384


def open_workbook(path: Path) -> calamine.CalamineWorkbook:
    """The workbook, recognised by content; raises `Problem` encrypted or corrupt."""
    try:
        with path.open("rb") as file:
            return calamine.CalamineWorkbook.from_filelike(file)
    except calamine.PasswordError as error:
        raise Problem("encrypted") from error
    except MemoryError as error:
        raise Problem("too_large") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the native panic derives from BaseException alone
        raise Problem("corrupt") from error


def sheets(workbook: calamine.CalamineWorkbook) -> list[tuple[int, str, str]]:
    """(index, name, state) of the sheets that hold cells.

    Raises `Problem` many_sheets: none is left out in silence.
    """
    found = [
        (index, sheet.name, str(sheet.visible).rsplit(".", 1)[-1].lower())
        for index, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if len(found) > MAX_SHEETS:
        raise Problem("many_sheets", count=len(found), most=MAX_SHEETS)
    return found


def write_sheet(workbook: calamine.CalamineWorkbook, index: int, output: Output) -> None:
    """Rows and merged ranges of one sheet, at their true addresses."""
    try:
        sheet = workbook.get_sheet_by_index(index)
        if sheet.start is None or sheet.end is None:
            return
        if sheet.end[0] >= MAX_ROWS or sheet.end[1] >= MAX_COLUMNS:
            raise Problem("corrupt")
        output.rows(sheet.iter_rows(), first_column=sheet.start[1])
        merges = sheet.merged_cell_ranges or []
        output.marks("merges", [[*first, *last] for first, last in merges[:50_000]])
    except MemoryError as error:
        raise Problem("too_large") from error
    except (KeyboardInterrupt, SystemExit, Problem):
        raise
    except BaseException as error:
        raise Problem("corrupt") from error
