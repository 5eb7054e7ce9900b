"""The sheet that lists all issues."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from .package import KIND, MAIN, OFFICE, Package, legal, name_of, tag
from .styles import COLOURS, Styles


def add_results(
    package: Package, book: str, root: Any, parts: dict[str, str], styles: Styles, *,
    notes: list[dict], head: list[str], title: str,
) -> None:  # fmt: skip
    """The sheet that lists all issues, each with a link to its cell."""
    path = parts.get(title)
    if path is None:
        path = "xl/worksheets/sheetKetQua.xml"
        ident = package.relate(book, "worksheet", path)
        package.declare(path, f"{KIND}spreadsheetml.worksheet+xml")
        sheets = root.find(tag("sheets"))
        number = max((int(sheet.get("sheetId", "0")) for sheet in sheets), default=0) + 1
        etree.SubElement(
            sheets, tag("sheet"), {"name": title, "sheetId": str(number), f"{{{OFFICE}}}id": ident}
        )
    package.texts[path] = results_xml(styles, parts, notes=notes, head=head)
    package.trees.pop(path, None)


def results_xml(
    styles: Styles, parts: dict[str, str], *, notes: list[dict], head: list[str]
) -> str:
    big, plain = styles.written(size=14, bold=True), styles.written()
    bold = styles.written(bold=True, fill="FFEFEAE4")
    kinds = {kind: styles.written(fill=colours[0]) for kind, colours in COLOURS.items()}
    link = styles.written(colour="FF1F5FA8", link=True)
    lines = [line(n, [(text, big if n == 1 else plain)]) for n, text in enumerate(head, start=1)]
    top = len(head) + 2
    headings = ("STT", "Mức", "Trang tính", "Ô", "Cột, dòng", "Cần sửa")
    lines.append(line(top, [(text, bold) for text in headings]))
    links = []
    for number, note in enumerate(notes, start=1):
        word = "Lỗi" if note["severity"] == "error" else "Cảnh báo"
        is_linked = note["cell"] and note["sheet"] in parts
        cells = [
            (str(number), plain), (word, kinds[note["severity"]]), (note["sheet"], plain),
            (note["cell"], link if is_linked else plain), (note["heading"], plain),
            (note["message"], plain),
        ]  # fmt: skip
        lines.append(line(top + number, cells))
        if is_linked:
            place = "'" + note["sheet"].replace("'", "''") + "'!" + note["cell"]
            where = escape(legal(place), {'"': "&quot;"})
            links.append(f'<hyperlink ref="D{top + number}" location="{where}"/>')
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate((8, 12, 22, 10, 44, 90), start=1)
    )
    told = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{top}" topLeftCell="A{top + 1}"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(lines)}</sheetData>{told}"
        '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    )


def line(number: int, cells: list[tuple[str, int]]) -> str:
    told = "".join(
        f'<c r="{name_of(column)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(legal(text))[:32_000]}</t></is></c>"
        for column, (text, style) in enumerate(cells, start=1)
        if text
    )
    return f'<row r="{number}">{told}</row>'
