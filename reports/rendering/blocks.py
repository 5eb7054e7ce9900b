"""The neutral tree of blocks: what a printed report says, not how it looks.

Everything is a frozen dataclass of plain data, copied out of the database before anything is
drawn, so that a renderer (PDF, preview, Word) never queries and an issued text never changes.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters in one style; `figure` is the identifier of a bound figure or ""."""

    text: str
    bold: bool = False
    italic: bool = False
    figure: str = ""
    raised: bool = False
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class NoteCall:
    """The place of footnote `number`; the note itself is in `PrintedReport.notes`."""

    number: int


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A forced new line inside a paragraph."""


Inline = Text | NoteCall | LineBreak
Content = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading with the label as printed ("I.", "2.1.", "a)" or "").

    Level 1 is printed in capitals (Nghị định 30/2020, Phụ lục I: "I. HEADING").
    """

    label: str
    title: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: Content


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list, printed as a paragraph that begins with its label ("-", "+", "a)")."""

    content: Content
    label: str = "-"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    content: Content
    heading: bool = False
    align: Literal["left", "center", "right"] = "left"
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first `head_rows` are repeated on every page.

    With `landscape` it stands on pages of its own, turned; in an annex the annex decides.
    """

    rows: tuple[tuple[Cell, ...], ...]
    head_rows: int = 1
    caption: str = ""
    unit: str = ""
    source: str = ""
    remark: str = ""
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing as SVG text; `title` is also its alternative text."""

    svg: str
    title: str
    source: str = ""
    remark: str = ""
    landscape: bool = False


Block = Heading | Paragraph | Item | Table | Chart


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote; numbers run 1, 2, 3… in the order of their calls."""

    number: int
    content: Content


@dataclass(frozen=True, slots=True)
class Annex:
    """An appendix on pages of its own; `label` is "Phụ lục" or "Phụ lục I".

    `reference` is "(Kèm theo Báo cáo số … ngày … của …)".
    """

    label: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class AgencyHeader:
    """The issuing agency as it was called on the day of the report.

    `symbol` is what follows the number: "BC-BDT" in "Số: 123/BC-BDT".
    """

    parent_name: str
    name: str
    place: str
    symbol: str


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """`prefix_lines` are the lines above the title, e.g. ("KT. TRƯỞNG BAN",)."""

    title: str
    name: str
    prefix_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """A whole report, ready to be laid out. A sheet has neither number nor signature.

    An extract prints the number and day of the document it is taken from, and in place of the
    signature that it was signed.
    """

    agency: AgencyHeader
    subject: str
    blocks: tuple[Block, ...]
    signature: SignatureBlock
    type_name: str = "BÁO CÁO"
    addressees: tuple[str, ...] = ()
    bases: tuple[Paragraph, ...] = ()
    notes: tuple[Note, ...] = ()
    recipients: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    verify_url: str = ""
    is_sheet: bool = False
    number: str = ""
    dated: str = ""
    signed_words: str = ""
