"""Text of old fonts (TCVN3, VNI) put into Unicode, cell by cell, with before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .reader.vietnamese import from_tcvn3, from_vni, has_marked_word, well_formed
from .source import Sheet, Source

CONVERT = {"TCVN3": from_tcvn3, "VNI": from_vni}


class Repair(NamedTuple):
    sheet: str
    row: int
    column: int
    before: str
    after: str


def repair(source: Source, *, keep: bool = False) -> tuple[str, list[Repair]]:
    """Repairs the texts of `source` in place; (encoding of most texts, what was changed).

    With `keep` nothing is changed: the sender said that the texts are right as they stand.
    """
    if keep:
        return "Unicode", []
    main = _main_encoding(source)
    repairs = []
    for sheet, row, column, text in _texts(source):
        font = sheet.fonts.get((row, column), "")
        after = mended(text, font=font, main=main)
        if after != text:
            repairs.append(Repair(sheet.name, row, column, text, after))
            sheet.rows[row][column] = after
    if repairs and main == "Unicode":
        main = "TCVN3" if from_tcvn3(repairs[0].before) == repairs[0].after else "VNI"
    return (main if repairs else "Unicode"), repairs


def mended(text: str, *, font: str = "", main: str = "Unicode") -> str:
    """One text in Unicode. The font decides, else the words: whichever reading is well formed."""
    if text.isascii():
        is_capital_font = font.lower().startswith(".vn") and font.upper().endswith("H")
        return text.upper() if is_capital_font else text
    if _is_unicode(text):
        return text
    good, total = well_formed(text)
    if font:
        name = "TCVN3" if font.startswith(".") else "VNI"
        capitals = name == "TCVN3" and font.upper().endswith("H")
        after = CONVERT[name](text, capitals=capitals)
        if well_formed(after)[0] >= good:
            return after
    readings = []
    for name, convert in CONVERT.items():
        after = convert(text)
        after_good, after_total = well_formed(after)
        if after_good < after_total or not has_marked_word(after):
            continue
        if after_good > good or (name == main and good == total):
            readings.append((after_good, name == main, after))
    return max(readings)[2] if readings else text


def _is_unicode(text: str) -> bool:
    """Letters beyond Latin-1 (ạ, ế, ư, đ) or combining marks: written in Unicode already."""
    return any("\u0100" <= char <= "\u036f" or "\u1e00" <= char <= "\u1eff" for char in text)


def _main_encoding(source: Source) -> str:
    """The old encoding that most texts with special letters are written in, or Unicode."""
    votes = {"Unicode": 0, "TCVN3": 0, "VNI": 0}
    for _, _, _, text in _texts(source):
        if text.isascii():
            continue
        if _is_unicode(text):
            votes["Unicode"] += 1
            continue
        good, total = well_formed(text)
        for name, convert in CONVERT.items():
            after_good, after_total = well_formed(convert(text))
            votes[name] += after_good == after_total and after_good > good
        votes["Unicode"] += bool(total) and good == total and not _may_be_old(text)
    return max(votes, key=lambda name: votes[name])


def _may_be_old(text: str) -> bool:
    return any(well_formed(convert(text))[0] for convert in CONVERT.values())


def _texts(source: Source) -> Iterator[tuple[Sheet, int, int, str]]:
    for sheet in source.sheets:
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                if type(cell) is str and cell and (not cell.isascii() or sheet.fonts):
                    yield sheet, row, column, cell
