"""What stands around the text: subject, date, signatory, recipients; and citations."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from portal.documents.models import Document
from portal.units.models import IssuingAgency
from reports.models import Citation, Recipient, RepeatedNotes, Report, Status
from reports.printing import titles
from reports.references import capitalised
from reports.text import typed

from .drafting import NoAgency
from .refusals import ReportRefusal
from .sharing import need_places_of, need_section
from .trail import at_step, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User


class SignatoryMayNotSign(ReportRefusal):
    message = (
        "Người được chọn không có thẩm quyền ký báo cáo. Hãy chọn lãnh đạo hoặc người được giao ký."
    )


def may_be_signatory(user: User) -> bool:
    """Leaders, and whoever a document lets sign by order or authorisation."""
    return user.has_perm("reports.sign") or user.signing_grants.exists()


@transaction.atomic
def edit_facts(
    *,
    report: Report,
    by: User,
    now: datetime.datetime,
    subject: str,
    report_date: datetime.date,
    authority: str,
    signatory: User | None,
) -> Report:
    """Store subject, date and signatory; agency name and titles follow from date and authority.

    Raises:
        NotAllowed, NotNow, NoAgency, SignatoryMayNotSign
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    need_section(report, None, by)
    if signatory is not None and not may_be_signatory(signatory):
        raise SignatoryMayNotSign
    try:
        agency = IssuingAgency.objects.on(report_date)
    except IssuingAgency.DoesNotExist:
        raise NoAgency from None
    report.subject = typed.one_line(subject)
    report.report_date, report.agency = report_date, agency
    kind = report.document_type
    report.symbol = "-".join(part for part in (kind.abbreviation, agency.symbol) if part)
    report.authority, report.signatory = authority, signatory
    report.signature_prefix, report.signature_title = titles(
        agency, authority, own_title=signatory.title if signatory else ""
    )
    report.signer_name = signatory.full_name if signatory else ""
    report.full_clean(validate_constraints=False)
    report.save()
    write_down(report, "facts_edited", "Sửa thông tin chung", who=by, at=now)
    return report


@transaction.atomic
def set_recipients(
    *, report: Report, by: User, now: datetime.datetime, recipients: Sequence[Recipient]
) -> list[Recipient]:
    """Make `recipients` (unsaved, in order) the report's own. Raises NotAllowed, NotNow."""
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    report.recipients.all().delete()
    kept = []
    for position, recipient in enumerate(recipients, start=1):
        recipient.pk, recipient.report, recipient.position = None, report, position
        recipient.text = typed.one_line(recipient.text)
        recipient.full_clean(validate_constraints=False, exclude=["report"])
        recipient.save(force_insert=True)
        kept.append(recipient)
    write_down(report, "recipients_set", "Sửa nơi nhận", who=by, at=now)
    return kept


@transaction.atomic
def insert_citation(
    *,
    report: Report,
    document: Document,
    by: User,
    place: str = Citation.Place.NOTE,
    printed: str = "",
    full: bool = True,
) -> Citation:
    """Cite a document of the register; the editor puts the atom into the text.

    `printed` is the text as it shall stand, by default the register's own: in full for a first
    citation, type and number for later ones. Raises NotAllowed, NotNow.
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    words = typed.one_line(printed) or document.citation(full=full)
    if place == Citation.Place.NOTE and not printed.strip():
        words = capitalised(words)
    return Citation.objects.create(report=report, document=document, place=place, printed=words)


@transaction.atomic
def set_repeated_notes(*, report: Report, style: str, by: User, now: datetime.datetime) -> Report:
    """Choose what notes print that name a document again. Raises NotAllowed, NotNow,
    OnlyTheDrafter, ReportRefusal."""
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    need_section(report, None, by)
    if style not in RepeatedNotes:
        raise ReportRefusal("Chọn cách ghi chú thích nhắc lại.")
    if style != report.repeated_notes:
        report.repeated_notes = style
        report.save(update_fields=["repeated_notes"])
        what = f"Chú thích nhắc lại văn bản: {report.get_repeated_notes_display().lower()}"
        write_down(report, "notes_set", what, who=by, at=now)
    return report


@transaction.atomic
def edit_citation(
    *, citation: Citation, by: User, printed: str, now: datetime.datetime
) -> Citation:
    """Change how a cited document is written. Raises NotAllowed, NotNow, NotYourSection,
    ReportRefusal."""
    need(by, "reports.draft")
    report = at_step(citation.report, Status.DRAFT)
    need_places_of(report, "citation", citation.pk, by)
    words = typed.one_line(printed)
    if not words:
        raise ReportRefusal("Chú thích phải có nội dung.")
    if words != citation.printed:
        citation.printed = words
        citation.save(update_fields=["printed"])
        write_down(report, "citation_edited", "Sửa chú thích", who=by, at=now, note=words)
    return citation
