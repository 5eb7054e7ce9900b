"""Long work on reports."""

from __future__ import annotations

from urllib.parse import urlsplit

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.collection.models import Submission
from portal.jobs.lease import Lease
from portal.jobs.registry import job
from programs.models import Programme

from . import services
from .dashboards.home import own_work
from .glance import glance
from .glance.paper import paper_of
from .models import BatchSheet, Rendering, Report, WeeklyLetter
from .rendering.sheets import sheet_pdf
from .services import printing, weekly


@job("render_report")
def render_report(lease: Lease, rendering_id: int) -> None:
    """Lay a report out for signing; what the report itself hinders is kept as the reason."""
    rendering = Rendering.objects.select_related("report").get(pk=rendering_id)
    if rendering.state != Rendering.State.WAITING:
        return
    lease.say("Đang dàn trang")
    now = rendering.requested_at
    try:
        rendered = services.lay_out(rendering.report, now=now)
        prepared = services.prepare_file(rendered)
    except services.NOT_PRINTABLE as problem:
        with lease.effect():
            services.refuse_rendering(rendering=rendering, problem=str(problem), now=now)
        return
    with lease.effect():
        services.store_rendering(rendering=rendering, rendered=rendered, prepared=prepared, now=now)


@job(services.SENDING_JOB)
def send_issued_report(lease: Lease, report_id: int) -> None:
    """E-mail an issued report to the recipients that have an address and have not had it yet."""
    services.deliver(report_id=report_id, lease=lease)


@job("print_book")
def print_book(lease: Lease, prepared_id: int) -> None:
    """Draw one of the clerk's books for whoever asked."""
    printing.draw(prepared_id=prepared_id, lease=lease)


@job("make_copy")
def make_copy(lease: Lease, copy_id: int) -> None:
    """Make a copy of a document ready to be numbered, or put its block under the text."""
    services.make_copy(copy_id=copy_id, lease=lease)


@job("follow_approval")
def follow_approval(lease: Lease, submission_id: int) -> None:
    """After an approval: which frozen reports are to be looked at."""
    submission = Submission.objects.select_related("dataset", "period").get(pk=submission_id)
    with lease.effect():
        services.follow_approval(submission)


@job("follow_ledger")
def follow_ledger(lease: Lease, programme_id: int) -> None:
    """After an entry of the ledger: which frozen reports are to be looked at."""
    programme = Programme.objects.get(pk=programme_id)
    with lease.effect():
        services.follow_ledger(programme)


@job("compare_figures")
def compare_figures(lease: Lease, report_id: int) -> None:
    """What a report's frozen figures would say today."""
    report = Report.objects.select_related("period").get(pk=report_id)
    found = services.compare_report(report)
    with lease.effect():
        services.store_comparison(report, found)


@job("make_sheet")
def make_sheet(lease: Lease, sheet_id: int) -> None:
    """One sheet of a batch."""
    sheet = BatchSheet.objects.select_related("batch__template", "batch__period", "unit").get(
        pk=sheet_id
    )
    if sheet.state == BatchSheet.State.DONE:
        return
    try:
        made = services.make_sheet(sheet)
    except services.NOT_PRINTABLE as problem:
        with lease.effect():
            services.refuse_sheet(sheet, problem=str(problem))
        return
    with lease.effect():
        services.store_sheet(sheet, made)


@job("lift_signatures")
def lift_signatures(lease: Lease, report_id: int) -> None:
    """Bring in the time stamp that could not be had; a service still out of reach is no failure."""
    services.lift_report(report_id=report_id, now=timezone.now(), lease=lease)


@job("lift_annex")
def lift_annex(lease: Lease, annex_id: int) -> None:
    """The same for an annex in a file of its own."""
    services.lift_annex(annex_id=annex_id, now=timezone.now(), lease=lease)


@job("lift_copy")
def lift_copy(lease: Lease, copy_id: int) -> None:
    """The same for an electronic copy."""
    services.lift_copy(copy_id=copy_id, now=timezone.now(), lease=lease)


@shared_task(name="reports.lift_signatures", ignore_result=True)
def ask_for_proofs() -> int:
    """By the clock: issued reports, annexes and copies of a low level are tried again."""
    return services.ask_for_proofs()


@shared_task(name="reports.send_waiting_letters", ignore_result=True)
def ask_for_waiting_letters() -> int:
    """By the clock: what a mail server did not take for the moment is sent again."""
    return services.ask_for_waiting_letters(now=timezone.now())


@shared_task(name="reports.ask_for_weekly_letters", ignore_result=True)
def ask_for_weekly_letters() -> int:
    """By the clock: the week's letters that are not asked for yet."""
    return weekly.prepare_weekly_letters(now=timezone.now())


@job(weekly.WEEKLY_JOB)
def send_weekly_letter(lease: Lease, letter_id: int) -> None:
    """Send one person the sheet of their home, as it is now."""
    letters = WeeklyLetter.objects.filter(pk=letter_id, sent_at=None).select_related("person")
    letter = letters.first()
    if letter is None:
        return
    now = timezone.localtime()
    person, today = letter.person, now.date()
    found = glance(person, today=today)
    pdf = None
    if found is not None:
        works = own_work(person, today=today)
        address = urlsplit(settings.PUBLIC_URL).netloc
        sheet = paper_of(found, works, reader=person.full_name, now=now, address=address)
        pdf = sheet_pdf(sheet)
    mail = weekly.weekly_mail(letter, pdf)
    with lease.effect():
        letter.sent_at = now
        letter.save(update_fields=["sent_at"])
        mail.send()
