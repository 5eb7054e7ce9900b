"""What is known of the programmes from the project's own files: loaded once, then renewed."""

from .loading import DATA, Loaded, load_reference

__all__ = ["DATA", "Loaded", "load_reference"]
