"""Plan, allocation and payment of a programme's year in every cut, in one statement.

Money counts where it is held: what a line received
and did not pass on. So the parts of every cut add up to the whole, to the last đồng, and lines
above the works are the money that is not yet given to any.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from portal.units.models import AdministrativeUnit
from programs.models import CapitalKind, Component, FundingSource, Organisation
from programs.models.by_month import SLOTS, slot_of
from programs.models.capital import CapitalPlanQuerySet

from .questions import DIMENSIONS, Question
from .statement import month_of, sums

ZERO = Decimal(0)
THE_WHOLE = 2 ** len(DIMENSIONS) - 1  # the sign of the row of no dimension
LOW = 30  # per cent; below it a line, an investor, a district is called slow
AT_PROVINCE = "Cấp tỉnh"
NOT_ALLOCATED = "Chưa phân bổ"

THOUSAND = Decimal("0.001")


@dataclass(frozen=True)
class Money:
    """What is planned, given to works, and paid; in million đồng."""

    plan: Decimal = ZERO
    detail: Decimal = ZERO
    paid: Decimal = ZERO

    def __add__(self, other: Money) -> Money:
        return Money(self.plan + other.plan, self.detail + other.detail, self.paid + other.paid)

    @property
    def not_detailed(self) -> Decimal:
        return self.plan - self.detail

    @property
    def left(self) -> Decimal:
        return self.plan - self.paid

    @property
    def rate(self) -> Decimal | None:
        """Paid of planned, in per cent; None while nothing is planned."""
        return self.paid / self.plan * 100 if self.plan else None

    @property
    def detail_rate(self) -> Decimal | None:
        return self.detail / self.plan * 100 if self.plan else None


@dataclass(frozen=True)
class Row:
    """One part of a cut. `value` is what the lines are narrowed to; None for those without."""

    label: str
    money: Money
    value: Any = None
    about: str = ""

    @property
    def is_remainder(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Cut:
    """The whole, divided by one dimension; the row of those without one stands last."""

    dimension: str
    rows: list[Row]

    @property
    def total(self) -> Money:
        return sum((row.money for row in self.rows), Money())


@dataclass(frozen=True)
class Month:
    """What was planned and paid in one month of a year's money."""

    first: datetime.date
    planned: Decimal = ZERO
    paid: Decimal = ZERO


@dataclass(frozen=True)
class Year:
    """The months of a year's money, and what stood on the day asked, or on that day of it."""

    year: int
    months: list[Month] = field(default_factory=list)
    plan: Decimal = ZERO
    paid: Decimal = ZERO
    carried_in: Decimal = ZERO
    carried_out: Decimal = ZERO

    @property
    def rate(self) -> Decimal | None:
        return self.paid / self.plan * 100 if self.plan else None


@dataclass(frozen=True)
class Names:
    """What parts of the cuts are called, each in its order."""

    components: Sequence[Component]
    sources: Sequence[FundingSource]
    areas: Sequence[AdministrativeUnit]
    investors: Sequence[Organisation]

    def cover(self, parts: Mapping[str, Mapping[Any, Money]]) -> bool:
        """Whether none is missing, as one would be that came a moment later."""
        return all(
            {key for key in parts[name] if key} <= {one.pk for one in known}
            for name, known in (
                ("component", self.components),
                ("source", self.sources),
                ("area", self.areas),
                ("investor", self.investors),
            )
        )

    @classmethod
    def looked_up(cls, question: Question, parts: Mapping[str, Mapping[Any, Money]]) -> Names:
        """Those that these parts need; four queries."""
        of = {name: [key for key in parts[name] if key] for name in parts}
        return cls(
            list(question.programme.components.order_by("number", "code")),
            list(FundingSource.objects.filter(pk__in=of["source"])),
            list(AdministrativeUnit.objects.filter(pk__in=of["area"])),
            list(Organisation.objects.filter(pk__in=of["investor"])),
        )


@dataclass(frozen=True)
class Answer:
    """Everything that the money of a question says; `low_lines` of `detailed_lines` are slow.

    Months of this year end with the day asked; those of the last year are all there.
    """

    question: Question
    total: Money
    cuts: dict[str, Cut]
    this_year: Year
    last_year: Year
    low_lines: int = 0
    detailed_lines: int = 0
    is_demo: bool = False

    @property
    def has_money(self) -> bool:
        return bool(self.total.plan or self.total.paid or self.this_year.months)

    @property
    def expected(self) -> float:
        """What the straight line would have paid by the day, in per cent."""
        return self.question.elapsed * 100


@dataclass
class Found:
    """The rows of the statement, sorted by what they are; in million đồng."""

    total: Money = field(default_factory=Money)
    counts: tuple[int, int, int] = (0, 0, 0)
    parts: dict[str, dict[Any, Money]] = field(
        default_factory=lambda: {name: {} for name in DIMENSIONS}
    )
    of_year: dict[tuple[str, int], list[Decimal]] = field(default_factory=dict)

    def add_cut(self, sign: int, key: int | None, word: str | None, sums: list[Decimal]) -> None:
        plan, detail, paid = (told or ZERO for told in sums)
        money = Money(plan * THOUSAND, detail * THOUSAND, paid * THOUSAND)
        if sign == THE_WHOLE:
            self.total = money
            return
        dimension = DIMENSIONS[len(DIMENSIONS) - (THE_WHOLE - sign).bit_length()]
        self.parts[dimension][word if dimension == "kind" else key] = money

    def slots(self, part: str, year: int) -> list[Decimal]:
        return self.of_year.get((part, year), [])


