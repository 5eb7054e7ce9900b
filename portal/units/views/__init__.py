from .reorganisations import (
    ReorganisationDetail,
    ReorganisationList,
    reorganisation_act,
    reorganisation_enter,
    reorganisation_mend,
    reorganisation_sheet,
)
from .units import UnitDetail, UnitList

__all__ = [
    "ReorganisationDetail",
    "ReorganisationList",
    "UnitDetail",
    "UnitList",
    "reorganisation_act",
    "reorganisation_enter",
    "reorganisation_mend",
    "reorganisation_sheet",
]
