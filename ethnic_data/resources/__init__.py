"""Lists as workbooks: given away, edited, and taken back in."""

from .catalogues import GroupResource, IndicatorResource
from .people import DeputyResource, PersonResource, PrestigiousResource

__all__ = [
    "DeputyResource",
    "GroupResource",
    "IndicatorResource",
    "PersonResource",
    "PrestigiousResource",
]
