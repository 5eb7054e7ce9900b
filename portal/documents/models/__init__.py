"""Documents: who issues them, what they say, and the numbers they carry."""

from .catalogue import DocumentType, Issuer
from .document import Direction, Document, DocumentQuerySet, Validity, document_file_path
from .register import IssuedNumber, NumberSeries, Register
from .relation import DocumentRelation

__all__ = [
    "Direction",
    "Document",
    "DocumentQuerySet",
    "DocumentRelation",
    "DocumentType",
    "IssuedNumber",
    "Issuer",
    "NumberSeries",
    "Register",
    "Validity",
    "document_file_path",
]
