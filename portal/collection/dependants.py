"""What stands on approved data, told by whoever knows: each room declares its own finder.

A room above declares it in a module `dependants` of its app, which is looked for when first needed:

    @finds_dependants
    def reports_of(corrected, user): ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.module_loading import autodiscover_modules

from .models import Submission, SubmissionEvent
from .services.rechecking import dependants_of as compared_with

if TYPE_CHECKING:
    from portal.accounts.models import User


class Dependant(NamedTuple):
    """One thing that used the values: what it is, where, and how it is touched."""

    kind: str
    label: str
    url: str
    note: str


Finder = Callable[[Sequence[Submission], "User"], Iterable[Dependant]]
_finders: list[Finder] = []
MOST = 50


def finds_dependants(finder: Finder) -> Finder:
    """Declare `finder(revisions, user)`: what `user` may see that used one of the revisions."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def dependants_of(revisions: Sequence[Submission], user: User) -> list[Dependant]:
    """Everything that used one of `revisions` (the earlier ones of corrected data)."""
    autodiscover_modules("dependants")
    found = [one for finder in _finders for one in finder(revisions, user)]
    return found[:MOST]


@finds_dependants
def compared_data(revisions: Sequence[Submission], user: User) -> Iterable[Dependant]:
    """Data of other datasets whose rules look at these."""
    latest = max(revisions, key=lambda revision: revision.revision, default=None)
    if latest is None:
        return
    seen = Submission.objects.visible_to(user).filter(pk__in=compared_with(latest).values("pk"))
    for one in seen.with_names()[:MOST]:
        noted = one.events.filter(what=SubmissionEvent.What.RECHECKED).first()
        note = noted.note if noted else "được so với số liệu này"
        yield Dependant("Bộ số liệu", str(one), one.get_absolute_url(), note)
