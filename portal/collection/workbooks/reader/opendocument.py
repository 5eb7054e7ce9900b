"""What the native reader leaves out of an ods: errors, formulas without a result, percentages,
merged cells and hidden rows."""

from __future__ import annotations

from xml.parsers import expat

from .archive import Archive
from .problems import Problem

MAX_PART = 96 << 20
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384


def sheets_of(archive: Archive) -> list[dict[str, list]]:
    """The marks of every sheet in order, by kind (see `output.Output.marks`)."""
    name = archive.find("content.xml")
    if name is None or archive.entries[name].file_size > MAX_PART:
        return []
    content = Content()
    parser = expat.ParserCreate()
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.text
    parser.StartDoctypeDeclHandler = content.refuse
    try:
        for chunk in archive.chunks(name):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Problem("corrupt") from error
    return content.sheets


class Content:
    """Follows rows and cells, with their repetitions, through content.xml."""

    def __init__(self) -> None:
        self.sheets: list[dict[str, list]] = []
        self.row = self.column = 0
        self.repeated = 1
        self.error_text: list[str] | None = None
        self.depth = 0

    def refuse(self, *_: object) -> None:
        raise Problem("corrupt")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(":", 1)[-1]
        given = {key.rsplit(":", 1)[-1]: value for key, value in attributes.items()}
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                kinds = ("errors", "uncomputed", "percent", "merges", "hidden_rows")
                self.sheets.append({kind: [] for kind in kinds})
                self.row = self.column = 0
        elif name == "table-row" and self.depth == 1:
            self.column = 0
            self.repeated = _count(given.get("number-rows-repeated"), MAX_ROW)
            if given.get("visibility") in ("collapse", "filter") and self.repeated < 10_000:
                last = self.row + self.repeated - 1
                self.sheets[-1]["hidden_rows"].append([self.row, last])
        elif name in ("table-cell", "covered-table-cell") and self.depth == 1:
            self._cell(given, "calcext:value-type" in attributes and
                       attributes["calcext:value-type"] == "error")  # fmt: skip

    def _cell(self, given: dict[str, str], is_error: bool) -> None:
        sheet = self.sheets[-1]
        at = [self.row, self.column]
        across = _count(given.get("number-columns-spanned"), MAX_COLUMN)
        down = _count(given.get("number-rows-spanned"), MAX_ROW)
        if across > 1 or down > 1:
            sheet["merges"].append([*at, self.row + down - 1, self.column + across - 1])
        if is_error:
            sheet["errors"].append([*at, ""])
            self.error_text = []
        elif "formula" in given and "value-type" not in given:
            sheet["uncomputed"].append(at)
        elif given.get("value-type") == "percentage":
            sheet["percent"].append(at)
        self.column += _count(given.get("number-columns-repeated"), MAX_COLUMN)

    def text(self, data: str) -> None:
        if self.error_text is not None:
            self.error_text.append(data)

    def end(self, tag: str) -> None:
        name = tag.rsplit(":", 1)[-1]
        if name == "table":
            self.depth -= 1
        elif name == "table-row" and self.depth == 1:
            self.row += self.repeated
        elif name == "table-cell" and self.error_text is not None:
            self.sheets[-1]["errors"][-1][2] = "".join(self.error_text).strip() or "#N/A"
            self.error_text = None


def _count(text: str | None, limit: int) -> int:
    return min(max(int(text), 1), limit) if text and text.isdigit() else 1
