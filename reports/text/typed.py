"""Words typed into plain fields."""

from __future__ import annotations

import unicodedata

#: Control characters, halves of pairs and unassigned ones.
_HIDDEN = frozenset(("Cc", "Cs", "Cn"))


def one_line(text: str) -> str:
    """Words typed into a plain field: composed, on one line, without control characters."""
    return " ".join(without_controls(text).split())


def some_lines(text: str) -> str:
    """The same, with its line breaks kept."""
    return "\n".join(one_line(line) for line in without_controls(text).splitlines()).strip()


def without_controls(text: str) -> str:
    """The text composed (NFC), without control characters but tab and line end."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        char for char in composed if char in "\n\r\t" or unicodedata.category(char) not in _HIDDEN
    )
