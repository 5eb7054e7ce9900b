"""Extracts of the treasury: received once, read confined, matched to lines, entered as payments."""

from .entering import choose, confirm_extract, enter_extract
from .matching import match_extract
from .reading import READ_JOB, keep_reading, read_extract
from .receiving import answer_scale, discard_extract, receive_extract, rematch

__all__ = [
    "READ_JOB",
    "answer_scale",
    "choose",
    "confirm_extract",
    "discard_extract",
    "enter_extract",
    "keep_reading",
    "match_extract",
    "read_extract",
    "receive_extract",
    "rematch",
]
