"""Several people on one draft: who may write where, sections given out and taken back.

As long as no section is given to anybody, everybody who drafts may write everywhere. From the first
one on the drafter writes everywhere, and the others only in what they were given.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from portal import formats
from reports.models import Report, Section, SectionShare, Status
from reports.text import richtext

from .refusals import NotAllowed, ReportRefusal
from .trail import at_step, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User


class NotYourSection(ReportRefusal):
    """The section is somebody else's to write."""

    def __init__(self, share: SectionShare | None) -> None:
        whose = f"Mục này đã giao cho {share.person} soạn" if share else "Mục này chưa giao cho ai"
        super().__init__(
            f"{whose}. Báo cáo đã chia mục nên chỉ người soạn thảo và người được giao sửa được; "
            "muốn góp ý thì ghi góp ý."
        )


class OnlyTheDrafter(ReportRefusal):
    message = "Báo cáo đã chia mục cho nhiều người nên việc này do người soạn thảo làm."


class NoSuchWriter(ReportRefusal):
    message = "Người được chọn không soạn được báo cáo. Hãy chọn người khác."


class DueInThePast(ReportRefusal):
    message = "Hạn soạn phải từ hôm nay trở đi và trong vòng một năm."


class AlreadyGiven(ReportRefusal):
    message = "Mục này đang giao cho người khác. Hãy thôi giao trước rồi giao lại."


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who was given what of one report."""

    report: Report
    shares: Mapping[int, SectionShare]
    parents: Mapping[int, int | None]

    @classmethod
    def of(cls, report: Report) -> Sharing:
        given = SectionShare.objects.open().filter(section__report=report).select_related("person")
        shares = {share.section_id: share for share in given}
        parents = dict(report.sections.values_list("pk", "parent_id")) if shares else {}
        return cls(report, shares, parents)

    def share_of(self, section_pk: int | None) -> SectionShare | None:
        """The share that a section belongs to: its own, else that of the one above it."""
        while section_pk is not None:
            if section_pk in self.shares:
                return self.shares[section_pk]
            section_pk = self.parents.get(section_pk)
        return None

    def may_write(self, user: User, section_pk: int | None) -> bool:
        """In a section; None asks for the report as a whole and its highest level."""
        if not user.has_perm("reports.draft"):
            return False
        if not self.shares or user.pk == self.report.drafter_id:
            return True
        share = self.share_of(section_pk)
        return share is not None and share.person_id == user.pk


def need_section(report: Report, section_pk: int | None, by: User) -> None:
    """Raise NotYourSection where somebody else writes, OnlyTheDrafter for the whole report."""
    sharing = Sharing.of(report)
    if sharing.may_write(by, section_pk):
        return
    if section_pk is None:
        raise OnlyTheDrafter
    raise NotYourSection(sharing.share_of(section_pk))


def need_places_of(report: Report, kind: str, key: int, by: User) -> None:
    """Raise NotYourSection where an atom's citation, table or chart stands in a section that
    somebody else writes: its words are the section's."""
    sharing = Sharing.of(report)
    for section in report.sections.present():
        if sharing.may_write(by, section.pk):
            continue
        atoms = richtext.atoms(section.lines)
        if any((atom.kind, atom.key) == (kind, str(key)) for atom in atoms):
            raise NotYourSection(sharing.share_of(section.pk))


@transaction.atomic
def give_section(
    *, section: Section, person: User, due_date: datetime.date, by: User, now: datetime.datetime
) -> SectionShare:
    """Give a section, with all below it, to a person to write until a day.

    Raises:
        NotAllowed: somebody other than the drafter.
        NotNow, NoSuchWriter, DueInThePast, AlreadyGiven
    """
    report = _owned(section, by)
    if not (person.is_active and person.has_perm("reports.draft")):
        raise NoSuchWriter
    today = now.date()
    if not today <= due_date <= today + datetime.timedelta(days=366):
        raise DueInThePast
    if section.removed_at is not None or section.shares.filter(ended_at=None).exists():
        raise AlreadyGiven
    share = SectionShare.objects.create(
        section=section, person=person, due_date=due_date, given_by=by, given_at=now
    )
    what = f"Giao mục “{section}” cho {person}, hạn {formats.day(due_date)}"
    write_down(report, "section_given", what[:300], who=by, at=now)
    return share


@transaction.atomic
def take_section_back(*, share: SectionShare, by: User, now: datetime.datetime) -> SectionShare:
    """End a share; what was written stays. Raises NotAllowed, NotNow."""
    report = _owned(share.section, by)
    share = SectionShare.objects.select_for_update().get(pk=share.pk)
    if share.ended_at is None:
        share.ended_by, share.ended_at = by, now
        share.save(update_fields=["ended_by", "ended_at"])
        what = f"Thôi giao mục “{share.section}” cho {share.person}"
        write_down(report, "section_taken_back", what[:300], who=by, at=now)
    return share


@transaction.atomic
def finish_section(*, share: SectionShare, by: User, now: datetime.datetime) -> SectionShare:
    """The person says that the section is written. Raises NotAllowed, NotNow."""
    report = at_step(share.section.report, Status.DRAFT)
    share = SectionShare.objects.select_for_update().get(pk=share.pk)
    if share.person_id != by.pk or share.ended_at is not None:
        raise NotAllowed
    if share.done_at is None:
        share.done_at = now
        share.save(update_fields=["done_at"])
        what = f"Soạn xong mục “{share.section}”"
        write_down(report, "section_finished", what[:300], who=by, at=now)
    return share


def _owned(section: Section, by: User) -> Report:
    need(by, "reports.draft")
    report = at_step(section.report, Status.DRAFT)
    if report.drafter_id != by.pk:
        raise NotAllowed
    return report
