"""What a reorganisation would do: worked out whole, with nothing written."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import cached_property

from ..models import (
    AdministrativeUnit,
    Level,
    Reorganisation,
    ReorganisationItem,
    UnitMembership,
    UnitParent,
    UnitSuccession,
)
from ..weights import weights_of

Item = ReorganisationItem
Kind = UnitSuccession.Kind


@dataclass(frozen=True)
class Problem:
    """What is wrong, at a row of the table (0: with the whole)."""

    row: int
    words: str


@dataclass
class Beginning:
    """A unit that begins. `parent` is a unit, or the code of another that begins."""

    code: str
    name: str
    kind: str
    level: str
    items: list[Item]
    parent: AdministrativeUnit | str | None = None
    memberships: list[UnitMembership] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        return f"{self.kind[:1].upper()}{self.kind[1:]} {self.name}"

    @cached_property
    def shares(self) -> dict[int, Decimal]:
        """What part of it each item brings, by position, where the people of all are known."""
        if any(item.people is None for item in self.items):
            return {}
        return weights_of({item.position: item.people or 0 for item in self.items})


@dataclass
class Plan:
    """Units that end and begin on `date`, children that move, and what speaks against it."""

    date: datetime.date
    items: list[Item]
    ending: dict[int, AdministrativeUnit] = field(default_factory=dict)
    beginning: dict[str, Beginning] = field(default_factory=dict)
    moving: list[tuple[UnitParent, AdministrativeUnit | str]] = field(default_factory=list)
    listed: list[UnitMembership] = field(default_factory=list)
    undecided: list[UnitMembership] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def ways(self, unit_id: int) -> list[Item]:
        return [item for item in self.items if item.old_id == unit_id]

    def only_successor(self, unit_id: int) -> str:
        """The code of the one new unit into which all of a unit goes; empty otherwise."""
        ways = self.ways(unit_id)
        return ways[0].new_code if len(ways) == 1 else ""

    def is_split(self, unit_id: int) -> bool:
        return len(self.ways(unit_id)) > 1

    def kind_of(self, item: Item) -> str:
        """The form of a succession, from what it does."""
        if not item.new_code:
            return Kind.ABOLISHED
        if self.is_split(item.old_id):
            return Kind.SPLIT
        new = self.beginning[item.new_code]
        if len(new.items) > 1:
            return Kind.MERGED
        old_parent = self._parents.get(item.old_id)
        if old_parent and new.parent not in (old_parent.parent, old_parent.parent.code):
            return Kind.TRANSFERRED
        same = (item.old.name, item.old.kind) == (new.name, new.kind)
        return Kind.UNCHANGED if same else Kind.UPGRADED

    @cached_property
    def _parents(self) -> dict[int, UnitParent]:
        eve = self.date - datetime.timedelta(days=1)
        links = UnitParent.objects.filter(unit__in=self.ending, valid__contains=eve)
        return {link.unit_id: link for link in links.select_related("parent")}


def plan_of(reorganisation: Reorganisation) -> Plan:
    """The whole plan, with every problem; seven queries whatever its size."""
    items = list(reorganisation.items.select_related("old").order_by("position"))
    plan = Plan(reorganisation.date, items, {item.old_id: item.old for item in items})
    if not items:
        plan.problems.append(Problem(0, "Chưa có dòng nào. Nhập ít nhất một đơn vị."))
    _begin(plan)
    _check_old(plan)
    _check_codes(plan)
    _place(plan)
    _move_children(plan)
    _carry_lists(plan)
    plan.problems.sort(key=lambda one: one.row)
    return plan


def _begin(plan: Plan) -> None:
    by_code: dict[str, list[Item]] = defaultdict(list)
    for item in plan.items:
        if item.new_code:
            by_code[item.new_code].append(item)
    for code, items in by_code.items():
        first = items[0]
        plan.beginning[code] = Beginning(
            code, first.new_name, first.new_kind, first.old.level, items
        )
        for item in items[1:]:
            if (item.new_name, item.new_kind, item.parent_code) != (
                first.new_name,
                first.new_kind,
                first.parent_code,
            ):
                words = f"Mã {code} có tên, loại hoặc cấp trên khác dòng {first.position}."
                plan.problems.append(Problem(item.position, words))
            if item.old.level != first.old.level:
                words = f"Đơn vị cũ khác cấp với dòng {first.position}, không nhập được vào nhau."
                plan.problems.append(Problem(item.position, words))


def _check_old(plan: Plan) -> None:
    for unit in plan.ending.values():
        ways = plan.ways(unit.pk)
        row = ways[0].position
        if not (unit.valid.lower < plan.date and unit.valid.upper is None):
            words = (
                f"{unit} không còn hiệu lực vào ngày trước ngày sắp xếp, hoặc đã có ngày kết thúc."
            )
            plan.problems.append(Problem(row, words))
        if len(ways) > 1 and not all(way.new_code for way in ways):
            plan.problems.append(
                Problem(row, f"{unit} vừa kết thúc vừa chuyển sang đơn vị mới. Giữ một trong hai.")
            )
        total = sum((Decimal(way.weight) for way in ways), Decimal(0))
        if total != 1:
            written = f"{total.normalize():f}".replace(".", ",")
            words = f"Các phần của {unit} cộng lại bằng {written}, phải bằng đúng 1."
            plan.problems.append(Problem(row, words))


def _check_codes(plan: Plan) -> None:
    """A code is free when nobody carries it on or after the day, but for those that end."""
    taken = (
        AdministrativeUnit.objects.filter(code__in=plan.beginning)
        .exclude(pk__in=plan.ending)
        .filter(valid__overlap=(plan.date, None))
    )
    for unit in taken:
        row = plan.beginning[unit.code].items[0].position
        plan.problems.append(Problem(row, f"Mã {unit.code} đang là mã của {unit}. Chọn mã khác."))


def _place(plan: Plan) -> None:
    """Every new unit's parent: as written, else where its first old unit's parent goes."""
    wanted = {item.parent_code for item in plan.items if item.parent_code}
    standing = {
        unit.code: unit
        for unit in AdministrativeUnit.objects.filter(code__in=wanted)
        .exclude(pk__in=plan.ending)
        .filter(valid__contains=plan.date)
    }
    for new in plan.beginning.values():
        first = new.items[0]
        code = first.parent_code
        if not code:
            link = plan._parents.get(first.old_id)
            new.parent = _goes_on(plan, link.parent) if link else None
        elif code in plan.beginning and code != new.code:
            new.parent = code
        else:
            new.parent = standing.get(code)
        if new.parent is None and new.level not in (Level.NATION, Level.PROVINCE):
            words = f"Không tìm thấy cấp trên của {new.full_name} vào ngày này. Ghi mã cấp trên."
            plan.problems.append(Problem(first.position, words))
        elif not _is_above(plan, new):
            words = f"Cấp trên của {new.full_name} không cao hơn nó. Ghi mã khác."
            plan.problems.append(Problem(first.position, words))


ORDER = [Level.NATION, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]


def _is_above(plan: Plan, new: Beginning) -> bool:
    if new.parent is None:
        return True
    parent = plan.beginning[new.parent] if isinstance(new.parent, str) else new.parent
    return ORDER.index(Level(parent.level)) < ORDER.index(Level(new.level))


def _goes_on(plan: Plan, unit: AdministrativeUnit) -> AdministrativeUnit | str | None:
    """What stands in the place of `unit` on the day: itself, its successor, or what is above it."""
    if unit.pk not in plan.ending:
        return unit
    if code := plan.only_successor(unit.pk):
        return code
    link = plan._parents.get(unit.pk)
    if plan.is_split(unit.pk) or link is None:
        return None
    return _goes_on(plan, link.parent)


def _move_children(plan: Plan) -> None:
    """Children of units that end, and go on themselves, are placed: by successor or one above."""
    eve = plan.date - datetime.timedelta(days=1)
    links = (
        UnitParent.objects.filter(parent__in=plan.ending, valid__contains=eve)
        .exclude(unit__in=plan.ending)
        .select_related("unit", "parent")
    )
    for link in links:
        place = _goes_on(plan, link.parent)
        if place is None:
            words = (
                f"{link.unit} thuộc {link.parent} chưa có cấp trên mới. Thêm dòng cho đơn vị này."
            )
            plan.problems.append(Problem(plan.ways(link.parent_id)[0].position, words))
        else:
            plan.moving.append((link, place))


def _carry_lists(plan: Plan) -> None:
    """A new unit takes a place on a list when all it is made of had it, in one zone."""
    plan.listed = list(
        UnitMembership.objects.filter(
            unit__in=plan.ending, valid__contains=plan.date
        ).select_related("unit", "unit_list")
    )
    by_unit: dict[int, dict[int, UnitMembership]] = defaultdict(dict)
    for place in plan.listed:
        by_unit[place.unit_id][place.unit_list_id] = place
    carried: set[int] = set()
    for new in plan.beginning.values():
        lists = [by_unit.get(item.old_id, {}) for item in new.items]
        for list_id in set.intersection(*(set(one) for one in lists)):
            places = [one[list_id] for one in lists]
            if len({place.zone for place in places}) == 1:
                new.memberships.append(places[0])
                carried.update(place.pk for place in places)
    plan.undecided = [place for place in plan.listed if place.pk not in carried]


def words_of(problems: Sequence[Problem]) -> list[str]:
    return [f"Dòng {one.row}: {one.words}" if one.row else one.words for one in problems]
