"""The report of November 2023 on Quyết định 2289/QĐ-TTg, rebuilt through the portal's own models.

The text is that of the template; what this one report does otherwise than the template (its date,
its signatory, the number it gives to a section) stands in data/report_2289_2023.json.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.accounts.models import Division, User
from portal.accounts.roles import Role
from portal.collection.models import ReportingPeriod

from .models import Report, ReportTemplate, Section
from .services import create_from_template, edit_section
from .services.reference import read
from .services.refusals import ReportRefusal

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "report_2289_2023.json"


class NobodyToDraft(ReportRefusal):
    message = "Chưa có tài khoản chuyên viên và lãnh đạo để lập báo cáo mẫu."


@transaction.atomic
def load(
    *, now: datetime.datetime, drafter: User | None = None, signatory: User | None = None
) -> Report:
    """Draft the report anew, with its figures as today's approved data give them.

    `drafter` and `signatory` are by default the first specialist and the leader of that name.

    Raises:
        NobodyToDraft: nobody has these roles.
        UnknownDocument: a cited document is not in the register.
    """
    facts = read(FILE)
    template = ReportTemplate.objects.published().get(
        code=facts["template"], version=facts.get("version", 1)
    )
    leaders = User.objects.active().filter(role=Role.LEADER)
    signatory = signatory or leaders.filter(full_name=facts["signatory"]).first() or leaders.first()
    drafter = drafter or User.objects.active().filter(role=Role.SPECIALIST).first()
    if drafter is None or signatory is None:
        raise NobodyToDraft
    report = create_from_template(
        template=template,
        period=_period(facts["period"]),
        drafter=drafter,
        now=now,
        report_date=datetime.date.fromisoformat(facts["report_date"]),
        signatory=signatory,
        division=Division.objects.filter(code=facts["division"]).first(),
        is_demo=True,
    )
    _label_by_hand(report, facts["manual_labels"], drafter, now)
    return report


def _period(code: str) -> ReportingPeriod:
    year = int(code)
    period, _ = ReportingPeriod.objects.get_or_create(
        code=code,
        defaults={
            "label": f"Năm {year}",
            "start": datetime.date(year, 1, 1),
            "end": datetime.date(year, 12, 31),
        },
    )
    return period


def _label_by_hand(
    report: Report, labels: Mapping[str, str], drafter: User, now: datetime.datetime
) -> None:
    """Give sections the labels they were printed with, by their titles."""
    for title, label in labels.items():
        section = Section.objects.get(report=report, title=title)
        edit_section(
            section=section,
            title=section.title,
            body=section.body,
            manual_label=label,
            by=drafter,
            now=now,
        )
