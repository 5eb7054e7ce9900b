"""What every book is: a title, columns, and rows of text over a period."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from portal import formats
from portal.units.models import IssuingAgency

Row = tuple[str, ...]


def counted(rows: Iterable[Row]) -> int:
    """How many entries these are; a heading between them has nothing in the first column."""
    return sum(1 for row in rows if row[0])


class UnknownBook(Exception):
    """There is no such book, or not for this person."""


@dataclass(frozen=True)
class Column:
    """A heading and its share of the width, in hundredths; `centred` for numbers and days."""

    heading: str
    width: float
    centred: bool = False


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    first: datetime.date
    last: datetime.date

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(datetime.date(year, 1, 1), datetime.date(year, 12, 31))

    @property
    def is_year(self) -> bool:
        return self == Period.year(self.first.year)

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        return self.first, self.last

    def __str__(self) -> str:
        if self.is_year:
            return f"Năm {self.first.year}"
        return f"Từ ngày {formats.day(self.first)} đến ngày {formats.day(self.last)}"


@dataclass(frozen=True)
class Book:
    """One book over one period.

    `rows` gives the lines anew each time it is called, one by one; `noun` says what is counted at
    its end, after what the book is `called`; `keeper` signs it.
    """

    key: str
    title: str
    period: Period
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    noun: str = "văn bản"
    called: str = "Sổ"
    keeper: str = "Văn thư"
    beside: tuple[str, ...] = field(default=())

    @property
    def agency(self) -> IssuingAgency | None:
        """The agency as it was named at the end of the period, or at its beginning."""
        for day in reversed(self.period.days):
            if found := IssuingAgency.objects.filter(valid__contains=day).first():
                return found
        return None
