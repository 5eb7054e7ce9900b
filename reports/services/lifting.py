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

from .certificates import revocation_lists, trust_roots
from .opening import revocation_services, stamp_service
from .rendering import keep_file, rendering_of
from .trail import locked, write_down

JOB = "lift_signatures"

#: Files of these levels need nothing more.
_HIGH = (signing.PROVABLE, signing.ARCHIVAL)

#: Reports that one round of the clock asks for; an office issues a few a day.
_MOST_AT_ONCE = 40


def waiting_for_proofs() -> QuerySet[Report]:
    """Issued reports whose file is of a low level and has no later revision."""
    files = ReportFile.objects.filter(rendering=OuterRef("rendering"))
    low = files.filter(stage=ReportFile.Stage.SEALED).exclude(level__in=_HIGH)
    lifted = files.filter(stage=ReportFile.Stage.LIFTED)
    return Report.objects.issued().filter(Exists(low), ~Exists(lifted)).order_by("issued_at")


def ask_for_proofs() -> int:
    """Ask for the lifting of what waits; nothing where the office has no time stamp service."""
    if not settings.SIGNING_TSA_URL:
        return 0
    reports = waiting_for_proofs().values_list("pk", flat=True)[:_MOST_AT_ONCE]
    return len([jobs.ask(JOB, pk) for pk in reports])


def lift_report(*, report_id: int, now: datetime.datetime, lease: Lease) -> ReportFile | None:
    """Keep the lifted file as a later revision of the issued one; None when nothing came of it.

    The issued file stays as it is; whoever holds it holds a genuine document.
    """
    report = waiting_for_proofs().filter(pk=report_id).first()
    stamps = stamp_service()
    if report is None or stamps is None:
        return None
    rendering = rendering_of(report)
    sealed = rendering.files.get(stage=ReportFile.Stage.SEALED)
    lease.say("Đang lấy dấu thời gian")
    try:
        content = signing.lift(
            sealed.content(),
            trust_roots=trust_roots(),
            timestamper=stamps,
            now=now,
            crls=revocation_lists(),
            online=revocation_services(),
        )
    except signing.NotLifted:
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
