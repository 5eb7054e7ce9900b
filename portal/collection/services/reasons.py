"""Which warnings ask the sender for a reason, and which have one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from portal import formats
from portal.collection.models import Submission
from portal.collection.workbooks.rules.domain import PREFIX
from portal.collection.workbooks.rules.money import AMOUNT

LONGEST = 100  # characters of a value


class PlaceOfWarning(NamedTuple):
    """What a warning is about, as its reason is kept."""

    rule: str
    unit: str
    group: str
    column: str


def place_of(issue: dict[str, Any]) -> PlaceOfWarning:
    return PlaceOfWarning(
        issue["rule"], issue.get("unit") or "", issue.get("group") or "", issue.get("column") or ""
    )


class Said(NamedTuple):
    """A reason, and the value that it was given for; None: for any."""

    text: str
    value: str | None


Reasons = dict[PlaceOfWarning, Said]


def reasons_of(submission: Submission) -> Reasons:
    """Every reason that was given, for whichever value."""
    return {
        PlaceOfWarning(one.rule, one.unit_code, one.group_code, one.column_key): Said(
            one.text, one.value
        )
        for one in submission.warning_reasons.all()
    }


def reason_for(issue: dict[str, Any], reasons: Reasons) -> str:
    """What was said of this warning; "" when nothing was, or the value has changed since."""
    said = reasons.get(place_of(issue))
    if said is None or said.value not in (None, value_of(issue)):
        return ""
    return said.text


def value_of(issue: dict[str, Any]) -> str:
    return str(issue.get("value") or "")[:LONGEST]


def value_warned_of(submission: Submission, place: PlaceOfWarning) -> str:
    """The value that stands against a rule there: in a file that waits, else what is stored."""
    waiting = submission.uploads.open().order_by("-pk").values_list("issues", flat=True)
    for issues in (*waiting, submission.findings):
        for issue in issues:
            if place_of(issue) == place:
                return value_of(issue)
    return ""


def asked_for(submission: Submission) -> list[dict[str, Any]]:
    """Warnings of declared rules and of the domain, each with its `reason` ("" when none).

    Remarks of the reader itself ("-" taken for zero, a ratio computed anew) ask for none.
    """
    declared = set(submission.dataset.rules.values_list("code", flat=True))
    reasons = reasons_of(submission)
    return [
        {**issue, "reason": reason_for(issue, reasons)}
        for issue in submission.findings
        if asks_reason(issue, declared)
    ]


def asks_reason(issue: Mapping[str, Any], declared: Collection[str]) -> bool:
    """Whether an issue is a warning of a declared rule, of the domain or of a strange amount."""
    rule = issue["rule"]
    is_ours = rule in declared or rule == AMOUNT or rule.startswith(PREFIX)
    return issue["severity"] == "warning" and is_ours


def unexplained(submission: Submission) -> str:
    """One sentence when warnings have no reason, else ""; a warning stops nothing."""
    count = sum(not issue["reason"] for issue in asked_for(submission))
    if not count:
        return ""
    return (
        f"Còn {formats.number(count)} cảnh báo chưa ghi lý do. "
        "Người duyệt sẽ hỏi lại; ghi lý do trước khi nộp để khỏi bị trả lại."
    )
