"""Load the reference units, and keep what follows from dated parents and successions."""

from .closure import rebuild_ancestors, rebuild_shares
from .reference import LIST_861, UnknownUnit, load_reference

__all__ = ["LIST_861", "UnknownUnit", "load_reference", "rebuild_ancestors", "rebuild_shares"]
