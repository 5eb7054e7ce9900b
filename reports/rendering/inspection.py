"""What the laid-out pages really hold: places, notes, lost words.

WeasyPrint can lose a footnote, or put it a page late, without a word of warning. So nothing is
taken on trust: the box tree of the pages is compared with the elements they were made from.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from weasyprint import Document

#: PDF points per CSS pixel.
POINTS = 0.75

#: How far, in CSS pixels, boxes may overlap by rounding.
_SLACK = 1.0


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page (0 is the first), in PDF points from the lower left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with a layout, and how evenly its pages are filled."""

    lost_notes: tuple[int, ...]
    late_notes: tuple[int, ...]
    lone_signature: bool
    lost_text: bool
    crowded_pages: tuple[int, ...]
    largest_gap: float
    places: dict[str, Box]

    @property
    def clean(self) -> bool:
        return not (
            self.lost_notes
            or self.late_notes
            or self.lone_signature
            or self.lost_text
            or self.crowded_pages
        )


@dataclass(slots=True)
class _Page:
    """One page's boxes, sorted by what they are."""

    texts: list[Any]
    notes: dict[int, list[Any]]
    calls: set[int]
    elements: dict[str, Any]
    body_bottom: float
    body_limit: float
    notes_bottom: float
    content_bottom: float
    body_text_outside_closing: bool
    is_turned: bool


def inspect(document: "Document", tree: "Element") -> Findings:
    """Compare the pages with the element tree they were laid out from."""
    pages = [_read_page(page._page_box) for page in document.pages]
    lost, late = _note_faults(pages, tree)
    closing = [number for number, page in enumerate(pages) if "closing" in page.elements]
    return Findings(
        lost_notes=lost,
        late_notes=late,
        lone_signature=len(closing) != 1 or not pages[closing[0]].body_text_outside_closing,
        lost_text=_body_words(pages) != _expected_body_words(tree),
        crowded_pages=tuple(n for n, page in enumerate(pages) if _crowded(page)),
        largest_gap=_largest_gap(pages[: closing[0]] if closing else pages),
        places=_places(document, pages),
    )


def _read_page(page_box: Any) -> _Page:
    content_bottom = page_box.content_box_y() + page_box.height
    is_turned = page_box.width > page_box.height
    page = _Page(
        [],
        defaultdict(list),
        set(),
        {},
        0.0,
        content_bottom,
        0.0,
        content_bottom,
        False,
        is_turned,
    )
    for child in page_box.children:
        kind = type(child).__name__
        if kind == "FootnoteAreaBox":
            page.body_limit = child.position_y
            page.notes_bottom = _read_notes(child, page)
        elif kind != "MarginBox":
            _read_body(child, page)
    return page


def _read_notes(area: Any, page: _Page) -> float:
    bottom = 0.0
    for note in area.children:
        number = _note_number(note)
        for box in _texts(note):
            bottom = max(bottom, box.position_y + box.height)
            if number is not None and not _is_generated(box):
                page.notes[number].append(box)
    return bottom


def _read_body(root: Any, page: _Page) -> None:
    for box, in_closing, in_head in _walk(root):
        if (name := _identifier(box)) and not _is_generated(box):
            page.elements.setdefault(name, box)
        if not hasattr(box, "text"):
            continue
        if _is_generated(box):
            number = _note_number(box)
            if number is not None:
                page.calls.add(number)
            continue
        page.body_bottom = max(page.body_bottom, box.position_y + box.height)
        if not in_head:
            page.texts.append(box)
        if not in_closing and box.text.strip():
            page.body_text_outside_closing = True


def _walk(
    box: Any, in_closing: bool = False, in_head: bool = False
) -> Iterator[tuple[Any, bool, bool]]:
    stack = [(box, in_closing, in_head)]
    while stack:
        current, closing, head = stack.pop()
        current = getattr(current, "_box", current)  # a placeholder of an absolute box
        closing = closing or _identifier(current) == "closing"
        head = head or getattr(current, "is_header", False)
        yield current, closing, head
        children = getattr(current, "children", ())
        stack.extend((child, closing, head) for child in reversed(list(children)))


def _texts(box: Any) -> Iterator[Any]:
    return (found for found, _, _ in _walk(box) if hasattr(found, "text"))


def _identifier(box: Any) -> str:
    return "" if box.element is None else box.element.get("id", "")


def _is_generated(box: Any) -> bool:
    return "::" in (box.element_tag or "")


def _note_number(box: Any) -> int | None:
    """Return the number of the note that a call, or a block of the notes' area, belongs to."""
    element = box.element
    number = None if element is None else element.get("data-number")
    return None if number is None else int(number)


def _note_faults(pages: list[_Page], tree: "Element") -> tuple[tuple[int, ...], tuple[int, ...]]:
    lost, late = [], []
    for number, words in _expected_notes(tree).items():
        calls = [n for n, page in enumerate(pages) if number in page.calls]
        homes = [n for n, page in enumerate(pages) if number in page.notes]
        laid_out = _words(box for page in pages for box in page.notes.get(number, ()))
        if not calls or not homes or laid_out != words:
            lost.append(number)
        elif homes != calls:
            late.append(number)
    return tuple(lost), tuple(late)


def _expected_notes(tree: "Element") -> dict[int, str]:
    return {
        int(element.get("data-number", "0")): _squeezed("".join(element.itertext()))
        for element in tree.iter("span")
        if element.get("class") == "note"
    }


def _expected_body_words(tree: "Element") -> str:
    body = tree.find("body")
    return "" if body is None else _squeezed("".join(_body_text(body)))


def _body_text(element: "Element") -> Iterator[str]:
    if element.tag == "thead" or element.get("class") == "note":
        return
    yield element.text or ""
    for child in element:
        yield from _body_text(child)
        yield child.tail or ""


def _body_words(pages: list[_Page]) -> str:
    return _words(box for page in pages for box in page.texts)


def _words(boxes: Iterator[Any]) -> str:
    return _squeezed("".join(box.text for box in boxes))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _crowded(page: _Page) -> bool:
    """Words that run into the notes, or off the page."""
    return (
        page.body_bottom > page.body_limit + _SLACK
        or page.notes_bottom > page.content_bottom + _SLACK
    )


def _largest_gap(pages: list[_Page]) -> float:
    """Return the largest blank at the end of a page's text, in CSS pixels.

    What a turned page leaves blank, and the page before it, no spacing can mend.
    """
    return max(
        (
            page.body_limit - page.body_bottom
            for page, following in zip(pages, [*pages[1:], None], strict=False)
            if not page.is_turned and not (following and following.is_turned)
        ),
        default=0.0,
    )


def _places(document: "Document", pages: list[_Page]) -> dict[str, Box]:
    return {
        name: _box(number, document.pages[number].height, box)
        for number, page in enumerate(pages)
        for name, box in page.elements.items()
    }


def _box(page: int, page_height: float, box: Any) -> Box:
    left, top = box.content_box_x(), box.content_box_y()
    return Box(
        page,
        left * POINTS,
        (page_height - top - box.height) * POINTS,
        (left + box.width) * POINTS,
        (page_height - top) * POINTS,
    )
