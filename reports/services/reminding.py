"""The letter to those who are late with their data, drafted from what completeness says."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localtime

from portal import formats
from portal.accounts.models import User
from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.services.duties import Duty, duties
from portal.units.models import AdministrativeUnit, IssuingAgency, Level
from reports.models import Relation, Report, ReportTemplate, Status
from reports.rendering.markup import month_in_words

from .drafting import NoAgency, create_from_template
from .refusals import ReportRefusal
from .trail import need

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = "DON-DOC"
DAYS_TO_ANSWER = 7
LEVEL_WORDS = {
    Level.COMMUNE: "Ủy ban nhân dân các xã, phường, thị trấn",
    Level.DISTRICT: "Ủy ban nhân dân các huyện, thành phố",
    Level.PROVINCE: "các đơn vị",
}


class NobodyIsLate(ReportRefusal):
    message = "Không có đơn vị nào quá hạn nộp biểu này trong kỳ, nên không cần công văn đôn đốc."


def late_duties(
    *, dataset: Dataset, period: ReportingPeriod, user: User, today: datetime.date
) -> list[Duty]:
    """Who is late with `dataset` in `period`, as the page of completeness shows it."""
    found = duties(periods=[period], user=user, today=today, dataset=dataset)
    return [duty for duty in found if duty.days_late]


def open_reminder(*, dataset: Dataset, period: ReportingPeriod) -> Report | None:
    """A letter about the same that is still a draft."""
    drafts = Report.objects.filter(
        template__code=TEMPLATE,
        period=period,
        status=Status.DRAFT,
        subject=subject_of(dataset, period),
    )
    return drafts.order_by("-pk").first()


def subject_of(dataset: Dataset, period: ReportingPeriod) -> str:
    return f"đôn đốc nộp số liệu {dataset}, {in_sentence(period.label)}"


@transaction.atomic
def draft_reminder(
    *, dataset: Dataset, period: ReportingPeriod, by: User, now: datetime.datetime
) -> Report:
    """A draft letter to every late unit, in the chain of drafting, signing and numbering.

    A draft of the same that is there already is given back. Form: công văn, Nghị định
    30/2020/NĐ-CP, Phụ lục I and III.

    Raises:
        NotAllowed, NobodyIsLate, NoAgency
        UnknownDocument: the register does not have the basis that the letter cites.
    """
    need(by, "reports.draft")
    if found := open_reminder(dataset=dataset, period=period):
        return found
    today = localtime(now).date()
    every = duties(periods=[period], user=by, today=today, dataset=dataset)
    late = [duty for duty in every if duty.days_late]
    if not late:
        raise NobodyIsLate
    template = ReportTemplate.objects.current().get(code=TEMPLATE)
    try:
        agency = IssuingAgency.objects.on(today)
    except IssuingAgency.DoesNotExist:
        raise NoAgency from None
    division = by.division
    unit_symbol = division.code.replace("-", "") if division else ""
    return create_from_template(
        template=template,
        period=period,
        drafter=by,
        now=now,
        signatory=likely_signatory(),
        symbol="-".join(part for part in (agency.symbol, unit_symbol) if part),
        words=words_of(dataset, period, every, late, agency, by, today),
        recipients=[*addressees_of(late), *_own(template, unit_symbol)],
        is_demo=by.is_demo,
    )


def likely_signatory() -> User | None:
    """The one who may sign, when there is but one."""
    found = list(User.objects.active().having("reports.sign")[:2])
    return found[0] if len(found) == 1 else None


def words_of(
    dataset: Dataset,
    period: ReportingPeriod,
    every: Sequence[Duty],
    late: Sequence[Duty],
    agency: IssuingAgency,
    by: User,
    today: datetime.date,
) -> Mapping[str, str]:
    """What stands in the letter in place of {…}."""
    due = late[0].due
    return {
        "bieu": str(dataset),
        "ten": title_of(dataset),
        "ky": in_sentence(period.label),
        "cap": LEVEL_WORDS[Level(late[0].unit.level)],
        "co_quan": agency.full_name,
        "han": written(due) if due else "",
        "han_moi": written(today + datetime.timedelta(days=DAYS_TO_ANSWER)),
        "hom_nay": written(today),
        "da_nop": formats.number(sum(duty.is_sent for duty in every)),
        "tong": formats.number(len(every)),
        "so_thieu": f"{len(late):02d}",
        "danh_sach": "".join(f"<p>- {escape(line)}</p>" for line in late_lines(late)),
        "phong": by.division.name if by.division else agency.full_name,
    }


def title_of(dataset: Dataset) -> str:
    """ " (số hộ nghèo, cận nghèo)" after a form's sign; "" where the sign is the title."""
    bare = dataset.title.removeprefix(str(dataset)).lstrip(" .:-–")
    return f" ({in_sentence(bare)})" if bare and bare != str(dataset) else ""


def late_lines(late: Sequence[Duty]) -> list[str]:
    """ "Huyện Sơn Động: đang nhập, quá hạn 57 ngày;" for each, the last with a full stop."""
    lines = []
    for duty in late:
        state = "chưa có số liệu"
        if duty.submission is not None:
            state = duty.submission.get_status_display().lower()
        lines.append(f"{duty.unit}: {state}, quá hạn {formats.number(duty.days_late)} ngày")
    return [f"{line}{'.' if line is lines[-1] else ';'}" for line in lines]


def in_sentence(text: str) -> str:
    """ "Năm 2023" as it stands inside a sentence; a sign such as "Biểu 05" keeps its capital."""
    return text[:1].lower() + text[1:]


def written(day: datetime.date) -> str:
    """ "05/9/2023", "15/02/2024": days below 10 and months 1 and 2 with a zero (Phụ lục I)."""
    return f"{day.day:02d}/{month_in_words(day)}/{day.year}"


def addressees_of(late: Sequence[Duty]) -> list[dict[str, str]]:
    """ "Ủy ban nhân dân huyện Sơn Động", with the officer's address when there is one."""
    units = [duty.unit for duty in late]
    officers = User.objects.active().filter(area__in=units).exclude(email="")
    mail = {officer.area_id: officer.email for officer in officers.order_by("-pk")}
    return [
        {
            "text": f"Ủy ban nhân dân {authority(unit)}",
            "relation": Relation.BELOW,
            "email": mail.get(unit.pk, ""),
        }
        for unit in units
    ]


def authority(unit: AdministrativeUnit) -> str:
    return f"{unit.kind} {unit.name}".strip()


def _own(template: ReportTemplate, unit_symbol: str) -> list[dict[str, str]]:
    """Those of the house, with "Lưu: VT, <phòng>" last."""
    return [
        {**row, "text": row["text"].replace("{vt_phong}", unit_symbol or "HC-TH")}
        for row in template.recipients
    ]
