"""What changes in the programmes: reference data now; each noun has its own file."""

from .reference import DATA, load_reference

__all__ = ["DATA", "load_reference"]
