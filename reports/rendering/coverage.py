"""Which characters of a report its typeface can draw."""

import functools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from io import BytesIO

from fontTools.ttLib import TTFont

from .blocks import Chart
from .inlines import clean
from .layout import FONT_FILES, font_bytes


class UnprintableCharacters(Exception):
    """The text holds characters that the typeface of the report does not have."""

    def __init__(self, characters: str, around: str) -> None:
        self.characters = characters
        shown = " ".join(f"“{char}”" for char in characters[:5])
        super().__init__(
            f"Phông chữ của văn bản không có ký tự {shown} (tại “{around}”). "
            "Hãy thay bằng chữ hoặc dấu thông thường rồi kết xuất lại."
        )


def check_characters(report: object) -> None:
    """Raise UnprintableCharacters when a word could not be drawn in the report's own typeface."""
    known = _known_characters()
    for text in _strings(report):
        words = clean(text)
        missing = [place for place, char in enumerate(words) if ord(char) not in known]
        if missing:
            around = words[max(0, missing[0] - 20) : missing[0] + 20].strip()
            raise UnprintableCharacters("".join(sorted({words[n] for n in missing})), around)


def _strings(part: object) -> Iterator[str]:
    """Every text inside the dataclasses; drawings are looked at where they are made."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Chart):
        yield from (part.title, part.source, part.remark)
    elif isinstance(part, tuple):
        for item in part:
            yield from _strings(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _strings(getattr(part, field.name))


@functools.cache
def _known_characters() -> frozenset[int]:
    """Code points that all four styles can draw, and the white space between them."""
    known: set[int] | None = None
    for name in FONT_FILES.values():
        with TTFont(BytesIO(font_bytes(name)), lazy=True) as font:
            # the glyphs' own names are of no interest here and take long to read
            font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
            points = set(font.getBestCmap())
        known = points if known is None else known & points
    return frozenset((known or set()) | {0x20, 0xA0, 0x2007})
