"""Datasets as django-import-export Resources: columns, widgets and what they say.

A `DatasetResource` is built from a `Layout`; it knows no model. Its widgets turn one raw cell,
of a workbook, a form or a request, into a Decimal, a `NoValue` or None (empty), or raise a
`ValidationError` whose code is the rule and whose message is the end of a Vietnamese sentence.
A widget's answer depends on the raw value alone, so a caller may clean each distinct value once.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from portal.collection.workbooks.entries import Covered, Scaled
from portal.collection.workbooks.layout import Column, Layout
from portal.collection.workbooks.names import fold, words
from portal.collection.workbooks.not_numbers import of_date, what_to_do
from portal.collection.workbooks.numbers import (
    DOT_GROUPS,
    NotANumber,
    Style,
    Unclear,
    from_float,
    in_style,
    is_nil,
    missing_reason,
    parse,
    vietnamese,
    written,
)
from portal.collection.workbooks.outcome import Missing
from portal.collection.workbooks.source import DateCell, ErrorCell, Uncomputed
from portal.formats import rounded

UNIT_WORDS = {"ho", "nguoi", "khau", "nhankhau", "may", "thon", "km", "video", "thutuc", "bienche"}
LARGEST = Decimal(10) ** 15  # what a spreadsheet holds exactly, and less than the database
YES = {"co", "c", "x", "v", "1", "dung", "yes", "true", "roi", "dat", "daco", "dadat"}
NO = {"khong", "ko", "k", "0", "sai", "no", "false", "chua", "khongco", "chuaco", "chuadat"}
NO |= {"khongdat", "kodat", "koco"}
TICKS, CROSSES = frozenset("✓✔√☑"), frozenset("✗✘☒☐×")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_CLASS = re.compile(r"^(?:(?:xa|phuong|thi tran|khu vuc|kv|vung|loai|hang|cap) ?)*?([ivx]+|\d+)$")


class NoValue(NamedTuple):
    """A cell that says why it has no value."""

    reason: Missing


NIL = Decimal(0)


class CellWidget(Widget):
    """Cleans the raw cells of one declared column in the number style of the file."""

    def __init__(self, column: Column, style: Style | None) -> None:
        super().__init__()
        self.column = column
        self.style = style

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | NoValue | None:
        """Decimal, `NoValue` or None for an empty cell.

        Raises `ValidationError` with one of the codes error_value, formula, date, merged, number,
        unclear, integer, range, yes_no.
        """
        found = self._read(value.raw if isinstance(value, Scaled) else value)
        if found is NIL or not isinstance(found, Decimal):
            return found
        return self._checked(value.of(found) if isinstance(value, Scaled) else found)

    def _read(self, value: Any) -> Decimal | NoValue | None:
        """What stands in the cell, whatever the column allows."""
        if value is None or value == "":
            return None
        if isinstance(value, ErrorCell | Uncomputed | DateCell | Covered):
            raise self._special(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bool):
            raise self._not_a_number("ĐÚNG" if value else "SAI")
        return self._exact(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, NoValue):
            return {"not_collected": "…", "not_applicable": "x"}.get(value.reason, "Không công bố")
        return value if value is not None else ""

    def _exact(self, value: Any) -> Decimal:
        try:
            return from_float(value) if isinstance(value, float) else Decimal(value)
        except (NotANumber, ArithmeticError) as error:
            raise self._not_a_number(str(value)) from error

    def _text(self, text: str) -> Decimal | NoValue | None:
        if not text.strip():
            return None
        if reason := missing_reason(text):
            return NoValue(reason)
        if is_nil(text):
            return NIL
        try:
            value = parse(text, self.style)
        except Unclear as error:
            raise self._unclear(text) from error
        except NotANumber as error:
            raise self._not_a_number(text) from error
        parts = written(text)
        if parts and parts.unit and not self._is_own_unit(parts.unit):
            raise self._not_a_number(text)
        return value

    def _is_own_unit(self, unit: str) -> bool:
        if "%" in unit:
            return self.column.value_type == "percent" and unit.strip() == "%"
        return fold(unit) in UNIT_WORDS | {fold(self.column.unit_of_measure)}

    def _checked(self, value: Decimal) -> Decimal:
        """Within the column's range; the message names the side that is left."""
        if abs(value) > LARGEST:
            shown = f"{str(value)[:12]}…" if len(str(value)) > 12 else str(value)
            text = f"{shown} lớn hơn mọi số liệu có thể có. Hãy kiểm tra lại."
            raise ValidationError(text, code="range")
        lowest, highest = self.column.minimum, self.column.maximum
        if lowest is not None and value < lowest:
            text = (
                f"{vietnamese(value)} là số âm. Hãy nhập số từ 0 trở lên."
                if lowest == 0
                else f"{vietnamese(value)} nhỏ hơn {vietnamese(lowest)}. Hãy kiểm tra lại."
            )
            raise ValidationError(text, code="range")
        if highest is not None and value > highest:
            text = f"{vietnamese(value)} lớn hơn {vietnamese(highest)}. Hãy kiểm tra lại."
            raise ValidationError(text, code="range")
        return value

    def _special(self, value: Any) -> ValidationError:
        if isinstance(value, ErrorCell):
            text = f"ô báo lỗi {value.text}. Hãy sửa công thức hoặc nhập số trực tiếp."
            return ValidationError(text, code="error_value")
        if isinstance(value, Uncomputed):
            text = (
                "công thức chưa có kết quả. Hãy mở tệp bằng Excel, lưu lại rồi tải lên, "
                "hoặc nhập số trực tiếp."
            )
            return ValidationError(text, code="formula")
        if isinstance(value, DateCell):
            return ValidationError(of_date(value), code="date")
        text = "ô bị gộp với ô khác. Hãy bỏ gộp ô và nhập số cho từng dòng."
        return ValidationError(text, code="merged")

    def _not_a_number(self, text: str) -> ValidationError:
        shown = text if len(text) <= 60 else text[:57] + "…"
        message = what_to_do(shown, self.style) or (
            f"“{shown}” không phải là số. Hãy nhập số, hoặc “…” nếu không có số liệu."
        )
        return ValidationError(message, code="number")

    def _unclear(self, text: str) -> ValidationError:
        if self.style is None:
            message = f"“{text}” có thể đọc theo hai cách. Hãy cho biết cách viết số của tệp."
        else:
            message = (
                f"“{text}” không đúng cách viết số của tệp ({self.style}). "
                "Hãy kiểm tra và nhập lại số."
            )
        return ValidationError(message, code="unclear")


