"""Words typed into plain fields."""

from __future__ import annotations

import unicodedata

#: Control characters, halves of pairs, unassigned ones, and those without a shape of their own:
#: of no width, turning the direction of writing. No font draws them and no reader finds them.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Cn"))
#: What other programs write for the end of a line.
_LINE_ENDS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))


def one_line(text: str) -> str:
    """Words typed into a plain field: composed, on one line, without control characters."""
    return " ".join(without_controls(text).split())


def some_lines(text: str) -> str:
    """The same, with its line breaks kept."""
    return "\n".join(one_line(line) for line in without_controls(text).splitlines()).strip()


def without_controls(text: str) -> str:
    """The text composed (NFC), without control characters but tab and line end."""
    return seen(_composed(text.translate(_LINE_ENDS)))


def _composed(text: str) -> str:
    """In NFC, but never longer than it was: some foreign letters have only the longer form, and the
    length that a field takes was counted before."""
    told = unicodedata.normalize("NFC", text)
    return told if len(told) <= len(text) else text


def seen(text: str) -> str:
    """What of the text a reader sees, tab and line end among it."""
    return "".join(
        char for char in text if char in "\n\r\t" or unicodedata.category(char) not in _HIDDEN
    )
