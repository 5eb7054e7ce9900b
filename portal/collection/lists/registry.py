"""Which lists can be brought in. Apps declare theirs in resources with `@brought_in("name")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

from .resource import ListResource

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import ListImport

_lists: dict[str, type[ListResource]] = {}


def brought_in(which: str) -> Callable[[type[ListResource]], type[ListResource]]:
    """Declare a resource as the list `which`, the word in its addresses."""

    def declare(resource: type[ListResource]) -> type[ListResource]:
        if _lists.setdefault(which, resource) is not resource:
            raise RuntimeError(f"list {which!r} is declared twice")
        resource.which = which
        return resource

    return declare


def lists() -> dict[str, type[ListResource]]:
    autodiscover_modules("resources")
    return _lists


def list_resource(one: ListImport) -> ListResource:
    """The resource of a file on its way in; raises KeyError when no app declares it any more."""
    return lists()[one.which](by=one.by, source=one)


def lists_of(user: User) -> list[type[ListResource]]:
    """Those that this person may bring in, in the order in which they were declared."""
    return [one for one in lists().values() if any(map(user.has_perm, one.permissions))]
