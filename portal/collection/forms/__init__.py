from .deciding import ClosingForm, DelegationForm, ExceptionForm, LevelsForm, SuccessorForm
from .entry import (
    ACCEPTED,
    ColumnsForm,
    ConfirmForm,
    GridForm,
    QuestionForm,
    RemarkForm,
    SubmitForm,
    UploadForm,
)

__all__ = [
    "ACCEPTED",
    "ClosingForm",
    "ColumnsForm",
    "ConfirmForm",
    "DelegationForm",
    "ExceptionForm",
    "GridForm",
    "LevelsForm",
    "QuestionForm",
    "RemarkForm",
    "SubmitForm",
    "SuccessorForm",
    "UploadForm",
]
