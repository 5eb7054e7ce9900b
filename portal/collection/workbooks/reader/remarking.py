"""Mark a text with separators: the same lines, with a last column that says what to mend.

The separator, the line ends and the encoding stay where they can hold Vietnamese; old one-byte
fonts cannot and become UTF-8. No cell comes back as something a spreadsheet would calculate.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .delimited import sniff
from .problems import Problem
from .vietnamese import decode

HEADING = "Cần sửa"
LOOKED_AT = 60  # lines among which the heading stands
WORDS = {"error": "Lỗi", "warning": "Cảnh báo"}
TONES = "\u0300\u0301\u0303\u0309\u0323"
_CALCULATED = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d.,\s]*%?")
_ADDRESS = re.compile(r"[A-Z]{1,3}([1-9][0-9]{0,6})")


def mark_delimited(path: Path, out: Path, notes: Iterable[dict[str, Any]]) -> None:
    """Write the marked twin of a csv.

    Raises:
        Problem: corrupt.
    """
    text, encoding = decode(path.read_bytes())
    text = text.lstrip("\ufeff").replace("\x00", "").rstrip("\x1a")
    head, rest, separator = _declared(text)
    separator = separator or sniff(rest)
    csv.field_size_limit(1 << 20)
    try:
        rows = list(csv.reader(io.StringIO(rest, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Problem("corrupt") from error
    target = io.StringIO(newline="")
    target.write(head)
    end = "\r\n" if "\r\n" in text else "\n"
    csv.writer(target, delimiter=separator, lineterminator=end).writerows(
        _with_column(rows, notes, first=1 if head else 0)
    )
    out.write_bytes(encoded(target.getvalue(), encoding))


def _declared(text: str) -> tuple[str, str, str]:
    """("sep=;" and its line end, the text below, ";"), or nothing but the text."""
    head, end, rest = text.partition("\n")
    if head.strip().lower().startswith("sep=") and len(head.strip()) == 5:
        return head + end, rest, head.strip()[4]
    return "", text, ""


def _with_column(
    rows: list[list[str]], notes: Iterable[dict[str, Any]], *, first: int
) -> Iterator[list[str]]:
    """The lines with their remarks behind them; those of an earlier check are taken away."""
    rows = _without_column(rows)
    remarks, of_file = by_line(notes)
    width = max(map(len, rows), default=0)
    top = heading_line(rows)
    for number, row in enumerate(rows):
        remark = remarks.get(number + first, "")
        if number == top:
            remark = " | ".join(filter(None, [HEADING, of_file, remark]))
        cells = [harmless(cell) for cell in row]
        yield [*cells, *[""] * (width - len(cells)), remark] if remark else cells


def _without_column(rows: list[list[str]]) -> list[list[str]]:
    for row in rows[:LOOKED_AT]:
        if row and row[-1].startswith(HEADING):
            place = len(row) - 1
            return [line[:place] for line in rows]
    return rows


def heading_line(rows: list[list[str]]) -> int:
    """The first line that fills most of the columns."""
    counts = [sum(bool(cell.strip()) for cell in row) for row in rows[:LOOKED_AT]]
    widest = max(counts, default=0)
    return next((n for n, count in enumerate(counts) if count * 2 > widest), 0)


def by_line(notes: Iterable[dict[str, Any]]) -> tuple[dict[int, str], str]:
    """What to mend in each line, from 0, and what concerns the file as a whole."""
    found: dict[int | None, list[str]] = {}
    for note in notes:
        match = _ADDRESS.fullmatch(note["cell"] or "")
        words = " ".join(note["message"].split())
        line = int(match[1]) - 1 if match else None
        found.setdefault(line, []).append(f"{WORDS[note['severity']]}: {words}")
    of_file = " | ".join(found.pop(None, []))
    return {line: " | ".join(told) for line, told in found.items() if line is not None}, of_file


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; signed numbers and "-" stay."""
    if _CALCULATED.match(cell.lstrip(" ")) and not _NUMBER.fullmatch(cell.strip()):
        return f"'{cell}"
    return cell


def encoded(text: str, encoding: str) -> bytes:
    """In the file's own encoding, or in UTF-8 where that cannot hold the words."""
    if encoding == "UTF-16":
        return text.encode("utf-16", "replace")
    if encoding == "Windows-1258":
        try:
            return "".join(map(_in_pieces, text)).encode("cp1258")
        except UnicodeEncodeError:
            pass
    return text.encode("utf-8-sig", "replace")


def _in_pieces(letter: str) -> str:
    """ "ế" as "ê" and its tone, as Windows-1258 writes it."""
    if letter.isascii():
        return letter
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in parts if mark in TONES)
    base = "".join(mark for mark in parts if mark not in TONES)
    return unicodedata.normalize("NFC", base) + tone
