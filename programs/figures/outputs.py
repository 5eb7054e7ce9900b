"""What works gave, summed upward: outputs, people by group and sex, households of the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count

from programs.models import Component, OutputKind, SupportedHousehold


def kinds_by_component() -> dict[int, list[OutputKind]]:
    """The kinds of output that works of each component may give: its own, its contents' if it is
    told no finer, and those of what it belongs to. Two queries."""
    above = dict(Component.objects.values_list("pk", "parent"))
    by_component: dict[int, list[OutputKind]] = defaultdict(list)
    for kind in OutputKind.objects.filter(is_active=True):
        by_component[kind.component_id].append(kind)
    found = {}
    for pk in above:
        line, up = [pk], above[pk]
        while up is not None:
            line.append(up)
            up = above[up]
        below = [one for one in above if _hangs_below(one, pk, above)]
        found[pk] = [kind for one in [*line, *below] for kind in by_component.get(one, ())]
    return found


def _hangs_below(one: int, top: int, above: dict[int, int | None]) -> bool:
    up = above[one]
    while up is not None:
        if up == top:
            return True
        up = above[up]
    return False


def registered_households(works: Collection[str], year: int) -> dict[str, int]:
    """Households of the register by works code."""
    found = SupportedHousehold.objects.filter(works__code__in=works, year=year)
    return dict(found.order_by().values_list("works__code").annotate(n=Count("pk")))