def answer(
    question: Question,
    visible: CapitalPlanQuerySet,
    *,
    low: int = LOW,
    from_entries: bool = False,
    names: Names | None = None,
) -> Answer:
    """Answer `question` from those of `visible`; five queries, whatever the number of lines.

    low: the rate in per cent below which lines of works are counted as slow.
    names: of all that these lines are for, when the caller has looked them up; then one query.
    """
    sql, parameters = sums(question, visible, low=low, from_entries=from_entries)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    found = Found()
    for part, sign, key, word, told in rows:
        if part == "cut":
            found.add_cut(sign, key, word, told)
        elif part == "counts":
            found.counts = (int(told[0]), int(told[1]), int(told[2]))
        else:
            found.of_year[part, sign] = [amount * THOUSAND for amount in told]
    if names is None or not names.cover(found.parts):
        names = Names.looked_up(question, found.parts)
    year = question.year
    return Answer(
        question=question,
        total=found.total,
        cuts=_cuts(question, found.parts, names),
        this_year=_year(question, year, found),
        last_year=_year(question, year - 1, found),
        low_lines=found.counts[0],
        detailed_lines=found.counts[1],
        is_demo=found.counts[2] > 0,
    )


def _year(question: Question, year: int, found: Found) -> Year:
    """Every month up to the last with money, of the year asked up to the day."""
    told = found.slots("months", year)
    if not told:
        return Year(year)
    held, paid = told[:SLOTS], told[SLOTS:]
    slot = slot_of(question.day, question.year)
    rest = found.slots("rest", year) or [ZERO, ZERO]
    carried = found.slots("carried", year) or [ZERO, ZERO]
    plan, spent = sum(held[:slot], ZERO) - rest[0], sum(paid[:slot], ZERO) - rest[1]
    if year == question.year:
        held, paid = held[:slot], paid[:slot]
        held[-1] -= rest[0]
        paid[-1] -= rest[1]
    months = [
        Month(month_of(n, year), *amounts)
        for n, amounts in enumerate(zip(held, paid, strict=True), start=1)
    ]
    return Year(year, _without_empty_ends(months), plan, spent, *carried)


def _without_empty_ends(months: list[Month]) -> list[Month]:
    """From January, or earlier where money came earlier, to the last month with money."""
    told = [n for n, month in enumerate(months) if month.planned or month.paid]
    if not told:
        return []
    return months[min(1, told[0]) : told[-1] + 1]


def _cuts(question: Question, parts: dict[str, dict[Any, Money]], names: Names) -> dict[str, Cut]:
    """The parts under their names."""
    return {
        "component": Cut("component", _by_component(question, parts["component"], names)),
        "source": Cut("source", _by_source(parts["source"], names)),
        "kind": Cut("kind", _by_kind(parts["kind"])),
        "area": Cut("area", _by_area(parts["area"], names)),
        "investor": Cut("investor", _by_investor(parts["investor"], names)),
    }


def _by_component(question: Question, parts: dict[Any, Money], names: Names) -> list[Row]:
    """Rolled up to what stands directly below the component asked (to projects when none is)."""
    every = {one.pk: one for one in names.components}
    above = question.component.pk if question.component else None
    sums: dict[int, Money] = {}
    own = None
    for key, money in parts.items():
        if key == above:
            own = money
            continue
        while every[key].parent_id != above:
            key = every[key].parent_id
        sums[key] = sums.get(key, Money()) + money
    order = [one for one in every.values() if one.pk in sums]
    order.sort(key=lambda one: one.is_content)
    rows = [Row(one.label, sums[one.pk], one, one.name) for one in order]
    if own is not None:
        rows.append(Row(NOT_ALLOCATED if rows else _leaf_words(question.component), own))
    return rows


def _leaf_words(component: Component | None) -> str:
    return component.label if component else NOT_ALLOCATED


def _by_source(parts: dict[Any, Money], names: Names) -> list[Row]:
    return [Row(one.name, parts[one.pk], one) for one in names.sources if one.pk in parts]


def _by_kind(parts: dict[Any, Money]) -> list[Row]:
    return [
        Row(kind.label[:1].upper() + kind.label[1:], parts[kind.value], kind.value)
        for kind in CapitalKind
        if kind.value in parts
    ]


def _by_area(parts: dict[Any, Money], names: Names) -> list[Row]:
    rows = [Row(one.full_name, parts[one.pk], one) for one in names.areas if one.pk in parts]
    return rows + _remainder(AT_PROVINCE, parts)


def _by_investor(parts: dict[Any, Money], names: Names) -> list[Row]:
    rows = [Row(one.name, parts[one.pk], one) for one in names.investors if one.pk in parts]
    return rows + _remainder(NOT_ALLOCATED, parts)


def _remainder(words: str, parts: dict[Any, Money]) -> list[Row]:
    return [Row(words, parts[None])] if None in parts else []
