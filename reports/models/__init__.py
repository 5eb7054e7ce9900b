from . import office
from .batch import Batch, BatchSheet
from .exhibit import Exhibit
from .freezing import FigureFreeze, FigureNow
from .grant import SigningGrant
from .reference import Citation, Delivery, Figure, Recipient, Style
from .renewal import KeptPoint
from .report import ORDER, TURN, Report, ReportQuerySet, Status
from .section import Remark, ReportEvent, Section, SectionVersion
from .sequel import ReportView, Sequel
from .signature import Certificate, Rendering, ReportFile, Signature, SignerRole
from .template import Authority, Level, Relation, ReportTemplate, Rhythm, TemplateDeadline

__all__ = [
    "ORDER",
    "TURN",
    "Authority",
    "Batch",
    "BatchSheet",
    "Certificate",
    "Citation",
    "Delivery",
    "Exhibit",
    "Figure",
    "FigureFreeze",
    "FigureNow",
    "KeptPoint",
    "Level",
    "Recipient",
    "Relation",
    "Remark",
    "Rendering",
    "Report",
    "ReportEvent",
    "ReportFile",
    "ReportQuerySet",
    "ReportTemplate",
    "ReportView",
    "Rhythm",
    "Section",
    "SectionVersion",
    "Sequel",
    "Signature",
    "SignerRole",
    "SigningGrant",
    "Status",
    "Style",
    "TemplateDeadline",
    "office",
]
