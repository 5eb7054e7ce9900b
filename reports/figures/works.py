"""A programme's works as figures: how many the year's money is for, how many are finished."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from portal.formats import day as written_day
from programs.aggregation import Progress, all_lines, progress
from programs.models import DONE
from reports.models import Style

from .programmes import NOTE, Part, question_of
from .registry import Computed, Scope, figure


@figure(
    "so-cong-trinh",
    title="Công trình, hoạt động có vốn trong năm",
    unit_of_measure="công trình",
    style=Style.NUMBER,
    note=NOTE,
    takes=("unit",),
)
def works(scope: Scope) -> Computed:
    """Parameters: "programme", "year", "kind", "unit" (a district or a commune)."""
    return _counted(scope, lambda found: found.works, "đếm công trình có vốn của năm")


@figure(
    "so-cong-trinh-xong",
    title="Công trình, hoạt động đã hoàn thành",
    unit_of_measure="công trình",
    style=Style.NUMBER,
    note=NOTE,
    takes=("unit",),
)
def finished(scope: Scope) -> Computed:
    """Parameters as above."""
    return _counted(
        scope,
        lambda found: sum(one.works for one in found.states if one.state in DONE),
        "đếm công trình có vốn của năm đã hoàn thành hoặc đã quyết toán",
    )


def _counted(scope: Scope, of: Callable[[Progress], int], words: str) -> Computed:
    question = question_of(Part(), scope)
    if question is None:
        return Computed(None, "not_collected", "công trình")
    count = of(progress(question, all_lines()))
    where = question.place or question.area
    return Computed(
        Decimal(count),
        "",
        "công trình",
        {
            "formula": f"{words}, đến hết ngày {written_day(question.day)}",
            "period": f"vốn năm {question.year}",
            "source": f"Sổ công trình {question.programme.short_name}",
            "programme": question.programme.code,
            "day": question.day.isoformat(),
            "unit": where.full_name if where else "toàn tỉnh",
            "count": count,
        },
    )
