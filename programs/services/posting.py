"""Workbooks become entries of the ledger: the month's payments, and a year's capital of works.

What a workbook said before is found by its submissions, so that a correction posts only what
changed and the same figures twice post nothing. `objections_…` say beforehand, at the works and
the column, why an entry would be refused, in the same words.

Values are by works code and measure (`NSTW-DT`: source and kind), in million đồng.
"""

from __future__ import annotations

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, Sum

from portal.accounts.models import User
from portal.collection.models import Submission
from portal.collection.stores import Asked
from portal.collection.workbooks.layout import Severity
from portal.documents.models import Document
from portal.formats import day as written_day
from portal.formats import number
from portal.units.models import AdministrativeUnit
from programs.ledger import LedgerRefused, Moves, NewChange, NewPayment, label, locked, moves_of
from programs.ledger.lines import follow, with_names
from programs.ledger.refusals import shortage
from programs.ledger.weighing import closed_months, payment_short, refuse_day, refuse_fraction
from programs.models import (
    CapitalChange,
    CapitalKind,
    CapitalPlan,
    Component,
    Disbursement,
    FundingSource,
    Programme,
    Works,
)

from .capital import decide, open_line
from .disbursing import pay, reversal_of

Values = Mapping[tuple[str, str], Decimal]
KINDS = {"DT": CapitalKind.INVESTMENT, "SN": CapitalKind.RECURRENT}
WORD = {kind: word for word, kind in KINDS.items()}
ZERO = Decimal(0)


class Stands(NamedTuple):
    """Why the value of one works and measure would not be posted; a warning would be, yet asks."""

    works: str
    measure: str
    text: str
    rule: str
    severity: Severity = "error"


def measure_of(source: FundingSource, kind: str) -> str:
    """ "NSTW-DT": how workbooks call a source and a kind."""
    return f"{source.code}-{WORD[CapitalKind(kind)]}"


def source_and_kind(measure: str) -> tuple[str, CapitalKind] | None:
    source, _, word = measure.rpartition("-")
    return (source, KINDS[word]) if source and word in KINDS else None


def _same(asked: Asked) -> Q:
    """Entries of any revision of what is asked."""
    return Q(
        submission__dataset=asked.dataset,
        submission__unit=asked.unit,
        submission__period=asked.period,
    )


# payments of a month


class _Month:
    """The payments that a workbook tells, beside what it told before."""

    def __init__(self, asked: Asked, programme: Programme, values: Values) -> None:
        self.day = asked.period.end
        self.values = {key: value for key, value in values.items() if value is not None}
        self.lines = _works_lines(programme, self.day.year, {code for code, _ in values})
        standing = Disbursement.objects.filter(
            _same(asked), plan__programme=programme, reverses=None, reversal=None
        )
        self.standing: dict[int, list[Disbursement]] = defaultdict(list)
        for paid in standing.select_related("plan__works", "plan__source"):
            self.standing[paid.plan_id].append(paid)

    def told_elsewhere(self, asked: Asked) -> dict[int, Decimal]:
        """What of the month was entered otherwise: from the treasury, or by hand."""
        first = self.day.replace(day=1)
        paid = Disbursement.objects.filter(plan__in=[line.pk for line in self.lines.values()])
        others = paid.filter(month=first, reverses=None, reversal=None).exclude(_same(asked))
        return dict(others.order_by().values_list("plan").annotate(total=Sum("amount")))

    def standing_of(self, line: CapitalPlan) -> Decimal:
        return sum((paid.amount for paid in self.standing[line.pk]), ZERO)

    def changed(self) -> list[tuple[CapitalPlan, Decimal]]:
        """Lines whose payment is to become another, 0 for none."""
        told = {
            line.pk: (line, value)
            for key, value in self.values.items()
            if (line := self.lines.get(key)) is not None
        }
        for paid_list in self.standing.values():
            for paid in paid_list:
                told.setdefault(paid.plan_id, (paid.plan, ZERO))
        return [(line, value) for line, value in told.values() if value != self.standing_of(line)]


