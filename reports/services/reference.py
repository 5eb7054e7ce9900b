"""Load the report templates that come with the portal."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.documents.models import DocumentType
from reports.models import ReportTemplate, TemplateDeadline

DATA = Path(__file__).parents[1] / "data"


@transaction.atomic
def load_reference() -> bool:
    """Load the templates of `reports/data`; a version that is there stays. False: none was new."""
    now = timezone.now()
    new = [_load(path, now) for path in sorted(DATA.glob("template_*.json"))]
    return any(new)


def read(name: str) -> dict[str, Any]:
    """One data file of the reports."""
    found: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found


def _load(path: Path, now: datetime.datetime) -> bool:
    row = read(path.name)
    kind = DocumentType.objects.get(code=row.pop("document_type"))
    deadlines = row.pop("deadlines", [])
    template, created = ReportTemplate.objects.get_or_create(
        code=row.pop("code"),
        version=row.pop("version"),
        defaults={"document_type": kind, "published_at": now, **row},
    )
    if created:
        template.full_clean()
    for rule in deadlines:
        TemplateDeadline.objects.get_or_create(
            code=template.code, valid_from=rule.pop("valid_from"), defaults=rule
        )
    return created
