"""An administrator's work on the rules of a dataset: keep, order, end, try."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from portal.collection.models import Dataset, DatasetRule, ReportingPeriod, Submission
from portal.collection.stores import store_of
from portal.collection.workbooks.checking import check_entries
from portal.collection.workbooks.outcome import Issue

from .beside import beside_of, layout_of
from .grids import grid_of
from .judging import entries_of, told
from .refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from portal.accounts.models import User

DESIGN = "collection.design"
MOST_TRIED = 300
SHOWN = 20


class RuleCited(Refused):
    message = "Đã có số liệu bị quy tắc này nhắc nên không xoá được. Hãy ngừng áp dụng từ một ngày."


class EndsBeforeStart(Refused):
    message = "Ngày ngừng phải sau ngày bắt đầu áp dụng."


def _designer(by: User) -> None:
    if not by.has_perm(DESIGN):
        raise NotAllowed


@transaction.atomic
def keep_rule(*, rule: DatasetRule, by: User) -> DatasetRule:
    """A new rule goes to the end and gets a code of its own; an edited one keeps both.

    Raises:
        NotAllowed
    """
    _designer(by)
    if rule.pk is None:
        same = DatasetRule.objects.filter(dataset=rule.dataset)
        rule.position = (same.aggregate(last=Max("position"))["last"] or 0) + 1
        rule.code = rule.code or _free_code(rule)
    rule.save()
    return rule


def _free_code(rule: DatasetRule) -> str:
    """ "at-most-3": the kind and the first number that no rule of the dataset has."""
    stem = rule.kind.replace("_", "-")
    known = set(DatasetRule.objects.filter(dataset=rule.dataset).values_list("code", flat=True))
    return next(code for n in range(1, 10_000) if (code := f"{stem}-{n}") not in known)


@transaction.atomic
def move_rule(*, rule: DatasetRule, up: bool, by: User) -> None:
    """One place up or down; at the end of the list nothing moves.

    Raises:
        NotAllowed
    """
    _designer(by)
    rules = list(DatasetRule.objects.select_for_update().filter(dataset=rule.dataset))
    place = next(index for index, one in enumerate(rules) if one.pk == rule.pk)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    for position, one in enumerate(rules, start=1):
        one.position = position
    DatasetRule.objects.bulk_update(rules, ["position"])


def end_rule(*, rule: DatasetRule, day: datetime.date | None, by: User) -> None:
    """The rule no longer judges periods that end on `day` or later; None: it goes on.

    Raises:
        NotAllowed, EndsBeforeStart
    """
    _designer(by)
    if day is not None and rule.since is not None and day <= rule.since:
        raise EndsBeforeStart
    rule.until = day
    rule.save(update_fields=["until"])


def is_cited(rule: DatasetRule) -> bool:
    """Whether a finding or a reason names the rule."""
    mine = Submission.objects.filter(dataset=rule.dataset)
    named = [{"rule": rule.code}]
    return (
        mine.filter(findings__contains=named).exists()
        or mine.filter(warning_reasons__rule=rule.code).exists()
        or mine.filter(uploads__issues__contains=named).exists()
    )


@transaction.atomic
def delete_rule(*, rule: DatasetRule, by: User) -> None:
    """A rule that never said anything goes for good.

    Raises:
        NotAllowed, RuleCited
    """
    _designer(by)
    if is_cited(rule):
        raise RuleCited
    rule.delete()


@dataclass(frozen=True)
class Trial:
    """What a rule would have said of the approved values of the last period."""

    period: ReportingPeriod | None
    submissions: int
    count: int
    first: list[dict[str, Any]]


def try_rule(rule: DatasetRule) -> Trial:
    """Run one rule, kept or not yet kept, over the last period that has approved data.

    Writes nothing. At most 300 submissions are looked at.
    """
    period = _last_period(rule.dataset)
    if period is None:
        return Trial(None, 0, 0, [])
    approved = (
        Submission.objects.approved()
        .filter(dataset=rule.dataset, period=period)
        .with_names()
        .order_by("unit__sort_key")[:MOST_TRIED]
    )
    found: list[tuple[Submission, Issue]] = []
    for submission in approved:
        found += [(submission, issue) for issue in _said(rule, submission)]
    first = [{**issue._asdict(), "submission": submission} for submission, issue in found[:SHOWN]]
    return Trial(period, len(approved), len(found), first)


def _last_period(dataset: Dataset) -> ReportingPeriod | None:
    approved = Submission.objects.approved().filter(dataset=dataset)
    last = approved.select_related("period").order_by("-period__end").first()
    return last.period if last else None


def _said(rule: DatasetRule, submission: Submission) -> list[Issue]:
    layout = layout_of(submission)
    alone = replace(layout, rules=(rule.as_layout(submission.period),))
    grid = grid_of(alone, store_of(submission.dataset).current(submission))
    beside = beside_of(submission, alone, rules=[rule])
    checked = check_entries(alone, entries_of(alone, told(grid)), beside=beside)
    return [issue for issue in checked.issues if issue.rule == rule.code]
