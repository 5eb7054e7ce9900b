"""Programmes: what they are made of, works, money, results, targets, and who reports what."""

from .asked import AskedState, CarryOver, GroupsExport
from .by_month import CapitalByMonth
from .capital import (
    CapitalChange,
    CapitalKind,
    CapitalPlan,
    ClosedMonth,
    Disbursement,
    FundingSource,
)
from .edits import Edit
from .given import GivenRow
from .organisations import Membership, Organisation
from .oversight import DocumentRole, Inspection, ProgrammeDocument, SubmissionDecision
from .published import PublishedCapital, Scope
from .records import RecordValue, ReplacedRecordValue
from .reporting import FormSnapshot, Frequency, MonitoringForm, ReportStep
from .results import Beneficiaries, Output, OutputKind, SupportedHousehold, TargetActual
from .structure import Applicability, Branch, Component, Confidence, Phase, Programme
from .targets import Target, TargetValue
from .treasury import TreasuryExtract, TreasuryRow
from .works import (
    DONE,
    FOLLOWING,
    State,
    Works,
    WorksDecision,
    WorksEvent,
    WorksPhoto,
    WorksPlace,
)

__all__ = [
    "DONE",
    "FOLLOWING",
    "Applicability",
    "AskedState",
    "Beneficiaries",
    "Branch",
    "CapitalByMonth",
    "CapitalChange",
    "CapitalKind",
    "CapitalPlan",
    "CarryOver",
    "ClosedMonth",
    "Component",
    "Confidence",
    "Disbursement",
    "DocumentRole",
    "Edit",
    "FormSnapshot",
    "Frequency",
    "FundingSource",
    "GivenRow",
    "GroupsExport",
    "Inspection",
    "Membership",
    "MonitoringForm",
    "Organisation",
    "Output",
    "OutputKind",
    "Phase",
    "Programme",
    "ProgrammeDocument",
    "PublishedCapital",
    "RecordValue",
    "ReplacedRecordValue",
    "ReportStep",
    "Scope",
    "State",
    "SubmissionDecision",
    "SupportedHousehold",
    "Target",
    "TargetActual",
    "TargetValue",
    "TreasuryExtract",
    "TreasuryRow",
    "Works",
    "WorksDecision",
    "WorksEvent",
    "WorksPhoto",
    "WorksPlace",
]
