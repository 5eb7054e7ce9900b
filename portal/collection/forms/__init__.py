from .deciding import ClosingForm, DelegationForm, ExceptionForm, LevelsForm, SuccessorForm
from .files import ACCEPTED, ColumnsForm, QuestionForm, UploadForm
from .grid import GridForm
from .sending import ConfirmForm, RemarkForm, SubmitForm

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
