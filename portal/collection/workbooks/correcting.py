"""Cells that the sender put right on the page, laid over the file before it is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .numbers import DOT_GROUPS, clean, in_style
from .source import Cell, Source

Corrections = Mapping[tuple[str, str], str]  # (sheet, "E17") -> what was typed
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def correct(source: Source, corrections: Corrections) -> None:
    """Put each correction into its cell; an address that is none is passed over.

    People type numbers the Vietnamese way, whatever style the file itself is written in.
    """
    for (name, cell), text in corrections.items():
        place = position(cell)
        for sheet in source.sheets:
            if place is not None and sheet.name == name:
                sheet.put(*place, typed(text))
                sheet.percent.discard(place)


def position(cell: str) -> tuple[int, int] | None:
    """Row and column from 0 of "E17"; None for what is no address."""
    match = _ADDRESS.fullmatch(cell)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def typed(text: str) -> Cell:
    """A number of the Vietnamese style as a number, everything else as it was typed."""
    value = in_style(clean(text), DOT_GROUPS)
    return text.strip() if value is None else float(value)