def _works_lines(
    programme: Programme, year: int, codes: Iterable[str]
) -> dict[tuple[str, str], CapitalPlan]:
    """The lines of works in a year, by code and measure."""
    lines = CapitalPlan.objects.yearly(programme, year).filter(works__code__in=set(codes))
    return {
        (line.works.code, measure_of(line.source, line.kind)): line
        for line in with_names(lines).select_related("parent__parent")
        if line.works
    }


@transaction.atomic
def post_monthly(
    *, submission: Submission, programme: Programme, values: Values, by: User
) -> list[Disbursement]:
    """Make the month's payments those of `values`, on the last day of the period.

    Of a correction only what changed is taken back and entered anew.

    Raises:
        LedgerRefused: a works without a line, a balance that is exceeded, a closed month.
    """
    month = _Month(submission, programme, values)
    for (code, measure), value in month.values.items():
        if value and (code, measure) not in month.lines:
            raise LedgerRefused(_no_line(code, measure, month.day.year), rule="unknown_line")
    payments: list[NewPayment] = []
    for line, amount in month.changed():
        note = f"Đính chính lần {submission.revision}"
        payments += [
            reversal_of(paid, day=month.day, note=note) for paid in month.standing[line.pk]
        ]
        if amount:
            payments.append(NewPayment(line, amount, month.day))
    return pay(payments=payments, by=by, submission=submission) if payments else []


def objections_to_monthly(*, asked: Asked, programme: Programme, values: Values) -> list[Stands]:
    """At which works and measure `post_monthly` would be refused, and why; reads only."""
    month = _Month(asked, programme, values)
    moves = moves_of({line.pk for line in month.lines.values()})
    closed = closed_months(list(month.lines.values()))
    elsewhere = month.told_elsewhere(asked)
    found = []
    for (code, measure), value in month.values.items():
        line = month.lines.get((code, measure))
        if line is None:
            if value:
                words = _no_line(code, measure, month.day.year)
                found.append(Stands(code, measure, words, "unknown_line"))
            continue
        standing = month.standing_of(line)
        if value == standing:
            continue
        try:
            if value < 0:
                raise LedgerRefused("Số giải ngân không được nhỏ hơn 0.", rule="negative")
            refuse_fraction(value)
            refuse_day(line, month.day, closed)
            before = moves[line.pk]
            before.give(month.day, -standing)
            after = copy.deepcopy(before)
            after.give(month.day, value)
            if refused := payment_short(line, before, after):
                raise refused
        except LedgerRefused as refused:
            found.append(Stands(code, measure, refused.message, refused.rule or "amount"))
        else:
            if value and (other := elsewhere.get(line.pk)):
                words = _entered_already(other, month.day)
                found.append(Stands(code, measure, words, "told_elsewhere", "warning"))
    return found


def _entered_already(amount: Decimal, day: datetime.date) -> str:
    return (
        f"Tháng {day:%m/%Y} đã có {number(amount)} triệu đồng ghi từ bảng kê kho bạc hoặc nhập "
        f"tay. Số này được ghi thêm vào đó; nếu là cùng một khoản thì bỏ ô này."
    )


def _no_line(code: str, measure: str, year: int) -> str:
    return (
        f"Công trình {code} chưa có kế hoạch vốn {measure} năm {year}. "
        f"Hãy phân bổ vốn cho công trình trước, hoặc bỏ số này."
    )


# capital of a year


class _Target(NamedTuple):
    """What a works' line is to receive from this workbook in all, beside what it has from it."""

    works: Works
    measure: str
    amount: Decimal
    posted: Decimal
    head: CapitalPlan  # the line of the unit that it is drawn from

    @property
    def difference(self) -> Decimal:
        return self.amount - self.posted


