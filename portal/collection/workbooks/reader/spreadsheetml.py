"""The XML spreadsheet of Excel 2003, which many old systems export under the name `.xls`."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from .output import Output
from .problems import Problem

SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet|"
MAX_COLUMN = 16_384
MAX_ROW = 1_048_576


def write(path: Path, output: Output, max_bytes: int) -> str:
    """Writes every sheet; returns the name of the encoding."""
    data = path.read_bytes()
    if len(data) > max_bytes:
        raise Problem("too_large")
    book = Book()
    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = book.start
    parser.EndElementHandler = book.end
    parser.CharacterDataHandler = book.text
    parser.StartDoctypeDeclHandler = book.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Problem("corrupt") from error
    for sheet in book.sheets:
        output.sheet(sheet["name"], sheet["state"])
        for number in sorted(sheet["rows"]):
            cells = sheet["rows"][number]
            row = [cells.get(column, "") for column in range(max(cells) + 1)]
            output.rows([row], first_row=number)
        for kind in ("merges", "errors", "hidden_rows"):
            output.marks(kind, sheet[kind])
    return "UTF-8"


class Book:
    def __init__(self) -> None:
        self.sheets: list[dict] = []
        self.row = self.column = -1
        self.kind = ""
        self.parts: list[str] | None = None
        self.in_visible: list[str] | None = None

    def refuse(self, *_: object) -> None:
        raise Problem("corrupt")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit("|", 1)[-1]
        given = {key.rsplit("|", 1)[-1]: value for key, value in attributes.items()}
        if name == "Worksheet":
            self.row = -1
            self.sheets.append(
                {"name": given.get("Name", ""), "state": "visible", "rows": {}}
                | {kind: [] for kind in ("merges", "errors", "hidden_rows")}
            )
        elif name == "Row" and self.sheets:
            self.row = self._place(given.get("Index"), self.row, MAX_ROW)
            self.column = -1
            if given.get("Hidden") == "1":
                self.sheets[-1]["hidden_rows"].append([self.row, self.row])
            self.row_span = self._number(given.get("Span"))
        elif name == "Cell" and self.sheets:
            self._start_cell(given)
        elif name == "Data" and tag.startswith(SPREADSHEET):
            self.kind, self.parts = given.get("Type", "String"), []
        elif name == "Visible":
            self.in_visible = []

    def _start_cell(self, given: dict[str, str]) -> None:
        self.column = self._place(given.get("Index"), self.column, MAX_COLUMN)
        self.at = self.column
        across, down = self._number(given.get("MergeAcross")), self._number(given.get("MergeDown"))
        if across or down:
            merge = [self.row, self.column, self.row + down, self.column + across]
            self.sheets[-1]["merges"].append(merge)
            self.column += across

    @staticmethod
    def _number(text: str | None) -> int:
        return min(int(text), MAX_ROW) if text and text.isdigit() else 0

    def _place(self, index: str | None, last: int, limit: int) -> int:
        place = self._number(index) - 1 if index else last + 1
        if not 0 <= place < limit:
            raise Problem("corrupt")
        return place

    def text(self, data: str) -> None:
        if self.parts is not None:
            self.parts.append(data)
        elif self.in_visible is not None:
            self.in_visible.append(data)

    def end(self, tag: str) -> None:
        name = tag.rsplit("|", 1)[-1]
        if name == "Data" and self.parts is not None and tag.startswith(SPREADSHEET):
            self._store("".join(self.parts))
            self.parts = None
        elif name == "Visible" and self.in_visible is not None and self.sheets:
            state = "".join(self.in_visible).strip().lower().removeprefix("sheet")
            self.sheets[-1]["state"] = state if state in ("hidden", "veryhidden") else "visible"
            self.in_visible = None
        elif name == "Row":
            self.row += self.row_span

    def _store(self, text: str) -> None:
        value: object = text
        if self.kind == "Number":
            try:
                value = float(text)
            except ValueError:
                value = text
        elif self.kind == "Boolean":
            value = text == "1"
        elif self.kind == "DateTime":
            value = ["d", text]
        elif self.kind == "Error":
            self.sheets[-1]["errors"].append([self.row, self.at, text])
            return
        if value != "":
            self.sheets[-1]["rows"].setdefault(self.row, {})[self.at] = value
