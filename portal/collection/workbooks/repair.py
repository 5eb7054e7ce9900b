"""Text of old fonts (TCVN3, VNI) put into Unicode, cell by cell, with before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .grid import address
from .outcome import Option, Question
from .reader.vietnamese import from_tcvn3, from_vni, has_marked_word, well_formed
from .source import Sheet, Source

CONVERT = {"TCVN3": from_tcvn3, "VNI": from_vni}
QUESTION, CONVERTED, UNCHANGED = "encoding", "convert", "Unicode"
SAMPLES, LONGEST = 4, 60
_OWN = frozenset("àáâãèéêìíòóôõùúý")  # Vietnamese letters that old encodings share with Latin-1
_MEASURES = re.compile(r"(?<![^\W\d_])µ(?=[mglsFAVW]\b)")  # a millionth, no letter of an old font


class Repair(NamedTuple):
    sheet: str
    row: int
    column: int
    before: str
    after: str


def repair(source: Source) -> tuple[str, list[Repair]]:
    """Repairs the texts of `source` in place; (encoding of most texts, what was changed)."""
    main = _main_encoding(source)
    repairs = []
    for sheet, row, column, text in _texts(source):
        font = sheet.fonts.get((row, column), "")
        after = mended(text, font=font, main=main)
        if after != text:
            repairs.append(Repair(sheet.name, row, column, text, after))
            sheet.rows[row][column] = after
    if repairs and main == "Unicode":
        first = next((r for r in repairs if not r.before.isascii()), repairs[0])
        main = "VNI" if from_vni(first.before) == first.after else "TCVN3"
    return (main if repairs else "Unicode"), repairs


def undo(source: Source, repairs: list[Repair]) -> None:
    """Puts the texts back as they stood in the file."""
    rows = {sheet.name: sheet.rows for sheet in source.sheets}
    for done in repairs:
        rows[done.sheet][done.row][done.column] = done.before


def is_agreed(answer: str | None, encoding: str) -> bool:
    """Whether the sender agreed to having texts of this encoding converted."""
    return answer in (encoding, CONVERTED)


def ask(encoding: str, repairs: list[Repair]) -> Question | None:
    """Whether to convert, with some of the texts before and after; None where nothing is at stake.

    Letters that only become capitals by the name of their font need no question.
    """
    told = [done for done in repairs if not done.before.isascii()]
    if not told:
        return None
    samples = {shortened(done.before): shortened(done.after) for done in told}
    shown = "; ".join(f"“{old}” → “{new}”" for old, new in list(samples.items())[:SAMPLES])
    return Question(
        id=QUESTION,
        text=f"Tệp dùng phông chữ cũ ({encoding}) ở {len(told)} ô. Chuyển sang Unicode như sau "
        f"có đúng không? {shown}",
        options=(
            Option(encoding, "Đúng, chuyển sang Unicode"),
            Option(UNCHANGED, "Không, giữ nguyên chữ trong tệp"),
        ),
        suggestion=encoding,
        sheet=told[0].sheet,
        cell=address(told[0].row, told[0].column),
    )


NAME = 200  # letters of a text that is a name, and stands in many rows


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def mended(text: str, *, font: str = "", main: str = "Unicode") -> str:
    """One text in Unicode. The font decides, else the words: whichever reading is well formed."""
    known = _mended if len(text) <= NAME else _mended.__wrapped__
    return known(text, font, main)


@lru_cache(maxsize=20_000)  # a large file repeats its names
def _mended(text: str, font: str, main: str) -> str:
    if text.isascii():
        is_capital_font = font.lower().startswith(".vn") and font.upper().endswith("H")
        return text.upper() if is_capital_font else text
    if _MEASURES.search(text):
        return text
    if _is_unicode(text):
        return _mended_by_word(text, font=font, main=main)
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
    if not readings and main in CONVERT and good < total:
        return CONVERT[main](text)  # no Vietnamese syllable ("Brâu"), in a file full of that font
    return max(readings)[2] if readings else text


def _mended_by_word(text: str, *, font: str, main: str) -> str:
    """A cell that holds both: words of old fonts between words in Unicode, run beside run."""
    names = ["TCVN3", "VNI"] if not font else ["TCVN3" if font.startswith(".") else "VNI"]
    if main in names:
        names = [main]
    words = []
    for word in text.split(" "):
        fixed = word
        if _is_strange(word) and not well_formed(word)[0]:
            readings = [CONVERT[name](word) for name in names]
            fixed = next((reading for reading in readings if _is_all_syllables(reading)), word)
        words.append(fixed)
    return " ".join(words)


def _is_strange(word: str) -> bool:
    """With a letter that Vietnamese has not, or a capital one inside: "®iÒu", no slip of typing."""
    if word.isascii() or _is_unicode(word):
        return False
    foreign = any(ord(char) > 127 and char.lower() not in _OWN for char in word)
    inside = any(b.isupper() and ord(b) > 127 and a.islower() for a, b in pairwise(word))
    return foreign or inside


def _is_all_syllables(text: str) -> bool:
    good, total = well_formed(text)
    return bool(total) and good == total and has_marked_word(text)


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
