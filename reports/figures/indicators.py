"""Every indicator of the catalogue as a figure, with the cells it was computed from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper

from ethnic_data.aggregation import Answer, answer, observations_behind
from ethnic_data.models import FigureKind, Indicator
from portal.formats import day as written_day
from portal.units.models import AdministrativeUnit
from portal.units.names import fold
from reports.models import Style

from .registry import Computed, FigureQuery, Scope, also_in

#: Cells named one by one in the provenance; the rest is counted.
_MOST_CELLS = 300
_OF_A_CELL = (
    "pk", "indicator__code", "indicator__name", "unit__kind", "unit__name", "value", "sheet",
    "cell", "upload", "upload__original_name", "upload__sha256", "upload__submission", "submission",
    "submission__revision",
)  # fmt: skip
_MOST_FOUND = 30


#: What a key may ask of an indicator after its code: "N06:tu-so". So a sentence says a rate, what
#: it is made of and how many units told of both, all of the same units; a sum asked for by itself
#: rests on the units that gave the sum.
PARTS: dict[str, tuple[str, Callable[[Answer], Decimal | int | None]]] = {
    "tu-so": ("tử số", lambda found: found.numerator),
    "mau-so": ("mẫu số", lambda found: found.denominator),
    "so-xa-co": ("số xã đã có số liệu", lambda found: found.units_given or None),
    "so-xa": ("số xã phải có số liệu", lambda found: found.units_expected or None),
}


def find(keys: Collection[str]) -> dict[str, FigureQuery]:
    """The indicators of these codes as queries, whatever the case of their letters; one query.

    A code may be followed by one of PARTS.
    """
    asked = {key: _split(key) for key in keys}
    rows = Indicator.objects.with_parts().alias(upper=Upper("code")).order_by()
    known = {one.code.upper(): one for one in rows.filter(upper__in={c for c, _ in asked.values()})}
    return {
        key: as_part(known[code], part) if part else as_query(known[code])
        for key, (code, part) in asked.items()
        if code in known and (not part or part in PARTS)
    }


def _split(key: str) -> tuple[str, str]:
    code, _, part = key.partition(":")
    return code.upper(), part


def as_part(indicator: Indicator, part: str) -> FigureQuery:
    """A rate's numerator or denominator, or how many communes its value rests on."""
    words, of = PARTS[part]
    is_count = part.startswith("so-xa")
    measure = "xã" if is_count else _measure(indicator, part)

    def compute_part(scope: Scope) -> Computed:
        found = _answered(indicator, scope)
        if found is None:
            return Computed(None, "not_collected", measure)
        value = of(found)
        told = provenance_of(indicator, found, scope)
        told["formula"] = f"{words} của {indicator.name}"
        missing = "" if value is not None else found.missing or "not_applicable"
        return Computed(None if value is None else Decimal(value), missing, measure, told)

    return FigureQuery(
        key=f"{indicator.code}:{part}",
        title=f"{indicator.name}: {words}",
        unit_of_measure=measure,
        style=Style.NUMBER,
        compute=compute_part,
        takes=frozenset({"unit", "group", "sex"}),
    )


def _measure(indicator: Indicator, part: str) -> str:
    counted = indicator.numerator if part == "tu-so" else indicator.denominator
    return counted.unit_of_measure if counted else ""


def search(words: str) -> list[FigureQuery]:
    """Indicators whose code or name holds every one of the words, with or without marks."""
    wanted = Q()
    for word in fold(words).split():
        wanted &= Q(name_key__contains=word) | Q(code__iexact=word)
    return [as_query(one) for one in Indicator.objects.with_parts().filter(wanted)[:_MOST_FOUND]]


def as_query(indicator: Indicator) -> FigureQuery:
    style = Style.PERCENT if indicator.unit_of_measure == "%" else Style.NUMBER
    return FigureQuery(
        key=indicator.code,
        title=indicator.name,
        unit_of_measure=indicator.unit_of_measure,
        style=style,
        compute=lambda scope: compute(indicator, scope),
        note=indicator.formula,
        takes=frozenset({"unit", "group", "sex"}),
    )


def compute(indicator: Indicator, scope: Scope) -> Computed:
    """The indicator's value for the scope's unit and period, from approved data only.

    Parameters: "unit" (code; the province when absent), "group", "sex".
    """
    found = _answered(indicator, scope)
    if found is None:
        return Computed(None, "not_collected", indicator.unit_of_measure)
    provenance = provenance_of(indicator, found, scope)
    return Computed(found.value, found.missing, indicator.unit_of_measure, provenance)


def _answered(indicator: Indicator, scope: Scope) -> Answer | None:
    unit = scope.unit()
    if unit is None:
        return None
    return answer(
        indicator,
        unit,
        scope.period.code,
        group=scope.parameters.get("group"),
        sex=scope.parameters.get("sex"),
        on=scope.as_of,
    )


def provenance_of(indicator: Indicator, found: Answer, scope: Scope) -> dict[str, Any]:
    return {
        "formula": found.formula or f"cộng {indicator.name}",
        "numerator": _text(found.numerator),
        "denominator": _text(found.denominator),
        "period": scope.period.label,
        "unit": found.unit.full_name,
        "units": f"địa giới tại ngày {written_day(scope.period.end)}",
        "source": found.source,
        "kind": str(FigureKind(found.kind).label) if found.kind else "",
        "expected": found.units_expected,
        "given": found.units_given,
        "is_demo": found.is_demo,
        **sources(found),
    }


def sources(found: Answer) -> dict[str, Any]:
    """The approved observations behind an answer: submissions with revision, files with cell."""
    cells = observations_behind(found).order_by("indicator__code", "unit__sort_key", "pk")
    return {
        "count": found.observations,
        "submissions": [
            {
                "id": revision.submission,
                "dataset": revision.dataset,
                "code": revision.dataset_code,
                "unit": revision.unit,
                "revision": revision.revision,
                "approved_at": revision.approved_at.isoformat(),
            }
            for revision in found.revisions
        ],
        "files": [_cell(one) for one in cells.values(*_OF_A_CELL)[:_MOST_CELLS]],
    }


def _cell(told: Mapping[str, Any]) -> dict[str, Any]:
    unit = AdministrativeUnit(kind=told["unit__kind"], name=told["unit__name"])
    return {
        "indicator": told["indicator__code"],
        "name": told["indicator__name"],
        "unit": unit.full_name,
        "value": _text(told["value"]),
        "file": told["upload__original_name"] or "",
        "sha256": told["upload__sha256"] or "",
        "sheet": told["sheet"],
        "cell": told["cell"],
        "observation": told["pk"],
        "upload": told["upload"],
        "submission": told["upload__submission"] or told["submission"],
        "revision": told["submission__revision"],
    }


def _text(value: object) -> str | None:
    """A decimal without closing zeros, as JSON keeps it exactly."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


also_in(find, search)
