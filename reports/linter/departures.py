"""A departure from the rules of form: which rule, where, what to write instead."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .examined import Examined

LAYOUT = "Nghị định 30/2020/NĐ-CP, Phụ lục I"
CAPITALS = "Nghị định 30/2020/NĐ-CP, Phụ lục II"
ABBREVIATIONS = "Nghị định 30/2020/NĐ-CP, Phụ lục III"
SIGNING = "Nghị định 30/2020/NĐ-CP, Điều 13"
PRACTICE = "Thông lệ trình bày văn bản"
SPELLING = "Chính tả tiếng Việt"


class Severity(enum.StrEnum):
    """Whether the decree is broken, or a person should look."""

    WRONG = "wrong"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Spot:
    """Characters of one line, and what to write there instead (None: not for us to say).

    With `of_label` it is the label before the line that is meant.
    """

    line: int
    start: int
    end: int
    mend: str | None = None
    of_label: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure. `spots` has at least one; the first is shown, a mend goes to all of them."""

    rule: Rule
    message: str
    spots: tuple[Spot, ...]
    quote: str
    severity: Severity

    @property
    def spot(self) -> Spot:
        return self.spots[0]

    @property
    def has_mend(self) -> bool:
        return all(spot.mend is not None for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule answers: a message and its places; `severity` where it is not the rule's own."""

    message: str
    spots: tuple[Spot, ...]
    severity: Severity | None = None

    def softened(self) -> Found:
        return replace(self, severity=Severity.LOOK)


Check = Callable[["Examined"], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its name and text of law in Vietnamese, and how it is checked."""

    code: str
    name: str
    article: str
    severity: Severity
    check: Check

    def departures(self, examined: Examined) -> Iterator[Departure]:
        for found in self.check(examined):
            yield Departure(
                rule=self,
                message=found.message,
                spots=found.spots,
                quote=examined.quote(found.spots[0]),
                severity=found.severity or self.severity,
            )


def rule(
    code: str, name: str, article: str, severity: Severity = Severity.WRONG
) -> Callable[[Check], Rule]:
    """Make a function that finds departures a rule of that code and name."""

    def made(check: Check) -> Rule:
        return Rule(code, name, article, severity, check)

    return made


def at(line: int, start: int, end: int, mend: str | None = None) -> tuple[Spot, ...]:
    """One spot."""
    return (Spot(line, start, end, mend),)