class _Year:
    """The capital of works that a unit's workbook tells for a year."""

    def __init__(self, asked: Asked, programme: Programme, values: Values) -> None:
        self.unit, self.year = asked.unit, asked.period.end.year
        self.programme = programme
        posted = (
            CapitalChange.objects.filter(
                _same(asked), plan__programme=programme, plan__works__isnull=False
            )
            .order_by()
            .values_list("plan__works__code", "plan__source__code", "plan__kind")
            .annotate(total=Sum("amount"))
        )
        self.posted = {
            (code, f"{source}-{WORD[CapitalKind(kind)]}"): total
            for code, source, kind, total in posted
        }
        told = {key: value for key, value in values.items() if value is not None}
        self.values = dict.fromkeys(self.posted, ZERO) | told
        codes = {code for code, _ in self.values}
        self.works = {
            one.code: one
            for one in Works.objects.filter(code__in=codes).select_related(
                "component__parent__parent", "investor"
            )
        }
        self.lines = _works_lines(programme, self.year, codes)
        self.heads = _heads(programme, self.year, asked.unit)

    def targets(self) -> tuple[list[_Target], list[Stands]]:
        """What is to be allocated, in the order of the values, and what cannot be."""
        targets, stands = [], []
        for (code, measure), amount in self.values.items():
            posted = self.posted.get((code, measure), ZERO)
            if amount == posted:
                continue
            try:
                targets.append(self._target(code, measure, amount, posted))
            except LedgerRefused as refused:
                stands.append(Stands(code, measure, refused.message, refused.rule or "amount"))
        return targets, stands

    def _target(self, code: str, measure: str, amount: Decimal, posted: Decimal) -> _Target:
        works = self.works.get(code)
        if works is None:
            raise LedgerRefused(f"Chưa có công trình mang mã {code}.", rule="unknown_works")
        if amount < 0:
            raise LedgerRefused("Số vốn phân bổ không được nhỏ hơn 0.", rule="negative")
        refuse_fraction(amount)
        line = self.lines.get((code, measure))
        head = self._head_of(line) if line else self._nearest(works, measure)
        return _Target(works, measure, amount, posted, head)

    def _head_of(self, line: CapitalPlan) -> CapitalPlan:
        for one in follow(line):
            if one.unit_id == self.unit.pk and one.pk != line.pk:
                return one
        raise LedgerRefused(
            f"{label(line)} không được phân bổ từ vốn của {self.unit}. "
            f"Hãy ghi thay đổi ở trang kế hoạch vốn.",
            rule="other_parent",
            line=line,
        )

    def _nearest(self, works: Works, measure: str) -> CapitalPlan:
        """The unit's line of the works' own component, else of what that belongs to."""
        component: Component | None = works.component
        while component is not None:
            if head := self.heads.get((component.pk, measure)):
                return head
            component = component.parent
        raise LedgerRefused(
            f"{self.unit} chưa được giao vốn {measure} năm {self.year} cho "
            f"{works.component.label}. Hãy ghi quyết định giao vốn cho {self.unit} trước.",
            rule="unknown_line",
        )


def _heads(
    programme: Programme, year: int, unit: AdministrativeUnit
) -> dict[tuple[int, str], CapitalPlan]:
    """The unit's own lines by component and measure; of several the first."""
    lines = CapitalPlan.objects.yearly(programme, year).filter(unit=unit).order_by("-pk")
    return {
        (line.component_id, measure_of(line.source, line.kind)): line for line in with_names(lines)
    }


@transaction.atomic
def post_plan(
    *,
    submission: Submission,
    programme: Programme,
    values: Values,
    by: User,
    document: Document | None = None,
) -> list[CapitalChange]:
    """Allocate the unit's capital of a year to investors and on to works, as `values` tell.

    The decision is `document`, else the one that the submission cites, which must be in the
    register. Of a correction the difference is an adjustment.

    Raises:
        LedgerRefused: no decision, a unit without capital, an allocation above it.
    """
    year = _Year(submission, programme, values)
    targets, stands = year.targets()
    if stands:
        raise LedgerRefused(stands[0].text, rule=stands[0].rule)
    if not targets:
        return []
    document = document or decision_cited(submission)
    first = datetime.date(year.year, 1, 1)
    day = max(document.date, first) if document.date.year < year.year else document.date
    locked({one.head.pk for one in targets})
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    lines: dict[int, CapitalPlan] = {}
    for one in targets:
        for line in _down_to(one, year):
            lines[line.pk] = line
            amounts[line.pk] += one.difference
    has_money = set(
        CapitalChange.objects.filter(plan__in=lines).values_list("plan", flat=True).distinct()
    )
    changes = [
        NewChange(line, _what(amounts[pk], pk in has_money), amounts[pk])
        for pk, line in lines.items()
        if amounts[pk]
    ]
    return decide(document=document, day=day, changes=changes, by=by, submission=submission)


