"""Forms of a report: its beginning and facts, one section, recipients, number, signature."""

from .certificate import CertificateForm
from .fields import (
    EXTENSIONS,
    BodyField,
    FileOfFairSize,
    PastedField,
    SectionWidget,
    day_field,
)
from .grant import GrantForm
from .report import STARTS, FactsForm, RecipientForm, RecipientFormSet, ReportForm
from .section import NewSectionForm, SectionForm, ShareForm
from .signatories import signatories, with_title
from .signing import AnnexForm, NumberForm, PassphraseForm, SignedFileForm, VerifyForm
from .text_check import TextCheckForm

__all__ = [
    "EXTENSIONS",
    "STARTS",
    "AnnexForm",
    "BodyField",
    "CertificateForm",
    "FactsForm",
    "FileOfFairSize",
    "GrantForm",
    "NewSectionForm",
    "NumberForm",
    "PassphraseForm",
    "PastedField",
    "RecipientForm",
    "RecipientFormSet",
    "ReportForm",
    "SectionForm",
    "SectionWidget",
    "ShareForm",
    "SignedFileForm",
    "TextCheckForm",
    "VerifyForm",
    "day_field",
    "signatories",
    "with_title",
]
