"""How wide words are in the report's typeface, and how wide the columns of a table become."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from fontTools.ttLib import TTFont

from .blocks import Cell, Content, LineBreak, Table, Text
from .inlines import clean
from .layout import FONT_FILES, font_bytes

#: Sizes of a table's letters in points, the first that fits is taken (the body has 14).
SIZES = (12.0, 11.0, 10.0, 9.0, 8.0)

#: Room for the text across the page in mm, and what the padding of one cell takes of it.
PORTRAIT_MM, LANDSCAPE_MM, PADDING_MM = 160.0, 257.0, 3.0

#: A column of words is not made wider than this for one long cell, in em.
_WIDEST = 22.0
#: A column of words gets so much, in em, when letters down to this size in points allow it.
_EASY, _EASY_DOWN_TO = 17.0, 10.0
_MM_PER_POINT = 25.4 / 72
_PIECES = re.compile(r"[\n ]+")
_UNKNOWN = 0.6


@dataclass(frozen=True, slots=True)
class Columns:
    """The size of a table's letters in points, and each column's part of the width in per cent.

    `is_roomy` when no word is wider than its column.
    """

    size: float
    parts: tuple[float, ...]
    is_roomy: bool


def columns_of(table: Table, *, width_mm: float, sizes: Sequence[float] = SIZES) -> Columns | None:
    """Fit the columns to their words; None for a table whose rows are of unequal length.

    sizes: of the letters in points, from the wanted to the smallest.
    """
    count = _width(table.rows[-1]) if table.rows else 0
    body = table.rows[table.head_rows :]
    if not count or any(len(row) != count for row in body) or _width(table.rows[0]) != count:
        return None
    least, wanted = _demands(table, count)
    for size in sizes:
        em = size * _MM_PER_POINT
        room = width_mm / em - count * PADDING_MM / em
        is_roomy = sum(least) <= room
        is_easy = size <= _EASY_DOWN_TO or _easily(least, wanted) <= room
        if (is_roomy and is_easy) or size == sizes[-1]:
            return Columns(size, _parts(least, wanted, room, PADDING_MM / em), is_roomy)
    return None


def _easily(least: list[float], wanted: list[float]) -> float:
    """The room in em in which no column of words becomes a narrow, tall one."""
    return sum(max(need, min(want, _EASY)) for need, want in zip(least, wanted, strict=True))


def _width(row: Sequence[Cell]) -> int:
    return sum(cell.colspan for cell in row)


def _demands(table: Table, count: int) -> tuple[list[float], list[float]]:
    """For each column the width of its longest word, and of its longest cell, in em."""
    least, wanted = [1.0] * count, [1.0] * count
    for row in table.rows[table.head_rows :]:
        for place, cell in enumerate(row):
            words, whole = _cell_widths(cell)
            least[place] = max(least[place], words)
            wanted[place] = max(wanted[place], min(whole, _WIDEST))
    for place, cell in _placed(table.rows[: table.head_rows]):
        if cell.colspan == 1:
            words, whole = _cell_widths(cell)
            least[place] = max(least[place], words)
            wanted[place] = max(wanted[place], min(whole / 2, _WIDEST / 2))
    return least, wanted


def _placed(head: Sequence[Sequence[Cell]]) -> list[tuple[int, Cell]]:
    """The cells of the headings with the column in which each begins."""
    placed: list[tuple[int, Cell]] = []
    taken: set[tuple[int, int]] = set()
    for line, row in enumerate(head):
        place = 0
        for cell in row:
            while (line, place) in taken:
                place += 1
            placed.append((place, cell))
            taken |= {
                (line + down, place + right)
                for down in range(cell.rowspan)
                for right in range(cell.colspan)
            }
            place += cell.colspan
    return placed


def _cell_widths(cell: Cell) -> tuple[float, float]:
    text, bold = _plain(cell.content), cell.heading or _is_bold(cell.content)
    return _text_widths(text, bold)


@functools.lru_cache(maxsize=20_000)
def _text_widths(text: str, bold: bool) -> tuple[float, float]:
    pieces = [width_em(piece, bold=bold) for piece in _PIECES.split(text)]
    return max(pieces), sum(pieces) + 0.25 * (len(pieces) - 1)


def _plain(content: Content) -> str:
    return "".join(
        clean(inline.text) if isinstance(inline, Text) else "\n" * isinstance(inline, LineBreak)
        for inline in content
    )


def _is_bold(content: Content) -> bool:
    return any(isinstance(inline, Text) and inline.bold for inline in content)


def _parts(
    least: list[float], wanted: list[float], room: float, padding: float
) -> tuple[float, ...]:
    """Every column gets its longest word; what is left goes to those that want more."""
    more = [max(want - need, 0.0) for need, want in zip(least, wanted, strict=True)]
    left = max(room - sum(least), 0.0)
    if sum(more) > left:
        extra = [left * one / sum(more) for one in more]
    else:
        spare = (left - sum(more)) / len(least)
        extra = [one + spare for one in more]
    widths = [need + one + padding for need, one in zip(least, extra, strict=True)]
    return tuple(round(100 * width / sum(widths), 2) for width in widths)


def width_em(text: str, *, bold: bool = False, italic: bool = False) -> float:
    """The width of a text on one line, in em."""
    known = _advances(bold, italic)
    return sum(known.get(ord(char), _UNKNOWN) for char in text)


@functools.cache
def _advances(bold: bool, italic: bool) -> dict[int, float]:
    name = FONT_FILES["italic" if italic else "normal", "bold" if bold else "normal"]
    with TTFont(BytesIO(font_bytes(name)), lazy=True) as font:
        per_em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        return {
            point: metrics[glyph][0] / per_em
            for point, glyph in font.getBestCmap().items()
            if glyph in metrics
        }
