"""Pages of reporting: forms for the ministry, the export, documents and inspections."""

from .exporting import export_file, export_progress, ministry_export
from .flow import ReportFlow
from .ministry import (
    MinistryHome,
    MinistryReport,
    SnapshotDetail,
    ministry_workbook,
    snapshot_workbook,
)
from .oversight import (
    InspectionCreate,
    InspectionUpdate,
    OversightList,
    inspection_delete,
    programme_document_delete,
)

__all__ = [
    "InspectionCreate",
    "InspectionUpdate",
    "MinistryHome",
    "MinistryReport",
    "OversightList",
    "ReportFlow",
    "SnapshotDetail",
    "export_file",
    "export_progress",
    "inspection_delete",
    "ministry_export",
    "ministry_workbook",
    "programme_document_delete",
    "snapshot_workbook",
]
