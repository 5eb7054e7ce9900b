"""Keep the sums that pages read: after each approval, anew, and against a full recomputation."""

from portal.collection.services.approving import SUM_JOB

from .summing import SUM_EVERYTHING, sum_again, sum_everything, sum_submission
from .verifying import Differing, verify, verify_period

__all__ = [
    "SUM_EVERYTHING",
    "SUM_JOB",
    "Differing",
    "sum_again",
    "sum_everything",
    "sum_submission",
    "verify",
    "verify_period",
]
