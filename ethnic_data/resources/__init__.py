"""Lists as workbooks: given away, edited, and taken back in."""

from .catalogues import GroupResource, IndicatorResource
from .old_lists import CategoryList, MembershipList
from .people import DeputyResource, PersonResource, PrestigiousResource

__all__ = [
    "CategoryList",
    "DeputyResource",
    "GroupResource",
    "IndicatorResource",
    "MembershipList",
    "PersonResource",
    "PrestigiousResource",
]
