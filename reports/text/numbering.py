"""The labels of sections: I., 1., 2.1., 2.2.1., a), -; and the tree they are counted in.

Nghị định 30/2020, Phụ lục I: Mục in Roman numbers, khoản in Arabic ones, điểm in letters of the
Vietnamese alphabet; two annexes or more in Roman numbers. Decimals below the khoản are practice,
not regulation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

#: The letters of the decree's own lists.
LETTERS = "abcdđeghiklmnopqrstuvxy"
#: "Phần thứ nhất", "Phần thứ hai".
ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")

ROMAN, ARABIC, DECIMAL, LETTER, BULLET, PLAIN, ANNEX, WIDE_ANNEX = (
    "roman",
    "arabic",
    "decimal",
    "letter",
    "bullet",
    "plain",
    "annex",
    "annex_w",
)

#: Parts of their own behind the signature, in one series: "Phụ lục I", "Phụ lục II".
ANNEXES = (ANNEX, WIDE_ANNEX)


class Numbered(Protocol):
    """What can be numbered: a row with its place in the tree."""

    pk: Any
    parent_id: Any
    position: Any
    level: Any
    manual_label: Any


Row = TypeVar("Row", bound=Numbered)


@dataclass(slots=True)
class Node(Generic[Row]):
    """A row with its label ("2.2.1.", "a)", "") and depth, 0 for the highest."""

    row: Row
    label: str
    depth: int
    children: list[Node[Row]] = field(default_factory=list)

    @property
    def is_manual(self) -> bool:
        return bool(self.row.manual_label)

    def walk(self) -> Iterator[Node[Row]]:
        yield self
        for child in self.children:
            yield from child.walk()


def numbered(rows: Iterable[Row]) -> list[Node[Row]]:
    """Return the highest rows as nodes, with all below them, in reading order: annexes last.

    A manual label is shown in place of the counted one; counting goes on as if it were not there.
    """
    below: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    for siblings in below.values():
        siblings.sort(key=lambda row: (row.level in ANNEXES, row.position, row.pk))

    def nodes(parent_id: int | None, path: tuple[int, ...], depth: int) -> list[Node[Row]]:
        counts: dict[str, int] = defaultdict(int)
        found = []
        alone = sum(row.level in ANNEXES for row in below[parent_id]) == 1
        for row in below[parent_id]:
            series = ANNEX if row.level in ANNEXES else row.level
            counts[series] += 1
            number = counts[series]
            own_path = _path(row.level, path, number)
            label = row.manual_label or _label(
                row.level, own_path, 0 if alone and series == ANNEX else number
            )
            children = nodes(row.pk, own_path, depth + 1)
            found.append(Node(row, label, depth, children))
        return found

    return nodes(None, (), 0)


def in_order(rows: Iterable[Row]) -> list[Node[Row]]:
    """Return every row as a node, in reading order."""
    return [node for top in numbered(rows) for node in top.walk()]


def _path(level: str, path: tuple[int, ...], number: int) -> tuple[int, ...]:
    """The Arabic numbers down to a row; Roman headings and annexes do not count in them."""
    if level == ARABIC:
        return (number,)
    return (*path, number) if level == DECIMAL else path


def _label(level: str, path: tuple[int, ...], number: int) -> str:
    if level == ROMAN:
        return f"{roman(number)}."
    if level in (ARABIC, DECIMAL):
        return ".".join(map(str, path)) + "."
    if level == LETTER:
        return f"{letter(number)})"
    if level in ANNEXES:
        return f"Phụ lục {roman(number)}".strip()
    return "-" if level == BULLET else ""


def roman(number: int) -> str:
    """Return 1 as "I", 4 as "IV", 14 as "XIV"."""
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        while number >= value:
            text, number = text + sign, number - value
    return text


def letter(number: int) -> str:
    """Return 1 as "a", 5 as "đ"; after the alphabet "aa", "ab"."""
    text = ""
    while number > 0:
        number, place = divmod(number - 1, len(LETTERS))
        text = LETTERS[place] + text
    return text
