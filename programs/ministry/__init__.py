"""What goes to the ministry: forms filled from what is stored, and the export in data groups."""

from .forms import FORMS, filled
from .tables import Column, Row, Table, difference_of, read_tables, written_tables
from .workbooks import workbook_of

__all__ = [
    "FORMS",
    "Column",
    "Row",
    "Table",
    "difference_of",
    "filled",
    "read_tables",
    "workbook_of",
    "written_tables",
]
