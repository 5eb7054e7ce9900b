"""A programme's money as figures: plan, allocation, payment, rate, down to the entries.

Keys join what is measured with what it is narrowed to: "von-giai-ngan", "von-giai-ngan/DA4",
"von-giai-ngan/NSTW/DA4". Amounts are tỷ đồng, exact to the thousand đồng.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils import timezone

from portal.formats import day as written_day
from portal.units.models import AdministrativeUnit, Level
from portal.units.names import fold
from programs.aggregation import Money, Question, all_lines, answer
from programs.models import CapitalChange, Component, Disbursement, FundingSource, Programme
from reports.models import Style

from .registry import Computed, FigureQuery, Scope, also_in

BILLION = Decimal(1000)
#: Entries named one by one in the provenance; the rest is counted.
_MOST_ENTRIES = 300
_MOST_FOUND = 30
NOTE = "Tính từ sổ vốn đến hết ngày lập báo cáo, không quá cuối kỳ."


@dataclass(frozen=True)
class Measure:
    """One thing that can be said of money."""

    key: str
    title: str
    unit_of_measure: str
    style: str
    of: Callable[[Money], Decimal | None]
    formula: str


MEASURES = (
    Measure("von-ke-hoach", "Kế hoạch vốn được giao", "tỷ đồng", Style.NUMBER,
            lambda money: money.plan / BILLION, "cộng vốn được giao, điều chỉnh, chuyển nguồn đến"),
    Measure("von-phan-bo", "Vốn đã phân bổ tới công trình, hoạt động", "tỷ đồng", Style.NUMBER,
            lambda money: money.detail / BILLION, "cộng vốn đã phân bổ cho công trình, hoạt động"),
    Measure("von-giai-ngan", "Vốn đã giải ngân", "tỷ đồng", Style.NUMBER,
            lambda money: money.paid / BILLION, "cộng các khoản giải ngân, trừ khoản đã huỷ"),
    Measure("ty-le-giai-ngan", "Tỷ lệ giải ngân vốn", "%", Style.PERCENT,
            lambda money: money.rate, "vốn đã giải ngân chia kế hoạch vốn, nhân 100"),
)  # fmt: skip
BY_KEY = {measure.key: measure for measure in MEASURES}


@dataclass(frozen=True)
class Part:
    """What a key narrows the money to, each a code or nothing."""

    source: FundingSource | None = None
    component: Component | None = None

    @property
    def words(self) -> str:
        told = [
            f"nguồn {self.source.name}" if self.source else "",
            f"{self.component.code} {self.component.name}" if self.component else "",
        ]
        return ", ".join(word for word in told if word)


def find(keys: Collection[str]) -> dict[str, FigureQuery]:
    """The measures of these keys, and what each is narrowed to."""
    found = {key: _found(key) for key in keys}
    return {key: query for key, query in found.items() if query is not None}


def _found(key: str) -> FigureQuery | None:
    """The measure and what it is narrowed to; None where a code is unknown."""
    name, *codes = key.split("/")
    measure = BY_KEY.get(name)
    if measure is None or len(codes) > 2:
        return None
    source = component = None
    for code in codes:
        found = FundingSource.objects.filter(code=code).first()
        if found is not None:
            source = found
            continue
        component = _components().filter(code=code).first()
        if component is None:
            return None
    return as_query(measure, key, Part(source, component))


def search(words: str) -> list[FigureQuery]:
    """Measures, and each by source and by project or subproject, that hold every word."""
    wanted = fold(words).split()
    parts = chain(
        [Part()],
        (Part(source=one) for one in FundingSource.objects.filter(is_active=True)),
        (Part(component=one) for one in _components().exclude(kind="content")),
    )
    found = []
    for part in parts:
        for measure in MEASURES:
            codes = [one.code for one in (part.source, part.component) if one]
            query = as_query(measure, "/".join([measure.key, *codes]), part)
            if all(word in fold(f"{query.key} {query.title}") for word in wanted):
                found.append(query)
    return found[:_MOST_FOUND]


def _components() -> Any:
    programme = _programme({}, timezone.localdate())
    return programme.components.order_by("code") if programme else Component.objects.none()


def _programme(parameters: Any, day: datetime.date) -> Programme | None:
    if code := parameters.get("programme"):
        return Programme.objects.filter(code=code).first()
    return Programme.objects.latest_begun(day)


def as_query(measure: Measure, key: str, part: Part) -> FigureQuery:
    title = f"{measure.title}, {part.words}" if part.words else measure.title
    return FigureQuery(
        key=key,
        title=title[:300],
        unit_of_measure=measure.unit_of_measure,
        style=measure.style,
        compute=lambda scope: compute(measure, part, scope),
        note=NOTE,
        takes=frozenset({"unit"}),
    )


def compute(measure: Measure, part: Part, scope: Scope) -> Computed:
    """The measure for the year of the scope's period, as of its day.

    Parameters: "programme", "year", "kind" (investment, recurrent), "unit" (a district's code, or a
    commune's: the money of the works that lie there).
    """
    question = question_of(part, scope)
    if question is None:
        return Computed(None, "not_collected", measure.unit_of_measure)
    found = answer(question, all_lines())
    value = measure.of(found.total) if found.has_money else None
    where = question.place or question.area
    provenance = {
        "formula": measure.formula,
        "period": f"vốn năm {question.year}, đến hết ngày {written_day(question.day)}",
        "day": question.day.isoformat(),
        "unit": where.full_name if where else "toàn tỉnh",
        "source": f"Sổ vốn {question.programme.short_name}",
        "programme": question.programme.code,
        "is_demo": found.is_demo,
        **entries(question),
    }
    if measure.style == Style.PERCENT:
        provenance |= {
            "numerator": f"{found.total.paid:f}",
            "denominator": f"{found.total.plan:f}",
        }
    missing = "" if value is not None else "not_collected"
    return Computed(value, missing, measure.unit_of_measure, provenance)


def question_of(part: Part, scope: Scope) -> Question | None:
    """None where the programme or the unit that is asked for is not there."""
    told = scope.parameters
    day = min(scope.day, scope.period.end)
    programme = part.component.programme if part.component else _programme(told, day)
    area: AdministrativeUnit | None = None
    place: AdministrativeUnit | None = None
    if told.get("unit"):
        unit = scope.unit()
        if unit is None:
            return None
        area = unit if unit.level == Level.DISTRICT else None
        place = unit if unit.level == Level.COMMUNE else None
    if programme is None:
        return None
    return Question(
        programme=programme,
        year=int(told.get("year") or scope.period.end.year),
        day=day,
        component=part.component,
        source=part.source,
        kind=str(told.get("kind") or ""),
        area=area,
        place=place,
        known_at=scope.as_of,
    )


def entries(question: Question) -> dict[str, Any]:
    """The decisions and payments behind the sums, by their keys; the latest when there are many."""
    lines = question.lines(all_lines()).order_by().values("pk")
    changes = CapitalChange.objects.filter(plan__in=lines, day__lte=question.day)
    payments = Disbursement.objects.filter(plan__in=lines, day__lte=question.day)
    if question.known_at:
        changes = changes.filter(at__lte=question.known_at)
        payments = payments.filter(at__lte=question.known_at)
    return {
        "count": changes.count() + payments.count(),
        "changes": _keys(changes),
        "payments": _keys(payments),
    }


def _keys(rows: Any) -> list[int]:
    return list(rows.order_by("-day", "-pk").values_list("pk", flat=True)[:_MOST_ENTRIES])


also_in(find, search)
