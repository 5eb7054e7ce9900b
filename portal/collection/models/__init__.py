from .archives import Archive
from .closing import ClosingRule, LockException, PeriodClosing
from .confirmations import Confirmation
from .datasets import Dataset, DatasetColumn, DatasetRule, ReportingPeriod
from .notices import Notice, NoticeMail
from .reviewing import REVIEWING, ReturnedValues, Reviewer, ReviewLevel, ReviewStep
from .standing_in import Delegation, HandOver
from .submissions import Remark, Submission, SubmissionEvent, WarningReason
from .uploads import RememberedAnswer, StagedValue, Upload

__all__ = [
    "REVIEWING",
    "Archive",
    "ClosingRule",
    "Confirmation",
    "Dataset",
    "DatasetColumn",
    "DatasetRule",
    "Delegation",
    "HandOver",
    "LockException",
    "Notice",
    "NoticeMail",
    "PeriodClosing",
    "Remark",
    "RememberedAnswer",
    "ReportingPeriod",
    "ReturnedValues",
    "ReviewLevel",
    "ReviewStep",
    "Reviewer",
    "StagedValue",
    "Submission",
    "SubmissionEvent",
    "Upload",
    "WarningReason",
]
