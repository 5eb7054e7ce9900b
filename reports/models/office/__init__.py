"""What the committee keeps of its own work, so that next year's report starts from it."""

from .activities import InformationSystem, ITPost, SteeringBody, Training
from .findings import Finding, Recommendation
from .kept import Kept, KeptQuerySet
from .plans import Plan, PlanTask

__all__ = [
    "Finding",
    "ITPost",
    "InformationSystem",
    "Kept",
    "KeptQuerySet",
    "Plan",
    "PlanTask",
    "Recommendation",
    "SteeringBody",
    "Training",
]
