"""After the signature: number and date, the register, the seal's file, issue."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localtime

from portal.documents import services as documents
from portal.documents.citation import written_number
from portal.documents.models import Direction, Document, DocumentRelation, Register
from portal.jobs import services as jobs
from portal.units.models import IssuingAgency
from reports.models import (
    Delivery,
    Relation,
    Report,
    ReportFile,
    SignerRole,
    Status,
)

from .acts import SignedFileMissing, whole_file
from .annexes import check_annexes, check_can_seal
from .answering import close_assignment
from .lifting import issued_files
from .refusals import ReportRefusal, storing
from .rendering import rendering_of
from .sending import SENDING_JOB, deliveries_wanted
from .trail import at_step, locked, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User


class WrongDate(ReportRefusal):
    """The date of issue does not fit: before the signature, in the future, another agency."""


class NumberNeeded(ReportRefusal):
    message = "Sổ này nhập số do hệ thống của tỉnh cấp. Hãy nhập số đã được cấp."


def outgoing_register() -> Register:
    """The agency's register of outgoing documents."""
    common = Register.objects.filter(direction=Direction.OUTGOING, kind=Register.Kind.COMMON)
    return common.order_by("position").first() or common.get()


def likely_date(report: Report, *, now: datetime.datetime) -> datetime.date:
    """Today, or for a report of another time its own date."""
    today = localtime(now).date()
    is_own_time = IssuingAgency.objects.filter(pk=report.agency_id, valid__contains=today).exists()
    return today if is_own_time else report.report_date


@transaction.atomic
def number(
    *,
    report: Report,
    by: User,
    on: datetime.date,
    now: datetime.datetime,
    given_number: int | None = None,
) -> Report:
    """Give number and date, enter the report in the register; again gives the same number.

    The next number of the register, or `given_number` where the province's system gives them.

    Raises:
        NotAllowed, NotNow, WrongDate, NumberNeeded
        FileMissing: the signed file is lost or damaged; no number is taken for it.
        AnnexesNeedKeyHere: annexes in files of their own, and no key here to seal them.
        NumberRefused: the register cannot give or take the number.
    """
    need(by, "reports.number")
    report = locked(report)
    if report.number is not None:
        return report
    report = at_step(report, Status.SIGNED)
    check_date(report, on, now)
    whole_file(report, ReportFile.Stage.SIGNED)
    check_can_seal(report)
    taken = _taken_number(report, by, on, given_number)
    rendering = rendering_of(report)
    report.number, report.issue_date = written_number(taken), on
    report.numbered_by, report.numbered_at = by, now
    report.status = Status.NUMBERED
    report.document = documents.register_outgoing(
        register=outgoing_register(),
        number=taken,
        on=on,
        symbol=report.symbol,
        document_type=report.document_type,
        subject=report.subject,
        by=by,
        signer_title=report.signature_title,
        signer_name=report.signer_name,
        recipients="; ".join(recipient.text for recipient in report.recipients.all()),
        kept_by=_kept_by(report),
        pages=rendering.pages,
        is_demo=report.is_demo,
    )
    report.save()
    write_down(report, "numbered", f"Cấp số {report.number_and_symbol}", who=by, at=now)
    return report


def _kept_by(report: Report) -> str:
    """ "VT, HC-TH" of "Lưu: VT, HC-TH"."""
    kept = report.recipients.filter(relation=Relation.FILE).values_list("text", flat=True)
    return ", ".join(text.removeprefix("Lưu").strip(" :") for text in kept)[:200]


def _taken_number(report: Report, by: User, on: datetime.date, given: int | None) -> int:
    register, key = outgoing_register(), f"report:{report.pk}"
    purpose = f"{report.document_type.name}: {report.subject}"[:300]
    if register.numbering != Register.Numbering.GIVEN:
        return documents.take_number(register=register, on=on, by=by, purpose=purpose, key=key)
    if given is None:
        raise NumberNeeded
    return documents.accept_given_number(
        register=register, on=on, number=given, by=by, purpose=purpose, key=key
    )


def check_date(report: Report, on: datetime.date, now: datetime.datetime) -> None:
    if not IssuingAgency.objects.filter(pk=report.agency_id, valid__contains=on).exists():
        raise WrongDate(
            f"Ngày {on:%d/%m/%Y} cơ quan mang tên khác với tên trong báo cáo. Hãy chọn lại ngày."
        )
    if report.is_demo:
        return
    if on > localtime(now).date():
        raise WrongDate("Ngày ban hành không thể sau hôm nay. Hãy chọn lại ngày.")
    signed = rendering_of(report).signatures.get(role=SignerRole.LEADER).signed_at
    if on < localtime(signed).date():
        raise WrongDate(
            f"Ngày ban hành không thể trước ngày ký ({localtime(signed):%d/%m/%Y}). "
            "Hãy chọn lại ngày."
        )


@transaction.atomic
def issue(*, report: Report, by: User, now: datetime.datetime, is_public: bool = False) -> Report:
    """Issue the sealed file: into the register, to the recipients, to the public if wanted.

    From here on nothing of the report changes. Issuing twice changes nothing.

    Raises:
        NotAllowed, NotNow, FileMissing, NotStored
    """
    need(by, "reports.issue")
    report = locked(report)
    if report.status == Status.ISSUED:
        return report
    report = at_step(report, Status.SEALED)
    check_annexes(report)
    sealed = whole_file(report, ReportFile.Stage.SEALED, SignedFileMissing)
    document = report.document
    assert document is not None  # noqa: S101 - the database holds it from the number on
    name = f"{report.printed_number}-{report.symbol}.pdf"
    with storing():
        documents.attach_file(document=document, file=ContentFile(sealed.content(), name=name))
        for annex in report.annex_files.select_related("sealed"):
            file = ContentFile(annex.sealed.content(), name=annex.file_name)
            documents.attach_annex(
                document=document, position=annex.position, title=annex.title, file=file
            )
    document.is_public, document.sent_date = is_public, localtime(now).date()
    document.save(update_fields=["is_public", "sent_date"])
    documents.note_signature_level(document=document, level=sealed.level)
    report.status, report.issued_by, report.issued_at = Status.ISSUED, by, now
    report.save(update_fields=["status", "issued_by", "issued_at"])
    what = f"Phát hành {report.number_and_symbol}"
    write_down(report, "issued", what, who=by, at=now)
    close_assignment(report, by, now)
    _say_what_it_mends(report, document, by=by, now=now)
    if wanted := deliveries_wanted(report):
        Delivery.objects.bulk_create(
            [Delivery(recipient=recipient) for recipient in wanted], ignore_conflicts=True
        )
        jobs.ask(SENDING_JOB, report.pk)
    return report


def _say_what_it_mends(
    report: Report, document: Document, *, by: User, now: datetime.datetime
) -> None:
    """Tie a replacement or a correction to the document it mends, in register and trail."""
    Kind = DocumentRelation.Kind
    for mended, kind, words in (
        (report.replaces, Kind.REPLACES, "Được thay thế bằng"),
        (report.corrects, Kind.CORRECTS, "Được đính chính bằng"),
    ):
        if mended is None or mended.document is None:
            continue
        documents.relate(source=document, kind=kind, target=mended.document)
        what = f"{words} {report.number_and_symbol} ngày {report.issue_date:%d/%m/%Y}"
        write_down(mended, kind.value, what, who=by, at=now, note=report.remedy_reason)


def issued_file(report: Report) -> ReportFile | None:
    """The file as issued, in its latest revision."""
    return issued_files(report).last()
