"""How a book says what a document is and how far its handling has come."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from portal import formats
from portal.documents.models import Assignment, Document


def day(value: datetime.date | None) -> str:
    return formats.day(value) if value is not None else ""


def number(value: int | None) -> str:
    return formats.number(value) if value is not None else ""


def named(document: Document) -> str:
    """ "Công văn số 3032/SKHĐT-KGVX ngày 19/10/2023 của Sở Kế hoạch và Đầu tư tỉnh Bắc Giang"."""
    written = f" số {document.number_and_symbol}" if document.number_and_symbol else ""
    kind = document.document_type.name
    return f"{kind}{written} ngày {formats.day(document.date)} của {document.issuer.name}"


def progress_words(document: Document, given: Iterable[Assignment], today: datetime.date) -> str:
    """How far the handling of an incoming document has come."""
    leads = [one for one in given if one.is_lead]
    if not leads:
        return "" if document.sent_date or document.assigned_to else "Chưa chuyển xử lý"
    return lead_words(leads[0], today)


def lead_words(lead: Assignment, today: datetime.date) -> str:
    late = lead.days_late(today=today)
    if lead.is_open:
        words = lead.get_state_display()
        return f"{words}, quá hạn {formats.lateness(late)}" if late else words
    words = lead.get_outcome_display()
    if lead.outcome == Assignment.Outcome.ANSWERED and lead.due_date is not None:
        words += f", chậm {formats.lateness(late)}" if late else ", đúng hạn"
    return words
