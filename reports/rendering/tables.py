"""Tables and charts as HTML; the columns of each table are measured before it is laid out."""

from collections.abc import Iterator
from html import escape

from .blocks import Cell, Chart, PrintedReport, Table, Text
from .drawings import chart_asset
from .inlines import Notes, clean, content_html
from .measures import LANDSCAPE_MM, PORTRAIT_MM, Columns, columns_of

#: Widest word with "/" or "-" that is kept whole in a table cell, in em.
_CELL_EM = 11.0


class Looks:
    """A class of the style sheet for the columns of each table of one report.

    With the widths given the engine need not try every cell, and a table that goes on over many
    pages keeps its columns.
    """

    def __init__(self, report: PrintedReport) -> None:
        self._names: dict[tuple[int, bool], str] = {}
        rules = []
        for table, is_wide in _tables(report):
            if (id(table), is_wide) in self._names:
                continue
            found = columns_of(table, width_mm=LANDSCAPE_MM if is_wide else PORTRAIT_MM)
            name = f"t{len(self._names) + 1}" if found else ""
            self._names[id(table), is_wide] = name
            if found is None:
                continue
            rules.append(rules_of(name, found))
        self.rules = "".join(rules)

    def name(self, table: Table, *, is_wide: bool) -> str:
        return self._names[id(table), is_wide]


def rules_of(name: str, found: Columns) -> str:
    """The rules of the style sheet for a table of this class: size of letters, widths."""
    # where every word fits its column, the engine need not look whether one must be cut
    wrap = "; overflow-wrap: normal" if found.is_roomy else ""
    widths = "".join(
        f".{name} .c{place} {{ width: {part}% }}" for place, part in enumerate(found.parts, 1)
    )
    return (
        f".{name} {{ table-layout: fixed{wrap} }}"
        f".{name} th, .{name} td {{ font-size: {found.size:g}pt }}{widths}"
    )


def _tables(report: PrintedReport) -> Iterator[tuple[Table, bool]]:
    """Every table, and whether it stands across a turned page; in an annex the annex decides."""
    for block in report.blocks:
        if isinstance(block, Table):
            yield block, block.landscape
    for annex in report.annexes:
        for block in annex.blocks:
            if isinstance(block, Table):
                yield block, annex.landscape


def table_html(table: Table, notes: Notes, *, name: str) -> str:
    """Return the table with its caption, unit, source and remark; `name` is its class or ""."""
    head = "".join(_row(row, notes) for row in table.rows[: table.head_rows])
    body = "".join(_row(row, notes) for row in table.rows[table.head_rows :])
    title = f"<span>{line_html(table.caption)}</span>" if table.caption else ""
    unit = f'<span class="unit">Đơn vị tính: {line_html(table.unit)}</span>' if table.unit else ""
    # the engine lets a <caption> stand alone at the end of a page; a paragraph keeps with the table
    caption = f'<p class="caption">{title}{unit}</p>' if title or unit else ""
    opening, columns = "<table>", ""
    if name:
        count = sum(cell.colspan for cell in table.rows[0])
        opening = f'<table class="{name}">'
        columns = "".join(f'<col class="c{place}"/>' for place in range(1, count + 1))
        columns = f"<colgroup>{columns}</colgroup>"
    rows = f"<thead>{head}</thead><tbody>{body}</tbody>"
    return f"{caption}{opening}{columns}{rows}</table>{below_html(table)}"


def chart_html(chart: Chart) -> str:
    title = escape(clean(chart.title))
    return (
        f'<figure><img src="{chart_asset(chart)}" alt="{title}"/>'
        f"<figcaption>{line_html(chart.title)}</figcaption>{below_html(chart)}</figure>"
    )


def below_html(block: Table | Chart) -> str:
    """Where it comes from, and what its signs mean."""
    source = f"Nguồn: {line_html(block.source.rstrip('. '))}." if block.source.strip() else ""
    remark = line_html(block.remark)
    words = " ".join(filter(None, (source, remark)))
    return f'<p class="source">{words}</p>' if words else ""


def line_html(text: str) -> str:
    return content_html((Text(text.strip()),), {})


def _row(row: tuple[Cell, ...], notes: Notes) -> str:
    return f"<tr>{''.join(_cell(cell, notes) for cell in row)}</tr>"


def _cell(cell: Cell, notes: Notes) -> str:
    tag = "th" if cell.heading else "td"
    align = "center" if cell.heading and cell.align == "left" else cell.align
    spans = "".join(
        f' {name}="{int(count)}"'
        for name, count in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
        if count > 1
    )
    words = content_html(cell.content, notes, longest_em=_CELL_EM)
    return f'<{tag} class="{escape(align)}"{spans}>{words}</{tag}>'
