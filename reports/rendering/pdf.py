"""One function from a report to its PDF, with every note on the page of its call."""

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from .blocks import NoteCall, PrintedReport, Text
from .coverage import check_characters
from .drawings import all_blocks, assets_of
from .inspection import Box, Findings, inspect
from .layout import PDF_VARIANT, forget_layouts, lay_out, undisturbed
from .markup import awaited_references, report_html

if TYPE_CHECKING:
    from weasyprint import Document

#: Line spacings tried, from the usual to the unusual; the decree allows single to 1.5, and
#: single spacing of this typeface is 1.15.
LINE_HEIGHTS = (
    *(1.25, 1.3, 1.2, 1.35, 1.4, 1.28, 1.22, 1.33),
    *(1.38, 1.17, 1.45, 1.15, 1.5, 1.43, 1.48),
)

#: A page may end this many CSS pixels early (some four lines) before another spacing is tried.
_FAIR_GAP = 96.0

#: Clean layouts compared for their gaps, and the length above which the first clean one is taken.
_COMPARED, _LONG = 2, 8

#: Of a long report so many spacings are tried before single paragraphs are.
_TRIED_OF_LONG = 3

#: What moves the lines of one paragraph against the page's end, the gentlest first; and how many
#: layouts with such paragraphs are tried.
_NUDGES = ("line-height: 1.45", "break-before: page")
_MENDED = 12

#: A report beyond these is refused before it is laid out: 200 pages hold some 600 000 characters,
#: and a layout needs some 25 kB of memory and 1,3 ms for each cell.
MOST_CHARACTERS, MOST_CELLS = 1_200_000, 72_000

_MM = 72 / 25.4

EVIDENCE_NAME = "so-lieu-va-nguon.json"


class FootnotesDoNotFit(Exception):
    """No line spacing of the decree's range puts every note on the page of its call."""

    def __init__(self, notes: tuple[int, ...]) -> None:
        self.notes = notes
        numbers = ", ".join(str(number) for number in notes)
        super().__init__(
            f"Không dàn được chú thích {numbers} vào đúng trang có lời gọi. Hãy rút gọn chú thích "
            "hoặc tách bớt chú thích khỏi đoạn văn ấy rồi kết xuất lại."
        )


class LayoutNotSound(Exception):
    """Words would be lost, overlap, or the signature block would stand alone on a page."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        fault = (
            "một phần nội dung không in ra được"
            if findings.lost_text
            else "khối chữ ký đứng một mình trên trang"
            if findings.lone_signature
            else "nội dung tràn ra ngoài trang"
        )
        super().__init__(
            f"Không dàn trang được báo cáo: {fault}. "
            "Hãy rút gọn đoạn hoặc bảng quá dài rồi kết xuất lại."
        )


class ReportTooLong(Exception):
    """More text, or more cells of tables, than one file is laid out with."""

    def __init__(self, count: int, most: int, what: str) -> None:
        found, limit = (f"{number:,}".replace(",", ".") for number in (count, most))
        super().__init__(
            f"Báo cáo có {found} {what}, nhiều hơn {limit} {what} mà một tệp nhận. "
            "Hãy tách bớt bảng hoặc phụ lục ra tệp riêng rồi kết xuất lại."
        )


class NotesDoNotMatch(Exception):
    """A note without its call, a call without its note, or calls out of order."""

    def __init__(self) -> None:
        super().__init__(
            "Chú thích và lời gọi chú thích không khớp nhau: mỗi chú thích phải được gọi đúng một "
            "lần, theo thứ tự 1, 2, 3… Hãy kiểm tra lại các chú thích rồi kết xuất lại."
        )


@dataclass(frozen=True, slots=True)
class AnnexReference:
    """Where the line under an annex's title goes, and its words with blanks and line breaks."""

    box: Box
    words: str


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """A PDF and the places, in PDF points, where fields and marks will go.

    `month` gives month and year of the date line until the day of issue is known.
    """

    pdf: bytes
    pages: int
    html: str
    line_height: float
    month: date
    number_box: Box
    date_box: Box
    signature_box: Box
    seal_box: Box
    annex_references: tuple[AnnexReference, ...] = ()


