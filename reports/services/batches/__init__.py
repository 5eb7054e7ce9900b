"""One template for many units: a request, a job for each sheet, one zip."""

from .requesting import (
    BatchEmpty,
    BatchTooLarge,
    WrongUnits,
    ask_again,
    batch_units,
    request_batch,
)
from .sheet import MadeSheet, make_sheet
from .storing import (
    Progress,
    failed_sheets,
    progress_of,
    refuse_sheet,
    store_sheet,
    zip_name,
    zipped,
)

__all__ = [
    "BatchEmpty",
    "BatchTooLarge",
    "MadeSheet",
    "Progress",
    "WrongUnits",
    "ask_again",
    "batch_units",
    "failed_sheets",
    "make_sheet",
    "progress_of",
    "refuse_sheet",
    "request_batch",
    "store_sheet",
    "zip_name",
    "zipped",
]
