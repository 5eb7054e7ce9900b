"""Which reports are due now, by the templates in use and their dated deadlines."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.collection.models import ReportingPeriod
from reports.models import Report, ReportTemplate, Rhythm, Status, TemplateDeadline

if TYPE_CHECKING:
    from portal.accounts.models import User

SOON = 30
"""Days before its deadline from which a report is shown."""
LONGEST_LATE = 60
"""Days after which a report that nobody began is no longer asked for."""


@dataclass(frozen=True, slots=True)
class DueReport:
    """One kind of report for one period, not issued yet; `report` when it was begun."""

    template: ReportTemplate
    period: ReportingPeriod
    due: datetime.date
    report: Report | None
    days_late: int

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


def due_reports(*, today: datetime.date, user: User) -> list[DueReport]:
    """What is due around `today` and not issued, the latest first; four queries.

    Of one person the kinds that their division writes, and those that no division is named for.
    """
    templates = ReportTemplate.objects.for_reports().exclude(rhythm=Rhythm.ONE_OFF)
    kinds = [
        one
        for one in templates.select_related("division")
        if user.division_id is None or one.division_id in (None, user.division_id)
    ]
    periods = _periods(today)
    found = [
        one
        for template, rules in _with_rules(kinds)
        for one in _around(template, rules, periods, today)
    ]
    begun = _begun(found)
    open_ones = [
        DueReport(template, period, due, begun.get((template.code, period.pk)), _late(due, today))
        for template, period, due in found
    ]
    waiting = [one for one in open_ones if one.report is None or one.report.status != Status.ISSUED]
    return sorted(waiting, key=lambda one: (one.due, one.template.title))


Rules = list[TemplateDeadline]
Found = tuple[ReportTemplate, ReportingPeriod, datetime.date]


def _with_rules(kinds: list[ReportTemplate]) -> list[tuple[ReportTemplate, Rules]]:
    rules: dict[str, Rules] = {}
    codes = [one.code for one in kinds]
    for rule in TemplateDeadline.objects.filter(code__in=codes).order_by("-valid_from"):
        rules.setdefault(rule.code, []).append(rule)
    return [(one, rules[one.code]) for one in kinds if one.code in rules]


def _periods(today: datetime.date) -> list[ReportingPeriod]:
    """Periods a deadline around `today` can belong to: a rule moves by a year at most."""
    year = datetime.timedelta(days=400)
    return list(ReportingPeriod.objects.filter(end__range=(today - year, today + year)))


def _around(
    template: ReportTemplate, rules: Rules, periods: list[ReportingPeriod], today: datetime.date
) -> list[Found]:
    found = []
    for period in periods:
        if period.frequency != template.rhythm:
            continue
        rule = next((one for one in rules if one.valid_from <= period.end), None)
        if rule is None:
            continue
        due = rule.due(period.end)
        if -LONGEST_LATE <= (due - today).days <= SOON:
            found.append((template, period, due))
    return found


def _begun(found: list[Found]) -> dict[tuple[str, int], Report]:
    """The report of each kind and period; the one that has come farthest when there are several."""
    reports = Report.objects.filter(
        template__code__in={template.code for template, _, _ in found},
        period__in={period.pk for _, period, _ in found},
    ).select_related("template", "drafter")
    order = list(Status)
    ranked = sorted(reports, key=lambda one: (order.index(Status(one.status)), one.pk))
    return {(one.template.code, one.period_id): one for one in ranked}


def _late(due: datetime.date, today: datetime.date) -> int:
    return max((today - due).days, 0)
