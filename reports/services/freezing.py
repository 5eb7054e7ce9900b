"""The frozen figures, tables and charts of a draft as one hashed record, with inputs, template
and fonts.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

from reports.models import Exhibit, Figure, FigureFreeze, Report
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
        "exhibits": [_shown(exhibit) for exhibit in report.exhibits.order_by("pk")],
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


def _shown(exhibit: Exhibit) -> dict[str, Any]:
    """A table or chart: what it was asked, what it says and its drawing by their hashes."""
    return {
        "id": exhibit.pk,
        "kind": exhibit.kind,
        "source": exhibit.source,
        "query": exhibit.query,
        "title": exhibit.title,
        "data_sha256": hashlib.sha256(canonical(exhibit.data)).hexdigest(),
        "drawing_sha256": hashlib.sha256(exhibit.drawing.encode()).hexdigest()
        if exhibit.drawing
        else "",
        "inputs": {name: exhibit.provenance[name] for name in INPUTS if name in exhibit.provenance},
    }


def altered_exhibits(freeze: FigureFreeze) -> list[int]:
    """Exhibits of the report that are not any more what the record says, by their keys."""
    recorded = {one["id"]: one for one in freeze.content.get("exhibits", [])}
    kept = {exhibit.pk: _shown(exhibit) for exhibit in freeze.report.exhibits.all()}
    return [pk for pk, one in recorded.items() if kept.get(pk) != one]


def holds(freeze: FigureFreeze) -> bool:
    """Whether the record still gives its hash."""
    return hashlib.sha256(canonical(freeze.content)).hexdigest() == freeze.sha256
