"""Which cells of a table with all its totals stay unpublished, so that none can be worked out.

A count from 1 to k - 1 is hidden. What else is hidden with it is found as in the hypercube method
(Handbook on Statistical Disclosure Control, chapter 5): for each small cell there is a move, some
persons added here and taken away there, that touches hidden cells only and leaves every shown
cell, total or part, as it is. The reader cannot tell the table from the moved one, so the cell may
be any number over a range of at least WIDTH. A move is a product of moves along the axes:

- along one axis persons pass from one member to another, with what contains one of them alone,
  which leaves all that contains both;
- or they are added to a member and to everything that contains it, up to the whole.

Further cells that are hidden later break no move, so one pass over the small cells is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import product

from .disclosure import SMALLEST_SHOWN, is_small

WIDTH = SMALLEST_SHOWN  # a small count may be any of at least so many more numbers
FEW, SOME = 4, 16  # siblings tried first, and where these would hide a number of the whole
DEAR = 1000  # times is a number of the whole asked for more than others
MUCH = 10**15

Cell = tuple[str, ...]
Number = Decimal | int
Values = Mapping[Cell, Decimal | None]


@dataclass(frozen=True)
class Axis:
    """The members of one axis: each with the member that contains it; "" of the parent: none."""

    parents: Mapping[str, str | None]

    @cached_property
    def children(self) -> dict[str | None, list[str]]:
        found: dict[str | None, list[str]] = defaultdict(list)
        for name, parent in self.parents.items():
            found[parent].append(name)
        return found

    def up(self, name: str) -> list[str]:
        """The member and all that contain it."""
        found = [name]
        while (parent := self.parents[found[-1]]) is not None:
            found.append(parent)
        return found

    def leaves(self, name: str) -> Iterator[str]:
        below = self.children.get(name, [])
        if not below:
            yield name
        for child in below:
            yield from self.leaves(child)

    def siblings(self, name: str) -> list[str]:
        parent = self.parents[name]
        return [] if parent is None else [one for one in self.children[parent] if one != name]


Vector = dict[str, int]  # member → +1 or -1
Move = tuple[Number, tuple[Cell, ...]]  # what it costs, the cells that it touches


@dataclass
class Suppression:
    """Finds what is hidden; `hidden` grows until `run` is done."""

    axes: Sequence[Axis]
    values: Mapping[Cell, Number]
    k: int = SMALLEST_SHOWN
    hidden: set[Cell] = field(default_factory=set)

    def run(self) -> frozenset[Cell]:
        small = sorted(cell for cell, value in self.values.items() if is_small(value, self.k))
        self.hidden |= set(small)
        for cell in sorted(small, key=self._depth):
            self._protect(cell)
        return frozenset(self.hidden)

    def _depth(self, cell: Cell) -> tuple[int, Cell]:
        """Totals before their parts: what they hide serves the parts too."""
        return sum(len(axis.up(name)) for axis, name in zip(self.axes, cell, strict=True)), cell

    def _protect(self, cell: Cell) -> None:
        for most in (FEW, SOME, len(self.values)):
            found = self._cheapest(cell, most)
            if found is None or (most == FEW and self._hides_of_the_whole(found)):
                continue
            self.hidden |= set(found[1])
            return
        self.hidden |= {one for one in self._around(cell) if self.values.get(one) is not None}

    @cached_property
    def _whole(self) -> set[str]:
        """What contains all others on the first axis, the units: the province."""
        return {name for name, parent in self.axes[0].parents.items() if parent is None}

    def _hides_of_the_whole(self, move: Move) -> bool:
        return any(one[0] in self._whole for one in move[1] if one not in self.hidden)

    def _around(self, cell: Cell) -> Iterable[Cell]:
        """Everything that contains the cell, for a table in which no move is possible."""
        return product(*(axis.up(name) for axis, name in zip(self.axes, cell, strict=True)))

    def _cheapest(self, cell: Cell, most: int) -> Move | None:
        """Cost and cells of the cheapest move that gives the cell enough room; a free one ends the
        search. The cost is what would be hidden besides.
        """
        ways = [list(self._vectors(cell, at, most)) for at in range(len(self.axes))]
        best: Move | None = None
        for vectors in product(*ways):
            move = self._cost(vectors, MUCH if best is None else best[0])
            if move is not None and (best is None or move < best):
                best = move
                if move[0] == 0:
                    break
        return best

    def _cost(self, vectors: Sequence[Vector], at_most: Number) -> Move | None:
        """None for what costs more, leaves too little room, or touches what is not told."""
        cost: Number = 0
        up: Number = MUCH
        down: Number = MUCH
        cells = []
        values, hidden = self.values, self.hidden
        signs = product(*(vector.values() for vector in vectors))
        for names, sign in zip(product(*vectors), signs, strict=True):
            value = values.get(names)
            if value is None:
                return None
            if sign.count(-1) % 2:  # taken away
                if value < 1:
                    return None
                if value < up:
                    up = value
            elif value < down:
                down = value
            if names not in hidden:
                cost += (value + 1) * (DEAR if names[0] in self._whole else 1)
                if cost > at_most:
                    return None
            cells.append(names)
        return (cost, tuple(sorted(cells))) if up + down >= WIDTH else None

    def _vectors(self, cell: Cell, at: int, most: int) -> Iterator[Vector]:
        """Moves along one axis that add to the cell's member."""
        axis = self.axes[at]
        way = axis.up(self._deepest(cell[at], cell, at))
        for above in axis.up(cell[at]):
            inside = way[: way.index(above) + 1]
            for other in self._nearest(axis.siblings(above), cell, at)[:most]:
                far = axis.up(self._deepest(other, cell, at))
                outside = far[: far.index(other) + 1]
                yield {**dict.fromkeys(inside, 1), **dict.fromkeys(outside, -1)}
        yield dict.fromkeys(way, 1)

    def _deepest(self, name: str, cell: Cell, at: int) -> str:
        """The fullest of the last parts of a member; itself where its parts are not told."""
        leaf = max(self.axes[at].leaves(name), key=lambda one: (self._value(cell, at, one), one))
        return leaf if self._value(cell, at, leaf) >= 0 else name

    def _nearest(self, names: list[str], cell: Cell, at: int) -> list[str]:
        """Members whose own cell is hidden already, then small ones before large; 0 comes last."""

        def rank(name: str) -> tuple[bool, bool, Number, str]:
            value = self._value(cell, at, name)
            here = (*cell[:at], name, *cell[at + 1 :])
            return (value <= 0, here not in self.hidden, value, name)

        return sorted(names, key=rank)

    def _value(self, cell: Cell, at: int, name: str) -> Number:
        value = self.values.get((*cell[:at], name, *cell[at + 1 :]))
        return -1 if value is None else value


def suppressed(values: Values, axes: Sequence[Axis], *, k: int = SMALLEST_SHOWN) -> frozenset[Cell]:
    """The cells to show as "Không công bố".

    values: counts by their members on every axis, parts and totals; None or left out where there
    is none, which everybody may know.
    """
    # whole numbers, as nearly all are, are weighed in half the time
    known = {
        cell: int(value) if value == int(value) else value
        for cell, value in values.items()
        if value is not None
    }
    return Suppression([_told(axis, at, known) for at, axis in enumerate(axes)], known, k).run()


def _told(axis: Axis, at: int, known: Mapping[Cell, Number]) -> Axis:
    """Only the members of which anything is told, each below the nearest such."""
    told = {cell[at] for cell in known}
    return Axis(
        {
            name: next((above for above in axis.up(name)[1:] if above in told), None)
            for name in axis.parents
            if name in told
        }
    )
