"""How a document's number, symbol and day are written, read and made comparable.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I: "/" between number and symbol, "-" inside the symbol, no
spaces, a zero before numbers below 10. Normative texts carry the year ("43/2011/NĐ-CP"), texts of
the Party put "-" after the number ("52-NQ/TW").
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

from portal.units.names import fold

PARTY_SYMBOL = re.compile(r"^[^\W\d_]+/")
WRITTEN = re.compile(
    r"(?<![\w/.-])(?P<number>\d{1,6}[a-zđ]?)"
    r"(?P<mark>[/-])"
    r"(?P<symbol>(?:\d{4}/)?[^\W\d_][\w&+]*(?:[-/.][\w&+]+)*)"
)
BELOW_TEN = re.compile(r"[1-9][a-zđ]?")
WRITTEN_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
LONG_DAY = re.compile(
    r"ng[àa]y\s+(\d{1,2})\s+th[áa]ng\s+(\d{1,2})\s+n[ăa]m\s+(\d{4})(?!\d)", re.IGNORECASE
)


@dataclass(frozen=True)
class WrittenNumber:
    """A number and symbol as found in a text: "527", "KH-BDT"."""

    number: str
    symbol: str

    def __str__(self) -> str:
        return joined(self.number, self.symbol)


def joined(number: str, symbol: str) -> str:
    """ "527", "KH-BDT" as "527/KH-BDT"; "52", "NQ/TW" as "52-NQ/TW"; either part may be empty."""
    if not number or not symbol:
        return number or symbol
    return f"{number}{'-' if PARTY_SYMBOL.match(symbol) else '/'}{symbol}"


def written_numbers(text: str) -> list[WrittenNumber]:
    """Every number with symbol in `text`, in order, as written there."""
    composed = unicodedata.normalize("NFC", text)
    return [WrittenNumber(found["number"], found["symbol"]) for found in WRITTEN.finditer(composed)]


def written_number(number: int | str) -> str:
    """5 as "05", "5a" as "05a", 527 as "527"; what is no number as it is."""
    text = str(number)
    return f"0{text}" if BELOW_TEN.fullmatch(text) else text


def number_key(number: str) -> str:
    """The number to compare by: "05" and "5" are one number, "12A" and "12a" too."""
    key = fold(number).replace(" ", "")
    return key.lstrip("0") or ("0" if key else "")


def symbol_key(symbol: str) -> str:
    """The symbol to compare by: "QĐ-TTg", "QD-TTG" and "QĐTTg" are one symbol."""
    return fold(symbol).replace(" ", "")


def written_day(day: datetime.date) -> str:
    """The short form of running text: 06/02/2023, 30/9/2021, 05/11/2021."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year:04d}"


def days_in(text: str) -> tuple[list[datetime.date], str]:
    """The days written in `text`, and the text without them; what is no day stays in the text."""
    days: list[datetime.date] = []

    def take(found: re.Match[str]) -> str:
        day, month, year = (int(part) for part in found.groups())
        try:
            days.append(datetime.date(year, month, day))
        except ValueError:
            return found[0]
        return " "

    return days, WRITTEN_DAY.sub(take, LONG_DAY.sub(take, text))
