"""Incoming documents given to divisions: handed out, given on, put off, closed by an answer.

Nghị định 30/2020/NĐ-CP, điều 22 to 24: presented the same or the next working day, given out with a
deadline and the leader's direction, followed until answered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import Truncator
from django.utils.timezone import localdate

from portal import formats
from portal.accounts.models import Division, User
from portal.documents.models import (
    Assignment,
    AssignmentEvent,
    Direction,
    Document,
    DocumentRelation,
)

from .casefiles import file_work
from .registration import relate
from .telling import tell_assigned

if TYPE_CHECKING:
    from django.db.models import QuerySet

What = AssignmentEvent.What


class AssignmentRefused(Exception):
    """The step is not taken, nothing has changed; the message says why."""

    message = "Chưa thực hiện được."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class NotIncoming(AssignmentRefused):
    message = "Chỉ giao xử lý văn bản đến."


class SecretStaysOut(AssignmentRefused):
    message = "Văn bản mật được giao, trả lời và lập hồ sơ theo chế độ mật, không qua cổng."


class AlreadyAssigned(AssignmentRefused):
    message = "Văn bản này vừa được giao. Hãy tải lại trang rồi xem."


class AlreadyDone(AssignmentRefused):
    message = "Việc này đã xong, có thể người khác vừa xử lý. Hãy tải lại trang rồi xem."


class NotYours(AssignmentRefused):
    message = "Việc này không thuộc vai trò của anh, chị."


class WhyMissing(AssignmentRefused):
    message = "Hãy ghi lý do."


class UnfitOfficer(AssignmentRefused):
    message = "Người xử lý phải thuộc phòng được giao."


class UnfitAnswer(AssignmentRefused):
    message = "Văn bản trả lời phải là văn bản đi, ngày không trước ngày văn bản đến."


class DeadlineTooEarly(AssignmentRefused):
    message = "Hạn giải quyết không thể trước ngày đến của văn bản."


@transaction.atomic
def hand_out(
    *,
    document: Document,
    lead: Division,
    by: User,
    now: datetime.datetime,
    officer: User | None = None,
    supports: Sequence[Division] = (),
    due_date: datetime.date | None = None,
    direction: str = "",
    assigned_by: User | None = None,
    is_demo: bool = False,
) -> Assignment:
    """Give an incoming document to the division in the lead and to those that work with it.

    `assigned_by` is the leader whose words they are, when the clerk `by` enters them. Returns the
    lead's assignment.

    Raises:
        NotYours, NotIncoming, SecretStaysOut, AlreadyAssigned, UnfitOfficer, DeadlineTooEarly
    """
    document = Document.objects.select_for_update().get(pk=document.pk)
    who = _whose_words(by, assigned_by)
    if document.direction != Direction.INCOMING:
        raise NotIncoming
    if document.secrecy:
        raise SecretStaysOut
    if document.assignments.exists():
        raise AlreadyAssigned
    check_deadline(document, due_date)
    check_officer(lead, officer)
    common = {
        "document": document, "due_date": due_date, "direction": direction.strip()[:1000],
        "assigned_by": who, "assigned_at": now, "is_demo": is_demo,
    }  # fmt: skip
    first = Assignment.objects.create(division=lead, officer=officer, **common)
    others = [
        Assignment.objects.create(division=division, part=Assignment.Part.SUPPORT, **common)
        for division in supports
        if division != lead
    ]
    for assignment in (first, *others):
        _write_down(assignment, What.ASSIGNED, _given(assignment), by, now, direction)
        tell_assigned(assignment, at=now)
    write_beside(document, now=now)
    return first


def _whose_words(by: User, assigned_by: User | None) -> User:
    """Who gives the work out: a leader; the clerk only enters what a leader said."""
    if by.has_perm("documents.direct"):
        return by
    if not by.has_perm("documents.number"):
        raise NotYours
    if assigned_by is None or not assigned_by.has_perm("documents.direct"):
        raise NotYours("Hãy chọn lãnh đạo đã giao việc này.")
    return assigned_by


def _given(assignment: Assignment) -> str:
    due = f", hạn {formats.day(assignment.due_date)}" if assignment.due_date else ""
    return f"{assignment.get_part_display()}: {assignment.who}{due}"[:300]


def check_officer(division: Division, officer: User | None) -> None:
    if officer is not None and (not officer.is_active or officer.division_id != division.pk):
        raise UnfitOfficer


def check_deadline(document: Document, due_date: datetime.date | None) -> None:
    if due_date is not None and document.arrival_date and due_date < document.arrival_date:
        raise DeadlineTooEarly


def write_beside(document: Document, *, now: datetime.datetime) -> None:
    """The register's columns follow the assignments: unit or person, deadline, day passed on."""
    found = list(document.assignments.select_related("division", "officer").order_by("part", "pk"))
    leads = [one for one in found if one.is_lead]
    others = [str(one.division) for one in found if not one.is_lead]
    words = "; ".join(one.who for one in leads)
    if others:
        words += f"; phối hợp: {', '.join(others)}"
    document.assigned_to = Truncator(words).chars(200)
    document.due_date = leads[0].due_date if leads else None
    document.sent_date = document.sent_date or localdate(now)
    document.save(update_fields=["assigned_to", "due_date", "sent_date"])


