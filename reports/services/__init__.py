"""What is done with reports: drafted, checked, laid out, signed, numbered, sealed, issued."""

from portal.documents.services import NumberRefused
from portal.documents.services.casefiles import FilingRefused
from reports.figures import UnknownFigure
from reports.references import UnknownReference
from reports.signing import SigningRefused
from reports.text import richtext

from .acts import ClockBehind, FileMissing, NotTheSignatory, fill_in
from .annexes import (
    AnnexesNeedKeyHere,
    AnnexesTooLarge,
    AnnexesUnsealed,
    AnnexThere,
    TooManyAnnexes,
    add_annex,
    annexes_waiting_for_proofs,
    lift_annex,
    remove_annex,
)
from .answering import NotThisPersonsWork, bind_to_assignment
from .authority import NoAuthority, is_signatory, why_not_signed_by
from .batches import (
    ask_again,
    batch_units,
    failed_sheets,
    make_sheet,
    progress_of,
    refuse_sheet,
    request_batch,
    store_sheet,
    zip_name,
    zipped,
)
from .batches.storing import file_name as sheet_file_name
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
from .carrying import (
    NothingToCopy,
    Start,
    TooManySections,
    begin_from_report,
    begin_report,
    copy_section,
    earlier_report,
    following_period,
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
from .copies import (
    CopyRefused,
    CopyWanted,
    NoCopyHere,
    copies_waiting_for_proofs,
    drop_copy,
    is_copyable,
    lift_copy,
    make_copy,
    number_copy,
    report_of,
    seal_copy,
    start_copy,
)
from .drafting import NoAgency, UnknownDocument, cited_document, create_from_template
from .due import DueReport, due_reports
from .editing import EditedMeanwhile, edit_section, place_exhibit
from .exhibits import (
    AnnexNotNamed,
    DifferingExhibit,
    ExhibitRefused,
    ExhibitsMissing,
    RecomputedExhibit,
    differing_exhibits,
    edit_exhibit,
    insert_exhibit,
    recompute_exhibits,
    refresh_exhibits,
    unnamed_annexes,
)
from .facts import edit_citation, edit_facts, insert_citation, set_recipients, set_repeated_notes
from .following import (
    compare_report,
    differing_counts,
    follow_approval,
    follow_ledger,
    reports_that_differ,
    store_comparison,
)
from .form import (
    CheckedText,
    DepartureGone,
    DeparturesOpen,
    FormList,
    Listed,
    NoMend,
    NoReason,
    accept_waiver,
    check_text,
    form_list,
    left_as_is,
    mend_departure,
    waive,
    waive_all,
    waivers_of,
    withdraw_waiver,
)
from .freezing import altered_exhibits, canonical, frozen_content, holds, record_freeze
from .granting import PassedOn, enter_grant, revoke_grant
from .issuing import (
    NumberNeeded,
    WrongDate,
    issue,
    issued_file,
    likely_date,
    number,
    outgoing_register,
)
from .lifting import ask_for_proofs, issued_files, lift_report, waiting_for_proofs
from .outline import (
    AnnexInside,
    OutlineChanged,
    SectionHasMore,
    SectionInItself,
    TooDeep,
    add_section,
    move_section,
    place_section,
    remove_section,
)
from .placeholders import MEANINGS as PLACEHOLDERS
from .points import (
    PointGone,
    Points,
    change_words,
    is_copied,
    keep_points,
    points_of,
    replace_citation,
    unseen_figures,
)
from .queue import (
    MOST_AT_ONCE,
    NothingChosen,
    NotRead,
    SigningBatch,
    direct,
    note_read,
    read_among,
    to_sign_by,
)
from .reference import load_reference
from .refusals import NotAllowed, NotNow, NotStored, OwnReport, ReasonMissing, ReportRefusal
from .registering import (
    WARNED_BEFORE,
    AlreadyRegistered,
    Withdrawn,
    ending_soon,
    enter_certificate,
    withdraw_certificate,
)
from .remarking import (
    REMARKING,
    NoSuchParagraph,
    NothingSaid,
    RemarkSettled,
    add_remark,
    answer_remark,
    may_settle,
    resolve_remark,
)
from .reminding import NobodyIsLate, draft_reminder, late_duties
from .rendering import (
    NOT_PRINTABLE,
    failed_job,
    lay_out,
    prepare_file,
    refuse_rendering,
    store_rendering,
)
from .sending import SENDING_JOB, NotSent, ask_for_waiting_letters, deliver, send_again
from .sequels import (
    NoCorrectionTemplate,
    RemedyUnderWay,
    correct_report,
    file_report,
    note_view,
    replace_report,
    withdraw_report,
)
from .sharing import (
    AlreadyGiven,
    DueInThePast,
    NoSuchWriter,
    NotYourSection,
    OnlyTheDrafter,
    Sharing,
    finish_section,
    give_section,
    take_section_back,
)
from .signing import seal, sign
from .taking_away import file_to_take_away, take_back
from .unfinished import PartsUnfinished, unfinished_parts
from .verification import Finding, issued_facts, signatures_of, verify_file
from .word import WordCopy, word_copy
from .workflow import (
    MAY_RECALL,
    MAY_RETURN,
    BeingRendered,
    EmptyReport,
    NoSignatory,
    pass_content,
    pass_form,
    recall_report,
    return_report,
    send_up,
)

#: Every sentence that may answer a step instead of its being taken.
REFUSALS = (
    ReportRefusal,
    SigningRefused,
    NumberRefused,
    FilingRefused,
    UnknownFigure,
    UnknownReference,
    richtext.RefusedContent,
)

__all__ = [
    "MAY_RECALL", "MAY_RETURN", "MOST_AT_ONCE", "NOT_PRINTABLE", "PLACEHOLDERS", "REFUSALS",
    "REMARKING", "SENDING_JOB", "WARNED_BEFORE", "AlreadyGiven", "AlreadyRegistered",
    "AnnexInside", "AnnexNotNamed", "AnnexThere", "AnnexesNeedKeyHere", "AnnexesTooLarge",
    "AnnexesUnsealed", "BeingRendered", "CheckedText", "ClockBehind", "CopyRefused", "CopyWanted",
    "DemoOnly", "DepartureGone", "DeparturesOpen", "Difference", "DifferingExhibit",
    "DueInThePast", "DueReport", "EditedMeanwhile", "EmptyReport", "ExhibitRefused",
    "ExhibitsMissing", "FiguresMissing", "FileMissing", "Finding", "FormList", "Listed",
    "MissingFigure", "NoAgency", "NoAuthority", "NoCertificate", "NoCopyHere",
    "NoCorrectionTemplate", "NoKeyHere", "NoMark", "NoMend", "NoReason", "NoSignatory",
    "NoSuchParagraph", "NoSuchWriter", "NobodyIsLate", "NotAllowed", "NotNow", "NotRead",
    "NotSent", "NotStored", "NotTheSignatory", "NotThisPersonsWork", "NotYourSection",
    "NothingChosen", "NothingSaid", "NothingToCopy", "NumberNeeded", "OnlyTheDrafter",
    "OutlineChanged", "OwnReport", "PartsUnfinished", "PassedOn", "PointGone", "Points",
    "ReasonMissing", "RecomputedExhibit", "RemarkSettled", "RemedyUnderWay", "ReportRefusal",
    "SectionHasMore", "SectionInItself", "Sharing", "SigningBatch", "SigningRefused", "Start",
    "TooDeep", "TooManyAnnexes", "TooManySections", "UnknownDocument", "Withdrawn", "WordCopy",
    "WrongDate", "accept_waiver", "add_annex", "add_remark", "add_section", "altered_exhibits",
    "annexes_waiting_for_proofs", "answer_remark", "ask_again", "ask_for_proofs",
    "ask_for_waiting_letters", "batch_units", "begin_from_report", "begin_report",
    "bind_to_assignment", "canonical", "certificate_for", "change_words", "check_text",
    "cited_document", "compare_report", "copies_waiting_for_proofs", "copy_section",
    "correct_report", "create_from_template", "deliver", "differing_counts", "differing_exhibits",
    "differing_figures", "direct", "draft_reminder", "drop_copy", "due_reports", "earlier_report",
    "edit_citation", "edit_exhibit", "edit_facts", "edit_section", "ending_soon",
    "enter_certificate", "enter_grant", "failed_job", "failed_sheets", "file_report",
    "file_to_take_away", "fill_in", "finish_section", "follow_approval", "follow_ledger",
    "following_period", "form_list", "frozen_content", "give_section", "holds", "insert_citation",
    "insert_exhibit", "insert_figure", "is_copied", "is_copyable", "is_signatory", "issue",
    "issued_facts", "issued_file", "issued_files", "keep_points", "late_duties", "lay_out",
    "left_as_is", "lift_annex", "lift_copy", "lift_report", "likely_date", "load_reference",
    "make_copy", "make_sheet", "make_test_ca", "may_settle", "mend_departure", "missing_figures",
    "move_section", "note_changes", "note_read", "note_view", "number", "number_copy",
    "outgoing_register", "pass_content", "pass_form", "place_exhibit", "place_section",
    "points_of", "prepare_file", "progress_of", "read_among", "recall_report", "recompute",
    "recompute_exhibits", "record_freeze", "refresh_exhibits", "refresh_figures",
    "refuse_rendering", "refuse_sheet", "register_certificate", "remove_annex", "remove_section",
    "replace_citation", "replace_report", "report_of", "reports_that_differ", "request_batch",
    "resolve_remark", "return_report", "revoke_grant", "seal", "seal_copy", "send_again",
    "send_up", "set_recipients", "set_repeated_notes", "sheet_file_name", "sign", "signatures_of",
    "start_copy", "store_comparison", "store_rendering", "store_sheet", "take_back",
    "take_section_back", "to_sign_by", "trust_roots", "unfinished_parts", "unnamed_annexes",
    "unseen_figures", "verify_file", "waiting_for_proofs", "waive", "waive_all", "waivers_of",
    "why_missing", "why_not_signed_by", "withdraw_certificate", "withdraw_report",
    "withdraw_waiver", "word_copy", "zip_name", "zipped",
]  # fmt: skip
