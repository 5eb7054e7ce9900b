"""Places in the tree of sections: where a move leads, and what a section is called there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from .numbering import ANNEXES, ARABIC, DECIMAL, LETTER, ROMAN, Node, Numbered

#: A section deeper than this could not be told from the text around it.
DEEPEST = 7

#: What the highest rank becomes one step further in; the decimals go on for ever.
_BELOW = {ROMAN: ARABIC, ARABIC: DECIMAL, DECIMAL: DECIMAL}

#: The ranks that a section takes on from the sections it comes to stand among.
_RANKS = (ROMAN, ARABIC, DECIMAL, LETTER)

Row = TypeVar("Row", bound=Numbered)


class Way(StrEnum):
    """The four steps that keys and buttons offer."""

    UP = "len"
    DOWN = "xuong"
    IN = "vao"
    OUT = "ra"


@dataclass(frozen=True, slots=True)
class Place:
    """Below `parent` (None: among the highest), right behind `after` (None: the first there)."""

    parent: int | None
    after: int | None


def seen(nodes: Iterable[Node[Row]]) -> str:
    """A short mark of the tree as somebody saw it; another order gives another mark."""
    told = ",".join(f"{node.row.pk}<{node.row.parent_id or ''}" for node in nodes)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def towards(nodes: Sequence[Node[Row]], key: int, way: Way) -> Place | None:
    """The place one step away; None at the end of the row. Annexes and the text keep apart."""
    row = next(node.row for node in nodes if node.row.pk == key)
    beside = [node.row for node in nodes if node.row.parent_id == row.parent_id]
    at = next(n for n, one in enumerate(beside) if one.pk == key)
    match way:
        case Way.UP if at > 0 and _alike(beside[at - 1], row):
            return Place(row.parent_id, beside[at - 2].pk if at > 1 else None)
        case Way.DOWN if at + 1 < len(beside) and _alike(beside[at + 1], row):
            return Place(row.parent_id, beside[at + 1].pk)
        case Way.IN if at > 0:
            inside = [node.row.pk for node in nodes if node.row.parent_id == beside[at - 1].pk]
            return Place(beside[at - 1].pk, inside[-1] if inside else None)
        case Way.OUT if row.parent_id is not None:
            above = next(node.row for node in nodes if node.row.pk == row.parent_id)
            return Place(above.parent_id, above.pk)
    return None


def _alike(one: Numbered, other: Numbered) -> bool:
    return (one.level in ANNEXES) == (other.level in ANNEXES)


def level_among(level: str, parent: str | None, beside: Iterable[str]) -> str:
    """What a section of `level` is numbered by below a `parent`, among those `beside` it there.

    It takes the rank of its new neighbours, else the one below its parent's. Bullets, paragraphs
    without number and annexes stay what they are.
    """
    if level not in _RANKS:
        return level
    ranked = next((one for one in beside if one in _RANKS), None)
    if ranked is not None or level == LETTER:
        return ranked or level
    return ROMAN if parent is None else _BELOW.get(parent, level)


def level_followed(level: str, before: str, after: str) -> str:
    """What a section becomes when the one above it changes its level from `before` to `after`."""
    return _BELOW.get(after, level) if level == _BELOW.get(before) else level
