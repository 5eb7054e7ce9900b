"""The clerk's books as PDF: a cover, the table with its head on every page, pages n/m.

A year may have thousands of rows. They are laid out some hundred at a time: the rows of the last
page of one part begin the next, so that no page ends early, and only one part is in memory.
"""

from __future__ import annotations

import gc
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf

from portal import formats
from portal.documents.books import Book, Column, counted

from .inlines import clean
from .layout import lay_out_plain, undisturbed

if TYPE_CHECKING:
    from weasyprint import Document

Row = tuple[str, ...]

STYLE_SHEET = Path(__file__).resolve().parents[2] / "static" / "report" / "book.css"
ROWS_AT_ONCE = 240
LONGEST_CELL = 1500  # characters; what is longer would fill a page of its own


@dataclass(frozen=True, slots=True)
class PrintedBook:
    """A file with the PDF; `pages` counts the table's pages and the cover."""

    path: Path
    pages: int
    rows: int


def print_book(
    book: Book, *, folder: Path, today: date, say: Callable[[int], None] = lambda rows: None
) -> PrintedBook:
    """Draw the book into a file of `folder`; `say` is told how many rows are done.

    Raises:
        FontsMissing: the typeface is not installed.
    """
    parts = list(_drawn_parts(book, folder, today, say))
    rows = parts[-1].rows
    cover = _write(lay_out_plain(_page(_cover(book, rows)), style_sheet=STYLE_SHEET), folder, "bia")
    pages = sum(part.pages for part in parts)
    for part, first in zip(parts, _first_pages(parts), strict=True):
        _number(part, first=first, of=pages)
    gc.collect()
    path = folder / "so.pdf"
    _put_together([cover, *(part.path for part in parts)], path, book)
    return PrintedBook(path, pages + 1, rows)


def _first_pages(parts: list[_Part]) -> Iterator[int]:
    return iter(itertools.accumulate((part.pages for part in parts[:-1]), initial=1))


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    pages: int
    rows: int  # all rows up to the end of this part


def _drawn_parts(
    book: Book, folder: Path, today: date, say: Callable[[int], None]
) -> Iterator[_Part]:
    """Lay the rows out part by part; what stands on a part's last page goes to the next."""
    source, waiting, done = book.rows(), [], 0  # type: ignore[var-annotated]
    for number in itertools.count():
        fresh = list(itertools.islice(source, ROWS_AT_ONCE))
        is_last = len(fresh) < ROWS_AT_ONCE
        waiting += fresh
        closing = _closing(book, done + counted(waiting), today) if is_last else ""
        document = lay_out_plain(_page(_table(book, waiting) + closing), style_sheet=STYLE_SHEET)
        if is_last:
            done += counted(waiting)
            yield _part(document, folder, number, done)
            say(done)
            return
        whole, carried = _whole_pages(document)
        if whole == 0:
            continue  # one page holds them all: add more before it is drawn
        done += counted(waiting[:carried])
        yield _part(document.copy(document.pages[:whole]), folder, number, done)
        waiting = waiting[carried:]
        del document
        gc.collect()  # a layout is full of circles; the next one would stand beside it
        say(done)


def _part(document: Document, folder: Path, number: int, rows: int) -> _Part:
    path = _write(document, folder, f"phan-{number}")
    return _Part(path, len(document.pages), rows)


def _write(document: Document, folder: Path, name: str) -> Path:
    path = folder / f"{name}.pdf"
    with undisturbed():
        document.write_pdf(path)
    return path


def _whole_pages(document: Document) -> tuple[int, int]:
    """How many pages may be kept, and how many rows they hold to the end.

    The next part begins with the first row of the last page that begins with a new row; a row
    taller than a page goes on over several.
    """
    pages = [_rows_of(page) for page in document.pages]
    for number in range(len(pages) - 1, 0, -1):
        if pages[number] and pages[number][0] not in pages[number - 1]:
            return number, pages[number][0]
    return 0, 0


def _rows_of(page: Any) -> list[int]:
    """The numbers, from 0, of the rows that have a piece on this page."""
    elements = (getattr(box, "element", None) for box in page._page_box.descendants())
    return sorted(
        {
            int(element.attrib["data-row"])
            for element in elements
            if element is not None and "data-row" in element.attrib
        }
    )


