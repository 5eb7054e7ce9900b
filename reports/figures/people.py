"""Figures counted from the lists of people as of the report's day; no name leaves them."""

from __future__ import annotations

from decimal import Decimal

from ethnic_data.aggregation.people import listed_in
from ethnic_data.models.people import PersonQuerySet
from portal.formats import day as written_day
from reports.models import Style

from .registry import Computed, Scope, figure

NOTE = "Đếm theo danh sách tại ngày lập báo cáo, không quá cuối kỳ."


@figure(
    "dai-bieu-hdnd",
    title="Đại biểu Hội đồng nhân dân trong danh sách",
    unit_of_measure="người",
    style=Style.NUMBER,
    note=NOTE,
    takes=("unit", "group", "sex"),
)
def deputies(scope: Scope) -> Computed:
    """Parameters: "unit", "sex", "group", "level" (province, district, commune)."""
    return _counted(scope, 0, "danh sách đại biểu HĐND")


@figure(
    "nguoi-co-uy-tin",
    title="Người có uy tín trong danh sách",
    unit_of_measure="người",
    style=Style.NUMBER,
    note=NOTE,
    takes=("unit", "group", "sex"),
)
def prestigious(scope: Scope) -> Computed:
    """Parameters: "unit", "sex", "group", "category"."""
    return _counted(scope, 1, "danh sách người có uy tín")


def _counted(scope: Scope, which: int, words: str) -> Computed:
    unit = scope.unit()
    if unit is None:
        return Computed(None, "not_collected", "người")
    day = min(scope.day, scope.period.end)
    there = listed_in(unit, day)[which]
    count = _narrowed(there, scope).count()
    is_known = bool(count) or there.exists()
    return Computed(
        Decimal(count) if is_known else None,
        "" if is_known else "not_collected",
        "người",
        {
            "formula": f"đếm {words} tại ngày {written_day(day)}",
            "source": f"{words[:1].upper()}{words[1:]}",
            "day": day.isoformat(),
            "unit": unit.full_name,
            "count": count,
        },
    )


def _narrowed(people: PersonQuerySet, scope: Scope) -> PersonQuerySet:
    names = {
        "sex": "sex", "group": "group__code", "level": "unit__level", "category": "category",
    }  # fmt: skip
    asked = {names[key]: value for key, value in scope.parameters.items() if key in names and value}
    known = {field.name for field in people.model._meta.get_fields()}
    return people.filter(**{key: v for key, v in asked.items() if key.split("__")[0] in known})
