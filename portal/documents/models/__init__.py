"""Documents: who issues them, what they say, and the numbers they carry."""

from .annex import DocumentAnnex
from .assignment import Assignment, AssignmentEvent, AssignmentQuerySet
from .casefile import CaseFile, CaseFileItem, CaseFileQuerySet, RetentionTerm
from .catalogue import DocumentType, Issuer
from .deskbook import KeptCopyUse, PostalDispatch, PreparedFile
from .document import Document, document_file_path
from .finding import DocumentQuerySet
from .qualities import Direction, Priority, Secrecy, SignatureLevel, Validity
from .register import IssuedNumber, NumberSeries, Register
from .relation import DocumentRelation

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "AssignmentQuerySet",
    "CaseFile",
    "CaseFileItem",
    "CaseFileQuerySet",
    "Direction",
    "Document",
    "DocumentAnnex",
    "DocumentQuerySet",
    "DocumentRelation",
    "DocumentType",
    "IssuedNumber",
    "Issuer",
    "KeptCopyUse",
    "NumberSeries",
    "PostalDispatch",
    "PreparedFile",
    "Priority",
    "Register",
    "RetentionTerm",
    "Secrecy",
    "SignatureLevel",
    "Validity",
    "document_file_path",
]
