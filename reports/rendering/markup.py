"""From the tree of blocks to HTML."""

from collections.abc import Sequence
from datetime import date
from html import escape

from .blocks import (
    Annex,
    Block,
    Chart,
    Heading,
    Item,
    Paragraph,
    PrintedReport,
    Table,
    Text,
)
from .drawings import QR_ASSET, assets_of, data_address
from .inlines import Notes, clean, content_html
from .measures import LANDSCAPE_MM, PORTRAIT_MM
from .references import broken_reference, has_blanks
from .tables import Looks, chart_html, table_html
from .tables import line_html as _line
from .unbroken import with_joiners

#: The room of a number not given yet: figure spaces, as wide as digits.
_BLANK_NUMBER = "\u2007" * 6

_VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
_LANDSCAPE = "size: A4 landscape; margin: 30mm 20mm 20mm 20mm;"


def report_html(report: PrintedReport, *, title: str, month: date, blanks: bool) -> str:
    """Return the HTML of the report for the layout engine.

    `month` gives month and year of the date line whose day is not known yet. With `blanks` the
    empty number and date are printed as text; without, room is left where the form fields go.
    """
    notes = {note.number: note.content for note in report.notes}
    looks = Looks(report)
    rules = _annex_pages(report.annexes) + looks.rules
    head = _head(title) + (f"<style>{rules}</style>" if rules else "")
    html = _page(report, notes, looks, head=head, month=month, blanks=blanks, after="")
    return with_joiners(html)


def preview_html(
    report: PrintedReport, *, title: str, month: date, style_sheets: Sequence[str] = ()
) -> str:
    """Return the same HTML for a browser, with the notes gathered at the end.

    `style_sheets` are the addresses of static/report/print.css and screen.css.
    """
    links = "".join(f'<link rel="stylesheet" href="{escape(url)}"/>' for url in style_sheets)
    notes = dict.fromkeys((note.number for note in report.notes), None)
    head = f"{_head(title)}{_VIEWPORT}{links}"
    looks, after = Looks(report), _end_notes(report)
    html = _page(report, notes, looks, head=head, month=month, blanks=True, after=after)
    return _with_drawings(html, report)


def excerpt_html(report: PrintedReport, *, title: str, style_sheets: Sequence[str] = ()) -> str:
    """Return the text alone as `preview_html` shows it: no head, no title, no signature."""
    links = "".join(f'<link rel="stylesheet" href="{escape(url)}">' for url in style_sheets)
    notes = dict.fromkeys((note.number for note in report.notes), None)
    looks = Looks(report)
    parts = [
        f'<!DOCTYPE html><html lang="vi"><head>{_head(title)}{_VIEWPORT}{links}</head><body>',
        *(_main_block(block, notes, looks) for block in report.blocks),
        *(_annex(annex, n, notes, looks, blanks=True) for n, annex in _numbered(report)),
        _end_notes(report),
        "</body></html>",
    ]
    return _with_drawings("".join(parts), report)


def _with_drawings(html: str, report: PrintedReport) -> str:
    """A browser is given the drawings inside the page."""
    for address, svg in assets_of(report).items():
        html = html.replace(f'src="{address}"', f'src="{data_address(svg)}"')
    return html


def _head(title: str) -> str:
    return f'<meta charset="utf-8"/><title>{escape(clean(title))}</title>'


def _annex_pages(annexes: tuple[Annex, ...]) -> str:
    """Each annex has pages of its own, counted from 1, the first without its number."""
    return "".join(
        f".annex-{n} {{ page: annex-{n} }}"
        f"@page annex-{n} {{ {_LANDSCAPE if annex.landscape else ''} }}"
        f"@page :nth(1 of annex-{n}) {{ counter-reset: page 1; @top-center {{ content: none }} }}"
        for n, annex in enumerate(annexes, 1)
    )