@transaction.atomic
def pass_for_information(*, document: Document, by: User, now: datetime.datetime) -> Document:
    """A document that asks for nothing was passed on to be read; it is watched no longer.

    Raises:
        NotYours, NotIncoming
    """
    if not (by.has_perm("documents.direct") or by.has_perm("documents.number")):
        raise NotYours
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.direction != Direction.INCOMING:
        raise NotIncoming
    if document.sent_date is None:
        document.sent_date = localdate(now)
        document.assigned_to = document.assigned_to or "Chuyển để biết"
        document.save(update_fields=["sent_date", "assigned_to"])
    return document


@transaction.atomic
def reassign(
    *, assignment: Assignment, division: Division, officer: User | None, reason: str,
    by: User, now: datetime.datetime,
) -> Assignment:  # fmt: skip
    """Give the work to another officer or division; a head only within the own division.

    Raises:
        NotYours, AlreadyDone, UnfitOfficer, AlreadyAssigned
        WhyMissing: somebody had it already and no reason is given.
    """
    assignment = _open(assignment, Assignment.objects.directed_by(by))
    goes_elsewhere = division.pk != assignment.division_id
    if goes_elsewhere and not may_direct(by):
        raise NotYours("Trưởng phòng chỉ giao lại trong phòng mình.")
    check_officer(division, officer)
    if not goes_elsewhere and officer == assignment.officer:
        return assignment
    had_somebody = goes_elsewhere or assignment.officer is not None
    reason = reason.strip()
    if had_somebody and not reason:
        raise WhyMissing
    document = assignment.document
    if goes_elsewhere and document.assignments.filter(division=division).exists():
        raise AlreadyAssigned(f"Văn bản này đã giao cho {division}.")
    before = assignment.who
    assignment.division, assignment.officer = division, officer
    assignment.state = Assignment.State.ASSIGNED
    assignment.save(update_fields=["division", "officer", "state"])
    told = f"{before} → {assignment.who}" if had_somebody else assignment.who
    _write_down(assignment, What.REASSIGNED, told, by, now, reason)
    tell_assigned(assignment, at=now)
    write_beside(document, now=now)
    return assignment


def may_direct(user: User) -> bool:
    """Across divisions: a leader, or the clerk who enters a leader's words."""
    return user.has_perm("documents.direct") or user.has_perm("documents.number")


