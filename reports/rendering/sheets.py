"""What somebody sees on a page as a sheet of paper: tables, drawings and key figures, with what was
chosen, when it was printed, and pages n/m. It has neither number nor signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from portal import formats

from .blocks import AgencyHeader, Chart, Heading, Paragraph, Table
from .charts import own_drawing
from .coverage import check_characters
from .drawings import chart_asset
from .inlines import clean, content_html
from .layout import lay_out_plain, undisturbed
from .measures import columns_of
from .tables import chart_html, rules_of, table_html

STYLE_SHEET = Path(__file__).resolve().parents[2] / "static" / "report" / "sheet.css"

#: Room across the page in mm (the style sheet's margins), and the gap of what stands side by side.
UPRIGHT_MM, TURNED_MM, GAP_MM = 180.0, 267.0, 5.0

#: Sizes of a table's letters in points; a dense sheet has to fit on one page.
SIZES, DENSE_SIZES = (11.0, 10.0, 9.0, 8.0), (9.0, 8.5, 8.0, 7.5)

#: A cell needs about 1 ms: more cells than these keep the asker waiting for over five seconds.
MOST_CELLS = 6_000


class SheetTooLarge(Exception):
    """More cells than one file is made of; the sentence says what to do."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        super().__init__(
            f"Bảng có {formats.number(cells)} ô, nhiều hơn {formats.number(MOST_CELLS)} ô mà một "
            "tệp PDF nhận. Bớt dòng hoặc cột, hoặc tải xlsx, csv."
        )


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A large number under its name; `beside` is its unit, share or why there is none."""

    name: str
    value: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Key figures in one row."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two columns of blocks of equal width."""

    left: tuple[SheetBlock, ...]
    right: tuple[SheetBlock, ...]


