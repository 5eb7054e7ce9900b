"""The block of a copy under the text that is copied, on the same sheet of paper.

Nghị định 30/2020/NĐ-CP, Phụ lục I, the part on copies to paper: form of the copy, agency, number
and symbol, place and day, authority, title and name, recipients, under a line as wide as the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from .inlines import clean
from .layout import lay_out_plain, undisturbed

if TYPE_CHECKING:
    from weasyprint import Document

STYLE_SHEET = Path(__file__).resolve().parents[2] / "static" / "report" / "copy.css"

_MM = 72 / 25.4
_TOP, _GAP = 20 * _MM, 7 * _MM  # the style sheet's margin; what is left free under the text
_A4 = (210 * _MM, 297 * _MM)
_ALIKE = 4.0  # points: scanners cut pages a little short


@dataclass(frozen=True, slots=True)
class CopyBlock:
    """Words as printed; `titles` are the lines of authority and title."""

    form: str
    agency: str
    number: str
    dated: str
    titles: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastPage:
    """Points; `ink` is how far down the text goes; only a plain A4 page takes the block."""

    width: float
    height: float
    ink: float
    is_plain: bool

    @property
    def takes_more(self) -> bool:
        off = max(abs(self.width - _A4[0]), abs(self.height - _A4[1]))
        return self.is_plain and off <= _ALIKE


def with_copy_block(pdf: bytes, block: CopyBlock, last: LastPage) -> tuple[bytes, int, bool]:
    """The pages with the block under the text, how many they are, and whether it took a new one.

    Raises:
        FontsMissing, RefusedResource
    """
    import pikepdf  # a report that is no copy does not wait for it

    drawn = _laid_out(block, above=last.ink + _GAP - _TOP) if last.takes_more else None
    takes_new_page = drawn is None or len(drawn.pages) > 1
    if drawn is None or takes_new_page:
        drawn = _laid_out(block, above=0)
    with pikepdf.open(BytesIO(pdf)) as whole, pikepdf.open(BytesIO(_written(drawn))) as under:
        if takes_new_page:
            whole.pages.extend(under.pages)
        else:
            page = whole.pages[-1]
            page.add_overlay(under.pages[0], pikepdf.Rectangle(page.mediabox))
        output = BytesIO()
        whole.save(output)
        return output.getvalue(), len(whole.pages), takes_new_page


def _laid_out(block: CopyBlock, *, above: float) -> Document:
    """The block below so many points; on a second page when it does not fit below them."""
    room = f'<div style="height: {max(above, 0):.1f}pt"></div>' if above > 0 else ""
    head = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"></head>'
    html = f"{head}<body>{room}{_block_html(block)}</body></html>"
    return lay_out_plain(html, style_sheet=STYLE_SHEET)


def _written(document: Document) -> bytes:
    with undisturbed():
        pdf = document.write_pdf()
    assert pdf is not None  # noqa: S101 - no target was given
    return pdf


def _block_html(block: CopyBlock) -> str:
    recipients = "".join(f"<p>{_text(line)}</p>" for line in block.recipients)
    lead = '<p class="lead">Nơi nhận:</p>' if recipients else ""
    titles = "".join(f"<p>{_text(line)}</p>" for line in block.titles if line)
    return (
        '<div class="block"><div class="heads">'
        f'<div class="left"><p class="agency"><span>{_text(block.agency)}</span></p></div>'
        f'<div class="right"><p class="form">{_text(block.form)}</p></div></div>'
        f'<div class="heads second"><p class="left number">Số: {_text(block.number)}</p>'
        f'<p class="right dated">{_text(block.dated)}</p></div>'
        f'<div class="heads closing"><div class="left recipients">{lead}{recipients}</div>'
        f'<div class="right"><div class="titles">{titles}</div><div class="room"></div>'
        f'<p class="signer">{_text(block.signer)}</p></div></div></div>'
    )


def _text(words: str) -> str:
    return escape(clean(words))
