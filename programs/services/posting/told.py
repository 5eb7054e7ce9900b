"""What a workbook tells: values by works and measure, the lines they are of, why one stands out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from portal.collection.stores import Asked
from portal.collection.workbooks.layout import Severity
from programs.ledger.lines import with_names
from programs.models import CapitalKind, CapitalPlan, FundingSource, Programme

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


def entries_of(asked: Asked) -> Q:
    """Entries of any revision of what is asked."""
    return Q(
        submission__dataset=asked.dataset,
        submission__unit=asked.unit,
        submission__period=asked.period,
    )


def works_lines(
    programme: Programme, year: int, codes: Iterable[str]
) -> dict[tuple[str, str], CapitalPlan]:
    """The lines of works in a year, by code and measure."""
    lines = CapitalPlan.objects.yearly(programme, year).filter(works__code__in=set(codes))
    return {
        (line.works.code, measure_of(line.source, line.kind)): line
        for line in with_names(lines).select_related("parent__parent")
        if line.works
    }
