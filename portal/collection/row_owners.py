"""In whose data somebody has rows of their own, told by the room that knows the records.

A room above declares it in a module `row_owners` of its app, which is looked for when first needed:

    @finds_units
    def units_of_own_works(user): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from portal.units.models import AdministrativeUnit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from portal.accounts.models import User
    from portal.units.models import AdministrativeUnitQuerySet

Finder = Callable[["User"], "QuerySet[AdministrativeUnit]"]
_finders: list[Finder] = []


def finds_units(finder: Finder) -> Finder:
    """Declare `finder(user)`: units that send data with rows of `user`'s own."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def writes_rows_only(user: User | AnonymousUser) -> bool:
    """Whether somebody enters rows of their own and sees nothing else of what is collected."""
    return user.has_perm("collection.enter") and not user.has_perm("collection.view")


def units_collected(user: User | AnonymousUser) -> AdministrativeUnitQuerySet:
    """Units whose data `user` may see: those of the own area, and those with rows of their own."""
    seen = AdministrativeUnit.objects.visible_to(user)
    if not user.is_authenticated or not writes_rows_only(user):
        return seen
    autodiscover_modules("row_owners")
    found = Q(pk__in=seen.values("pk"))
    for finder in _finders:
        found |= Q(pk__in=finder(user).values("pk"))
    return AdministrativeUnit.objects.filter(found)
