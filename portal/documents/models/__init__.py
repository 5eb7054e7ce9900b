"""Documents: who issues them, what they say, and the numbers they carry."""

from .assignment import Assignment, AssignmentEvent, AssignmentQuerySet
from .catalogue import DocumentType, Issuer
from .document import (
    Direction,
    Document,
    DocumentQuerySet,
    Priority,
    Secrecy,
    Validity,
    document_file_path,
)
from .register import IssuedNumber, NumberSeries, Register
from .relation import DocumentRelation

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "AssignmentQuerySet",
    "Direction",
    "Document",
    "DocumentQuerySet",
    "DocumentRelation",
    "DocumentType",
    "IssuedNumber",
    "Issuer",
    "NumberSeries",
    "Priority",
    "Register",
    "Secrecy",
    "Validity",
    "document_file_path",
]
