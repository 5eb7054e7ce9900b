"""After an outage: time stamp and revocation data are brought in as a new issued revision."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from portal.documents import services as documents
from portal.jobs import services as jobs
from portal.jobs.lease import Lease
from reports import signing
from reports.models import Report, ReportFile, Status

from . import annexes
from .copies.lifting import JOB as COPY_JOB
from .copies.lifting import copies_waiting_for_proofs
from .proofs import HIGH, with_proofs
from .rendering import keep_file, rendering_of
from .trail import locked, write_down

JOB = "lift_signatures"

#: Reports, annexes and copies that one round of the clock asks for; an office issues a few a day.
_MOST_AT_ONCE = 40


def waiting_for_proofs() -> QuerySet[Report]:
    """Issued reports whose file is of a low level and has no later revision."""
    files = ReportFile.objects.filter(rendering=OuterRef("rendering"))
    low = files.filter(stage=ReportFile.Stage.SEALED).exclude(level__in=HIGH)
    lifted = files.filter(stage=ReportFile.Stage.LIFTED)
    return Report.objects.issued().filter(Exists(low), ~Exists(lifted)).order_by("issued_at")


def ask_for_proofs() -> int:
    """Ask for the lifting of reports, their annexes and copies that wait.

    Nothing where the office has no time stamp service.
    """
    if not settings.SIGNING_TSA_URL:
        return 0
    waiting = (
        (JOB, waiting_for_proofs()),
        (annexes.LIFTING_JOB, annexes.annexes_waiting_for_proofs()),
        (COPY_JOB, copies_waiting_for_proofs()),
    )
    return len(
        [
            jobs.ask(job, pk)
            for job, rows in waiting
            for pk in rows.values_list("pk", flat=True)[:_MOST_AT_ONCE]
        ]
    )


def lift_report(*, report_id: int, now: datetime.datetime, lease: Lease) -> ReportFile | None:
    """Keep the lifted file as a later revision of the issued one; None when nothing came of it.

    The issued file stays as it is; whoever holds it holds a genuine document.
    """
    report = waiting_for_proofs().filter(pk=report_id).first()
    if report is None:
        return None
    rendering = rendering_of(report)
    sealed = rendering.files.get(stage=ReportFile.Stage.SEALED)
    lease.say("Đang lấy dấu thời gian")
    content = with_proofs(sealed.content(), now=now)
    if content is None:
        return None
    with lease.effect():
        report = locked(report)
        if report.status != Status.ISSUED:
            return None
        lifted = keep_file(rendering, ReportFile.Stage.LIFTED, content, level=signing.ARCHIVAL)
        if report.document is not None:
            documents.note_signature_level(document=report.document, level=lifted.level)
        what = "Đã bổ sung dấu thời gian và dữ liệu thu hồi"
        note = f"Mức chữ ký từ {sealed.level or signing.BASIC} lên {signing.ARCHIVAL}"
        write_down(report, "lifted", what, who=None, at=now, note=note)
    return lifted


def issued_files(report: Report) -> QuerySet[ReportFile]:
    """The issued file and, where it was lifted, its later revision; the oldest first."""
    return ReportFile.objects.filter(
        rendering__report=report,
        rendering=report.rendering_id,
        stage__in=ReportFile.ISSUED_STAGES,
        rendering__report__status=Status.ISSUED,
    ).order_by("pk")
