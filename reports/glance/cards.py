"""One card: a figure with its course over time, its aim, both ends of its order, and a way down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.safestring import SafeString

from portal.charts import sparkline
from reports.dashboards.key_figures import KeyFigure

ENDS = 5  # places at each end of the order

Found = TypeVar("Found")


@dataclass(frozen=True)
class Place:
    """A unit, a group, works or a report with its value in words."""

    name: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Ranking:
    """One end of an order."""

    title: str
    places: Sequence[Place]


@dataclass(frozen=True)
class Course:
    """A figure through time: drawn, its name saying every value; and its ends in words."""

    drawing: SafeString
    words: str


@dataclass(frozen=True)
class Card:
    """`as_of` says of which day the figure is; `url` leads to what it is made of; `among` which
    places stand in the order."""

    figure: KeyFigure
    as_of: str
    url: str
    more: str
    course: Course | None = None
    rankings: Sequence[Ranking] = field(default_factory=tuple)
    among: str = ""

    @property
    def ends_words(self) -> str:
        """What stands under the fold: "Cao nhất, thấp nhất"."""
        titles = [one.title for one in self.rankings]
        told = ", ".join([*titles[:1], *(title[:1].lower() + title[1:] for title in titles[1:])])
        return f"{told} {self.among}".strip()


def course(
    title: str, points: Iterable[tuple[str, Any]], words: Callable[[Any], str]
) -> Course | None:
    """The course of what is known; None for fewer than two values."""
    known = [(label, value) for label, value in points if value is not None]
    if len(known) < 2:
        return None
    told = [f"{label}: {words(value)}" for label, value in known]
    drawing = sparkline([value for _, value in known], title=f"{title}. {', '.join(told)}")
    return Course(drawing, f"{told[0]} → {told[-1]}")


def ends(
    found: Sequence[Found],
    place: Callable[[Found], Place],
    *,
    first: str,
    last: str,
    most: int = ENDS,
) -> list[Ranking]:
    """Both ends of what is in order already; none stands at both. The second begins at the end."""
    each = min(most, len(found) // 2)
    if not each:
        return []
    tail = list(reversed(found))[:each]
    return [
        Ranking(first, [place(one) for one in found[:each]]),
        Ranking(last, [place(one) for one in tail]),
    ]
