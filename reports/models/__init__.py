from . import office
from .exhibit import Exhibit
from .reference import Citation, Delivery, Figure, Recipient, Style
from .renewal import KeptPoint
from .report import ORDER, TURN, Report, ReportQuerySet, Status
from .section import Remark, ReportEvent, Section, SectionVersion
from .signature import Certificate, Rendering, ReportFile, Signature, SignerRole
from .template import Authority, Level, Relation, ReportTemplate

__all__ = [
    "ORDER",
    "TURN",
    "Authority",
    "Certificate",
    "Citation",
    "Delivery",
    "Exhibit",
    "Figure",
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
    "Section",
    "SectionVersion",
    "Signature",
    "SignerRole",
    "Status",
    "Style",
    "office",
]
