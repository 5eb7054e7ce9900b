"""Which number style a file uses, from all its value columns together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .grid import address
from .layout import Layout
from .numbers import COMMA_GROUPS, DOT_GROUPS, Evidence, Style, evidence, in_style, written
from .outcome import Option, Question

DOMINANT = 5  # how many times more often the style of the file must be seen


class Texts(NamedTuple):
    """The texts of one value column with their places."""

    key: str
    sheet: str
    cells: list[tuple[int, int, str]]


class FileStyle(NamedTuple):
    """The style to read numbers in, how to print its name, and a question when it is open."""

    style: Style | None
    shown: str
    question: Question | None = None


def style_of(columns: Iterable[Texts], layout: Layout, answers: Mapping[str, str]) -> FileStyle:
    total = Evidence()
    open_cells: list[tuple[str, str, str]] = []  # key, address, text
    for column in columns:
        whole = layout.by_key[column.key].value_type == "count"
        texts = list(dict.fromkeys(text for _, _, text in column.cells))
        found = evidence(texts, whole=whole)
        total = Evidence(
            total.dots + found.dots,
            total.commas + found.commas,
            total.open_text or found.open_text,
            total.spaces + found.spaces,
        )
        open_cells += [
            (column.key, address(row, place), text)
            for row, place, text in column.cells
            if is_open(text)
        ]
    answer = answers.get("number_style")
    if answer in (DOT_GROUPS, COMMA_GROUPS):
        return FileStyle(answer, _shown(answer, total))
    style = total.style or _dominant(total)
    contradicting = [cell for cell in open_cells if style and _contradicts(cell, style, layout)]
    if contradicting or (style is None and (open_cells or (total.dots and total.commas))):
        _, cell, text = (contradicting or open_cells or [("", "", "")])[0]
        return FileStyle(None, "", _question(cell, text))
    return FileStyle(style, _shown(style, total) if style else "")


def is_open(text: str) -> bool:
    """Whether a text is a different number in each style."""
    parts = written(text)
    if parts is None:
        return False
    dots, commas = in_style(parts.number, DOT_GROUPS), in_style(parts.number, COMMA_GROUPS)
    return dots is not None and commas is not None and dots != commas


def _dominant(total: Evidence) -> Style | None:
    if total.dots >= DOMINANT * total.commas and total.dots:
        return DOT_GROUPS
    if total.commas >= DOMINANT * total.dots and total.commas:
        return COMMA_GROUPS
    return None


def _contradicts(cell: tuple[str, str, str], style: Style, layout: Layout) -> bool:
    """A count that would not be whole in the style that the other columns suggest."""
    key, _, text = cell
    parts = written(text)
    if parts is None or layout.by_key[key].value_type != "count":
        return False
    value = in_style(parts.number, style)
    return value is not None and value != value.to_integral_value()


def _shown(style: Style, total: Evidence) -> str:
    if not total.spaces:
        return style
    return "1 234,5" if style == DOT_GROUPS else "1 234.5"


def _question(cell: str, text: str) -> Question:
    where = f"Ô {cell}: “{text}” có thể đọc theo hai cách. " if cell else ""
    return Question(
        id="number_style",
        text=f"{where}Số trong tệp được viết theo cách nào?",
        options=(
            Option(
                DOT_GROUPS, "Dấu chấm ngăn hàng nghìn: 1.234,5 là một nghìn hai trăm ba tư rưỡi"
            ),
            Option(
                COMMA_GROUPS, "Dấu phẩy ngăn hàng nghìn: 1,234.5 là một nghìn hai trăm ba tư rưỡi"
            ),
        ),
        cell=cell,
    )
