"""What is done with lists of people; every look and every change leaves a row in the log."""

from .importing import (
    FileNotTaken,
    apply_import,
    confirm_import,
    read_import,
    receive_people_file,
    undo_import,
)
from .keeping import (
    NotOnTheList,
    record_access,
    remove_prestigious,
    review_prestigious,
    save_person,
)
from .reference import load_people_reference

__all__ = [
    "FileNotTaken",
    "NotOnTheList",
    "apply_import",
    "confirm_import",
    "load_people_reference",
    "read_import",
    "receive_people_file",
    "record_access",
    "remove_prestigious",
    "review_prestigious",
    "save_person",
    "undo_import",
]
