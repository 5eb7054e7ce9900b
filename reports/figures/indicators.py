"""Every indicator of the catalogue as a figure, with the cells it was computed from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper

from ethnic_data.aggregation import Answer, answer
from ethnic_data.models import FigureKind, Indicator, Observation
from portal.formats import day as written_day
from portal.units.models import Level
from portal.units.names import fold
from reports.models import Style

from .registry import Computed, FigureQuery, Scope, also_in

#: Cells named one by one in the provenance; the rest is counted.
_MOST_CELLS = 300
_MOST_FOUND = 30


def find(keys: Collection[str]) -> dict[str, FigureQuery]:
    """The indicators of these codes as queries, whatever the case of their letters; one query."""
    codes = {key: key.upper() for key in keys}
    rows = Indicator.objects.with_parts().alias(upper=Upper("code")).order_by()
    found = {one.code.upper(): as_query(one) for one in rows.filter(upper__in=codes.values())}
    return {key: found[code] for key, code in codes.items() if code in found}


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
    unit = scope.unit()
    if unit is None:
        return Computed(None, "not_collected", indicator.unit_of_measure)
    found = answer(
        indicator,
        unit,
        scope.period.code,
        group=scope.parameters.get("group"),
        sex=scope.parameters.get("sex"),
        on=scope.as_of,
    )
    provenance = {
        "formula": found.formula or f"cộng {indicator.name}",
        "numerator": _text(found.numerator),
        "denominator": _text(found.denominator),
        "period": scope.period.label,
        "unit": unit.full_name,
        "units": f"địa giới tại ngày {written_day(scope.period.end)}",
        "source": found.source,
        "kind": str(FigureKind(found.kind).label) if found.kind else "",
        "expected": found.units_expected,
        "given": found.units_given,
        "is_demo": found.is_demo,
        **sources(indicator, found, scope),
    }
    return Computed(found.value, found.missing, indicator.unit_of_measure, provenance)


def sources(indicator: Indicator, found: Answer, scope: Scope) -> dict[str, Any]:
    """The approved observations behind an answer: submissions with revision, files with cell."""
    observations = (
        Observation.objects.filter(
            submission__in=[revision.submission for revision in found.revisions],
            indicator__in=_parts(indicator),
        )
        .select_related("indicator", "unit", "upload", "submission")
        .order_by("indicator__code", "unit__sort_key", "pk")
    )
    if found.unit.level != Level.PROVINCE:
        observations = observations.within(found.unit, on=scope.period.end)
    if sex := scope.parameters.get("sex"):
        observations = observations.filter(sex=sex)
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
        "files": [_cell(one) for one in observations[:_MOST_CELLS]],
    }


def _parts(indicator: Indicator) -> Iterable[Indicator]:
    if indicator.numerator and indicator.denominator:
        return [indicator.numerator, indicator.denominator]
    return [found for found in (indicator, indicator.all_groups, indicator.counted) if found]


def _cell(observation: Observation) -> dict[str, Any]:
    upload = observation.upload
    return {
        "indicator": observation.indicator.code,
        "name": observation.indicator.name,
        "unit": observation.unit.full_name,
        "value": _text(observation.value),
        "file": upload.original_name if upload else "",
        "sha256": upload.sha256 if upload else "",
        "sheet": observation.sheet,
        "cell": observation.cell,
        "observation": observation.pk,
        "upload": observation.upload_id,
        "submission": upload.submission_id if upload else observation.submission_id,
        "revision": observation.submission.revision,
    }


def _text(value: object) -> str | None:
    """A decimal without closing zeros, as JSON keeps it exactly."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


also_in(find, search)
