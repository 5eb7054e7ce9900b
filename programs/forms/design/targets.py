"""The form of a target, with what is to be reached in each year of the programme."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Div
from django import forms

from ethnic_data.forms.design.fields import in_parts
from ethnic_data.models import Indicator
from portal.collection.workbooks.names import tidy
from programs.models import Target

from .parts import CodeField, PartForm, ProvinceField

YEARS_WITHOUT_END = 10
PRINTED = 200


class TargetForm(PartForm):
    code = CodeField(label="Mã", max_length=20)
    unit = ProvinceField(
        label="Mục tiêu của", required=False, help_text="Mục tiêu riêng của tỉnh thì chọn tỉnh."
    )
    indicator_code = forms.ChoiceField(
        label="Chỉ tiêu so sánh",
        required=False,
        help_text="Số đạt được lấy từ chỉ tiêu này; không chọn khi chưa có chỉ tiêu.",
    )
    told_at: ClassVar[dict[str, str]] = {"target_code_once": "code"}

    class Meta:
        model = Target
        fields = [
            "code", "name", "unit_of_measure", "unit", "direction", "measure", "indicator_code",
            "position", "source", "confidence", "is_verified",
        ]  # fmt: skip
        help_texts = {"unit_of_measure": "Ví dụ: %, lần, điểm %/năm, hộ."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = self.instance.programme
        self.fields["unit"].empty_label = "Cả nước"
        self.fields["indicator_code"].choices = self._indicators()
        self.initial.setdefault("confidence", "sourced")
        if not self.instance.pk:
            last = programme.targets.order_by("position").last()
            self.initial.setdefault("position", last.position + 1 if last else 1)
        self.printed = (
            {value.year: value.printed for value in self.instance.values.all()}
            if self.instance.pk
            else {}
        )
        self.years = sorted({*programme.years_of(YEARS_WITHOUT_END), *self.printed})
        for year in self.years:
            self.fields[f"nam_{year}"] = forms.CharField(
                label=f"Năm {year}",
                required=False,
                max_length=PRINTED,
                initial=self.printed.get(year, ""),
            )
        years: Any = Div(*(f"nam_{year}" for year in self.years), css_class="form-pair")
        self.helper = in_parts(
            ("Mục tiêu", ["code", "name", "unit_of_measure", "unit", "direction", "position"]),
            ("Mức phải đạt, ghi như văn bản (ví dụ >98, 2,5, 1/2); năm không đặt mức thì bỏ trống",
             [years]),
            ("So với số liệu", ["indicator_code", "measure"]),
            ("Nguồn", ["source", "confidence", "is_verified"]),
        )  # fmt: skip

    def _indicators(self) -> list[tuple[str, str]]:
        known = Indicator.objects.order_by("position").values_list("code", "name", "is_active")
        kept = self.instance.indicator_code
        listed = [(code, f"{code} {name}") for code, name, used in known if used or code == kept]
        if kept and kept not in dict(listed):
            listed.append((kept, kept))
        return [("", "Không"), *listed]

    def values(self) -> dict[int, str]:
        """What is printed of each year; "" where nothing is laid down."""
        return {year: tidy(self.cleaned_data[f"nam_{year}"]) for year in self.years}
