"""What the native reader leaves out of an xls: errors, formulas without a result, percentages,
hidden rows and columns, fonts of old encodings. Of Excel 95 (BIFF5, BIFF7) and later; older files
are not read at all."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from .compound import CompoundFile
from .markup import LEGACY_FONT
from .problems import Problem

BOF, BOUNDSHEET, FILEPASS, FONT, FORMAT, XF = 0x809, 0x85, 0x2F, 0x31, 0x41E, 0xE0
ROW, COLINFO, NUMBER, RK, MULRK = 0x208, 0x7D, 0x203, 0x27E, 0xBD
LABEL, RSTRING, LABELSST, FORMULA, BOOLERR = 0x204, 0xD6, 0xFD, 0x6, 0x205
ONE_CELL = {NUMBER, RK, LABEL, RSTRING, LABELSST, FORMULA, BOOLERR}
BIFF5, BIFF8 = 0x500, 0x600
MAX_RECORDS = 4_000_000
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def sheets_of(path: Path) -> list[dict[str, list]]:
    """The marks of every sheet in order, by kind (see `output.Output.marks`); [] if unknown.

    Raises `Problem` encrypted.
    """
    try:
        folder = CompoundFile(path.read_bytes())
        stream = folder.stream("Workbook") or folder.stream("Book")
        return Workbook(stream).sheets() if stream else []
    except (struct.error, IndexError):
        return []
    except Problem as problem:
        if problem.code == "encrypted":
            raise
        return []


def is_ancient(path: Path) -> bool:
    """Whether the workbook was written by an Excel before 97."""
    data = path.read_bytes()
    if data[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"):
        return True
    try:
        folder = CompoundFile(data)
        return folder.stream("Workbook") is None and folder.stream("Book") is not None
    except (Problem, struct.error, IndexError):
        return False


class Workbook:
    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.version = BIFF8
        self.fonts: list[str] = []
        self.formats: dict[int, str] = {9: "0%", 10: "0.00%"}
        self.styles: list[tuple[int, int]] = []
        self.starts: list[int] = []
        self._globals()
        self.percent = {
            index
            for index, (_, form) in enumerate(self.styles)
            if "%" in re.sub(r'"[^"]*"|\\.', "", self.formats.get(form, ""))
        }
        self.legacy = {
            index: self._font(font)
            for index, (font, _) in enumerate(self.styles)
            if LEGACY_FONT.match(self._font(font))
        }

    def _records(self, start: int) -> Iterator[tuple[int, bytes]]:
        """Records from one position to the end of its substream."""
        position, depth = start, 0
        for _ in range(MAX_RECORDS):
            if position + 4 > len(self.stream):
                return
            kind, length = struct.unpack_from("<HH", self.stream, position)
            data = self.stream[position + 4 : position + 4 + length]
            position += 4 + length
            depth += (kind == BOF) - (kind == 0x0A)
            yield kind, data
            if depth == 0:
                return

    def _globals(self) -> None:
        for kind, data in self._records(0):
            if kind == BOF:
                self.version = struct.unpack_from("<H", data)[0]
                if self.version not in (BIFF5, BIFF8):
                    return
            if kind == FILEPASS:
                raise Problem("encrypted")
            if kind == FONT:
                self.fonts.append(self._text(data, 15, data[14]))
            elif kind == FORMAT:
                size = "<H" if self.version == BIFF8 else "<B"
                index, length = (
                    struct.unpack_from("<H", data)[0],
                    struct.unpack_from(size, data, 2)[0],
                )
                text = self._text(data, 2 + struct.calcsize(size), length)
                self.formats[index] = text
            elif kind == XF:
                self.styles.append(struct.unpack_from("<HH", data))
            elif kind == BOUNDSHEET:
                self.starts.append(struct.unpack_from("<I", data)[0])

    def _text(self, data: bytes, offset: int, length: int) -> str:
        """Characters: bytes in BIFF5; later behind a flag that tells one byte from two."""
        if self.version == BIFF8:
            return _text(data, offset, length)
        return data[offset : offset + length].decode("latin-1")

    def _font(self, index: int) -> str:
        """Index 4 does not exist: later fonts are counted from 5."""
        index -= index > 4
        return self.fonts[index] if index < len(self.fonts) else ""

    def sheets(self) -> list[dict[str, list]]:
        return [self._sheet(start) for start in self.starts]

    def _sheet(self, start: int) -> dict[str, list]:
        found: dict[str, list] = {
            "errors": [],
            "uncomputed": [],
            "percent": [],
            "fonts": [],
            "hidden_rows": [],
            "hidden_columns": [],
        }
        for kind, data in self._records(start):
            if kind in ONE_CELL:
                self._cell(kind, data, found)
            elif kind == MULRK:
                row, column = struct.unpack_from("<HH", data)
                for offset in range(4, len(data) - 2, 6):
                    style = struct.unpack_from("<H", data, offset)[0]
                    self._style(row, column + (offset - 4) // 6, style, found)
            elif kind == ROW and struct.unpack_from("<H", data, 12)[0] & 0x20:
                row = struct.unpack_from("<H", data)[0]
                found["hidden_rows"].append([row, row])
            elif kind == COLINFO and struct.unpack_from("<H", data, 8)[0] & 1:
                found["hidden_columns"].append(list(struct.unpack_from("<HH", data)))
        return found

    def _cell(self, kind: int, data: bytes, found: dict[str, list]) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        self._style(row, column, style, found)
        if kind == BOOLERR and data[7]:
            found["errors"].append([row, column, ERRORS.get(data[6], "#N/A")])
        elif kind == FORMULA:
            result, flags = data[6:14], struct.unpack_from("<H", data, 14)[0]
            is_empty_text = result[6:8] == b"\xff\xff" and result[0] == 3
            if result[6:8] == b"\xff\xff" and result[0] == 2:
                found["errors"].append([row, column, ERRORS.get(result[2], "#N/A")])
            elif is_empty_text or (flags & 2 and not any(result)):  # 2: to be computed on loading
                found["uncomputed"].append([row, column])

    def _style(self, row: int, column: int, style: int, found: dict[str, list]) -> None:
        if style in self.percent:
            found["percent"].append([row, column])
        if style in self.legacy:
            found["fonts"].append([row, column, self.legacy[style]])


def _text(data: bytes, offset: int, length: int) -> str:
    """Characters behind a flag byte that says whether they take one byte or two."""
    if data[offset] & 1:
        return data[offset + 1 : offset + 1 + 2 * length].decode("utf-16-le", "replace")
    return data[offset + 1 : offset + 1 + length].decode("latin-1")