SheetBlock = Heading | Paragraph | Table | Chart | KeyFigures | SideBySide


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole sheet as plain data.

    chosen: what it is narrowed to, a line each. source: datasets and "tính đến ngày". address:
    where the page is found again. With `is_dense` letters are small and blocks close together.
    """

    title: str
    blocks: tuple[SheetBlock, ...]
    printed_at: datetime
    agency: AgencyHeader | None = None
    chosen: tuple[str, ...] = ()
    source: str = ""
    address: str = ""
    is_demo: bool = False
    is_landscape: bool = False
    is_dense: bool = False

    @property
    def width_mm(self) -> float:
        return TURNED_MM if self.is_landscape else UPRIGHT_MM

    @property
    def sizes(self) -> tuple[float, ...]:
        return DENSE_SIZES if self.is_dense else SIZES


def sheet_pdf(*sheets: Sheet, pages: int | None = None) -> bytes:
    """The sheet as a tagged PDF in Vietnamese.

    pages: how many it may have. Of several sheets, each saying less than the one before, the
    first with no more pages is drawn, else the last.

    Raises SheetTooLarge, UnprintableCharacters, UnfitDrawing, RefusedResource or FontsMissing;
    each carries a Vietnamese sentence.
    """
    for sheet in sheets:
        cells = sum(len(row) for table, _ in _tables(sheet.blocks, 0) for row in table.rows)
        if cells > MOST_CELLS:
            raise SheetTooLarge(cells)
        check_characters(sheet)
    for number, sheet in enumerate(sheets, 1):
        with undisturbed():
            document = lay_out_plain(
                _html(sheet), style_sheet=STYLE_SHEET, assets=_assets(sheet.blocks)
            )
            if pages is None or len(document.pages) <= pages or number == len(sheets):
                document.metadata.created = sheet.printed_at.isoformat(timespec="seconds")
                pdf = document.write_pdf(pdf_tags=True)
                assert pdf is not None  # noqa: S101 - no target was given
                return pdf
            del document
    raise ValueError


def fits(table: Table, *, is_landscape: bool) -> bool:
    """Whether every word of the table fits its column at the smallest size."""
    width = TURNED_MM if is_landscape else UPRIGHT_MM
    found = columns_of(table, width_mm=width, sizes=SIZES)
    return found is None or found.is_roomy


def _tables(blocks: Sequence[SheetBlock], width: float) -> Iterator[tuple[Table, float]]:
    """Every table with the room that it has across."""
    for block in blocks:
        if isinstance(block, Table):
            yield block, width
        elif isinstance(block, SideBySide):
            yield from _tables((*block.left, *block.right), (width - GAP_MM) / 2)


def _assets(blocks: Sequence[SheetBlock]) -> dict[str, str]:
    found = {}
    for block in blocks:
        if isinstance(block, Chart):
            found[chart_asset(block)] = own_drawing(block.svg)
        elif isinstance(block, SideBySide):
            found |= _assets((*block.left, *block.right))
    return found


class _Looks:
    """A class of the style sheet for the columns of each table."""

    def __init__(self, sheet: Sheet) -> None:
        self.names: dict[int, str] = {}
        rules = []
        for table, width in _tables(sheet.blocks, sheet.width_mm):
            found = columns_of(table, width_mm=width, sizes=sheet.sizes)
            self.names[id(table)] = name = f"t{len(self.names) + 1}" if found else ""
            if found is not None:
                rules.append(rules_of(name, found))
        self.rules = "".join(rules)


def _html(sheet: Sheet) -> str:
    looks = _Looks(sheet)
    kinds = [
        word for word, is_so in (("turned", sheet.is_landscape), ("dense", sheet.is_dense)) if is_so
    ]
    source = f'<p class="origin">{_text(sheet.source)}</p>' if sheet.source else ""
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"/>'
        f"<title>{_text(sheet.title)}</title><style>{looks.rules}</style></head>"
        f'<body class="{" ".join(kinds)}">{_head(sheet)}'
        f"{''.join(_block(block, looks) for block in sheet.blocks)}{source}</body></html>"
    )


def _head(sheet: Sheet) -> str:
    agency = sheet.agency
    names = (
        f"<p>{_text(agency.parent_name)}</p><p><strong>{_text(agency.name)}</strong></p>"
        if agency
        else ""
    )
    demo = '<p class="demo">Số liệu minh hoạ</p>' if sheet.is_demo else ""
    foot = " · ".join(filter(None, ("Số liệu minh hoạ" if sheet.is_demo else "", sheet.address)))
    chosen = "".join(f'<p class="chosen">{_text(line)}</p>' for line in sheet.chosen if line)
    return (
        f'<div class="head" data-foot="{_text(foot)}"><div class="agency">{names}</div>'
        f'<div class="printed"><p>In lúc {formats.moment(sheet.printed_at)}</p>{demo}</div></div>'
        f'<h1 class="title">{_text(sheet.title)}</h1>{chosen}'
    )


def _block(block: SheetBlock, looks: _Looks) -> str:
    match block:
        case Table():
            return table_html(block, {}, name=looks.names[id(block)])
        case Chart():
            return chart_html(block)
        case Heading():
            level = min(block.level + 1, 4)
            label = f"{block.label} " if block.label else ""
            return f"<h{level}>{_text(label + block.title)}</h{level}>"
        case Paragraph():
            return f'<p class="words">{content_html(block.content, {})}</p>'
        case KeyFigures():
            return f'<div class="figures">{"".join(map(_figure, block.figures))}</div>'
        case SideBySide():
            parts = (
                "".join(_block(one, looks) for one in part) for part in (block.left, block.right)
            )
            left, right = parts
            return (
                f'<div class="beside"><div class="half">{left}</div>'
                f'<div class="half second">{right}</div></div>'
            )


def _figure(figure: KeyFigure) -> str:
    beside = f'<p class="small">{_text(figure.beside)}</p>' if figure.beside else ""
    return (
        f'<div class="figure"><p class="small">{_text(figure.name)}</p>'
        f'<p class="large">{_text(figure.value)}</p>{beside}</div>'
    )


def _text(words: str) -> str:
    return escape(clean(words))