def _page(
    report: PrintedReport,
    notes: Notes,
    looks: Looks,
    *,
    head: str,
    month: date,
    blanks: bool,
    after: str,
) -> str:
    parts = [
        f'<!DOCTYPE html><html lang="vi"><head>{head}</head><body>',
        _header(report, month=month, blanks=blanks),
        _title(report),
        _addressees(report.addressees),
        *(f'<p class="basis">{content_html(basis.content, notes)}</p>' for basis in report.bases),
        *(_main_block(block, notes, looks) for block in report.blocks),
        _closing(report),
        *(_annex(annex, n, notes, looks, blanks=blanks) for n, annex in _numbered(report)),
        after,
        "</body></html>",
    ]
    return "".join(parts)


def _end_notes(report: PrintedReport) -> str:
    lines = "".join(f"<li>{content_html(note.content, {})}</li>" for note in report.notes)
    start = f' start="{report.notes[0].number}"' if lines and report.notes[0].number > 1 else ""
    return f'<ol class="end-notes"{start}>{lines}</ol>' if lines else ""


def date_phrase(month: date) -> str:
    """Return the date line without its day, as it stands before the number is given."""
    return f"ngày \u2007\u2007 tháng {month_in_words(month)} năm {month.year}"


def month_in_words(day: date) -> str:
    """Months 1 and 2 alone carry a leading zero (Nghị định 30/2020, Phụ lục I)."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def _header(report: PrintedReport, *, month: date, blanks: bool) -> str:
    agency = report.agency
    number = _BLANK_NUMBER if blanks else '<span id="number-box"></span>'
    dated = date_phrase(month) if blanks else '<span id="date-box"></span>'
    if report.is_sheet:  # it is dated by the day it was made
        dated = f"ngày {month.day:02d} tháng {month_in_words(month)} năm {month.year}"
    number, dated = _line(report.number) or number, _line(report.dated) or dated
    numbered = f"Số: {number}/{_line(agency.symbol)}" if not report.is_sheet else ""
    return (
        '<div class="head"><div class="agency">'
        f'<p class="parent">{_line(agency.parent_name)}</p>'
        f'<p class="name"><span class="ruled">{_line(agency.name)}</span></p></div>'
        '<div class="nation"><p class="country">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>'
        '<p class="motto"><span>Độc lập - Tự do - Hạnh phúc</span></p></div></div>'
        f'<div class="head"><div class="number"><p>{numbered}</p>'
        f"{_about(report)}</div>"
        f'<p class="dated">{_line(agency.place)}, {dated}</p></div>'
    )


def _about(report: PrintedReport) -> str:
    """ "V/v …" of a letter under its number (ô 5b)."""
    if report.type_name or not report.subject.strip():
        return ""
    return f'<p class="about">V/v {content_html((Text(report.subject),), {})}</p>'


def _title(report: PrintedReport) -> str:
    if not report.type_name:
        return '<div class="untitled"></div>'
    subject = content_html((Text(report.subject),), {}) if report.subject.strip() else ""
    ruled = f'<p class="subject"><span class="ruled">{subject}</span></p>' if subject else ""
    return f'<div class="title"><h1>{_line(report.type_name)}</h1>{ruled}</div>'


def _addressees(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return f'<p class="addressee">Kính gửi: {_line(names[0])}</p>'
    ends = [";"] * (len(names) - 1) + ["."]
    lines = "".join(
        f"<p>- {_line(name.rstrip(' ;.'))}{end}</p>" for name, end in zip(names, ends, strict=True)
    )
    return (
        '<div class="addressees"><p class="greeting">Kính gửi:</p>'
        f'<div class="names">{lines}</div></div>'
    )


def _main_block(block: Block, notes: Notes, looks: Looks) -> str:
    """A table or chart that is too wide for the page stands on pages of its own, turned."""
    is_wide = isinstance(block, Table | Chart) and block.landscape
    html = _block(block, notes, looks, is_wide=is_wide)
    return f'<div class="turned">{html}</div>' if is_wide else html


def _block(block: Block, notes: Notes, looks: Looks, *, is_wide: bool) -> str:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return f"<p>{content_html(block.content, notes)}</p>"
        case Item():
            label = f"{_line(block.label)} " if block.label else ""
            depth = min(max(block.depth, 0), 4)
            return f'<p class="item d{depth}">{label}{content_html(block.content, notes)}</p>'
        case Table():
            return table_html(block, notes, name=looks.name(block, is_wide=is_wide))
        case Chart():
            return chart_html(block)


def _heading(heading: Heading) -> str:
    level = min(max(heading.level, 1), 5)
    title = heading.title.upper() if level == 1 else heading.title
    label = f"{heading.label.strip()} " if heading.label.strip() else ""
    words = content_html((Text(label + title),), {})
    return f'<h{level + 1} class="level{level}">{words}</h{level + 1}>'


def _closing(report: PrintedReport) -> str:
    if report.is_sheet:
        return '<div class="closing" id="closing"><div id="mark-room" class="no-mark"></div></div>'
    return f'<div class="closing" id="closing">{_recipients(report)}{_signature(report)}</div>'


def _recipients(report: PrintedReport) -> str:
    lines = "".join(f"<p>{_recipient(line)}</p>" for line in report.recipients)
    lead = '<p class="lead">Nơi nhận:</p>' if lines else ""
    return f'<div class="recipients">{lead}{lines}{_verify(report.verify_url)}</div>'


def _verify(url: str) -> str:
    if not url:
        return ""
    return (
        f'<p class="verify"><img src="{QR_ASSET}" alt="Mã QR dẫn đến trang xác thực văn bản"/>'
        "Quét mã để xác thực văn bản</p>"
    )


def _recipient(line: str) -> str:
    own_mark = line.lstrip().startswith(("-", "+"))
    return _line(line if own_mark else f"- {line}")


def _signature(report: PrintedReport) -> str:
    block = report.signature
    titles = "".join(f"<p>{_line(line)}</p>" for line in (*block.prefix_lines, block.title))
    signed = f'<p class="signed-words">{_line(words)}</p>' if (words := report.signed_words) else ""
    return (
        f'<div class="signature"><div class="titles">{titles}</div>'
        f'<div id="mark-room">{signed}</div>'
        f'<p class="signer">{_line(block.name)}</p></div>'
    )


def awaited_references(report: PrintedReport) -> dict[str, str]:
    """By the identifier of its place, what each annex's line says that waits for the number."""
    lines = {_reference_id(n): _reference_lines(annex) for n, annex in _numbered(report)}
    return {name: words for name, words in lines.items() if has_blanks(words)}