@transaction.atomic
def change_deadline(
    *, assignment: Assignment, due_date: datetime.date, reason: str,
    by: User, now: datetime.datetime,
) -> Assignment:  # fmt: skip
    """Put the deadline off (or forward), with the reason.

    Raises:
        NotYours, AlreadyDone, WhyMissing, DeadlineTooEarly
    """
    assignment = _open(assignment, Assignment.objects.directed_by(by))
    if not may_direct(by):
        raise NotYours("Hạn do lãnh đạo giao; hãy đề nghị lãnh đạo hoặc văn thư gia hạn.")
    check_deadline(assignment.document, due_date)
    if due_date == assignment.due_date:
        return assignment
    reason = reason.strip()
    if not reason:
        raise WhyMissing
    told = f"{formats.day(assignment.due_date)} → {formats.day(due_date)}"
    assignment.due_date = due_date
    assignment.save(update_fields=["due_date"])
    _write_down(assignment, What.EXTENDED, told, by, now, reason)
    write_beside(assignment.document, now=now)
    return assignment


@transaction.atomic
def start_work(*, assignment: Assignment, by: User, now: datetime.datetime) -> Assignment:
    """The officer takes the work up; taking it up again changes nothing.

    Raises:
        NotYours, AlreadyDone
    """
    assignment = _open(assignment, Assignment.objects.handled_by(by))
    if assignment.state == Assignment.State.WORKING:
        return assignment
    assignment.state = Assignment.State.WORKING
    fields = ["state"]
    if assignment.officer is None and by.division_id == assignment.division_id:
        assignment.officer = by
        fields.append("officer")
    assignment.save(update_fields=fields)
    _write_down(assignment, What.STARTED, str(assignment.officer or by), by, now)
    return assignment


@transaction.atomic
def answer_with(
    *, assignment: Assignment, answer: Document, by: User, now: datetime.datetime
) -> Assignment:
    """Close the work with an outgoing document that answers, said by hand.

    Raises:
        NotYours, AlreadyDone, UnfitAnswer, SecretStaysOut
    """
    assignment = _open(assignment, Assignment.objects.handled_by(by))
    if not assignment.is_lead:
        raise NotYours("Đơn vị chủ trì trả lời văn bản này.")
    return _answered(assignment, answer, by, now)


@transaction.atomic
def answered_by_issue(
    *, assignment: Assignment, answer: Document, by: User, now: datetime.datetime
) -> Assignment:
    """The document made for this work was issued: it answers, whoever issued it.

    Work that is closed already stays as it is; the relation is recorded all the same.
    """
    assignment = _locked(assignment)
    if assignment.is_open:
        return _answered(assignment, answer, by, now)
    relate(source=answer, kind=DocumentRelation.Kind.ANSWERS, target=assignment.document)
    return assignment


def _answered(
    assignment: Assignment, answer: Document, by: User, now: datetime.datetime
) -> Assignment:
    document = assignment.document
    if answer.direction != Direction.OUTGOING or answer.date < document.date:
        raise UnfitAnswer
    if answer.secrecy:
        raise SecretStaysOut
    relate(source=answer, kind=DocumentRelation.Kind.ANSWERS, target=document)
    told = f"Trả lời bằng {answer}, ngày {formats.day(answer.date)}"
    _close(assignment, Assignment.Outcome.ANSWERED, by, now, told=told, answer=answer)
    _close_support(document, by, now)
    file_work(assignment=assignment, by=by, now=now)
    return assignment


@transaction.atomic
def close_without_answer(
    *, assignment: Assignment, reason: str, by: User, now: datetime.datetime
) -> Assignment:
    """Nothing is to be answered, for this reason; the head, the leader or the clerk says so.

    Raises:
        NotYours, AlreadyDone, WhyMissing
    """
    assignment = _open(assignment, Assignment.objects.directed_by(by))
    reason = reason.strip()[:500]
    if not reason:
        raise WhyMissing
    told = "Không cần trả lời" if assignment.is_lead else "Xong phần phối hợp"
    _close(assignment, Assignment.Outcome.NO_ANSWER, by, now, told=told, note=reason)
    if assignment.is_lead:
        _close_support(assignment.document, by, now)
    return assignment


