"""What a figure may be asked for beside its query: a unit, a group, another year, a difference.

Parameters of every query: "unit", "group", "sex" (what the query itself understands of them),
"years" (how many years before or after the report's period), "compare" ("difference" or "percent":
against `years` before, one year when it is not given).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ethnic_data.models import EthnicGroup
from portal.collection.models import ReportingPeriod
from portal.formats import number
from portal.units.models import AdministrativeUnit

from .registry import Computed, FigureQuery, Scope

DIFFERENCE, PERCENT = "difference", "percent"
MOST_YEARS = 10
_TEXTS = ("unit", "group", "sex", "kind", "list", "programme", "category", "level")
_NARROWING = ("unit", "group", "sex")
_HUNDRED = Decimal(100)


def scoped(told: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters among `told` that mean something; the rest is dropped."""
    found: dict[str, Any] = {}
    for name in _TEXTS:
        value = told.get(name)
        if isinstance(value, str) and 0 < len(value) <= 40 and value.isprintable():
            found[name] = value
    years = told.get("years")
    if isinstance(years, str) and years.lstrip("-").isdecimal() and len(years) < 4:
        years = int(years)
    if isinstance(years, int) and not isinstance(years, bool) and 0 < abs(years) <= MOST_YEARS:
        found["years"] = years
    if told.get("compare") in (DIFFERENCE, PERCENT):
        found["compare"] = told["compare"]
    return found


def fitting(query: FigureQuery, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters without the unit, group or sex that this query does not tell apart."""
    return {
        name: value
        for name, value in parameters.items()
        if name not in _NARROWING or name in query.takes
    }


def ask(query: FigureQuery, scope: Scope) -> Computed:
    """The value of `query` for the scope, its year moved or compared as the parameters say."""
    compare = scope.parameters.get("compare")
    years = scope.parameters.get("years") or 0
    if compare not in (DIFFERENCE, PERCENT):
        return query.compute(moved(scope, years)) if years else query.compute(scope)
    now, before = query.compute(scope), query.compute(moved(scope, years or -1))
    return _compared(compare, now, before, query.unit_of_measure)


def moved(scope: Scope, years: int) -> Scope:
    """The scope of the same part of another year; a period that nobody made has no data."""
    head, dash, tail = scope.period.code.partition("-")
    code = f"{int(head) + years}{dash}{tail}" if head.isdecimal() else scope.period.code
    period = ReportingPeriod.objects.filter(code=code).first() or ReportingPeriod(
        code=code,
        label=code,
        frequency=scope.period.frequency,
        start=_years_on(scope.period.start, years),
        end=_years_on(scope.period.end, years),
    )
    return replace(scope, period=period, day=_years_on(scope.day, years))


def _years_on(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _compared(compare: str, now: Computed, before: Computed, unit: str) -> Computed:
    missing = now.missing or before.missing
    value = None
    if now.value is not None and before.value is not None:
        value = now.value - before.value
        if compare == PERCENT:
            value = value / before.value * _HUNDRED if before.value else None
            missing = "" if value is not None else "not_applicable"
    words = "so với" if compare == DIFFERENCE else "tăng, giảm so với, %:"
    told = {
        **now.provenance,
        "formula": f"{_text(now.value)} {words} {_text(before.value)}: "
        f"{now.provenance.get('formula', '')}".strip(": "),
        "numerator": None,
        "denominator": None,
        "period": ", so với ".join(str(one.provenance.get("period", "")) for one in (now, before)),
        "submissions": [
            *now.provenance.get("submissions", []),
            *before.provenance.get("submissions", []),
        ],
        "files": [*now.provenance.get("files", []), *before.provenance.get("files", [])],
    }
    return Computed(value, "" if value is not None else missing, _unit(compare, unit), told)


def _unit(compare: str, unit: str) -> str:
    if compare == PERCENT:
        return "%"
    return "điểm phần trăm" if unit == "%" else unit


def _text(value: Decimal | None) -> str:
    return "chưa có" if value is None else number(value)


def title_of(query: FigureQuery, parameters: Mapping[str, Any], *, on: datetime.date) -> str:
    """The query's title with what it is asked for: "Số hộ nghèo, Huyện Sơn Động, năm trước"."""
    parts = [query.title]
    if code := parameters.get("unit"):
        unit = AdministrativeUnit.objects.on(on).filter(code=code).first()
        parts.append(unit.full_name if unit else f"đơn vị {code}")
    if code := parameters.get("group"):
        group = EthnicGroup.objects.filter(code=code).first()
        parts.append(f"dân tộc {group.name}" if group else f"nhóm {code}")
    years = parameters.get("years") or 0
    if compare := parameters.get("compare"):
        step = "năm trước" if years in (0, -1) else f"{abs(years)} năm trước"
        parts.append(f"tăng, giảm so với {step}" + (" (%)" if compare == PERCENT else ""))
    elif years:
        parts.append("năm trước" if years == -1 else f"{abs(years)} năm {_side(years)}")
    return ", ".join(parts)[:300]


def _side(years: int) -> str:
    return "trước" if years < 0 else "sau"
