from .archives import Archive
from .confirmations import Confirmation
from .datasets import Dataset, DatasetColumn, DatasetRule, ReportingPeriod
from .submissions import Remark, Submission, SubmissionEvent, WarningReason
from .uploads import RememberedAnswer, StagedValue, Upload

__all__ = [
    "Archive",
    "Confirmation",
    "Dataset",
    "DatasetColumn",
    "DatasetRule",
    "Remark",
    "RememberedAnswer",
    "ReportingPeriod",
    "StagedValue",
    "Submission",
    "SubmissionEvent",
    "Upload",
    "WarningReason",
]
