"""The line under an annex's title: "(Kèm theo Báo cáo số … ngày … tháng … năm … của …)".

Number and day are given after the report was signed. The whole line is then one form field, drawn
like the running text: four small fields would leave holes around a short number. Here is what the
line says, with blanks and filled, and where it is broken, which is settled for the widest number.
"""

import re

from .measures import width_em

#: No-break spaces stand where number, day, month and year are not given yet.
_BLANK = re.compile("\u00a0{3,}")
_PLACES = 4

#: Number and day stay on one line; else the line may be broken between words.
_PARTS = re.compile("số [^ ]+ ngày [^ ]+ tháng [^ ]+ năm [^ ]+|[^ ]+")

#: The widest number a document may have and a day as wide as any.
_WIDEST = ("8888m", "28", "12", "2028")

#: The size of the letters in mm (Phụ lục I: italic, 13 to 14 points).
_EM_MM = 14 * 25.4 / 72


def blank_reference(kind: str, symbol: str, agency: str) -> str:
    """The line of a document without number and day (Nghị định 30/2020, Phụ lục I, phần II)."""
    number, day, month, year = ("\u00a0" * spaces for spaces in (8, 4, 4, 6))
    return (
        f"(Kèm theo {kind} số {number}/{symbol} ngày {day} tháng {month} năm {year} của {agency})"
    )


def has_blanks(reference: str) -> bool:
    """Say whether the line waits for number, day, month and year."""
    return len(_BLANK.findall(reference)) == _PLACES


def filled_reference(reference: str, *values: str) -> str:
    """Return the line with number, day, month and year, as they are printed, in its four blanks."""
    given = iter(values)
    return _BLANK.sub(lambda _: next(given), reference)


def broken_reference(reference: str, room_mm: float) -> str:
    """Return the line with "\\n" before the agency, and where it would still be too wide."""
    widest = filled_reference(reference, *_WIDEST) if has_blanks(reference) else reference
    if _fits(widest, room_mm):
        return reference
    parts = list(zip(_PARTS.findall(reference), _PARTS.findall(widest), strict=True))
    lines: list[list[tuple[str, str]]] = [[]]
    for part in parts:
        follows_the_day = bool(lines[-1]) and " " in lines[-1][-1][0]
        longer = " ".join(wide for _, wide in (*lines[-1], part))
        if lines[-1] and (follows_the_day or not _fits(longer, room_mm)):
            lines.append([])
        lines[-1].append(part)
    return "\n".join(" ".join(part for part, _ in line) for line in lines)


def _fits(words: str, room_mm: float) -> bool:
    return width_em(words, italic=True) * _EM_MM <= room_mm
