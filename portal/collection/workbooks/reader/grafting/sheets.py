"""Marks and comments in one sheet."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from .package import KIND, MAIN, OFFICE, PARSER, Package, Unusual, legal, name_of, split, tag
from .styles import Styles

LONGEST = 900
SIGN = "Cổng số liệu: "
AFTER_LEGACY = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
VML_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="91"/></o:shapelayout><v:shapetype id="_x0000_t202"'
    ' coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke'
    ' joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
SHAPE = re.compile(r"<v:shape\b.*?</v:shape>", re.DOTALL)


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
