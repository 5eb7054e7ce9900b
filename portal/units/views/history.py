"""A unit's history for a timeline: what it came from, what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from portal import formats

from ..models import AdministrativeUnit, UnitSuccession


def history_of(unit: AdministrativeUnit, visible: Iterable[int]) -> list[dict[str, Any]]:
    """Events, newest first; a unit that the reader may not open is named without a link.

    Also what its predecessors came from and what became of its successors, one step further.
    """
    came = list(unit.predecessions.select_related("old", "new"))
    went = list(unit.successions.select_related("old", "new"))
    earlier = UnitSuccession.objects.filter(new__in=[step.old_id for step in came])
    later = UnitSuccession.objects.filter(old__in=[step.new_id for step in went if step.new_id])
    steps = [*came, *went, *earlier.select_related("old", "new")]
    steps += later.select_related("old", "new")
    seen = set(visible)
    ordered = sorted(steps, key=lambda step: step.date, reverse=True)
    return [
        event
        for _, that_day in groupby(ordered, key=lambda step: step.date)
        for event in _events(list(that_day), unit, seen)
    ]


def _events(
    steps: list[UnitSuccession], unit: AdministrativeUnit, seen: set[int]
) -> list[dict[str, Any]]:
    """The steps of one day: those that end in one unit are one event, so are those of a split."""
    by_new: dict[int, list[UnitSuccession]] = {}
    by_old: dict[int, list[UnitSuccession]] = {}
    for step in steps:
        if step.new_id is None or step.old_id == unit.pk or step.kind == step.Kind.SPLIT:
            by_old.setdefault(step.old_id, []).append(step)
        else:
            by_new.setdefault(step.new_id, []).append(step)
    became = [_became(found, unit, seen) for found in by_old.values()]
    return became + [_made_of(found, unit, seen) for found in by_new.values()]


def _became(
    steps: list[UnitSuccession], unit: AdministrativeUnit, seen: set[int]
) -> dict[str, Any]:
    first = steps[0]
    name = "" if first.old_id == unit.pk else f"{first.old} "
    if first.new is None:
        return _event(first, f"{name}kết thúc", [])
    links = [_link(step.new, _share(step), seen) for step in steps if step.new]
    word = "chia thành" if len(steps) > 1 or first.kind == first.Kind.SPLIT else _into(first)
    return _event(first, f"{name}{word}", links)


def _into(step: UnitSuccession) -> str:
    """The word before the new unit."""
    return {
        step.Kind.MERGED: "nhập vào",
        step.Kind.TRANSFERRED: "chuyển cấp trên, nay là",
        step.Kind.UNCHANGED: "giữ nguyên, nay là",
    }.get(step.Kind(step.kind), f"{step.form} thành")


def _made_of(
    steps: list[UnitSuccession], unit: AdministrativeUnit, seen: set[int]
) -> dict[str, Any]:
    first = steps[0]
    name = "" if first.new_id == unit.pk else f"{first.new} "
    word = "lập từ" if first.kind in (first.Kind.MERGED, first.Kind.SPLIT) else f"{first.form} từ"
    links = [_link(step.old, _brought(step), seen) for step in steps]
    return _event(first, f"{name}{word}", links)


def _event(step: UnitSuccession, what: str, links: list[dict[str, str]]) -> dict[str, Any]:
    estimated = any("ước tính" in link["note"] for link in links)
    return {
        "kind": "warning" if estimated else "information",
        "what": what[:1].upper() + what[1:],
        "links": links,
        "day": step.date,
        "who": step.decision,
    }


def _link(unit: AdministrativeUnit, note: str, seen: set[int]) -> dict[str, str]:
    url = unit.get_absolute_url() if unit.pk in seen else ""
    return {"url": url, "name": str(unit), "note": note}


def _share(step: UnitSuccession) -> str:
    """What part went there; only a part needs a word."""
    if step.weight is None or (step.weight == 1 and not step.weight_is_estimate):
        return ""
    sure = "ước tính " if step.weight_is_estimate else ""
    return f"{sure}{formats.share(step.weight, 1)}"


def _brought(step: UnitSuccession) -> str:
    """What part of it this predecessor gave, and what part of itself the new unit is."""
    gave = _share(step)
    notes = [f"{gave} của đơn vị này"] if gave else []
    if step.share_of_new not in (None, 1):
        notes.append(f"{formats.share(step.share_of_new, 1)} dân số đơn vị mới")
    return ", ".join(notes)
