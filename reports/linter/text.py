"""The text that is checked: neutral lines in reading order, and the facts of the document's head.

It may come from a report of the portal, from a Word file or from plain text: the rules do not know.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterator
from dataclasses import dataclass, field


class Part(enum.Enum):
    """Where a line stands."""

    HEAD = "phần đầu"
    SUBJECT = "trích yếu"
    BASIS = "căn cứ"
    HEADING = "tên mục"
    BODY = "nội dung"
    NOTE = "chú thích"
    ANNEX = "phụ lục"
    ADDRESSEE = "kính gửi"
    RECIPIENT = "nơi nhận"
    SIGNATURE = "chữ ký"


#: Blanks of other widths and those that do not break, as word processors and web pages write them.
_BLANKS = str.maketrans(
    dict.fromkeys("\t\u00a0\u202f\u3000", " ") | dict.fromkeys(range(0x2000, 0x200B), " ")
)


def with_plain_spaces(text: str) -> str:
    """The text, character for character, with ordinary spaces: the rules know no others."""
    return text.translate(_BLANKS)


#: Parts that are running text.
RUNNING = frozenset({Part.BASIS, Part.BODY, Part.NOTE, Part.ANNEX})
#: Parts with words of the writer.
WORDED = RUNNING | {Part.SUBJECT, Part.HEADING}


@dataclass(frozen=True, slots=True)
class Call:
    """A note is called behind the character at `at`."""

    at: int
    note: int


@dataclass(frozen=True, slots=True)
class Bound:
    """Characters that stand for something: a figure of the data or a citation of the register."""

    start: int
    end: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, heading, note or line of a block, composed (NFC).

    `label` is what stands before it ("2.2.1.", "a)", "-"); `origin` says to the adapter where it
    comes from; `section` is the key of the section it stands in; `decomposed` its first word that
    was not composed, as it was written.
    """

    part: Part
    text: str
    label: str = ""
    level: str = ""
    section: str = ""
    origin: str = ""
    note: int = 0
    relation: str = ""
    calls: tuple[Call, ...] = ()
    bounds: tuple[Bound, ...] = ()
    decomposed: str = ""

    @property
    def is_item(self) -> bool:
        return self.part is Part.BODY and bool(self.label)


@dataclass(frozen=True, slots=True)
class Titles:
    """The agency's name and titles as they are on the day of the document; empty: not known."""

    agency: str = ""
    head: str = ""
    deputy: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class OfficialText:
    """An official document as its reader meets it.

    `type_name` is the name of its type as in the catalogue ("Báo cáo", "Công văn"; "" unknown),
    `symbol` without the number ("BC-BDT"), `day` the day whose law it is measured by.
    `has_frame` is False for a bare piece of text, without number, recipients and signature.
    """

    day: datetime.date
    lines: tuple[Line, ...]
    type_name: str = ""
    number: str = ""
    symbol: str = ""
    titles: Titles = field(default_factory=Titles)
    signer: str = ""
    has_frame: bool = True

    def of(self, *parts: Part) -> Iterator[tuple[int, Line]]:
        """The lines of these parts with their places."""
        return ((place, line) for place, line in enumerate(self.lines) if line.part in parts)
