"""Locking a report for a step, and writing down that it was taken."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from reports.models import Report, ReportEvent, Section, SectionVersion, Status

from .refusals import NotAllowed, NotNow

if TYPE_CHECKING:
    from portal.accounts.models import User

#: What a person can have to say in one go, with the remarks that are still open behind it.
_LONGEST_NOTE = 12_000


def locked(report: Report) -> Report:
    """The report as it is now, held until the transaction ends."""
    return Report.objects.select_for_update().get(pk=report.pk)


def at_step(report: Report, *steps: Status) -> Report:
    """As `locked`; raises NotNow unless the report stands at one of `steps`."""
    report = locked(report)
    if report.status not in steps:
        raise NotNow
    return report


def need(user: User, permission: str) -> None:
    """Raise NotAllowed when the person's role does not carry `permission`."""
    if not user.has_perm(permission):
        raise NotAllowed


def write_down(
    report: Report,
    kind: str,
    what: str,
    *,
    who: User | None,
    at: datetime.datetime,
    note: str = "",
) -> ReportEvent:
    """Add a line to the report's trail; of an endless note only the beginning is kept."""
    return ReportEvent.objects.create(
        report=report,
        kind=kind,
        what=what,
        who=who,
        at=at,
        note=note[:_LONGEST_NOTE],
        status=report.status,
    )


def keep_version(section: Section, *, author: User, now: datetime.datetime) -> SectionVersion:
    return SectionVersion.objects.create(
        section=section,
        revision=section.revision,
        title=section.title,
        body=section.body,
        author=author,
        at=now,
        draft_no=section.report.draft_no,
    )