def _number(part: _Part, *, first: int, of: int) -> None:
    """Write "n/m" over the pages of a part; m is known only when all parts are drawn."""
    lines = "".join(
        f'<p class="blank" data-number="{number}/{of}"></p>'
        for number in range(first, first + part.pages)
    )
    document = lay_out_plain(_page(lines), style_sheet=STYLE_SHEET)
    numbers = part.path.with_suffix(".so.pdf")
    with undisturbed():
        document.write_pdf(numbers)
    with pikepdf.open(part.path, allow_overwriting_input=True) as whole, pikepdf.open(numbers) as n:
        for page, counted in zip(whole.pages, n.pages, strict=True):
            page.add_overlay(counted, pikepdf.Rectangle(page.mediabox))
        whole.save(part.path)


def _put_together(parts: list[Path], path: Path, book: Book) -> None:
    with ExitStack() as stack:
        whole = stack.enter_context(pikepdf.new())
        for part in parts:
            whole.pages.extend(stack.enter_context(pikepdf.open(part)).pages)
        with whole.open_metadata() as metadata:
            metadata["dc:title"] = f"{book.title} - {book.period}"
            metadata["dc:language"] = ["vi"]
        whole.Root.Lang = "vi"
        whole.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _page(body: str) -> str:
    head = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"/></head>'
    return f"{head}<body>{body}</body></html>"


def _cover(book: Book, rows: int) -> str:
    agency = book.agency
    head = (
        f'<p class="parent">{_text(agency.parent_name)}</p>'
        f'<p class="agency">{_text(agency.name)}</p><p class="rule"></p>'
        if agency
        else '<p class="parent"></p>'
    )
    beside = "".join(f'<p class="beside">{_text(words)}</p>' for words in book.beside)
    first, last = (formats.day(day) for day in book.period.days)
    days = f"Từ ngày {first} đến ngày {last}<br/>" if book.period.is_year else ""
    return (
        f'<div class="cover">{head}<p class="title">{_text(book.title)}</p>{beside}'
        f'<p class="period">{_text(str(book.period))}</p>'
        f'<p class="facts">{days}'
        f"Gồm {formats.number(rows)} {_text(book.noun)}<br/>Quyển số: ………</p></div>"
    )


def _table(book: Book, rows: list[Row]) -> str:
    columns = "".join(f'<col style="width:{column.width}%"/>' for column in book.columns)
    heads = "".join(f"<th>{_text(column.heading)}</th>" for column in book.columns)
    counted = "".join(f"<th>({n})</th>" for n in range(1, len(book.columns) + 1))
    lines = "".join(_row(book.columns, row, number) for number, row in enumerate(rows))
    if not rows:
        lines = f'<tr><td colspan="{len(book.columns)}">Không có {_text(book.noun)} nào.</td></tr>'
    return (
        f"<table><colgroup>{columns}</colgroup><thead><tr>{heads}</tr>"
        f'<tr class="counted">{counted}</tr></thead><tbody>{lines}</tbody></table>'
    )


def _row(columns: tuple[Column, ...], row: Row, number: int) -> str:
    cells = "".join(
        f'<td class="centred">{_cell(value)}</td>' if column.centred else f"<td>{_cell(value)}</td>"
        for column, value in zip(columns, row, strict=True)
    )
    return f'<tr data-row="{number}">{cells}</tr>'


def _cell(value: str) -> str:
    """A cell's words, line by line; numbers and symbols may break after "/" and "-"."""
    words = value if len(value) <= LONGEST_CELL else f"{value[: LONGEST_CELL - 1]}…"
    lines = [line for line in words.splitlines() if line.strip()]
    if len(lines) < 2:
        return _text(words)
    return "".join(f'<span class="line">{_text(line)}</span>' for line in lines)


def _text(words: str) -> str:
    return escape(clean(words))


def _closing(book: Book, rows: int, today: date) -> str:
    agency = book.agency
    place = f"{_text(agency.place)}, " if agency else ""
    counted = f"{book.called} này có {formats.number(rows)} {book.noun}."
    return (
        f'<div class="closing"><p>{_text(counted)}</p>'
        f'<div class="signature"><p class="dated">{place}{formats.day_in_words(today)}</p>'
        f'<p class="keeper">{_text(book.keeper.upper())}</p>'
        '<p class="hint">(Ký, ghi rõ họ tên)</p></div></div>'
    )


def book_bytes(book: Book, *, today: date) -> bytes:
    """The whole PDF in memory; for small books."""
    with tempfile.TemporaryDirectory() as folder:
        return print_book(book, folder=Path(folder), today=today).path.read_bytes()
