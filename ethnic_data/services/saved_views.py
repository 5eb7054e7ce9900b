"""Keep, rename, share and drop selections of the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from ethnic_data.models.saved_views import LONGEST_QUERY, SavedView

if TYPE_CHECKING:
    from portal.accounts.models import User

KEPT = (
    "ct", "hang", "cot", "cot2", "dv", "cap", "kv", "dt", "gt", "pl", "ky", "loai", "ngay", "dg",
    "bd", "lop",
)  # fmt: skip
MOST_VIEWS = 200


class TooManyViews(Exception):
    """Nobody needs so many; an older one has to go first."""


class QueryTooLong(Exception):
    """The selection does not fit; fewer members have to be chosen."""


def tidied(query: str) -> str:
    """Only what the explorer reads, in a stable order."""
    pairs = [(name, text) for name, text in parse_qsl(query) if name in KEPT and "\0" not in text]
    return urlencode(sorted(pairs, key=lambda pair: KEPT.index(pair[0])))


@transaction.atomic
def save_view(*, owner: User, name: str, query: str, is_shared: bool) -> SavedView:
    """A new one, or other choices under a name that its owner has.

    Raises:
        TooManyViews, QueryTooLong
    """
    if SavedView.objects.owned_by(owner).exclude(name=name).count() >= MOST_VIEWS:
        raise TooManyViews
    kept = tidied(query)
    if len(kept) > LONGEST_QUERY:
        raise QueryTooLong
    view, _ = SavedView.objects.update_or_create(
        owner=owner, name=name, defaults={"query": kept, "is_shared": is_shared}
    )
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, is_shared: bool) -> SavedView:
    """Rename it, share it or keep it for oneself; the database refuses a name twice."""
    view.name, view.is_shared = name, is_shared
    view.save(update_fields=["name", "is_shared"])
    return view


@transaction.atomic
def drop_view(*, view: SavedView) -> None:
    view.delete()
