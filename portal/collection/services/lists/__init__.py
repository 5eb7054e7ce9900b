"""Lists from files: read in a confined process, compared, taken over as a whole, taken back."""

from .comparing import keep_reading, read_list
from .receiving import FileNotTaken, discard, receive_list
from .taking import apply_list, confirm_list, take_over_list
from .undoing import CannotUndo, undo_list

__all__ = [
    "CannotUndo",
    "FileNotTaken",
    "apply_list",
    "confirm_list",
    "discard",
    "keep_reading",
    "read_list",
    "receive_list",
    "take_over_list",
    "undo_list",
]
