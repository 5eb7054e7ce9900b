"""Whose turn it is, and the one main thing this person can do now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from reports.models import ORDER, TURN, Report, SectionVersion, Status
from reports.services import MAY_RECALL, MAY_RETURN, REMARKING

if TYPE_CHECKING:
    from portal.accounts.models import User

#: The steps as shown, and who is waited for at each.
STEPS = {
    Status.DRAFT: ("Dự thảo", "người soạn thảo"),
    Status.CONTENT_CHECK: ("Kiểm tra nội dung", "trưởng phòng"),
    Status.FORM_CHECK: ("Kiểm tra thể thức", "người kiểm tra thể thức"),
    Status.TO_SIGN: ("Ký", "lãnh đạo"),
    Status.SIGNED: ("Cấp số", "văn thư"),
    Status.NUMBERED: ("Ký số cơ quan", "văn thư"),
    Status.SEALED: ("Phát hành", "văn thư"),
}

CHIPS = {
    Status.DRAFT: "draft",
    Status.ISSUED: "done",
}

#: By status: words on the main button, name of the page or action, and whether it is an action.
MAIN = {
    Status.DRAFT: ("Trình kiểm tra", "reports:send_up", True),
    Status.CONTENT_CHECK: ("Đạt nội dung", "reports:pass_content", True),
    Status.FORM_CHECK: ("Đạt thể thức, trình ký", "reports:pass_form", True),
    Status.TO_SIGN: ("Ký số", "reports:sign", False),
    Status.SIGNED: ("Cấp số", "reports:number", False),
    Status.NUMBERED: ("Ký số cơ quan", "reports:seal", False),
    Status.SEALED: ("Phát hành", "reports:issue", True),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What this person may do with the report now; empty texts where there is nothing."""

    label: str = ""
    url: str = ""
    is_action: bool = False
    why_not: str = ""
    waits_for: str = ""
    may_return: bool = False
    may_recall: bool = False
    may_edit: bool = False
    may_remark: bool = False


def turn_of(report: Report, user: User) -> Turn:
    """The main action for this person, or whom the report waits for."""
    status = Status(report.status)
    if status == Status.ISSUED:
        return Turn()
    waits_for = STEPS[status][1]
    if status == Status.TO_SIGN:
        waits_for = report.signer_name
    is_signatory = status == Status.TO_SIGN and report.signatory_id == user.pk
    may = is_signatory or user.has_perm(TURN[status])
    why_not = _why_not(report, user, status) if may else ""
    label, name, is_action = MAIN[status]
    may_return = status in MAY_RETURN and (is_signatory or user.has_perm(MAY_RETURN[status]))
    return Turn(
        label=label if may and not why_not else "",
        url=reverse(name, args=[report.pk]),
        is_action=is_action,
        why_not=why_not,
        waits_for=waits_for,
        may_return=may_return,
        may_recall=status in MAY_RECALL and report.drafter_id == user.pk,
        may_edit=status == Status.DRAFT and user.has_perm("reports.draft"),
        may_remark=any(user.has_perm(permission) for permission in REMARKING),
    )


def _why_not(report: Report, user: User, status: Status) -> str:
    """Why a person of the right role still may not: an own draft, another signatory."""
    if status in (Status.CONTENT_CHECK, Status.FORM_CHECK):
        wrote = SectionVersion.objects.filter(
            section__report=report, author=user, draft_no=report.draft_no
        )
        if report.drafter_id == user.pk or wrote.exists():
            return "Anh, chị đã soạn báo cáo này nên người khác sẽ kiểm tra."
    if status == Status.TO_SIGN and report.signatory_id != user.pk:
        return f"Báo cáo này do {report.signer_name} ký."
    return ""


def step_words() -> list[str]:
    return [words for words, _ in STEPS.values()]


def step_number(report: Report) -> int:
    """The number of the step in hand, from 1; one past the last when all are done."""
    return ORDER.index(Status(report.status)) + 1


def chip_of(report: Report) -> str:
    return CHIPS.get(Status(report.status), "waiting")
