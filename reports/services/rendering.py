"""The laid-out file: made by a job, stored once, the report moved on with it."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.utils.timezone import localtime

from portal.jobs.models import Job
from reports.models import Rendering, Report, ReportFile, Status
from reports.printing import evidence, printed_report
from reports.references import UnknownReference
from reports.rendering import RENDERING_ERRORS, RenderedReport, render_pdf
from reports.signing import prepare
from reports.text import richtext

from .refusals import NotNow, storing
from .trail import locked, write_down

if TYPE_CHECKING:
    from reports.rendering import Box

JOB = "render_report"

#: Everything in the report itself that keeps it from being laid out; each says so in Vietnamese.
NOT_PRINTABLE = (*RENDERING_ERRORS, UnknownReference, richtext.RefusedContent)


def lay_out(report: Report, *, now: datetime.datetime, is_draft: bool = False) -> RenderedReport:
    """Lay the report out as it stands; nothing is stored.

    `now` gives the creation time; the date line's month is that of the local day. `is_draft`
    prints empty number and date, for reading.

    Raises:
        One of NOT_PRINTABLE.
    """
    return render_pdf(
        printed_report(report),
        evidence=evidence(report),
        title=f"{report.document_type.name}: {report.subject}",
        now=localtime(now),
        blanks=is_draft,
    )


def store_rendering(
    *, rendering: Rendering, rendered: RenderedReport, prepared: bytes, now: datetime.datetime
) -> None:
    """Keep the prepared file and move the report to the signatory; inside the job's effect.

    A report that has left the form check meanwhile stays where it is.
    """
    report = locked(rendering.report)
    rendering.state, rendering.finished_at = Rendering.State.DONE, now
    rendering.pages = rendered.pages
    rendering.layout = layout_of(rendered)
    rendering.evidence = as_json(evidence(report))
    keep_file(rendering, ReportFile.Stage.PREPARED, prepared)
    rendering.save()
    if report.status != Status.FORM_CHECK:
        return
    report.status, report.rendering = Status.TO_SIGN, rendering
    report.form_checked_by, report.form_checked_at = rendering.requested_by, now
    report.save(update_fields=["status", "rendering", "form_checked_by", "form_checked_at"])
    what = f"Đã kết xuất bản trình ký, {rendered.pages} trang"
    write_down(report, "rendered", what, who=rendering.requested_by, at=now)


def failed_job(rendering: Rendering | None) -> Job | None:
    """The job of a rendering that still waits although its job has given up."""
    if rendering is None or rendering.state != Rendering.State.WAITING:
        return None
    last = Job.objects.last_of(JOB, rendering.pk)
    return last if last is not None and last.state == Job.State.FAILED else None


def refuse_rendering(*, rendering: Rendering, problem: str, now: datetime.datetime) -> None:
    """Keep why the report could not be laid out; it stays at the form check."""
    report = locked(rendering.report)
    rendering.state, rendering.finished_at = Rendering.State.REFUSED, now
    rendering.problem = problem
    rendering.save()
    write_down(report, "not_rendered", "Không kết xuất được", who=None, at=now, note=problem)


def prepare_file(rendered: RenderedReport) -> bytes:
    """The rendered PDF with the fields that are filled and signed later."""
    return prepare(rendered)


def keep_file(rendering: Rendering, stage: str, content: bytes, *, level: str = "") -> ReportFile:
    """Store the bytes of a stage under a path of their own; `level` is that of its signatures."""
    file = ReportFile(
        rendering=rendering,
        stage=stage,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        level=level,
    )
    with storing():
        file.file.save(f"{stage}.pdf", ContentFile(content), save=False)
    file.save(force_insert=True)
    return file


def rendering_of(report: Report) -> Rendering:
    """The rendering in force of a report that has one.

    Raises:
        NotNow: it has none (any more).
    """
    if report.rendering is None:
        raise NotNow
    return report.rendering


def layout_of(rendered: RenderedReport) -> dict[str, Any]:
    """The places of fields and marks as plain numbers, and the line height that was found."""
    return {
        "line_height": rendered.line_height,
        "number": _place(rendered.number_box),
        "date": _place(rendered.date_box),
        "signature": _place(rendered.signature_box),
        "seal": _place(rendered.seal_box),
        "annex_references": [_place(line.box) for line in rendered.annex_references],
    }


def _place(box: Box) -> dict[str, Any]:
    return asdict(box)


def as_json(value: Any) -> Any:
    """Dates as text, all the way down, for a JSON column."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
