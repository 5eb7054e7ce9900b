"""Load the report templates that come with the portal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.documents.models import DocumentType
from reports.models import ReportTemplate

DATA = Path(__file__).parents[1] / "data"


@transaction.atomic
def load_reference() -> bool:
    """Load the templates of `reports/data`; a version that is there stays. False: none was new."""
    new = [_load(path) for path in sorted(DATA.glob("template_*.json"))]
    return any(new)


def read(name: str) -> dict[str, Any]:
    """One data file of the reports."""
    found: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found


def _load(path: Path) -> bool:
    row = read(path.name)
    kind = DocumentType.objects.get(code=row.pop("document_type"))
    template, created = ReportTemplate.objects.get_or_create(
        code=row.pop("code"), version=row.pop("version"), defaults={"document_type": kind, **row}
    )
    if created:
        template.full_clean()
    return created
