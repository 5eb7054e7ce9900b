"""Investors have rows in the data of every unit that their works lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.collection.row_owners import finds_units
from portal.units.models import MOSTLY, AdministrativeUnit, UnitShare

from .models import WorksPlace

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.units.models import AdministrativeUnitQuerySet


@finds_units
def units_of_own_works(user: User) -> AdministrativeUnitQuerySet:
    """Communes of the works of the user's organisations on any day, and all above them."""
    places = WorksPlace.objects.filter(works__investor__members=user, is_main=True)
    shares = UnitShare.objects.filter(unit__in=places.values("unit"), weight__gt=MOSTLY)
    return AdministrativeUnit.objects.filter(pk__in=shares.values("target"))
