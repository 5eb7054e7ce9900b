"""Number and date of a file wherever they stand, if what is drawn is what the fields hold."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from .fields import (
    DATE_FIELD,
    NUMBER_FIELD,
    appearance,
    is_reference,
    reference_text,
    style_of,
)
from .fonts import glyphs_of

_DAMAGED = (KeyError, ValueError, TypeError, IndexError, AttributeError, StopIteration, PdfError)


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """None where the field is missing, or its picture shows something else than its value."""

    number: str | None
    date: str | None


def printed_words(reader: PdfFileReader) -> PrintedWords:
    """Read both fields; a damaged form counts as one without them."""
    return PrintedWords(
        number=_read(reader, NUMBER_FIELD),
        date=_read(reader, DATE_FIELD),
    )


def references_say(reader: PdfFileReader, number: int | str, day: date) -> bool:
    """Say whether the line under every annex's title is the signed one with number and date in it.

    The prepared file, which the leader signed, says which annexes have one and what it says.
    """
    try:
        blank = {
            name: str(found["/V"])
            for name, found in _fields(reader.get_historical_root(0)).items()
            if is_reference(name)
        }
        present = {name for name in _fields(reader.root) if is_reference(name)}
        return present == set(blank) and all(
            _read(reader, name) == reference_text(words, number, day)
            for name, words in blank.items()
        )
    except _DAMAGED:
        return False


def _read(reader: PdfFileReader, name: str) -> str | None:
    try:
        found = _fields(reader.root)[name]
        words = str(found["/V"])
        prepared = reader.get_historical_root(0)
        is_there = _is_where_it_was(_fields(prepared)[name], found)
        is_so = is_there and _drawn_as_it_says(prepared["/AcroForm"], found, name, words)
        return words if is_so else None
    except _DAMAGED:
        return None


def _fields(root: Any) -> dict[str, Any]:
    """The form's fields by their names; raises ValueError where two have one name."""
    found = [reference.get_object() for reference in root["/AcroForm"]["/Fields"]]
    named = {str(field.get("/T", "")): field for field in found}
    if len(named) != len(found):
        raise ValueError("two fields of one name")
    return named


def _is_where_it_was(prepared: Any, found: Any) -> bool:
    """A field that was moved, or drawn smaller or aside, shows something else than it says."""
    before, after = prepared["/AP"]["/N"], found["/AP"]["/N"]
    same_box = [*before["/BBox"]] == [*after["/BBox"]]
    return same_box and "/Matrix" not in after and [*prepared["/Rect"]] == [*found["/Rect"]]


def _drawn_as_it_says(prepared_form: Any, found: Any, name: str, words: str) -> bool:
    """Draw the words again with the font of the prepared file and compare, byte by byte."""
    style = style_of(name)
    font_name = f"/{style.font}"
    drawing = found["/AP"]["/N"]
    fonts = drawing["/Resources"]["/Font"]
    same_font = fonts.raw_get(font_name) == prepared_form["/DR"]["/Font"].raw_get(font_name)
    font = fonts[font_name]
    again = appearance(
        words,
        style=style,
        glyphs=glyphs_of(font, font["/ToUnicode"].data),
        width=float(drawing["/BBox"][2]),
    )
    return same_font and bytes(drawing.data) == again
