"""A report as a Word file: of a draft to be read elsewhere, of an issued one as a copy."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from portal.formats import day_in_words
from reports.models import Report, Status
from reports.printing import printed_report
from reports.word import WordFacts, word_file


@dataclass(frozen=True, slots=True)
class WordCopy:
    """The file's name and its bytes."""

    name: str
    content: bytes


def word_copy(report: Report, *, now: datetime.datetime) -> WordCopy:
    """The report as it stands, in Word. Name and foot say that it carries no signature.

    Raises:
        One of NOT_PRINTABLE.
    """
    day = report.issue_date
    facts = WordFacts(
        title=f"{report.document_type.name}: {report.subject}",
        author=report.agency.full_name,
        now=now,
        month=day or report.report_date,
        number=report.printed_number,
        date=day_in_words(day) if day else "",
        mark=_mark(report),
    )
    return WordCopy(_name(report), word_file(printed_report(report), facts))


def _mark(report: Report) -> str:
    if report.status == Status.ISSUED:
        return (
            f"Bản sao dạng Word của văn bản số {report.number_and_symbol}, "
            "không có giá trị chữ ký số"
        )
    if report.is_draft:
        return f"Dự thảo {report.draft_no}"
    return "Bản Word của văn bản chưa phát hành, không có giá trị chữ ký số"


def _name(report: Report) -> str:
    symbol = "".join(char if char.isascii() and char.isalnum() else "-" for char in report.symbol)
    if report.status == Status.ISSUED:
        return f"{report.number}-{symbol}-ban-sao-khong-chu-ky.docx"
    return f"{symbol}-du-thao-{report.draft_no}.docx"
