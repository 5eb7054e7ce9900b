"""The one field of forms for a day: read and typed as it is written here, 05/11/2026."""

from __future__ import annotations

from typing import Any

from django import forms

DAY_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


class DayInput(forms.DateInput):
    """A field for a day that looks alike in every browser."""

    def __init__(self) -> None:
        super().__init__(
            format="%d/%m/%Y", attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}
        )


class DayField(forms.DateField):
    """A day; the years before and after are the form's own rule."""

    widget = DayInput

    def __init__(self, *, label: str, **more: Any) -> None:
        told = {
            "required": "Ghi ngày.",
            "invalid": "Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 05/11/2026.",
        }
        messages = told | more.pop("error_messages", {})
        super().__init__(label=label, input_formats=DAY_FORMATS, error_messages=messages, **more)