def _what(amount: Decimal, has_money: bool) -> str:
    what = CapitalChange.What
    return what.ADJUSTED if has_money or amount < 0 else what.ALLOCATED


def _down_to(one: _Target, year: _Year) -> list[CapitalPlan]:
    """The lines below the unit's own down to the works', opened where they are new."""
    there = year.lines.get((one.works.code, one.measure))
    if there is None:
        same = {
            "programme": year.programme,
            "component": one.works.component,
            "source": one.head.source,
            "kind": one.head.kind,
            "year": year.year,
            "is_demo": one.head.is_demo,
        }
        through = open_line(**same, holder=one.works.investor, parent=one.head)  # type: ignore[arg-type]
        there = open_line(**same, holder=one.works, parent=through)  # type: ignore[arg-type]
    found = []
    for line in follow(there):
        if line.pk == one.head.pk:
            break
        found.append(line)
    return found


def decision_cited(submission: Submission) -> Document:
    """The decision in the register whose number and day the submission gives.

    Raises:
        LedgerRefused: none is given, or it is not in the register.
    """
    number, day = submission.cover_letter_number, submission.cover_letter_date
    if not number or day is None:
        raise LedgerRefused(
            "Chưa ghi quyết định phân bổ vốn. Hãy ghi số, ký hiệu và ngày quyết định khi nộp.",
            rule="no_decision",
        )
    found = Document.objects.named(number).filter(date=day).order_by("pk").first()
    if found is None:
        raise LedgerRefused(
            f"Sổ văn bản chưa có quyết định số {number} ngày {written_day(day)}. "
            f"Hãy vào sổ quyết định này trước.",
            rule="no_decision",
        )
    return found


def objections_to_plan(*, asked: Asked, programme: Programme, values: Values) -> list[Stands]:
    """At which works and measure `post_plan` would be refused, and why; reads only.

    Where the unit's capital does not reach, the rows are told from which on it is exceeded.
    """
    year = _Year(asked, programme, values)
    targets, stands = year.targets()
    by_head: dict[int, list[_Target]] = defaultdict(list)
    for one in targets:
        by_head[one.head.pk].append(one)
    moves = moves_of([*by_head, *(line.pk for line in year.lines.values())])
    for head, group in by_head.items():
        stands += _above_head(group, moves[head])
    for one in targets:
        line = year.lines.get((one.works.code, one.measure))
        if line and one.difference < 0:
            stands += _below_use(one, line, moves[line.pk])
    return stands


def _above_head(group: Sequence[_Target], moves: Moves) -> list[Stands]:
    """Rows from which on the unit's capital no longer reaches; what is lowered counts first."""
    head = group[0].head
    days = list(moves.days())
    if not days:
        day, left = datetime.date(head.year or 1, 1, 1), ZERO
    else:
        day, left = days[-1].day, days[-1].available
    room = left - sum((one.difference for one in group if one.difference < 0), ZERO)
    found = []
    drawn = ZERO
    for one in group:
        if one.difference <= 0:
            continue
        drawn += one.difference
        if drawn > room:
            refused = shortage("capital_within_parent", head, day, drawn - room, moves)
            found.append(Stands(one.works.code, one.measure, refused.message, refused.rule))
    return found


def _below_use(one: _Target, line: CapitalPlan, moves: Moves) -> list[Stands]:
    days = list(moves.days())
    if not days or days[-1].available + one.difference >= 0:
        return []
    short = -(days[-1].available + one.difference)
    refused = shortage("capital_covers_use", line, days[-1].day, short, moves)
    return [Stands(one.works.code, one.measure, refused.message, refused.rule)]
