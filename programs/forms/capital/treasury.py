"""A file of the treasury, what its amounts are counted in, and lines chosen for its open rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from programs.forms.quick import QuickSelect
from programs.models import TreasuryExtract, TreasuryRow


class ExtractForm(forms.Form):
    file = forms.FileField(
        label="Bảng kê giải ngân của Kho bạc",
        error_messages={
            "required": "Chọn tệp bảng kê.",
            "empty": "Tệp rỗng (0 byte). Hãy kiểm tra lại tệp rồi tải lên lần nữa.",
        },
    )


class ScaleForm(forms.Form):
    scale = forms.TypedChoiceField(
        label="Số tiền trong tệp tính bằng",
        choices=list(TreasuryExtract.SCALES.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn đơn vị tính."},
    )


class ChoosingForm(forms.Form):
    """One choice for each open row, among the lines that are offered for it."""

    def __init__(
        self, *args: Any, rows: Sequence[TreasuryRow], labels: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            word = "Huỷ khoản đã ghi: " if row.is_taking_back else ""
            offered = [(pk, f"{word}{labels[pk]}") for pk in row.candidates if pk in labels]
            self.fields[f"row_{row.pk}"] = forms.TypedChoiceField(
                label=f"Dòng vốn của dòng {row.place}",
                choices=[("", "Không ghi nhận"), *offered],
                coerce=int,
                empty_value=None,
                required=False,
                initial=row.plan_id,
                widget=QuickSelect(attrs={"class": "form-select"}),
            )

    def pairs(self) -> list[tuple[TreasuryRow, forms.BoundField]]:
        return [(row, self[f"row_{row.pk}"]) for row in self.rows]

    def chosen(self) -> dict[int, int | None]:
        return {row.pk: self.cleaned_data.get(f"row_{row.pk}") for row in self.rows}
