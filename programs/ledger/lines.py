"""Lines of capital: found with their names, held in order, and how a sentence calls one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from programs.models import CapitalPlan
from programs.models.capital import CapitalPlanQuerySet

BATCH = 1000
NAMES = ("unit", "organisation", "works", "component", "source", "phase", "programme")


def with_names(lines: CapitalPlanQuerySet) -> CapitalPlanQuerySet:
    """With all that `label` reads."""
    return lines.select_related(*NAMES)


def locked(ids: Iterable[int]) -> dict[int, CapitalPlan]:
    """These lines and those above them, held in the order of their ids until the end of the
    transaction, as the triggers hold them; so two entries at one moment never wait in a circle."""
    wanted = set(ids)
    above = CapitalPlan.objects.filter(pk__in=wanted, parent__isnull=False)
    wanted |= {parent for (parent,) in above.values_list("parent") if parent}
    ordered = sorted(wanted)
    found: dict[int, CapitalPlan] = {}
    for start in range(0, len(ordered), BATCH):
        batch = CapitalPlan.objects.filter(pk__in=ordered[start : start + BATCH])
        held = batch.select_for_update(of=("self",), no_key=True).order_by("pk")
        found |= {line.pk: line for line in with_names(held)}
    return found


def label(line: CapitalPlan) -> str:
    """ "Huyện Sơn Động (DA4, NSTW, vốn đầu tư, năm 2023)"."""
    holder = f"{line.works.code} {line.works.name}" if line.works else line.holder_name
    parts = [
        line.component.code,
        line.source.code,
        line.get_kind_display(),
        line.period_label,
    ]
    return f"{holder} ({', '.join(parts)})"


def follow(line: CapitalPlan) -> Iterator[CapitalPlan]:
    """The line, the one above it, and so on to the top."""
    here: CapitalPlan | None = line
    while here is not None:
        yield here
        here = here.parent
