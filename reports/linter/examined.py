"""A text under examination: what several rules need, worked out once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from portal.documents.citation import number_key, symbol_key
from portal.units.names import fold

from .catalogue import Catalogue, DocumentFacts
from .citing import Mention, mentions
from .departures import Spot
from .fitting import Fault, fault
from .text import Line, OfficialText, Part

#: Whether a person may sign by authorisation on a day; None: nobody keeps such grants.
Grants = Callable[[str, datetime.date], bool]


@dataclass(frozen=True)
class Examined:
    """The text, what is known of the world, and the documents the text names."""

    text: OfficialText
    catalogue: Catalogue
    grants: Grants | None = None

    @cached_property
    def mentions(self) -> list[Mention]:
        return mentions(self.text, self.catalogue)

    @cached_property
    def groups(self) -> list[list[Mention]]:
        """The mentions by document, each group in reading order, without those of the subject."""
        groups: dict[tuple[str, str], list[list[Mention]]] = {}
        for mention in self.mentions:
            if self.line(mention).part is Part.SUBJECT:
                continue
            for group in groups.setdefault(mention.key, []):
                if _same_year(group, mention):
                    group.append(mention)
                    break
            else:
                groups[mention.key].append([mention])
        return [group for known in groups.values() for group in known]

    @cached_property
    def resolved(self) -> dict[Mention, Resolution]:
        """What the register says of every mention; a later one stands for the day of its first."""
        answers = {one: resolve(one, one.day, self.catalogue) for one in self.mentions}
        for group in self.groups:
            day = next((one.day for one in group if one.day), None)
            for one in group:
                if one.day is None and day is not None:
                    answers[one] = resolve(one, day, self.catalogue)
        return answers

    @cached_property
    def faults(self) -> dict[str, Fault]:
        """By number and symbol as written: the first thing wrong where they are written so."""
        faults: dict[str, Fault] = {}
        for one in self.mentions:
            if one.written not in faults and (found := fault(one, self.catalogue)):
                faults[one.written] = found
        return faults

    def symbol_fault(self, mention: Mention) -> Fault | None:
        """What is wrong with number and symbol of a mention."""
        return self.faults.get(mention.written)

    def line(self, mention: Mention) -> Line:
        return self.text.lines[mention.line]

    def quote(self, spot: Spot) -> str:
        """The words of a spot; of an empty one the words around it."""
        line = self.text.lines[spot.line]
        if spot.of_label:
            return f"{line.label} {line.text}"[:80].strip()
        words = line.text
        if spot.start < spot.end:
            return words[spot.start : spot.end]
        return words[max(spot.start - 40, 0) : spot.start + 40]

    def search(self, pattern: re.Pattern[str], *parts: Part) -> Iterator[tuple[int, re.Match[str]]]:
        """Every match in the lines of `parts`, with the line's place."""
        for place, line in self.text.of(*parts):
            for found in pattern.finditer(line.text):
                yield place, found


@dataclass(frozen=True, slots=True)
class Resolution:
    """`exact` is the document of that number and symbol, `near` the one that was likely meant."""

    exact: DocumentFacts | None = None
    near: DocumentFacts | None = None

    @property
    def document(self) -> DocumentFacts | None:
        return self.exact or self.near


def resolve(mention: Mention, day: datetime.date | None, catalogue: Catalogue) -> Resolution:
    """Find the mentioned document in the register, or the one next to it.

    Next to it is: the same text was seen as a misprint of it; the same day and the same number or
    symbol; the same number and issuer.
    """
    same = catalogue.named(mention.number, mention.symbol)
    if same:
        return Resolution(exact=_of_that_day(same, day))
    printed = fold(f"{mention.number}{mention.mark}{mention.symbol}")
    for one in catalogue.by_number.get(number_key(mention.number), []):
        if one.printed_as and fold(one.printed_as) == printed:
            return Resolution(near=one)
        if one.date == day or (
            mention.issuer
            and one.issuer.name == mention.issuer.name
            and day is None
            and mention.type_name in ("", one.type_name)
        ):
            return Resolution(near=one)
    for one in catalogue.by_date.get(day, []) if day else ():
        if symbol_key(one.symbol) == symbol_key(mention.symbol) and _is_slip(
            one.number, mention.number
        ):
            return Resolution(near=one)
    return Resolution()


def _of_that_day(same: list[DocumentFacts], day: datetime.date | None) -> DocumentFacts | None:
    """Of documents of one number: that of the day, else the only one of the year, else the newest.

    A number returns every year, so that a day of a year without one names none of them.
    """
    if day is None:
        return max(same, key=lambda one: one.date)
    exact = [one for one in same if one.date == day]
    of_year = [one for one in same if one.date.year == day.year]
    return next(iter(exact or of_year), None)


def _is_slip(one: str, other: str) -> bool:
    """Whether two numbers differ by one digit wrong, missing, too many, or two exchanged."""
    if one == other or abs(len(one) - len(other)) > 1:
        return one == other
    if sorted(one) == sorted(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 2
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _same_year(group: list[Mention], mention: Mention) -> bool:
    known = {one.day.year for one in group if one.day}
    return mention.day is None or not known or mention.day.year in known
