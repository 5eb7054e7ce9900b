"""What the native reader leaves out of an xlsx: errors, formulas without a value, percentages,
hidden rows and columns, fonts of old encodings, and the version mark of our template.

The parts are searched in pieces with patterns, because most sheets need nothing of this and a
full parse would take longer than the reading. What is found only qualifies cells that the
native reader returned, so markup that fools a pattern changes no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

from .archive import Archive
from .problems import Problem

MARK_NAME = "_bieu_mau"
LEGACY_FONT = re.compile(r"^(\.Vn|VNI[- ])", re.IGNORECASE)
_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)",
    re.DOTALL,
)
_ADDRESS = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WIDE = re.compile(rb"""\br=["'][A-Z]{2}""")
_VERY_WIDE = re.compile(rb"""\br=["'][A-Z]{3}""")
_ROW_NUMBER = re.compile(rb"""\br=["'](\d{1,9})["']""")
_FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>/]*>\s*<(?!/)""")
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
TALL = 50_000  # rows; below this even the widest sheet that people make fits
MAX_AREA = 40_000_000  # cells of the rectangle that the native reader allocates
MAX_PART = 64 << 20
PIECE = 1 << 20


def column_index(letters: str) -> int:
    """0 for A, 25 for Z, 26 for AA."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def parse(archive: Archive, name: str | None) -> ElementTree.Element | None:
    """One small XML part, or None when it is absent. Document types are refused unread."""
    if name is None:
        return None
    data = archive.read(name)
    if len(data) > MAX_PART or b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise Problem("corrupt")
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - no document type gets this far
    except ElementTree.ParseError as error:
        raise Problem("corrupt") from error


