"""What a reorganisation means for rooms above, which this floor does not know.

An app that holds something by unit declares a party in its `reorganising.py`: it foresees, follows
when the reorganisation is put in force, says what is still open afterwards, goes back when it is
undone, and may object to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from .models import AdministrativeUnit
    from .services.planning import Plan


@dataclass(frozen=True)
class Consequence:
    """One thing that changes: of what kind, what, and how. `open_work`: somebody must decide,
    at `url` where there is a page for it."""

    topic: str
    subject: str
    effect: str
    open_work: bool = False
    url: str = ""


class Party:
    """One room's answers. `begun`: the new units' keys by code, once they are there."""

    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        return ()

    def follow(self, plan: Plan, begun: Mapping[str, int]) -> Any:
        """Change what is decided; returns what `go_back` needs, as JSON."""
        return None

    def go_back(self, done: Any) -> None:
        """Undo what `follow` did."""

    def left_open(self, ended: Mapping[int, AdministrativeUnit]) -> Sequence[Consequence]:
        """What still hangs on units that have ended and waits for somebody's decision."""
        return ()

    def objections(self, units: Sequence[int]) -> Sequence[str]:
        """Why the units cannot be taken away again: sentences."""
        return ()


Kind = TypeVar("Kind", bound=type[Party])
_parties: dict[str, Party] = {}


def party(name: str) -> Any:
    """Declare a class as the party `name`."""

    def declare(kind: Kind) -> Kind:
        _parties[name] = kind()
        return kind

    return declare


def parties() -> dict[str, Party]:
    autodiscover_modules("reorganising")
    return dict(sorted(_parties.items()))
