"""A document as a row of paragraphs, before anybody knows which of them is what."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from reports.linter.text import Call


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words with the notes called in them; `table` numbers the table it stands in, 0 for none."""

    text: str
    calls: tuple[Call, ...] = ()
    table: int = 0
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """All paragraphs and, by number, the notes."""

    paragraphs: tuple[Paragraph, ...]
    notes: dict[int, str] = field(default_factory=dict)


def composed(text: str) -> tuple[str, str]:
    """The text in NFC, and its first word that was not."""
    if unicodedata.is_normalized("NFC", text):
        return text, ""
    word = next((one for one in text.split() if not unicodedata.is_normalized("NFC", one)), text)
    return unicodedata.normalize("NFC", text), word
