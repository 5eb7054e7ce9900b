"""Which warnings ask the sender for a reason, and which have one."""

from __future__ import annotations

from typing import Any, NamedTuple

from portal import formats
from portal.collection.models import Submission


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


def reasons_of(submission: Submission) -> dict[PlaceOfWarning, str]:
    """Every reason that was given."""
    return {
        PlaceOfWarning(one.rule, one.unit_code, one.group_code, one.column_key): one.text
        for one in submission.warning_reasons.all()
    }


def asked_for(submission: Submission) -> list[dict[str, Any]]:
    """Warnings of declared rules among the findings, each with its `reason` ("" when none).

    Remarks of the reader itself ("-" taken for zero, a ratio computed anew) ask for none.
    """
    declared = set(submission.dataset.rules.values_list("code", flat=True))
    reasons = reasons_of(submission)
    return [
        {**issue, "reason": reasons.get(place_of(issue), "")}
        for issue in submission.findings
        if issue["severity"] == "warning" and issue["rule"] in declared
    ]


def unexplained(submission: Submission) -> str:
    """One sentence when warnings have no reason, else ""; a warning stops nothing."""
    count = sum(not issue["reason"] for issue in asked_for(submission))
    if not count:
        return ""
    return (
        f"Còn {formats.number(count)} cảnh báo chưa ghi lý do. "
        "Người duyệt sẽ hỏi lại; ghi lý do trước khi nộp để khỏi bị trả lại."
    )
