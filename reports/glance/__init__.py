"""The province at a glance: six cards for those who answer for it."""

from .cards import Card, Place, Ranking
from .province import Glance, glance

__all__ = ["Card", "Glance", "Place", "Ranking", "glance"]
