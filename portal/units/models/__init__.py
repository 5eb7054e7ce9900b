from .reorganisations import Reorganisation, ReorganisationItem
from .shares import MOSTLY, UnitShare, UnitShareQuerySet
from .units import (
    AdministrativeUnit,
    AdministrativeUnitQuerySet,
    IssuingAgency,
    Level,
    UnitAncestor,
    UnitList,
    UnitMembership,
    UnitParent,
    UnitSuccession,
    form_of,
    no_two_at_once,
)

__all__ = [
    "MOSTLY",
    "AdministrativeUnit",
    "AdministrativeUnitQuerySet",
    "IssuingAgency",
    "Level",
    "Reorganisation",
    "ReorganisationItem",
    "UnitAncestor",
    "UnitList",
    "UnitMembership",
    "UnitParent",
    "UnitShare",
    "UnitShareQuerySet",
    "UnitSuccession",
    "form_of",
    "no_two_at_once",
]