class Extent:
    """How far the filled cells of a sheet reach; refuses what no memory would hold."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.wide = False

    def add(self, piece: bytes) -> None:
        self.wide = self.wide or _WIDE.search(piece) is not None
        row = _ROW_NUMBER.search(piece, max(piece.rfind(b"row "), 0))
        tall = row is not None and int(row[1]) > TALL
        if not self.wide or not (tall or _VERY_WIDE.search(piece)):
            return
        for letters, digits in _FILLED.findall(piece):
            self.rows = max(self.rows, int(digits))
            self.columns = max(self.columns, column_index(letters.decode()) + 1)
            if self.rows > MAX_ROWS or self.columns > MAX_COLUMNS:
                raise Problem("corrupt")
            if self.rows * self.columns > MAX_AREA:
                raise Problem("sparse", cell=f"{letters.decode()}{int(digits)}")


class Markup:
    """Looks beside the native reader into one xlsx file."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.main = self._main_part()
        self.parts = self._relations(self.main)
        self.sheet_parts, self.mark = self._workbook()
        self.percent_styles, self.font_styles = self._styles()
        self.font_strings = self._strings()

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (kind, part)."""
        folder = dirname(part)
        name = join(folder, "_rels", part[len(folder) :].lstrip("/") + ".rels")
        root = parse(self.archive, self.archive.find(name))
        found = {}
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else join(folder, target)
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            found[relation.get("Id", "")] = (kind, normpath(path) if path else "")
        return found

    def _main_part(self) -> str:
        for kind, part in self._relations("").values():
            if kind == "officeDocument" and self.archive.find(part):
                return part
        return "xl/workbook.xml"

    def _part(self, kind: str) -> str | None:
        names = (part for found, part in self.parts.values() if found == kind)
        return next((name for part in names if (name := self.archive.find(part))), None)

    def _workbook(self) -> tuple[list[str | None], str]:
        """(part of each sheet in order, version mark or "")."""
        root = parse(self.archive, self.archive.find(self.main))
        parts: list[str | None] = []
        mark = ""
        for element in root.iter() if root is not None else ():
            if _local(element.tag) == "sheet":
                relation = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
                parts.append(self.archive.find(self.parts.get(relation, ("", "-"))[1]))
            elif _local(element.tag) == "definedName" and element.get("name") == MARK_NAME:
                mark = (element.text or "").strip().strip('"')
        return parts, mark

    def _styles(self) -> tuple[set[int], dict[int, str]]:
        """(styles that show a percentage, style -> font of an old encoding)."""
        root = parse(self.archive, self._part("styles"))
        if root is None:
            return set(), {}
        percent_formats = {9, 10}
        fonts: list[str] = []
        percent: set[int] = set()
        legacy: dict[int, str] = {}
        for group in root:
            kind = _local(group.tag)
            if kind == "numFmts":
                percent_formats |= {
                    int(item.get("numFmtId", "0"))
                    for item in group
                    if "%" in re.sub(r'"[^"]*"|\\.', "", item.get("formatCode", ""))
                }
            elif kind == "fonts":
                fonts = [self._font_name(font) for font in group]
            elif kind == "cellXfs":
                for index, style in enumerate(group):
                    if int(style.get("numFmtId") or 0) in percent_formats:
                        percent.add(index)
                    font = int(style.get("fontId") or 0)
                    if font < len(fonts) and LEGACY_FONT.match(fonts[font]):
                        legacy[index] = fonts[font]
        return percent, legacy

    @staticmethod
    def _font_name(font: ElementTree.Element) -> str:
        return next(
            (item.get("val", "") for item in font.iter() if _local(item.tag) in ("name", "rFont")),
            "",
        )

    def _strings(self) -> dict[int, str]:
        """Shared strings with a run in an old font: index -> font."""
        name = self._part("sharedStrings")
        if name is None:
            return {}
        data = self.archive.read(name)
        declared = re.search(rb'uniqueCount="(\d+)"', data[:4096])
        if declared and int(declared[1]) > len(data) // 4 + 16:
            raise Problem("corrupt")  # a count that the part cannot hold makes readers abort
        if b".Vn" not in data and b"VNI" not in data:
            return {}
        root = parse(self.archive, name)
        found = {}
        for index, item in enumerate(root if root is not None else ()):
            font = next((f for run in item if LEGACY_FONT.match(f := self._font_name(run))), None)
            if font:
                found[index] = font
        return found

    def sheets(self) -> list[dict[str, list]]:
        """The marks of every sheet in order, by kind (see `output.Output.marks`)."""
        return [self._sheet(part) for part in self.sheet_parts]

    def _sheet(self, part: str | None) -> dict[str, list]:
        found: dict[str, list] = {
            "errors": [],
            "uncomputed": [],
            "percent": [],
            "fonts": [],
            "hidden_rows": [],
            "hidden_columns": [],
        }
        extent = Extent()
        for piece in self._pieces(part) if part else ():
            extent.add(piece)
            if b"hidden=" in piece:
                self._hidden(piece, found)
            if self._wants_cells(piece):
                self._cells(piece, found)
        return found

    def _pieces(self, part: str) -> Iterator[bytes]:
        """The part in pieces that end at the end of a row, where there are rows."""
        held: list[bytes] = []
        size = 0
        for chunk in self.archive.chunks(part):
            size += len(chunk)
            cut = max(chunk.rfind(b"row>"), chunk.rfind(b"</c>")) + 4 if size > PIECE else 0
            if cut > 3:
                yield b"".join([*held, chunk[:cut]])
                chunk, held = chunk[cut:], []
                size = len(chunk)
            held.append(chunk)
        yield b"".join(held)

    def _wants_cells(self, piece: bytes) -> bool:
        return bool(
            self.percent_styles
            or self.font_styles
            or self.font_strings
            or b't="e"' in piece
            or b"t='e'" in piece
            or _FORMULA.search(piece)
        )

    @staticmethod
    def _hidden(piece: bytes, found: dict[str, list]) -> None:
        for attributes in _ROW.findall(piece):
            row = re.search(rb"""\br=["'](\d+)["']""", attributes)
            if row and _HIDDEN.search(attributes):
                found["hidden_rows"].append([int(row[1]) - 1] * 2)
        for attributes in _COLUMN.findall(piece):
            first = re.search(rb"""\bmin=["'](\d+)["']""", attributes)
            last = re.search(rb"""\bmax=["'](\d+)["']""", attributes)
            if first and last and _HIDDEN.search(attributes):
                found["hidden_columns"].append([int(first[1]) - 1, int(last[1]) - 1])

    def _cells(self, piece: bytes, found: dict[str, list]) -> None:
        for attributes, body in _CELL.findall(piece):
            address = _ADDRESS.search(attributes)
            if address is None:
                continue
            at = [int(address[2]) - 1, column_index(address[1].decode())]
            kind = _TYPE.search(attributes)
            kind_name = kind[1] if kind else b"n"
            value = _VALUE.search(body)
            if kind_name == b"e":
                found["errors"].append([*at, value[1].decode("utf-8", "replace") if value else ""])
            elif not body:
                continue
            elif kind_name != b"str" and not (value and value[1]) and _FORMULA.search(body):
                found["uncomputed"].append(at)
            style = _STYLE.search(attributes)
            style_index = int(style[1]) if style else 0
            if style_index in self.percent_styles:
                found["percent"].append(at)
            font = self.font_styles.get(style_index)
            if font is None and self.font_strings and kind_name == b"s" and value:
                font = self.font_strings.get(int(value[1]))
            if font:
                found["fonts"].append([*at, font])
