"""The frozen figures of a draft as one hashed record: values, inputs, template, fonts."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

from reports.models import Figure, FigureFreeze, Report
from reports.rendering import font_hashes

#: What a figure's provenance names as its inputs: revisions of submissions, entries of the ledger.
INPUTS = ("submissions", "changes", "payments", "day", "count")


def canonical(content: Any) -> bytes:
    """JSON as the hash wants it: keys in order, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def record_freeze(report: Report, *, now: datetime.datetime) -> FigureFreeze:
    """Keep what the frozen figures of this draft rest on; the caller holds the report."""
    content = frozen_content(report, now=now)
    return FigureFreeze.objects.create(
        report=report,
        draft_no=report.draft_no,
        content=content,
        sha256=hashlib.sha256(canonical(content)).hexdigest(),
        at=now,
    )


def frozen_content(report: Report, *, now: datetime.datetime) -> dict[str, Any]:
    template = report.template
    return {
        "report": report.pk,
        "draft_no": report.draft_no,
        "period": report.period.code,
        "report_date": report.report_date.isoformat(),
        "frozen_at": now.isoformat(),
        "template": {
            "code": template.code,
            "version": template.version,
            "sha256": hashlib.sha256(
                canonical(
                    [template.outline, template.figures, template.citations, template.exhibits]
                )
            ).hexdigest(),
        },
        "fonts": font_hashes(),
        "figures": [_told(figure) for figure in report.figures.order_by("pk")],
    }


def _told(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.pk,
        "query": figure.query,
        "parameters": figure.parameters,
        "style": figure.style,
        "value": None if figure.value is None else f"{figure.value.normalize():f}",
        "printed": figure.printed,
        "inputs": {name: figure.provenance[name] for name in INPUTS if name in figure.provenance},
    }


def holds(freeze: FigureFreeze) -> bool:
    """Whether the record still gives its hash."""
    return hashlib.sha256(canonical(freeze.content)).hexdigest() == freeze.sha256
