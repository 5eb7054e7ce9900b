"""Texts and shapes from files as PostgreSQL takes them."""

from __future__ import annotations

from typing import Any


def storable(data: Any) -> Any:
    """The same data without what PostgreSQL's JSON refuses: NUL and half surrogate pairs."""
    if isinstance(data, str):
        return plain(data)
    if isinstance(data, dict):
        return {plain(str(key)): storable(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [storable(value) for value in data]
    return data


def plain(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
