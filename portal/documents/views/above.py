"""Pages of higher rooms that are shown inside these, known by the name of their address only."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def url_above(name: str, *args: object) -> str:
    """The address of a page of a higher room; empty where that room is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
