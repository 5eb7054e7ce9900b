"""Remarks on a draft: pinned, answered, settled. None is ever deleted."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from reports.models import Remark, RemarkAnswer, Report, Section, Status
from reports.remarking import paragraphs
from reports.text import typed

from .refusals import NotAllowed, NotNow, ReportRefusal
from .trail import locked

if TYPE_CHECKING:
    from portal.accounts.models import User

#: Whoever works on a report's way may say what should be changed.
REMARKING = (
    "reports.draft",
    "reports.check_content",
    "reports.check_form",
    "reports.sign",
    "reports.number",
)

#: What a returned report lists; the rest is counted.
MOST_TOLD, LONGEST_TOLD = 40, 160


class NothingSaid(ReportRefusal):
    message = "Hãy ghi nội dung góp ý."


class NoSuchParagraph(ReportRefusal):
    message = "Không thấy đoạn văn này trong mục. Hãy tải lại trang rồi chọn lại đoạn."


class RemarkSettled(ReportRefusal):
    message = "Góp ý này đã được đánh dấu xong. Hãy ghi góp ý mới nếu còn điều cần sửa."


@transaction.atomic
def add_remark(
    *,
    report: Report,
    by: User,
    text: str,
    now: datetime.datetime,
    section: Section | None = None,
    paragraph: int | None = None,
    revision: int | None = None,
) -> Remark:
    """Ask for a change, at the report, at a section or at one of its paragraphs.

    `paragraph` counts from 0 in the `revision` that the person read (None: the present one); it is
    quoted from there, whatever was saved since.

    Raises:
        NotAllowed: people who may read only.
        NotNow: the report is issued.
        NothingSaid, NoSuchParagraph
    """
    report = _remarkable(report, by)
    text = typed.some_lines(text)
    if not text:
        raise NothingSaid
    remark = Remark(report=report, section=section, text=text, author=by, at=now)
    if section is not None and paragraph is not None:
        remark.revision = section.revision if revision is None else revision
        remark.paragraph = paragraph
        remark.quote = _read(section, remark.revision, paragraph)
    remark.save()
    return remark


def _read(section: Section, revision: int, paragraph: int) -> str:
    """The paragraph as it stood in a revision."""
    body = section.body
    if revision != section.revision:
        version = section.versions.filter(revision=min(revision, 2**31 - 1)).first()
        if version is None:
            raise NoSuchParagraph
        body = version.body
    lines = paragraphs(body)
    if not 0 <= paragraph < len(lines):
        raise NoSuchParagraph
    return lines[paragraph]


@transaction.atomic
def answer_remark(*, remark: Remark, by: User, text: str, now: datetime.datetime) -> RemarkAnswer:
    """Say something to a remark that is open. Raises NotAllowed, NotNow, NothingSaid,
    RemarkSettled."""
    _remarkable(remark.report, by)
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.resolved_at is not None:
        raise RemarkSettled
    text = typed.some_lines(text)
    if not text:
        raise NothingSaid("Hãy ghi nội dung trả lời.")
    return RemarkAnswer.objects.create(remark=remark, text=text, author=by, at=now)


@transaction.atomic
def resolve_remark(*, remark: Remark, by: User, now: datetime.datetime) -> Remark:
    """Mark a remark as dealt with: whoever drafts, or its author. Raises NotAllowed, NotNow."""
    if not may_settle(remark, by):
        raise NotAllowed
    if locked(remark.report).status == Status.ISSUED:
        raise NotNow
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.resolved_at is None:
        remark.resolved_by, remark.resolved_at = by, now
        remark.save(update_fields=["resolved_by", "resolved_at"])
    return remark


def may_settle(remark: Remark, user: User) -> bool:
    return user.has_perm("reports.draft") or remark.author_id == user.pk


def open_remarks_told(report: Report) -> list[str]:
    """The open remarks as lines of the reason that a report is returned with."""
    remarks = list(report.remarks.open().select_related("section"))
    if not remarks:
        return []
    lines = [f"Góp ý chưa xong ({len(remarks)}):"]
    lines += [f"- {_told(remark)}" for remark in remarks[:MOST_TOLD]]
    if len(remarks) > MOST_TOLD:
        lines.append(f"- và {len(remarks) - MOST_TOLD} góp ý khác, xem trong báo cáo.")
    return lines


def _told(remark: Remark) -> str:
    where = f"{_cut(str(remark.section), 60)}: " if remark.section else ""
    quote = f"“{_cut(remark.quote, 60)}”: " if remark.quote else ""
    return f"{where}{quote}{_cut(typed.one_line(remark.text), LONGEST_TOLD)}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _remarkable(report: Report, by: User) -> Report:
    report = locked(report)
    if report.status == Status.ISSUED:
        raise NotNow
    if not any(by.has_perm(permission) for permission in REMARKING):
        raise NotAllowed
    return report
