from . import office
from .annex import AnnexFile, LiftedAnnex, SealedAnnex
from .batch import Batch, BatchSheet
from .copy import Copy, LiftedCopy
from .dashboard import Dashboard, DashboardPanel
from .exhibit import Exhibit
from .freezing import ExhibitNow, FigureFreeze, FigureNow
from .grant import SigningGrant
from .lifted import LiftedFile
from .reference import Citation, Delivery, Figure, Recipient, Style
from .remark import Remark, RemarkAnswer
from .renewal import KeptPoint
from .report import ORDER, TURN, RepeatedNotes, Report, ReportQuerySet, Status
from .section import ReportEvent, Section, SectionVersion
from .sequel import ReportView, Sequel
from .share import SectionShare
from .signature import (
    Certificate,
    CertificateEvent,
    Rendering,
    ReportFile,
    Signature,
    SignerRole,
    Standing,
)
from .template import Authority, Level, Relation, ReportTemplate, Rhythm, TemplateDeadline
from .waiver import FormWaiver
from .weekly import WeeklyLetter

__all__ = [
    "ORDER",
    "TURN",
    "AnnexFile",
    "Authority",
    "Batch",
    "BatchSheet",
    "Certificate",
    "CertificateEvent",
    "Citation",
    "Copy",
    "Dashboard",
    "DashboardPanel",
    "Delivery",
    "Exhibit",
    "ExhibitNow",
    "Figure",
    "FigureFreeze",
    "FigureNow",
    "FormWaiver",
    "KeptPoint",
    "Level",
    "LiftedAnnex",
    "LiftedCopy",
    "LiftedFile",
    "Recipient",
    "Relation",
    "Remark",
    "RemarkAnswer",
    "Rendering",
    "RepeatedNotes",
    "Report",
    "ReportEvent",
    "ReportFile",
    "ReportQuerySet",
    "ReportTemplate",
    "ReportView",
    "Rhythm",
    "SealedAnnex",
    "Section",
    "SectionShare",
    "SectionVersion",
    "Sequel",
    "Signature",
    "SignerRole",
    "SigningGrant",
    "Standing",
    "Status",
    "Style",
    "TemplateDeadline",
    "WeeklyLetter",
    "office",
]
