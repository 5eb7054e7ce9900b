"""What other rooms and commands ask of the collection: one verb each, keywords only."""

from .approving import approve, approve_several, return_submission, send_back
from .beside import beside_of, layout_of
from .closing import grant_exception, keep_closings, set_closing_rule
from .committing import commit_uploads, in_words
from .comparing import Comparison, compare
from .confirming import confirm, confirmation_of
from .duties import Duty, duties
from .entering import keep_typed, replace_rows
from .judging import judge, shortcomings
from .opening import delete_draft, open_submission, reporting_units
from .reading import read_upload, store_reading
from .rechecking import recheck_dependants
from .refusals import Refused
from .review import (
    CoverLetter,
    add_remark,
    attach_letter,
    delete_remark,
    explain_warning,
    resolve_remark,
    submit,
    withdraw,
)
from .standing_in import delegate, end_delegation
from .templates import marked_workbook, template_name, template_workbook
from .undoing import undo_upload
from .uploading import (
    answer_questions,
    correct_cells,
    discard_upload,
    forget_answers,
    receive_upload,
    undo_correction,
)

__all__ = [
    "Comparison",
    "CoverLetter",
    "Duty",
    "Refused",
    "add_remark",
    "answer_questions",
    "approve",
    "approve_several",
    "attach_letter",
    "beside_of",
    "commit_uploads",
    "compare",
    "confirm",
    "confirmation_of",
    "correct_cells",
    "delegate",
    "delete_draft",
    "delete_remark",
    "discard_upload",
    "duties",
    "end_delegation",
    "explain_warning",
    "forget_answers",
    "grant_exception",
    "in_words",
    "judge",
    "keep_closings",
    "keep_typed",
    "layout_of",
    "marked_workbook",
    "open_submission",
    "read_upload",
    "receive_upload",
    "recheck_dependants",
    "replace_rows",
    "reporting_units",
    "resolve_remark",
    "return_submission",
    "send_back",
    "set_closing_rule",
    "shortcomings",
    "store_reading",
    "submit",
    "template_name",
    "template_workbook",
    "undo_correction",
    "undo_upload",
    "withdraw",
]
