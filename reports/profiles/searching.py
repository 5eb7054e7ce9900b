"""Units and groups by a few letters of their names, with or without marks; communes first.

Units that ended are found by their old names and lead to what they became.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse

from ethnic_data.models import EthnicGroup
from ethnic_data.models.groups import GroupKind
from portal import formats
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level, UnitParent, UnitShare
from portal.units.names import fold

from .addresses import own_addresses
from .asking import seen_by

if TYPE_CHECKING:
    from portal.accounts.models import User

FEWEST_LETTERS, MOST_LETTERS = 2, 60
LEVEL_ORDER = {Level.COMMUNE: 0, Level.DISTRICT: 1, Level.PROVINCE: 2}


@dataclass(frozen=True)
class Found:
    """One line of an answer: its name, what it is, where it leads, and what it became."""

    name: str
    about: str
    url: str
    became: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was found, and how many more there are."""

    words: str
    places: list[Found]
    groups: list[Found]
    more: int = 0

    @property
    def is_too_short(self) -> bool:
        return len(fold(self.words)) < FEWEST_LETTERS

    @property
    def is_empty(self) -> bool:
        return not (self.places or self.groups)


def search(words: str, user: User, *, today: datetime.date, most: int) -> Answer:
    """At most five queries. The kind before a name may be left out: "an lac", "xã An Lạc"."""
    key = fold(words)[:MOST_LETTERS]
    if len(key) < FEWEST_LETTERS:
        return Answer(words, [], [])
    found = _units(key, user, today)
    units = list(found[: most + 1])
    more = found.count() - most if len(units) > most else 0
    return Answer(words, _places(units[:most], today), _groups(key, most), more)


def _units(key: str, user: User, today: datetime.date) -> QuerySet[AdministrativeUnit]:
    """Names that begin with the letters first, then those with a word that does; standing first."""
    bare = _without_kind(key)
    begins = Q(name_key__startswith=key) | Q(name_key__startswith=bare) | Q(code=key)
    holds = Q(name_key__contains=f" {key}") | Q(name_key__contains=f" {bare}")
    by_level = Case(
        *(When(level=level, then=Value(place)) for level, place in LEVEL_ORDER.items()),
        default=Value(9),
        output_field=IntegerField(),
    )
    links = UnitParent.objects.select_related("parent").order_by("valid")
    return (
        seen_by(user)
        .filter(level__in=list(LEVEL_ORDER))
        .filter(begins | holds)
        .annotate(
            nearness=Case(
                When(Q(name_key=bare) | Q(name_key=key), then=Value(0)),
                When(begins, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            is_past=Case(
                When(valid__contains=today, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            by_level=by_level,
        )
        .order_by("by_level", "nearness", "is_past", "sort_key", "code", "-valid")
        .prefetch_related(Prefetch("parents", links, to_attr="links"))
    )


def _without_kind(key: str) -> str:
    for kind in ("xa ", "phuong ", "thi tran ", "huyen ", "thanh pho ", "thi xa ", "tinh "):
        if key.startswith(kind) and len(key) > len(kind) + 1:
            return key.removeprefix(kind)
    return key


def _places(units: list[AdministrativeUnit], today: datetime.date) -> list[Found]:
    became = _became([one for one in units if today not in one.valid], today)
    every = [*units, *(other for some in became.values() for other in some)]
    where = own_addresses(every, crosswalk.vintages()) if every else {}
    return [
        Found(
            unit.full_name,
            _about(unit, today),
            where[unit.pk],
            tuple((other.full_name, where[other.pk]) for other in became.get(unit.pk, ())),
        )
        for unit in units
    ]


def _about(unit: AdministrativeUnit, today: datetime.date) -> str:
    """Its district or province of the last day, and since when it is no more."""
    links = unit.links  # type: ignore[attr-defined]
    words = [links[-1].parent.full_name] if links else []
    if today not in unit.valid and unit.valid.upper is not None:
        words.append(f"đến ngày {formats.day(unit.valid.upper - datetime.timedelta(days=1))}")
    return " · ".join(words)


def _became(
    ended: Iterable[AdministrativeUnit], today: datetime.date
) -> dict[int, list[AdministrativeUnit]]:
    """Of units that ended, the units of their level in which they lie today, the most first."""
    ended = list(ended)
    if not ended:
        return {}
    shares = (
        UnitShare.objects.on(today)
        .filter(unit__in=ended)
        .select_related("target")
        .order_by("unit", "-weight", "target__sort_key")
    )
    levels = {one.pk: one.level for one in ended}
    found: dict[int, list[AdministrativeUnit]] = {}
    for share in shares:
        if share.target.level == levels[share.unit_id]:
            found.setdefault(share.unit_id, []).append(share.target)
    return found


def _groups(key: str, most: int) -> list[Found]:
    """Groups whose name or other name begins with the letters; those by their own name first."""
    bare = key.removeprefix("dan toc ").replace(" ", "")
    found = (
        EthnicGroup.objects.filter(Q(name_key__startswith=bare) | Q(aliases__key__startswith=bare))
        .distinct()
        .prefetch_related("aliases")
    )
    groups = sorted(found[:most], key=lambda one: not one.name_key.startswith(bare))
    return [
        Found(
            f"Dân tộc {group.name}" if group.kind == GroupKind.LISTED else group.name,
            "" if group.name_key.startswith(bare) else _other_name(group, bare),
            reverse("reports:group_profile", args=[group.code]),
        )
        for group in groups
    ]


def _other_name(group: EthnicGroup, key: str) -> str:
    names = [alias.name for alias in group.aliases.all() if alias.key.startswith(key)]
    return f"còn gọi là {names[0]}" if names else ""
