"""A report that answers an incoming document: bound to the work given out, closed by its issue."""

from __future__ import annotations

import datetime
from html import escape
from typing import TYPE_CHECKING

from django.db import transaction

from portal.documents import services as documents
from portal.documents.citation import written_day
from reports.models import Citation, Level, Report, Section, Status

from .refusals import ReportRefusal
from .trail import at_step, keep_version, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.documents.models import Assignment, Document


class NotThisPersonsWork(ReportRefusal):
    message = "Việc này không giao cho anh, chị hoặc đã xong. Hãy xem lại việc được giao."


@transaction.atomic
def bind_to_assignment(
    *, report: Report, assignment: Assignment, by: User, now: datetime.datetime
) -> Report:
    """Let a draft answer the document of `assignment`: it cites the document, the work is begun.

    A text that cites the document already is left as it is; else a first paragraph
    "Căn cứ …;" is added.

    Raises:
        NotAllowed, NotNow, NotThisPersonsWork
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    try:
        assignment = documents.start_work(assignment=assignment, by=by, now=now)
    except documents.AssignmentRefused as refused:
        raise NotThisPersonsWork(str(refused)) from refused
    report.assignment = assignment
    report.save(update_fields=["assignment"])
    document = assignment.document
    if not report.citations.filter(document=document).exists():
        _cite_first(report, document, by, now)
    what = f"Soạn để trả lời {document}"
    write_down(report, "answers", what, who=by, at=now)
    return report


def _cite_first(report: Report, document: Document, by: User, now: datetime.datetime) -> None:
    """ "Căn cứ Công văn số 3032/SKHĐT-KGVX ngày 19/10/2023 của … về việc …;" before all else."""
    name = document.citation(full=False)
    citation = Citation.objects.create(
        report=report, document=document, place=Citation.Place.TEXT, printed=name
    )
    full = document.citation()
    rest = full.removeprefix(name) if full.startswith(name) else ""
    if not rest and full != name:
        rest = f" ngày {written_day(document.date)} của {document.issuer.name_in_text}"
    body = (
        f'<p>Căn cứ <span data-citation="{citation.pk}">{escape(name)}</span>'
        f"{escape(rest, quote=False)};</p>"
    )
    section = Section.objects.create(
        report=report, parent=None, position=0, level=Level.PLAIN, title="", body=body
    )
    keep_version(section, author=by, now=now)


def close_assignment(report: Report, by: User, now: datetime.datetime) -> None:
    """The issued report answers the document it was written for; nothing when there is none."""
    if report.assignment is None or report.document is None:
        return
    documents.answered_by_issue(
        assignment=report.assignment, answer=report.document, by=by, now=now
    )
