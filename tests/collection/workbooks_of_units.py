"""Workbooks as officers send them, made for the units of a layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook

from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.stores import store_of
from portal.collection.workbooks.layout import Layout
from tests.cast import unit as unit_of_code


def layout(dataset: str = "BIEU-05", unit: str = "220", period: str = "2023") -> Layout:
    form = Dataset.objects.get(code=dataset)
    time = ReportingPeriod.objects.get(code=period)
    return store_of(form).layout(form, unit_of_code(unit, on=time.end), time)


def codes() -> list[str]:
    """The communes of Sơn Động in the order of the form."""
    return [commune.code for commune in layout().valid_units()]


def numbers_of(index: int) -> dict[str, int]:
    """Plausible figures for the commune at `index`: no rule is broken."""
    return {
        "D01": 1000 + index,
        "D02": 600 + index,
        "N03": 60 + index,
        "N04": 50 + index,
        "N09": 12,
        "N10": 5,
        "N11": 2,
    }


def form_05(
    *,
    unit: str = "220",
    period: str = "2023",
    only: Sequence[str] | None = None,
    changes: Mapping[tuple[str, str], object] | None = None,
) -> bytes:
    """An xlsx of Biểu 05: one row for each commune (those in `only`), `changes` by (code, key)."""
    form = layout("BIEU-05", unit, period)
    book = Workbook()
    sheet = book.active
    sheet.title = "Bieu 05"
    sheet["A1"] = f"{form.title}, năm {form.year}"
    sheet.append(["STT", "Tên đơn vị", *[column.heading for column in form.entered]])
    for index, commune in enumerate(form.valid_units()):
        if only is not None and commune.code not in only:
            continue
        numbers = {
            **numbers_of(index),
            **{key: v for (code, key), v in (changes or {}).items() if code == commune.code},
        }
        sheet.append([index + 1, commune.label, *[numbers[column.key] for column in form.entered]])
    return saved(book)


def agency(**changes: object) -> bytes:
    """An xlsx of CNTT-CO-QUAN: a row for each measure."""
    form = layout("CNTT-CO-QUAN", "24")
    book = Workbook()
    sheet = book.active
    sheet.append([form.title])
    sheet.append(["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"])
    for index, column in enumerate(form.entered, start=1):
        sheet.append(
            [
                index,
                column.heading,
                column.unit_of_measure,
                changes.get(column.key, value_of(column)),
            ]
        )
    return saved(book)


def value_of(column) -> object:
    return {"yes_no": "Có", "percent": 100}.get(column.value_type, 1)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
