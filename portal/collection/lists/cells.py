"""Cells of lists in files: words, choices, days, as officers write them; out again unharmed.

Every widget raises ValueError with a whole Vietnamese sentence for the person who sent the file.
Texts go out guarded against being run as formulas; the guard is taken off again on the way in.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from import_export.fields import Field
from import_export.widgets import Widget

from portal.collection.workbooks.numbers import parse
from portal.units.names import fold

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
YES = {"co", "x", "1", "true", "dang vien", "chuyen trach", "tai cu", "v"}
NO = {"", "khong", "0", "false", "k", "chua"}
EXCEL_EPOCH = datetime.date(1899, 12, 30)
DAY = re.compile(r"^(?:ngày\s+)?(\d{1,2})(?:\s*[/.\-]\s*|\s+tháng\s+)(\d{1,2})"
                 r"(?:\s*[/.\-]\s*|\s+năm\s+)(\d{4})$", re.IGNORECASE)  # fmt: skip
ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it: never run as a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def as_written(text: str) -> str:
    """The text without the guard that `harmless` gave it."""
    guarded = text[:1] == "'" and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:] if guarded else text


class TextField(Field):
    """A column of text, safe from formulas."""

    def export(self, obj: Any, **kwargs: Any) -> Any:
        return harmless(str(super().export(obj, **kwargs) or ""))


class GuardedField(TextField):
    """A text that goes out harmless and comes back as it was."""

    def clean(self, row: dict[str, Any], **kwargs: Any) -> str:
        return as_written(text_of(row.get(self.column_name)))


def number_in(value: Any) -> Decimal:
    """The number of a cell; one that the sheet keeps as a number is never unclear.

    Raises:
        Unclear, NotANumber: see `portal.collection.workbooks.numbers.parse`.
    """
    if isinstance(value, float):
        return Decimal(repr(value))
    return parse(text_of(value).replace("−", "-"), None)


def text_of(value: Any) -> str:
    """The text of a cell; a whole number as Excel keeps it (1965.0) is that number."""
    text = "" if value is None else str(value).strip()
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


class ChoiceWidget(Widget):
    """A choice by its word, with or without marks, or by its code."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.words = dict(choices.choices)
        self.codes = {fold(str(word)): code for code, word in choices.choices}
        self.codes |= {fold(code): code for code in self.words}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = text_of(value)
        if not text:
            return ""
        if fold(text) in self.codes:
            return self.codes[fold(text)]
        offered = "; ".join(str(word) for word in self.words.values())
        raise ValueError(f"“{text}” không có trong danh mục. Ghi một trong: {offered}.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(self.words.get(value, ""))


class YesNoWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        word = fold(text_of(value))
        if word in YES:
            return True
        if word in NO:
            return False
        raise ValueError(f"“{text_of(value)}” chưa rõ. Ghi “có” hoặc “không”.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "có" if value else "không"


def day_of(value: Any) -> datetime.date | None:
    """A day as people write it, or as Excel keeps it; None for an empty cell.

    Raises:
        ValueError: it is no day of the calendar.
    """
    text = text_of(value)
    if not text:
        return None
    try:
        if found := ISO.match(text):
            return datetime.date(*map(int, found.groups()))
        if found := DAY.match(text):
            day, month, year = map(int, found.groups())
            return datetime.date(year, month, day)
        if text.isdigit() and 10_000 < int(text) < 80_000:
            return EXCEL_EPOCH + datetime.timedelta(days=int(text))
    except ValueError:
        pass
    raise ValueError(f"“{text}” không phải là ngày. Viết ngày/tháng/năm, ví dụ 23/05/2021.")


class DayWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.date | None:
        return day_of(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%d/%m/%Y}" if value else ""
