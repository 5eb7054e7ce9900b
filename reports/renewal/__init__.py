"""What a report of one period says that one of another period cannot say: found, not changed."""

from .parameters import moved_parameters
from .words import Shift, Slip, placeholders, renamed, replaced, shifts, slips

__all__ = [
    "Shift", "Slip", "moved_parameters", "placeholders", "renamed", "replaced", "shifts", "slips",
]  # fmt: skip
