"""After issue: filed, withdrawn, replaced or corrected. The issued report itself never changes.

Nghị định 30/2020/NĐ-CP, điều 18: wrong content is mended by a document of equal form that replaces
it, wrong form or procedure by a letter of correction.
"""

from __future__ import annotations

import datetime
from html import escape
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localtime

from portal.documents import services as documents
from portal.documents.models import CaseFile
from reports.models import (
    Citation,
    Report,
    ReportTemplate,
    ReportView,
    Sequel,
    Status,
)
from reports.text import richtext, typed
from reports.text.numbering import ANNEXES, numbered

from .carrying import begin_from_report, replacing_words
from .drafting import create_from_template
from .editing import edit_section
from .facts import insert_citation
from .refusals import ReasonMissing, ReportRefusal
from .trail import at_step, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User

CORRECTION = "DINH-CHINH"


class RemedyUnderWay(ReportRefusal):
    """The report has its replacement already; `report` is that one."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(
            f"Báo cáo này đã có văn bản thay thế ({report.get_status_display().lower()}). "
            "Hãy làm tiếp văn bản ấy."
        )


class NoCorrectionTemplate(ReportRefusal):
    message = "Chưa có đề cương công văn đính chính. Hãy nhờ quản trị nạp lại danh mục."


@transaction.atomic
def replace_report(*, report: Report, by: User, reason: str, now: datetime.datetime) -> Report:
    """A draft with the same text that will replace an issued report of wrong content.

    The old one stays valid until the new one is issued. What it was written to answer, the new one
    answers.

    Raises:
        NotAllowed, NotNow, ReasonMissing, NoAgency
        RemedyUnderWay: a replacement was begun already.
    """
    need(by, "reports.draft")
    reason = _reason(reason)
    report = at_step(report, Status.ISSUED)
    if begun := Report.objects.filter(replaces=report).first():
        raise RemedyUnderWay(begun)
    new = begin_from_report(
        source=report,
        period=report.period,
        drafter=by,
        now=now,
        report_date=report.report_date if report.is_demo else None,
        signatory=report.signatory,
    )
    _copy_labels(report, new)
    _say_what_it_replaces(new, report, by=by, now=now)
    new.replaces, new.remedy_reason = report, reason
    new.assignment = report.assignment
    new.save(update_fields=["replaces", "remedy_reason", "assignment"])
    what = f"Lập văn bản thay thế {report.number_and_symbol}"
    write_down(new, "replaces", what, who=by, at=now, note=reason)
    return new


def _copy_labels(old: Report, new: Report) -> None:
    """Labels typed by hand belong to the text that is replaced; only a new period drops them."""
    by_source = {section.source_id: section for section in new.sections.all()}
    for section in old.sections.exclude(manual_label=""):
        if copied := by_source.get(section.pk):
            copied.manual_label = section.manual_label
            copied.save(update_fields=["manual_label"])


def _say_what_it_replaces(new: Report, old: Report, *, by: User, now: datetime.datetime) -> None:
    """One sentence before the closing words of the text; the drafter may word it otherwise."""
    document = old.document
    assert document is not None  # noqa: S101 - the database holds it from the issue on
    nodes = [node for top in numbered(new.sections.present()) for node in top.walk()]
    written = [node.row for node in nodes if node.row.level not in ANNEXES and node.row.body]
    if not written:
        return
    cited = insert_citation(report=new, document=document, by=by, place=Citation.Place.TEXT)
    sentence = (
        richtext.Run(replacing_words(new)),
        richtext.Atom("citation", str(cited.pk), cited.printed),
        richtext.Run("."),
    )
    section = written[-1]
    lines = list(section.lines)
    lines.insert(len(lines) - lines[-1].text.rstrip().endswith("./."), richtext.Line(sentence))
    edit_section(section=section, title=section.title, body=richtext.write(lines), by=by, now=now)


@transaction.atomic
def correct_report(*, report: Report, by: User, reason: str, now: datetime.datetime) -> Report:
    """A draft letter that corrects the form of an issued report.

    Raises:
        NotAllowed, NotNow, ReasonMissing, NoAgency, NoCorrectionTemplate
    """
    need(by, "reports.draft")
    reason = _reason(reason)
    report = at_step(report, Status.ISSUED)
    template = ReportTemplate.objects.current().filter(code=CORRECTION).first()
    if template is None:
        raise NoCorrectionTemplate
    document = report.document
    assert document is not None  # noqa: S101 - the database holds it from the issue on
    letter = create_from_template(
        template=template,
        period=report.period,
        drafter=by,
        now=now,
        report_date=report.report_date if report.is_demo else None,
        signatory=report.signatory,
        symbol=_letter_symbol(report, by),
        words={
            "so_ky_hieu": report.number_and_symbol,
            "van_ban": escape(document.citation()),
            "van_ban_ngan": document.citation(full=False),
            "co_quan": report.agency.full_name,
            "noi_dung": escape(reason.rstrip(" .;")),
        },
        recipients=_recipients_of(report),
        is_demo=report.is_demo,
    )
    letter.corrects, letter.remedy_reason = report, reason
    letter.save(update_fields=["corrects", "remedy_reason"])
    what = f"Lập công văn đính chính {report.number_and_symbol}"
    write_down(letter, "corrects", what, who=by, at=now, note=reason)
    return letter


def _letter_symbol(report: Report, by: User) -> str:
    unit = by.division.code.replace("-", "") if by.division else ""
    return "-".join(part for part in (report.agency.symbol, unit) if part)


def _recipients_of(report: Report) -> list[dict[str, object]]:
    """Whoever had the report has its correction."""
    return [
        {
            "text": one.text,
            "email": one.email,
            "prints_email": one.prints_email,
            "relation": one.relation,
        }
        for one in report.recipients.all()
    ]


@transaction.atomic
def withdraw_report(*, report: Report, by: User, reason: str, now: datetime.datetime) -> Sequel:
    """Call an issued report back: it stays readable and is said to be withdrawn everywhere.

    Raises:
        NotAllowed, NotNow, ReasonMissing
    """
    need(by, "reports.sign")
    reason = _reason(reason)
    report = at_step(report, Status.ISSUED)
    if found := report.sequels.filter(kind=Sequel.Kind.WITHDRAWN).first():
        return found
    assert report.document is not None  # noqa: S101 - the database holds it from the issue on
    documents.call_back(document=report.document, on=localtime(now).date())
    return _once(report, Sequel.Kind.WITHDRAWN, note=reason, by=by, now=now)


@transaction.atomic
def file_report(*, report: Report, case_file: CaseFile, by: User, now: datetime.datetime) -> Sequel:
    """Put the issued document into an open case file; again gives the first filing.

    Raises:
        NotAllowed, NotNow
        FilingRefused: the file is closed or full, or is not this person's to keep.
    """
    need(by, "reports.issue")
    report = at_step(report, Status.ISSUED)
    document = report.document
    assert document is not None  # noqa: S101 - the database holds it from the issue on
    documents.file_document(case_file=case_file, document=document, by=by, now=now)
    return _once(report, Sequel.Kind.FILED, note=str(case_file)[:500], by=by, now=now)


def _once(
    report: Report, kind: Sequel.Kind, *, note: str, by: User, now: datetime.datetime
) -> Sequel:
    found = report.sequels.filter(kind=kind).first()
    if found is not None:
        return found
    made: Sequel = report.sequels.create(kind=kind, note=note, by=by, at=now)
    write_down(report, kind.value, kind.label, who=by, at=now, note=note)
    return made


def _reason(text: str) -> str:
    reason = typed.one_line(text)[:500]
    if not reason:
        raise ReasonMissing
    return reason


def note_view(*, report: Report, user: User, now: datetime.datetime) -> None:
    """Write down that somebody opened the report today; one row a day."""
    day = localtime(now).date()
    ReportView.objects.bulk_create(
        [ReportView(report=report, user=user, day=day, count=0, last_at=now)],
        ignore_conflicts=True,
    )
    today = ReportView.objects.filter(report=report, user=user, day=day)
    today.update(count=F("count") + 1, last_at=now)
