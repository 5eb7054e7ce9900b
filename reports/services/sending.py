"""Issued reports go out by e-mail: to each recipient once, with what became of each letter."""

from __future__ import annotations

import datetime
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from portal.jobs import services as jobs
from reports.models import Delivery, Recipient, Relation, Report, Status
from reports.printing import verify_url
from reports.text import typed

from .lifting import issued_files
from .trail import at_step, need

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.jobs.lease import Lease

SENDING_JOB = "send_issued_report"


class NotSent(Exception):
    """Some letters could not be sent; they are tried again later."""


#: So long after it was asked for, a letter is tried again without the clerk.
_TRIED_FOR = datetime.timedelta(days=2)
_ADDRESS_REFUSED = "máy chủ thư không nhận địa chỉ này"
_FILE_LOST = "không đọc được tệp đã phát hành"


def deliveries_wanted(report: Report) -> list[Recipient]:
    """Recipients outside with an address."""
    return [
        recipient
        for recipient in report.recipients.all()
        if recipient.email and recipient.relation not in (Relation.INTERNAL, Relation.FILE)
    ]


def deliver(*, report_id: int, lease: Lease) -> None:
    """Send the issued file to every recipient that has not had it; for the job.

    Each letter is noted before the next is sent, so that a worker that is killed sends at most one
    letter twice. What a mail server refuses is kept as the reason and does not hold up the others;
    a server that is out of reach is not asked once for each of them.

    Raises:
        NotSent: at least one letter could not be sent.
    """
    report = Report.objects.issued().select_related("document", "agency").get(pk=report_id)
    waiting = Delivery.objects.filter(recipient__report=report, sent_at=None)
    try:
        enclosed = _enclosed(report)
    except OSError as problem:
        waiting.update(problem=_FILE_LOST)
        raise NotSent(_FILE_LOST) from problem
    for delivery in waiting.select_related("recipient").order_by("pk"):
        lease.say(f"Đang gửi tới {delivery.recipient}")
        try:
            _letter(report, enclosed, delivery.recipient).send()
        except (SMTPException, ValueError) as problem:
            delivery.problem = _told(problem)
        except OSError as problem:
            waiting.update(problem="không kết nối được máy chủ thư")
            raise NotSent("the mail server is out of reach") from problem
        else:
            delivery.sent_at, delivery.problem = localtime(), ""
        delivery.save(update_fields=["sent_at", "problem"])
    if left := waiting.count():
        raise NotSent(f"{left} letters not sent")


def _told(problem: Exception) -> str:
    """Why a letter did not go, in words for the clerk; never the server's own."""
    match problem:
        case SMTPRecipientsRefused() if any(code < 500 for code, _ in problem.recipients.values()):
            return "máy chủ thư tạm chưa nhận thư cho địa chỉ này"
        case SMTPRecipientsRefused() | ValueError():
            return _ADDRESS_REFUSED
        case SMTPServerDisconnected():
            return "máy chủ thư ngắt giữa chừng"
        case SMTPAuthenticationError():
            return "máy chủ thư không nhận tài khoản gửi của cổng"
    return "máy chủ thư từ chối gửi"


def ask_for_waiting_letters(*, now: datetime.datetime) -> int:
    """Have letters tried again that a mail server did not take for the moment; returns how many
    reports they belong to. Addresses that it refused wait for the clerk.
    """
    return len([jobs.ask(SENDING_JOB, pk) for pk in _with_waiting_letters(now)])


def _with_waiting_letters(now: datetime.datetime) -> QuerySet[Delivery, int]:
    waiting = Delivery.objects.filter(sent_at=None, asked_at__gte=now - _TRIED_FOR)
    pks = waiting.exclude(problem=_ADDRESS_REFUSED).values_list("recipient__report", flat=True)
    return pks.order_by("recipient__report").distinct()


@transaction.atomic
def send_again(*, report: Report, by: User) -> None:
    """Ask for the letters that have not gone out. Raises NotAllowed, NotNow."""
    need(by, "reports.issue")
    report = at_step(report, Status.ISSUED)
    jobs.ask(SENDING_JOB, report.pk)


def _enclosed(report: Report) -> list[tuple[str, bytes]]:
    """The issued file and its annexes: name and bytes. Raises OSError when one cannot be read."""
    file = issued_files(report).last()
    if file is None or not file.is_whole:
        raise FileNotFoundError
    annexes = report.annex_files.with_revisions()
    return [
        (f"{report.printed_number}-{report.symbol}.pdf", file.content()),
        *((annex.file_name, annex.latest.content()) for annex in annexes),
    ]


def _letter(
    report: Report, enclosed: list[tuple[str, bytes]], recipient: Recipient
) -> EmailMessage:
    replaced = report.replaces and report.replaces.document
    told = f"Văn bản này thay thế {replaced.citation()}.\n\n" if replaced else ""
    letter = EmailMessage(
        subject=typed.one_line(f"{report.number_and_symbol}: {report.subject}")[:200],
        body=(
            f"Kính gửi {recipient.text},\n\n{report.agency.full_name} gửi kèm "
            f"{report.document_type.name.lower()} số {report.number_and_symbol} "
            f"ngày {report.issue_date:%d/%m/%Y}: {report.subject}.\n\n"
            f"{told}Xác thực văn bản tại {verify_url(report)}\n"
        ),
        to=[recipient.email],
    )
    for name, content in enclosed:
        letter.attach(name, content, "application/pdf")
    return letter