def _numbered(report: PrintedReport) -> list[tuple[int, Annex]]:
    return list(enumerate(report.annexes, 1))


def _reference_id(number: int) -> str:
    return f"annex-reference-{number}"


def _reference_lines(annex: Annex) -> str:
    room = LANDSCAPE_MM if annex.landscape else PORTRAIT_MM
    return broken_reference(clean(annex.reference.strip()), room)


def _reference(annex: Annex, number: int, *, blanks: bool) -> str:
    """The line under the title, or as much room for the form field that will say it."""
    words = _reference_lines(annex)
    if not words:
        return ""
    lines = words.split("\n")
    if has_blanks(words) and not blanks:
        room = f'id="{_reference_id(number)}" style="height: {len(lines)}lh"'
        return f'<p class="annex-reference" {room}></p>'
    return f'<p class="annex-reference">{"<br/>".join(map(_line, lines))}</p>'


def _annex(annex: Annex, number: int, notes: Notes, looks: Looks, *, blanks: bool) -> str:
    """Label, title in capitals and what it belongs to, centred (Phụ lục I, phần II)."""
    blocks = "".join(_block(one, notes, looks, is_wide=annex.landscape) for one in annex.blocks)
    wide = " annex--turned" if annex.landscape else ""
    return (
        f'<section class="annex annex-{number}{wide}">'
        f'<p class="annex-label">{_line(annex.label)}</p>'
        f'<h2 class="annex-title">{_line(annex.title.upper())}</h2>'
        f"{_reference(annex, number, blanks=blanks)}{blocks}</section>"
    )
