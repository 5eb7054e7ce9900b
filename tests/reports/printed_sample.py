"""The real report of November 2023 as a tree of blocks, read from its text."""

import functools
import re
from pathlib import Path

from reports.rendering.blocks import (
    AgencyHeader,
    Block,
    Content,
    Heading,
    Item,
    Note,
    NoteCall,
    Paragraph,
    PrintedReport,
    SignatureBlock,
    Text,
)

TEXT_FILE = Path(__file__).parent / "data" / "sample-report-2289-2023.md"
CALLS = {"¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5}
SUBJECT_LINE = 3
FIRST_LINE = 4

AGENCY = AgencyHeader(
    parent_name="UBND TỈNH BẮC GIANG",
    name="BAN DÂN TỘC",
    place="Bắc Giang",
    symbol="BC-BDT",
)
SIGNATURE = SignatureBlock(
    prefix_lines=("KT. TRƯỞNG BAN",), title="PHÓ TRƯỞNG BAN", name="Nhữ Văn Nam"
)


def sample_words() -> list[str]:
    """The words of the sample's text file, without its marks for bold, italic and notes."""
    text = re.sub(r"[*¹²³⁴⁵]", " ", TEXT_FILE.read_text(encoding="utf-8"))
    return text.split()


@functools.cache
def sample_report() -> PrintedReport:
    paragraphs = [part.strip() for part in TEXT_FILE.read_text(encoding="utf-8").split("\n\n")]
    paragraphs = [part for part in paragraphs if part]
    end = paragraphs.index("Nơi nhận:")
    body = paragraphs[FIRST_LINE:end]
    return PrintedReport(
        agency=AGENCY,
        subject=paragraphs[SUBJECT_LINE],
        blocks=tuple(_block(part) for part in body if part[0] not in CALLS),
        notes=tuple(
            Note(CALLS[part[0]], _content(part[1:].strip())) for part in body if part[0] in CALLS
        ),
        recipients=tuple(
            line.removeprefix("- ") for line in paragraphs[end + 1].splitlines() if line
        ),
        signature=SIGNATURE,
    )


def _block(part: str) -> Block:
    if part.startswith("- "):
        return Item(_content(part[2:]))
    if match := re.fullmatch(r"([IVX]+\.|\d+\.(?:\d+\.)*) (.{3,90})", part):
        label, title = match.groups()
        return Heading(label, title, 1 if label[0] in "IVX" else 1 + label.count("."))
    return Paragraph(_content(part))


def _content(part: str) -> Content:
    inlines = []
    for piece in re.split(r"(\*[^*]+\*|[¹²³⁴⁵])", part):
        if piece in CALLS:
            inlines.append(NoteCall(CALLS[piece]))
        elif piece.startswith("*"):
            inlines.append(Text(piece.strip("*"), italic=True))
        elif piece:
            inlines.append(Text(piece))
    return tuple(inlines)
