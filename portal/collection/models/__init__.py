from .archives import Archive
from .closing import ClosingRule, LockException, PeriodClosing
from .columns import DatasetColumn
from .confirmations import Confirmation
from .datasets import Dataset, FigureKind, RowLevel
from .edits import CellEdit
from .lists import ListFile, ListImport, ListState
from .notices import Notice, NoticeMail
from .periods import Frequency, ReportingPeriod
from .reviewing import REVIEWING, ReturnedValues, Reviewer, ReviewLevel, ReviewStep
from .rules import DatasetRule
from .standing_in import Delegation, HandOver
from .submissions import Remark, Submission, SubmissionEvent, WarningReason
from .takeovers import Takeover
from .uploads import (
    PrintedTotal,
    ReadRow,
    RememberedAnswer,
    StagedColumn,
    StagedRow,
    StagedValue,
    Upload,
)

__all__ = [
    "REVIEWING",
    "Archive",
    "CellEdit",
    "ClosingRule",
    "Confirmation",
    "Dataset",
    "DatasetColumn",
    "DatasetRule",
    "Delegation",
    "FigureKind",
    "Frequency",
    "HandOver",
    "ListFile",
    "ListImport",
    "ListState",
    "LockException",
    "Notice",
    "NoticeMail",
    "PeriodClosing",
    "PrintedTotal",
    "ReadRow",
    "Remark",
    "RememberedAnswer",
    "ReportingPeriod",
    "ReturnedValues",
    "ReviewLevel",
    "ReviewStep",
    "Reviewer",
    "RowLevel",
    "StagedColumn",
    "StagedRow",
    "StagedValue",
    "Submission",
    "SubmissionEvent",
    "Takeover",
    "Upload",
    "WarningReason",
]
