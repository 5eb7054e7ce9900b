"""Leaving a departure as it is, with a reason; and what keeps a report from passing the check."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from reports.models import FormWaiver, Report, SectionVersion, Status
from reports.text import typed

from ..refusals import NotAllowed, NotNow, OwnReport, ReportRefusal
from ..trail import locked, need, write_down
from .listing import FormList, Listed, form_list, rule_name
from .mending import DepartureGone

if TYPE_CHECKING:
    from portal.accounts.models import User

#: Who may give a reason at which step; the form checker's counts at once.
_GIVES = {
    Status.DRAFT: "reports.draft",
    Status.CONTENT_CHECK: "reports.check_content",
    Status.FORM_CHECK: "reports.check_form",
}
_SHOWN = 5


class NoReason(ReportRefusal):
    message = "Hãy ghi lý do giữ nguyên để người kiểm tra sau biết."


class NothingChosen(ReportRefusal):
    message = "Chưa chọn chỗ nào. Hãy đánh dấu những chỗ giữ nguyên rồi ghi lý do."


class DeparturesOpen(ReportRefusal):
    """Departures that are wrong are neither mended nor left with an accepted reason."""

    def __init__(self, rows: list[Listed]) -> None:
        self.rows = rows
        shown = "; ".join(
            f"{row.departure.rule.name.lower()} (“{row.departure.quote[:60]}”)"
            for row in rows[:_SHOWN]
        )
        more = f" và {len(rows) - _SHOWN} chỗ khác" if len(rows) > _SHOWN else ""
        super().__init__(
            f"Chưa đạt thể thức: còn {len(rows)} chỗ sai: {shown}{more}. Hãy trả lại để sửa, hoặc "
            "ghi lý do giữ nguyên ở trang Thể thức."
        )


@transaction.atomic
def waive(
    *,
    report: Report,
    fingerprints: Collection[str],
    reason: str,
    by: User,
    now: datetime.datetime,
) -> list[FormWaiver]:
    """Leave departures as they are, all for one reason.

    Raises:
        NotAllowed, NotNow, OwnReport: not this person's turn, or a checker's own draft.
        NoReason, NothingChosen
        DepartureGone: the words of one are not there any more; nothing is kept then.
    """
    report = _at_own_turn(report, by)
    told = _told(reason)
    if not fingerprints:
        raise NothingChosen
    listed = form_list(report)
    rows = [listed.find(name) for name in dict.fromkeys(fingerprints)]
    found = [row for row in rows if row is not None]
    if len(found) < len(rows):
        raise DepartureGone
    return _leave(report, found, told, by, now)


def _told(reason: str) -> str:
    told = typed.one_line(reason)[:500]
    if not told:
        raise NoReason
    return told


def _at_own_turn(report: Report, by: User) -> Report:
    report = locked(report)
    permission = _GIVES.get(Status(report.status))
    if permission is None:
        raise NotNow
    need(by, permission)
    if report.status != Status.DRAFT and wrote(report, by):
        raise OwnReport
    return report


def wrote(report: Report, person: User) -> bool:
    """Whether the person drafted the report or changed this draft's text."""
    versions = SectionVersion.objects.filter(
        section__report=report, author=person, draft_no=report.draft_no
    )
    return report.drafter_id == person.pk or versions.exists()


def _leave(
    report: Report, rows: list[Listed], reason: str, by: User, now: datetime.datetime
) -> list[FormWaiver]:
    counts_at_once = report.status == Status.FORM_CHECK
    kept = FormWaiver.objects.bulk_create(
        [
            FormWaiver(
                report=report,
                fingerprint=row.fingerprint,
                rule=row.departure.rule.code,
                quote=row.departure.quote,
                reason=reason,
                by=by,
                at=now,
                accepted_by=by if counts_at_once else None,
                accepted_at=now if counts_at_once else None,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["report", "fingerprint"],
        update_fields=["rule", "quote", "reason", "by", "at", "accepted_by", "accepted_at"],
    )
    what = f"Giữ nguyên {len(rows)} chỗ về thể thức: {_named(rows)}"
    write_down(report, "form_waived", what[:300], who=by, at=now, note=reason)
    return kept


def _named(rows: list[Listed]) -> str:
    return "; ".join(f"“{row.departure.quote[:60]}”" for row in rows)


@transaction.atomic
def waive_all(*, report: Report, reason: str, by: User, now: datetime.datetime) -> int:
    """The form checker leaves everything that is wrong for one reason; returns how many."""
    report = _at_own_turn(report, by)
    blocking = list({row.fingerprint: row for row in form_list(report).blocking}.values())
    if blocking:
        _leave(report, blocking, _told(reason), by, now)
    return len(blocking)


@dataclass(frozen=True, slots=True)
class LeftAsIs:
    """A departure that stays, with the rule's name in words."""

    name: str
    waiver: FormWaiver


def waivers_of(reports: Iterable[Report]) -> dict[int, list[LeftAsIs]]:
    """By report: what was accepted to stay as it is, for the signatory's queue. One query.

    A reason whose words were changed since may still be among them; `left_as_is` knows.
    """
    found: dict[int, list[LeftAsIs]] = {}
    kept = FormWaiver.objects.filter(report__in=[report.pk for report in reports])
    for one in kept.exclude(accepted_at=None).select_related("by", "accepted_by"):
        found.setdefault(one.report_id, []).append(LeftAsIs(rule_name(one.rule), one))
    return found


def left_as_is(report: Report) -> list[LeftAsIs]:
    """As `waivers_of`, for one report, and only what its text still has."""
    stand = {row.fingerprint for row in form_list(report).explained}
    kept = waivers_of([report]).get(report.pk, [])
    return [one for one in kept if one.waiver.fingerprint in stand]


@transaction.atomic
def accept_waiver(*, waiver: FormWaiver, by: User, now: datetime.datetime) -> FormWaiver:
    """The form checker agrees with a reason somebody else gave. Raises NotAllowed, NotNow,
    OwnReport."""
    need(by, "reports.check_form")
    report = _at_own_turn(waiver.report, by)
    if report.status != Status.FORM_CHECK:
        raise NotNow
    waiver = FormWaiver.objects.select_for_update().get(pk=waiver.pk)
    if not waiver.is_accepted:
        waiver.accepted_by, waiver.accepted_at = by, now
        waiver.save(update_fields=["accepted_by", "accepted_at"])
        what = f"Đồng ý giữ nguyên “{waiver.quote[:200]}”"
        write_down(report, "form_waived", what[:300], who=by, at=now, note=waiver.reason)
    return waiver


@transaction.atomic
def withdraw_waiver(*, waiver: FormWaiver, by: User, now: datetime.datetime) -> None:
    """Take a reason back: the departure shows again. The one who gave it, or the form checker.

    Raises:
        NotAllowed, NotNow, OwnReport
    """
    report = _at_own_turn(waiver.report, by)
    if waiver.by_id != by.pk and report.status != Status.FORM_CHECK:
        raise NotAllowed
    what = f"Không giữ nguyên nữa “{waiver.quote[:200]}”"
    write_down(report, "form_unwaived", what[:300], who=by, at=now, note=waiver.reason)
    waiver.delete()


def refuse_open_departures(report: Report) -> FormList:
    """Raise DeparturesOpen while something wrong is neither mended nor left with a reason."""
    listed = form_list(report)
    if listed.blocking:
        raise DeparturesOpen(listed.blocking)
    return listed
