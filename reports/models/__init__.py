from . import office
from .exhibit import Exhibit
from .grant import SigningGrant
from .reference import Citation, Delivery, Figure, Recipient, Style
from .renewal import KeptPoint
from .report import ORDER, TURN, Report, ReportQuerySet, Status
from .section import Remark, ReportEvent, Section, SectionVersion
from .sequel import ReportView, Sequel
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
    "ReportView",
    "Section",
    "SectionVersion",
    "Sequel",
    "Signature",
    "SignerRole",
    "SigningGrant",
    "Status",
    "Style",
    "office",
]
