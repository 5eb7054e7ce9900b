"""Forms of the register: finding, entering, numbering."""

from .entry import EntryForm
from .filters import DocumentFilter
from .kinds import (
    IncomingForm,
    IssuedDocumentForm,
    LegalForm,
    OutgoingForm,
    RelationForm,
    entry_form_for,
)
from .numbers import NumberingForm, OldBookForm, TakeNumberForm, VoidNumberForm

__all__ = [
    "DocumentFilter",
    "EntryForm",
    "IncomingForm",
    "IssuedDocumentForm",
    "LegalForm",
    "NumberingForm",
    "OldBookForm",
    "OutgoingForm",
    "RelationForm",
    "TakeNumberForm",
    "VoidNumberForm",
    "entry_form_for",
]