def render_pdf(
    report: PrintedReport,
    *,
    evidence: Mapping[str, Any],
    title: str,
    now: datetime,
    blanks: bool = False,
    seal_mm: float = 36.0,
) -> RenderedReport:
    """Lay out the report and draw it as a tagged PDF (PDF/A-3a variant) in Vietnamese.

    `evidence` travels inside as a JSON attachment (AFRelationship Data). `now` gives the creation
    time and the month of the date line. With `blanks` the empty number and date are printed (for
    reading a draft); without, their room is left free for the form fields of `signing.prepare`.

    Raises NotesDoNotMatch, ReportTooLong, UnprintableCharacters, UnfitDrawing, RefusedResource,
    FootnotesDoNotFit, LayoutNotSound or FontsMissing; each carries a Vietnamese sentence.
    """
    _check_notes(report)
    _check_size(report)
    check_characters(report)
    html = report_html(report, title=title, month=now.date(), blanks=blanks)
    with undisturbed():
        rendered, places = _rendered(
            html, assets_of(report), evidence=evidence, now=now, seal_mm=seal_mm
        )
    awaited = awaited_references(report).items()
    lines = tuple(AnnexReference(places[name], words) for name, words in awaited if not blanks)
    return replace(rendered, annex_references=lines)


def _rendered(
    html: str,
    assets: Mapping[str, str],
    *,
    evidence: Mapping[str, Any],
    now: datetime,
    seal_mm: float,
) -> tuple[RenderedReport, dict[str, Box]]:
    """The file, and the places of every element that has a name."""
    document, findings, line_height, html = _soundest_layout(html, assets)
    pdf = _draw(document, evidence=evidence, now=now, html=html)
    room = findings.places["mark-room"]
    signature = _signature_box(room)
    rendered = RenderedReport(
        pdf=pdf,
        pages=len(document.pages),
        html=html,
        line_height=line_height,
        month=now.date(),
        number_box=findings.places.get("number-box", room),
        date_box=findings.places.get("date-box", room),
        signature_box=signature,
        seal_box=_seal_box(signature, seal_mm * _MM),
    )
    return rendered, findings.places


def _check_notes(report: PrintedReport) -> None:
    calls = [inline.number for inline in _inlines(report) if isinstance(inline, NoteCall)]
    numbers = [note.number for note in report.notes]
    inner = any(isinstance(inline, NoteCall) for note in report.notes for inline in note.content)
    if inner or not calls == numbers == list(range(1, len(numbers) + 1)):
        raise NotesDoNotMatch


def _check_size(report: PrintedReport) -> None:
    cells = sum(len(row) for block in all_blocks(report) for row in getattr(block, "rows", ()))
    if cells > MOST_CELLS:
        raise ReportTooLong(cells, MOST_CELLS, "ô bảng")
    characters = sum(len(inline.text) for inline in _inlines(report) if isinstance(inline, Text))
    if characters > MOST_CHARACTERS:
        raise ReportTooLong(characters, MOST_CHARACTERS, "chữ")


def _inlines(report: PrintedReport) -> Iterator[object]:
    for basis in report.bases:
        yield from basis.content
    for block in all_blocks(report):
        yield from getattr(block, "content", ())
        for row in getattr(block, "rows", ()):
            for cell in row:
                yield from cell.content


