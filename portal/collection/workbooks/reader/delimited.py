"""Text with separators: csv from Excel in any language, tab-separated text, `.xls` that is text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from .output import Output
from .problems import Problem
from .vietnamese import decode

MAX_COLUMNS = 16_384
SEPARATORS = (";", "\t", ",", "|")


def write(path: Path, output: Output, max_bytes: int) -> str:
    """Writes the one sheet; returns the name of the encoding."""
    data = path.read_bytes()
    if len(data) > max_bytes:
        raise Problem("too_large")
    text, encoding = decode(data)
    text = text.lstrip("\ufeff").replace("\x00", "").rstrip("\x1a")
    first_row = 0
    separator = None
    head, _, rest = text.partition("\n")
    if head.strip().lower().startswith("sep=") and len(head.strip()) == 5:
        separator, text, first_row = head.strip()[4], rest, 1
    separator = separator or sniff(text)
    csv.field_size_limit(1 << 20)
    output.sheet("CSV", "visible")
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        output.rows(map(_stripped, rows), first_row=first_row)
    except csv.Error as error:
        raise Problem("corrupt") from error
    return encoding


def _stripped(row: list[str]) -> list[str]:
    if len(row) > MAX_COLUMNS:
        raise Problem("too_wide", most=f"{MAX_COLUMNS:,}".replace(",", "."))
    return [cell.strip() for cell in row]


def sniff(text: str) -> str:
    """The separator that cuts most lines into the same number (over one) of fields."""
    lines = [line for line in text[:100_000].splitlines()[:200] if line.strip()]
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        except csv.Error:
            continue
        width = max(set(widths), key=lambda w: (widths.count(w) * (w > 1), w), default=1)
        score = widths.count(width) * (1 + 0.1 * width) if width > 1 else 0
        if score > best_score:
            best, best_score = separator, score
    return best
