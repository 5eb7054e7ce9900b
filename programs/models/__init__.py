"""Programmes: what they are made of, what they aim at, who reports what, and published money."""

from .money import PublishedCapital, Scope
from .reporting import Frequency, MonitoringForm
from .structure import Applicability, Branch, Component, Confidence, Phase, Programme
from .targets import Target, TargetValue

__all__ = [
    "Applicability",
    "Branch",
    "Component",
    "Confidence",
    "Frequency",
    "MonitoringForm",
    "Phase",
    "Programme",
    "PublishedCapital",
    "Scope",
    "Target",
    "TargetValue",
]