class CountWidget(CellWidget):
    """Whole numbers. A small decimal is most often a thousands point that Excel took away.

    Where only a few are allowed they are classes, which people write "II", "Khu vực III".
    """

    def _text(self, text: str) -> Decimal | NoValue | None:
        highest = self.column.maximum
        if highest is not None and highest < ROMAN["x"] and (found := _CLASS.match(words(text))):
            number = ROMAN.get(found[1], int(found[1]) if found[1].isdigit() else 0)
            if 0 < number <= highest:
                return Decimal(number)
        return super()._text(text)

    def _checked(self, value: Decimal) -> Decimal:
        if value != value.to_integral_value():
            whole = rounded(value, 0)
            if abs(value - whole) < Decimal("1e-9"):
                return super()._checked(whole)
            raise ValidationError(self._not_whole(value), code="integer")
        return super()._checked(value)

    @staticmethod
    def _not_whole(value: Decimal) -> str:
        shown = vietnamese(value)
        thousands = value * 1000
        if 0 < value < 1000 and thousands == thousands.to_integral_value():
            return (
                f"{shown} không phải số nguyên, có thể là {vietnamese(thousands)} bị đọc sai "
                "dấu ngăn nghìn. Hãy nhập lại số."
            )
        return f"{shown} không phải số nguyên. Hãy nhập số nguyên."

    def _unclear(self, text: str) -> ValidationError:
        parts = written(text)
        other: Style = "1,234.5" if self.style == DOT_GROUPS else DOT_GROUPS
        value = in_style(parts.number, other) if parts and self.style else None
        if value is not None and value != value.to_integral_value():
            return ValidationError(
                f"“{text}” không đúng cách viết số của tệp ({self.style}). "
                f"{self._not_whole(value)}",
                code="unclear",
            )
        return super()._unclear(text)


class PercentWidget(CellWidget):
    """Shares in per cent, 0 to 100 unless the column says otherwise."""

    def _checked(self, value: Decimal) -> Decimal:
        if self.column.maximum is None and value > 100:
            text = f"{vietnamese(value)} % lớn hơn 100 %. Hãy kiểm tra lại."
            raise ValidationError(text, code="range")
        return super()._checked(value)


class YesNoWidget(CellWidget):
    """ "Có", "x", a tick are 1; "Không", a dash are 0."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | NoValue | None:
        if isinstance(value, bool):
            return Decimal(int(value))
        if isinstance(value, int | float) and value in (0, 1):
            return Decimal(int(value))
        if isinstance(value, str) and value.strip():
            key = fold(value)
            if key in YES or value.strip() in TICKS:
                return Decimal(1)
            if key in NO or value.strip() in CROSSES:
                return Decimal(0)
            if is_nil(value):
                return NIL
            if reason := missing_reason(value):
                return NoValue(reason)
        elif value is None or value == "":
            return None
        if isinstance(value, ErrorCell | Uncomputed | DateCell | Covered):
            raise self._special(value)
        text = f"“{value}” không phải “Có” hoặc “Không”. Hãy ghi “Có” hoặc “Không”."
        raise ValidationError(text, code="yes_no")


WIDGETS: dict[str, type[CellWidget]] = {
    "count": CountWidget,
    "decimal": CellWidget,
    "percent": PercentWidget,
    "yes_no": YesNoWidget,
}


class DatasetResource(Resource):
    """The declared columns of one dataset; fields are named by the layout's keys.

    Rows to import are dicts of raw cells by heading; rows to export are dicts by key.
    """

    layout: Layout

    @classmethod
    def cleaned(cls, row: dict[str, Any]) -> dict[str, Decimal | NoValue | None]:
        """One row through every field, as import does it. Raises `ValidationError`."""
        return {key: field.clean(row) for key, field in cls.fields.items()}


def dataset_resource(
    layout: Layout, *, style: Style | None = DOT_GROUPS, entered_only: bool = False
) -> type[DatasetResource]:
    """The Resource class of a layout, its widgets reading numbers in `style`."""
    headings = [column.heading for column in layout.columns]
    attributes: dict[str, Any] = {"layout": layout, "__module__": __name__}
    for column in layout.columns:
        if entered_only and not column.is_entered:
            continue
        unique = headings.count(column.heading) == 1
        attributes[column.key] = Field(
            attribute=column.key,
            column_name=column.heading if unique else f"{column.heading} ({column.key})",
            widget=WIDGETS.get(column.value_type, CellWidget)(column, style),
        )
    return type(
        f"{layout.dataset.title().replace('-', '')}Resource", (DatasetResource,), attributes
    )