def _soundest_layout(
    html: str, assets: Mapping[str, str]
) -> "tuple[Document, Findings, float, str]":
    """Return the first clean layout without large blanks, or the clean one with the smallest.

    With it come its line height and its HTML, which may have been mended.
    """
    clean: list[tuple[float, Document, Findings, float]] = []
    failed: list[tuple[Findings, float]] = []
    for line_height in LINE_HEIGHTS:
        document, tree = lay_out(html, assets=assets, line_height=line_height)
        findings = inspect(document, tree)
        is_long = len(document.pages) > _LONG
        if not findings.clean:
            failed.append((findings, line_height))
            if not clean:
                del document, tree
                forget_layouts()
            if is_long and len(failed) == _TRIED_OF_LONG and not clean:
                break
            continue
        clean.append((findings.largest_gap, document, findings, line_height))
        if findings.largest_gap <= _FAIR_GAP or is_long or len(clean) == _COMPARED:
            break
    if not clean:
        return _mended_layout(html, assets, failed)
    _, document, findings, line_height = min(clean, key=lambda found: found[0])
    return document, findings, line_height, html


def _mended_layout(
    html: str, assets: Mapping[str, str], failed: list[tuple[Findings, float]]
) -> "tuple[Document, Findings, float, str]":
    """Lay out again with single paragraphs nudged, until every note is where its call is.

    No one spacing suits hundreds of notes; pages before the first that fails stay as they are.
    Raises FootnotesDoNotFit or LayoutNotSound.
    """
    nearest, line_height = min(failed, key=lambda found: len(_misplaced(found[0])))
    findings, nudged = nearest, dict[int, int]()
    for _ in range(_MENDED):
        misplaced = [n for n in _misplaced(findings) if nudged.get(n, 0) < len(_NUDGES)]
        if not misplaced:
            break
        nudged[misplaced[0]] = nudged.get(misplaced[0], 0) + 1
        mended = _with_nudges(html, nudged)
        document, tree = lay_out(mended, assets=assets, line_height=line_height)
        findings = inspect(document, tree)
        if findings.clean:
            return document, findings, line_height, mended
        del document, tree
        forget_layouts()
    raise _refusal([found for found, _ in failed])


def _misplaced(findings: Findings) -> list[int]:
    return sorted(findings.lost_notes + findings.late_notes)


def _with_nudges(html: str, nudged: Mapping[int, int]) -> str:
    rules = "".join(
        f"p:has(#note-{number}) {{ {_NUDGES[times - 1]} }}" for number, times in nudged.items()
    )
    return html.replace("</head>", f"<style>{rules}</style></head>", 1)


def _refusal(failed: list[Findings]) -> Exception:
    """Name what stood in the way of the layout that came closest."""
    nearest = min(failed, key=lambda found: len(_misplaced(found)))
    notes = tuple(_misplaced(nearest))
    return FootnotesDoNotFit(notes) if notes else LayoutNotSound(nearest)


def _draw(document: "Document", *, evidence: Mapping[str, Any], now: datetime, html: str) -> bytes:
    from weasyprint import Attachment

    text = json.dumps(evidence, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    moment = now.astimezone(UTC)
    document.metadata.created = document.metadata.modified = now.isoformat(timespec="seconds")
    attachment = Attachment(
        string=text,
        name=EVIDENCE_NAME,
        description="Số liệu trong báo cáo và nguồn của từng số liệu",
        created=moment,
        modified=moment,
        relationship="Data",
    )
    digest = hashlib.sha256(f"{html}\n{text}\n{moment}".encode("utf-8", "replace")).digest()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its colour profile open
        return document.write_pdf(
            pdf_variant=PDF_VARIANT, pdf_identifier=digest[:16], attachments=[attachment]
        )


def _signature_box(room: Box) -> Box:
    """The handwriting: 46 by 24 mm in the middle of its room (ô 7c)."""
    return _centred(room, 46 * _MM, 24 * _MM)


def _seal_box(signature: Box, diameter: float) -> Box:
    """The seal in its real size over the left third of the signature (ô 8)."""
    right = signature.x0 + (signature.x1 - signature.x0) / 3
    middle = (signature.y0 + signature.y1) / 2
    return Box(
        signature.page, right - diameter, middle - diameter / 2, right, middle + diameter / 2
    )


def _centred(room: Box, width: float, height: float) -> Box:
    x, y = (room.x0 + room.x1) / 2, (room.y0 + room.y1) / 2
    return Box(room.page, x - width / 2, y - height / 2, x + width / 2, y + height / 2)