def _close_support(document: Document, by: User, now: datetime.datetime) -> None:
    for one in document.assignments.open().filter(part=Assignment.Part.SUPPORT):
        _close(one, Assignment.Outcome.WITH_LEAD, by, now, told="Xong cùng đơn vị chủ trì")


def _close(
    assignment: Assignment, outcome: str, by: User, now: datetime.datetime, *,
    told: str, note: str = "", answer: Document | None = None,
) -> None:  # fmt: skip
    assignment.state, assignment.outcome = Assignment.State.DONE, outcome
    assignment.answer, assignment.closing_note = answer, note
    assignment.closed_by, assignment.closed_at = by, now
    assignment.save(
        update_fields=["state", "outcome", "answer", "closing_note", "closed_by", "closed_at"]
    )
    _write_down(assignment, What.CLOSED, told, by, now, note)


@transaction.atomic
def reopen(*, assignment: Assignment, reason: str, by: User, now: datetime.datetime) -> Assignment:
    """Take a closing back, with the reason; what was recorded as answer stays a relation.

    Raises:
        NotYours, WhyMissing
    """
    assignment = _locked(assignment)
    if not may_direct(by) or not Assignment.objects.directed_by(by).filter(pk=assignment.pk):
        raise NotYours
    if assignment.is_open:
        return assignment
    reason = reason.strip()
    if not reason:
        raise WhyMissing
    assignment.state, assignment.outcome = Assignment.State.ASSIGNED, ""
    assignment.answer = assignment.closed_by = assignment.closed_at = None
    assignment.closing_note = ""
    assignment.save()
    _write_down(assignment, What.REOPENED, assignment.who, by, now, reason)
    tell_assigned(assignment, at=now)
    return assignment


def _locked(assignment: Assignment) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("document__document_type", "document__issuer", "division", "officer")
        .get(pk=assignment.pk)
    )


def _open(assignment: Assignment, theirs: QuerySet[Assignment]) -> Assignment:
    """The assignment held until the transaction ends, if it is one of `theirs` and not done."""
    found = _locked(assignment)
    if not theirs.filter(pk=found.pk).exists():
        raise NotYours
    if not found.is_open:
        raise AlreadyDone
    return found


def _write_down(
    assignment: Assignment, what: str, told: str, who: User, at: datetime.datetime, note: str = ""
) -> None:
    AssignmentEvent.objects.create(
        assignment=assignment, what=what, told=told[:300], who=who, at=at, note=note.strip()[:1000]
    )


def divisions_for(document: Document, wanted: Iterable[Division]) -> list[Division]:
    """Those of `wanted` that have nothing of the document yet."""
    taken = set(document.assignments.values_list("division", flat=True))
    return [division for division in wanted if division.pk not in taken]


@transaction.atomic
def add_support(
    *, document: Document, divisions: Sequence[Division], by: User, now: datetime.datetime
) -> list[Assignment]:
    """Let more divisions work with the one in the lead, with its deadline and direction.

    Raises:
        NotYours, AlreadyDone: nothing is open in the lead.
    """
    if not may_direct(by):
        raise NotYours
    document = Document.objects.select_for_update().get(pk=document.pk)
    lead = document.assignments.open().filter(part=Assignment.Part.LEAD).first()
    if lead is None:
        raise AlreadyDone
    made = [
        Assignment.objects.create(
            document=document, division=division, part=Assignment.Part.SUPPORT,
            due_date=lead.due_date, direction=lead.direction, assigned_by=lead.assigned_by,
            assigned_at=now, is_demo=lead.is_demo,
        )
        for division in divisions_for(document, divisions)
    ]  # fmt: skip
    for assignment in made:
        _write_down(assignment, What.ASSIGNED, _given(assignment), by, now)
        tell_assigned(assignment, at=now)
    write_beside(document, now=now)
    return made
