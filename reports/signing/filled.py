"""The number and date of a file, if what is drawn on the page is what the fields hold."""

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from .fields import DATE_FIELD, NUMBER_FIELD, STYLES, appearance
from .fonts import glyphs_of


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


def _read(reader: PdfFileReader, name: str) -> str | None:
    try:
        form = reader.root["/AcroForm"]
        (found,) = (
            candidate
            for candidate in (reference.get_object() for reference in form["/Fields"])
            if str(candidate.get("/T", "")) == name
        )
        words = str(found["/V"])
        prepared_form = reader.get_historical_root(0)["/AcroForm"]
        return words if _drawn_as_it_says(prepared_form, found, name, words) else None
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        return None


def _drawn_as_it_says(prepared_form: Any, found: Any, name: str, words: str) -> bool:
    """Draw the words again with the font of the prepared file and compare, byte by byte."""
    style = STYLES[name]
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
