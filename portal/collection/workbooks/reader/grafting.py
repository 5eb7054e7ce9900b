"""Mark an xlsx by editing only the parts of its zip that must change.

Charts, pictures, macros, conditional formats, column widths and everybody's comments stay: their
parts are copied as they are. What is edited: the sheets with marked cells, styles, comments with
their boxes, and the lists of parts. A file that is built in an unusual way raises `Unusual`; the
caller then marks a copy of its cells.
"""

from __future__ import annotations

import copy
import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument."
COLOURS = {"error": ("FFF8D2CF", "FFB3261E"), "warning": ("FFFBE7C2", "FF8A5A00")}
MOST_NOTES = 3_000
LONGEST = 900
SIGN = "Cổng số liệu: "
AFTER_LEGACY = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
VML_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="91"/></o:shapelayout><v:shapetype id="_x0000_t202"'
    ' coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke'
    ' joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
SHAPE = re.compile(r"<v:shape\b.*?</v:shape>", re.DOTALL)


class Unusual(Exception):
    """The package is not built as Excel builds it."""


def tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def split(address: str) -> tuple[int, int]:
    """Row and column from 1 of "E17"."""
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", address)
    if match is None:
        raise Unusual(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


class Package:
    """A zip of parts, some of them parsed; `save` writes what was not touched as it was."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        self.names = self.archive.namelist()
        self.trees: dict[str, Any] = {}
        self.texts: dict[str, str] = {}
        self.gone: set[str] = set()

    def tree(self, name: str) -> Any:
        if name not in self.trees:
            if name not in self.names:
                raise Unusual(name)
            self.trees[name] = etree.fromstring(self.archive.read(name), PARSER)
        return self.trees[name]

    def text(self, name: str) -> str:
        if name not in self.texts:
            self.texts[name] = self.archive.read(name).decode("utf-8")
        return self.texts[name]

    def relations(self, part: str) -> Any:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.names and path not in self.trees:
            self.trees[path] = etree.Element(f"{{{RELS}}}Relationships", nsmap={None: RELS})
        return self.tree(path)

    def related(self, part: str, kind: str) -> str | None:
        """The part of that kind that `part` points to."""
        for relation in self.relations(part):
            if relation.get("Type", "").endswith(f"/{kind}"):
                return self.resolved(part, relation.get("Target", ""))
        return None

    def resolved(self, part: str, target: str) -> str:
        if target.startswith("/"):
            return target[1:]
        return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))

    def relate(self, part: str, kind: str, target: str) -> str:
        relations = self.relations(part)
        known = {relation.get("Id") for relation in relations}
        ident = next(f"rIdDau{n}" for n in range(1, 10_000) if f"rIdDau{n}" not in known)
        etree.SubElement(
            relations,
            f"{{{RELS}}}Relationship",
            Id=ident,
            Type=f"{OFFICE}/{kind}",
            Target=f"/{target}",
        )
        return ident

    def declare(self, name: str, kind: str) -> None:
        types = self.tree("[Content_Types].xml")
        part = f"/{name}"
        if not any(item.get("PartName") == part for item in types):
            etree.SubElement(types, f"{{{TYPES}}}Override", PartName=part, ContentType=kind)

    def declare_vml(self) -> None:
        types = self.tree("[Content_Types].xml")
        if not any((item.get("Extension") or "").lower() == "vml" for item in types):
            kind = f"{KIND}vmlDrawing"
            types.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension="vml", ContentType=kind))

    def save(self, out: Path) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in self.archive.infolist():
                if entry.filename in self.gone:
                    continue
                target.writestr(entry.filename, self._content(entry.filename))
            for name in [*self.trees, *self.texts]:
                if name not in self.names and (name in self.texts or len(self.trees[name])):
                    target.writestr(name, self._content(name))

    def _content(self, name: str) -> bytes:
        if name in self.texts:
            return self.texts[name].encode("utf-8")
        if name in self.trees:
            found: bytes = etree.tostring(
                self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True
            )
            return found
        return self.archive.read(name)


class Styles:
    """The styles part: marked twins of the formats in use, and those of the list of results."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.formats = self._list("cellXfs")
        self.twins: dict[tuple[int, str], int] = {}
        self.marks: dict[str, tuple[int, int]] = {}

    def _list(self, name: str) -> Any:
        found = self.root.find(tag(name))
        if found is None:
            raise Unusual(name)
        return found

    def add(self, name: str, xml: str) -> int:
        group = self._list(name)
        group.append(etree.fromstring(f'<x xmlns="{MAIN}">{xml}</x>', PARSER)[0])
        group.set("count", str(len(group)))
        return len(group) - 1

    def marked(self, index: int, severity: str) -> int:
        """The number of a format that is `index` with the fill and the edge of `severity`."""
        key = index, severity
        if key not in self.twins:
            fill, edge = self._mark(severity)
            twin = copy.deepcopy(
                self.formats[index] if index < len(self.formats) else self.formats[0]
            )
            twin.set("fillId", str(fill))
            twin.set("borderId", str(edge))
            twin.set("applyFill", "1")
            twin.set("applyBorder", "1")
            self.formats.append(twin)
            self.formats.set("count", str(len(self.formats)))
            self.twins[key] = len(self.formats) - 1
        return self.twins[key]

    def _mark(self, severity: str) -> tuple[int, int]:
        if severity not in self.marks:
            ground, line = COLOURS[severity]
            side = "".join(
                f'<{where} style="medium"><color rgb="{line}"/></{where}>'
                for where in ("left", "right", "top", "bottom")
            )
            self.marks[severity] = (
                self.add("fills", solid(ground)),
                self.add("borders", f"<border>{side}<diagonal/></border>"),
            )
        return self.marks[severity]

    def plain(self, index: int) -> int:
        """The number of a format that is `index` without fill and edge."""
        key = index, ""
        if key not in self.twins:
            twin = copy.deepcopy(self.formats[index])
            twin.set("fillId", "0")
            twin.set("borderId", "0")
            self.formats.append(twin)
            self.formats.set("count", str(len(self.formats)))
            self.twins[key] = len(self.formats) - 1
        return self.twins[key]

    def written(self, *, size: int = 12, bold: bool = False, colour: str = "", fill: str = "",
                link: bool = False) -> int:  # fmt: skip
        """A format of the list of results."""
        ink = f'<color rgb="{colour}"/>' if colour else ""
        font = self.add(
            "fonts",
            f'<font>{"<b/>" if bold else ""}{"<u/>" if link else ""}<sz val="{size}"/>{ink}'
            '<name val="Times New Roman"/><family val="1"/></font>',
        )
        ground = self.add("fills", solid(fill)) if fill else 0
        return self.add(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="{ground}" borderId="0" xfId="0"'
            f' applyFont="1" applyFill="1" applyAlignment="1">'
            '<alignment vertical="top" wrapText="1"/></xf>',
        )


def solid(colour: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )


class SheetPart:
    """One sheet with cells to be marked."""

    def __init__(self, package: Package, path: str, number: int, author: str) -> None:
        self.package, self.path, self.number, self.author = package, path, number, author
        self.root = package.tree(path)
        data = self.root.find(tag("sheetData"))
        if data is None:
            raise Unusual("sheetData")
        self.data = data
        self.rows = {}
        for row in data:
            if row.get("r") is None:
                raise Unusual("row")
            self.rows[int(row.get("r"))] = row
        self.merges = [
            tuple(map(split, area.get("ref").split(":")))
            for area in self.root.iterfind(f"{tag('mergeCells')}/{tag('mergeCell')}")
            if ":" in area.get("ref", "")
        ]

    def anchor(self, address: str) -> str:
        row, column = split(address)
        for (top, left), (bottom, right) in self.merges:
            if top <= row <= bottom and left <= column <= right:
                return f"{name_of(left)}{top}"
        return address

    def cell(self, address: str) -> Any:
        """The element of a cell, made where there is none."""
        number, column = split(address)
        row = self.rows.get(number)
        if row is None:
            row = etree.Element(tag("row"), r=str(number))
            later = next((r for n, r in sorted(self.rows.items()) if n > number), None)
            self.data.append(row) if later is None else later.addprevious(row)
            self.rows[number] = row
        for found in row:
            if found.get("r") is None:
                raise Unusual("c")
            place = split(found.get("r"))[1]
            if place == column:
                return found
            if place > column:
                made = etree.Element(tag("c"), r=address)
                found.addprevious(made)
                return made
        return etree.SubElement(row, tag("c"), r=address)

    # comments

    def comment(self, messages: dict[str, str], styles: Styles) -> None:
        path = self.package.related(self.path, "comments")
        if path is None:
            if not messages:
                return
            path = f"xl/commentsDau{self.number}.xml"
            self.package.trees[path] = etree.fromstring(
                f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>', PARSER
            )
            self.package.relate(self.path, "comments", path)
            self.package.declare(path, f"{KIND}spreadsheetml.comments+xml")
        root = self.package.tree(path)
        authors, listed = root.find(tag("authors")), root.find(tag("commentList"))
        if authors is None or listed is None:
            raise Unusual("comments")
        gone = self._take_away(authors, listed, styles, messages)
        there = {comment.get("ref"): comment for comment in listed}
        ident = self._author(authors)
        for address, message in messages.items():
            if address in there:
                text = there[address].find(tag("text"))
                text.append(run(f"\n\n{SIGN}{message}"[:LONGEST]))
                continue
            comment = etree.SubElement(listed, tag("comment"), ref=address, authorId=str(ident))
            etree.SubElement(comment, tag("text")).append(run(message[:LONGEST]))
        boxes = [address for address in messages if address not in there]
        self._boxes(boxes, [address for address in gone if address not in boxes])

    def _take_away(self, authors: Any, listed: Any, styles: Styles, messages: dict) -> list[str]:
        """Comments of an earlier check, and the marks of their cells."""
        ours = {str(n) for n, author in enumerate(authors) if author.text == self.author}
        gone = []
        for comment in list(listed):
            for piece in list(comment.iter(tag("r"))):
                words = "".join(piece.itertext()).strip()
                if words.startswith(SIGN):
                    piece.getparent().remove(piece)
            if comment.get("authorId") in ours:
                listed.remove(comment)
                gone.append(comment.get("ref"))
                if comment.get("ref") not in messages:
                    cell = self.cell(comment.get("ref"))
                    cell.set("s", str(styles.plain(int(cell.get("s", "0")))))
        return gone

    def _author(self, authors: Any) -> int:
        for number, author in enumerate(authors):
            if author.text == self.author:
                return number
        etree.SubElement(authors, tag("author")).text = self.author
        return len(authors) - 1

    def _boxes(self, made: list[str], gone: list[str]) -> None:
        """The boxes that show the comments."""
        legacy = self.root.find(tag("legacyDrawing"))
        if legacy is None:
            if not made:
                return
            path = f"xl/drawings/vmlDrawingDau{self.number}.vml"
            self.package.texts[path] = f"{VML_HEAD}</xml>"
            self.package.declare_vml()
            ident = self.package.relate(self.path, "vmlDrawing", path)
            element = etree.Element(tag("legacyDrawing"), {f"{{{OFFICE}}}id": ident})
            later = next(
                (e for name in AFTER_LEGACY if (e := self.root.find(tag(name))) is not None), None
            )
            self.root.append(element) if later is None else later.addprevious(element)
        else:
            ident = legacy.get(f"{{{OFFICE}}}id")
            targets = [
                r.get("Target") for r in self.package.relations(self.path) if r.get("Id") == ident
            ]
            if not targets:
                raise Unusual("legacyDrawing")
            path = self.package.resolved(self.path, targets[0])
        text = (
            self.package.text(path) if path not in self.package.texts else self.package.texts[path]
        )
        end = text.rfind("</xml>")
        if end < 0:
            raise Unusual("vml")
        places = {(row - 1, column - 1) for row, column in map(split, gone)}
        text = SHAPE.sub(lambda shape: "" if place_of(shape[0]) in places else shape[0], text[:end])
        there = {place_of(shape[0]) for shape in SHAPE.finditer(text)}
        for number, address in enumerate(made):
            row, column = split(address)
            if (row - 1, column - 1) not in there:
                text += box(self.number * 5000 + number, row - 1, column - 1)
        self.package.texts[path] = f"{text}</xml>"


def place_of(shape: str) -> tuple[int, int] | None:
    row, column = re.search(r"<x:Row>(\d+)", shape), re.search(r"<x:Column>(\d+)", shape)
    return (int(row[1]), int(column[1])) if row and column else None


def box(number: int, row: int, column: int) -> str:
    return (
        f'<v:shape id="_x0000_s{93_000 + number}" type="#_x0000_t202" style="position:absolute;'
        'width:210pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1"'
        ' o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black"'
        ' obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{column + 1}, 15, {max(row - 1, 0)}, 2,"
        f" {column + 5}, 15, {row + 6}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def run(text: str) -> Any:
    piece = etree.Element(tag("r"))
    words = etree.SubElement(piece, tag("t"))
    words.text = legal(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return piece


def legal(text: str) -> str:
    """Without the signs that XML does not take."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def name_of(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def graft(
    path: Path, out: Path, *, notes: list[dict], head: list[str], author: str, title: str
) -> None:
    """Write the marked twin of an xlsx or xlsm. Raises `Unusual` and what parsing raises."""
    package = Package(path)
    book = package.related("", "officeDocument") or "xl/workbook.xml"
    root = package.tree(book)
    if root.tag != tag("workbook"):
        raise Unusual(root.tag)  # strict OOXML has other namespaces
    styles_path = package.related(book, "styles")
    if styles_path is None:
        raise Unusual("styles")
    styles = Styles(package.tree(styles_path))
    parts = sheet_parts(package, book, root)
    by_cell: dict[str, dict[str, list[dict]]] = {}
    for note in notes[:MOST_NOTES]:
        if note["cell"] and note["sheet"] in parts and note["sheet"] != title:
            by_cell.setdefault(note["sheet"], {}).setdefault(note["cell"], []).append(note)
    for number, (name, where) in enumerate(parts.items(), start=1):
        has_comments = package.related(where, "comments") is not None
        if name == title or (name not in by_cell and not has_comments):
            continue
        mark_sheet(SheetPart(package, where, number, author), by_cell.get(name, {}), styles)
    add_results(package, book, root, parts, styles, notes=notes, head=head, title=title)
    package.save(out)


def sheet_parts(package: Package, book: str, root: Any) -> dict[str, str]:
    targets = {r.get("Id"): r.get("Target", "") for r in package.relations(book)}
    parts = {}
    for sheet in root.find(tag("sheets")):
        target = targets.get(sheet.get(f"{{{OFFICE}}}id"))
        path = package.resolved(book, target) if target else ""
        if path in package.names and package.archive.getinfo(path).file_size:
            parts[sheet.get("name", "")] = path
    return {name: path for name, path in parts.items() if "chartsheet" not in path}


def mark_sheet(sheet: SheetPart, cells: dict[str, list[dict]], styles: Styles) -> None:
    messages: dict[str, str] = {}
    severities: dict[str, str] = {}
    for address, found in cells.items():
        place = sheet.anchor(address)
        words = "\n".join(note["message"] for note in found)
        messages[place] = f"{messages[place]}\n{words}" if place in messages else words
        if severities.get(place) != "error":
            is_error = any(note["severity"] == "error" for note in found)
            severities[place] = "error" if is_error else "warning"
    for place, severity in severities.items():
        cell = sheet.cell(place)
        cell.set("s", str(styles.marked(int(cell.get("s", "0")), severity)))
    sheet.comment(messages, styles)


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
