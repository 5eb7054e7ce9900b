"""What is done with reports: drafted, checked, laid out, signed, numbered, sealed, issued."""

from portal.documents.services import NumberRefused
from reports import richtext
from reports.figures import UnknownFigure
from reports.printing import UnknownReference
from reports.signing import SigningRefused

from .binding import (
    Difference,
    FiguresMissing,
    MissingFigure,
    differing_figures,
    insert_figure,
    missing_figures,
    note_changes,
    recompute,
    refresh_figures,
    why_missing,
)
from .certificates import (
    DemoOnly,
    NoCertificate,
    NoKeyHere,
    NoMark,
    certificate_for,
    make_test_ca,
    register_certificate,
    trust_roots,
)
from .drafting import NoAgency, UnknownDocument, cited_document, create_from_template
from .editing import (
    EditedMeanwhile,
    SectionHasMore,
    add_section,
    edit_section,
    move_section,
    remove_section,
)
from .facts import edit_citation, edit_facts, insert_citation, set_recipients
from .issuing import (
    NumberNeeded,
    WrongDate,
    deliver,
    issue,
    issued_file,
    likely_date,
    number,
    outgoing_register,
)
from .reference import load_reference
from .refusals import NotAllowed, NotNow, OwnReport, ReasonMissing, ReportRefusal
from .reminding import NobodyIsLate, draft_reminder, late_duties
from .rendering import (
    NOT_PRINTABLE,
    failed_job,
    lay_out,
    prepare_file,
    refuse_rendering,
    store_rendering,
)
from .signing import (
    FileMissing,
    NotTheSignatory,
    file_to_take_away,
    fill_in,
    seal,
    sign,
    take_back,
)
from .verification import Finding, issued_facts, signatures_of, verify_file
from .workflow import (
    MAY_RETURN,
    REMARKING,
    BeingRendered,
    EmptyReport,
    NoSignatory,
    add_remark,
    pass_content,
    pass_form,
    resolve_remark,
    return_report,
    send_up,
)

#: Every sentence that may answer a step instead of its being taken.
REFUSALS = (
    ReportRefusal,
    SigningRefused,
    NumberRefused,
    UnknownFigure,
    UnknownReference,
    richtext.RefusedContent,
)

__all__ = [
    "MAY_RETURN",
    "NOT_PRINTABLE",
    "REFUSALS",
    "REMARKING",
    "BeingRendered",
    "DemoOnly",
    "Difference",
    "EditedMeanwhile",
    "EmptyReport",
    "FiguresMissing",
    "FileMissing",
    "Finding",
    "MissingFigure",
    "NoAgency",
    "NoCertificate",
    "NoKeyHere",
    "NoMark",
    "NoSignatory",
    "NobodyIsLate",
    "NotAllowed",
    "NotNow",
    "NotTheSignatory",
    "NumberNeeded",
    "OwnReport",
    "ReasonMissing",
    "ReportRefusal",
    "SectionHasMore",
    "SigningRefused",
    "UnknownDocument",
    "WrongDate",
    "add_remark",
    "add_section",
    "certificate_for",
    "cited_document",
    "create_from_template",
    "deliver",
    "differing_figures",
    "draft_reminder",
    "edit_citation",
    "edit_facts",
    "edit_section",
    "failed_job",
    "file_to_take_away",
    "fill_in",
    "insert_citation",
    "insert_figure",
    "issue",
    "issued_facts",
    "issued_file",
    "late_duties",
    "lay_out",
    "likely_date",
    "load_reference",
    "make_test_ca",
    "missing_figures",
    "move_section",
    "note_changes",
    "number",
    "outgoing_register",
    "pass_content",
    "pass_form",
    "prepare_file",
    "recompute",
    "refresh_figures",
    "refuse_rendering",
    "register_certificate",
    "remove_section",
    "resolve_remark",
    "return_report",
    "seal",
    "send_up",
    "set_recipients",
    "sign",
    "signatures_of",
    "store_rendering",
    "take_back",
    "trust_roots",
    "verify_file",
    "why_missing",
]
