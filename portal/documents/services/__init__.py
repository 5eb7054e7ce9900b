"""What is done with documents: numbers taken, documents registered, related and filed."""

from .filing import FileTooLarge, attach_file, remove_file
from .numbering import (
    NumberInUse,
    NumberMissing,
    NumberRefused,
    NumbersComeFromOutside,
    NumbersComeFromPortal,
    NumberTaken,
    ReasonMissing,
    SeriesStarted,
    accept_given_number,
    open_series,
    out_of_order,
    set_numbering,
    take_number,
    void_number,
)
from .reference import load_reference
from .registration import (
    ContradictoryRelation,
    DuplicateDocument,
    duplicates_of,
    own_issuer,
    register_incoming,
    register_outgoing,
    relate,
    unrelate,
)

__all__ = [
    "ContradictoryRelation",
    "DuplicateDocument",
    "FileTooLarge",
    "NumberInUse",
    "NumberMissing",
    "NumberRefused",
    "NumberTaken",
    "NumbersComeFromOutside",
    "NumbersComeFromPortal",
    "ReasonMissing",
    "SeriesStarted",
    "accept_given_number",
    "attach_file",
    "duplicates_of",
    "load_reference",
    "open_series",
    "out_of_order",
    "own_issuer",
    "register_incoming",
    "register_outgoing",
    "relate",
    "remove_file",
    "set_numbering",
    "take_number",
    "unrelate",
    "void_number",
]
