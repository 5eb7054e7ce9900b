"""The form of an indicator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from ethnic_data.models import TOPICS, Aggregation, Dimension, Indicator
from portal.formats import trimmed

from .fields import Named, in_capitals, in_parts, lock

INDICATOR_CODE = RegexValidator(
    rf"^[{''.join(TOPICS)}][0-9]{{2,4}}\Z",
    "Mã gồm một chữ của nhóm chỉ tiêu và ít nhất hai chữ số. Ví dụ: D12.",
)
INDICATOR_MEANING = [
    "code", "unit_of_measure", "aggregation", "numerator", "numerator_sex", "numerator_category",
    "denominator", "denominator_sex", "denominator_category", "factor", "weight", "counted",
    "all_groups",
]  # fmt: skip


class IndicatorForm(Named):
    disaggregation = forms.MultipleChoiceField(
        label="Phân tổ", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Indicator
        fields = [
            "code", "name", "unit_of_measure", "level", "disaggregation", "aggregation",
            "numerator", "numerator_sex", "numerator_category", "denominator", "denominator_sex",
            "denominator_category", "factor", "weight", "counted", "all_groups", "definition",
            "source", "is_active",
        ]  # fmt: skip
        help_texts = {
            "code": "Chữ đầu là nhóm: "
            + ", ".join(f"{letter} {name.lower()}" for letter, name in TOPICS.items())
            + ".",
            "unit_of_measure": "Ví dụ: hộ, người, km, %. “có/không” cho chỉ tiêu có hoặc không.",
            "factor": "Tỷ lệ phần trăm: 100; phần nghìn: 1000.",
            "weight": "Chỉ với số bình quân: bình quân theo chỉ tiêu nào.",
            "counted": "Chỉ với chỉ tiêu đếm dân tộc.",
            "all_groups": "Khi chưa có số báo cáo thì cộng chỉ tiêu này của các dân tộc thiểu số.",
        }
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, is_used: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = trimmed(self.initial)
        self.fields["code"].validators.append(INDICATOR_CODE)
        self.fields["disaggregation"].choices = list(
            Dimension.objects.active().values_list("code", "name")
        )
        in_capitals(self)
        if is_used:
            lock(self, INDICATOR_MEANING, "Đã có số liệu dùng chỉ tiêu này nên mục này giữ nguyên.")
        self.helper = in_parts(
            ("Chỉ tiêu", ["code", "name", "unit_of_measure", "level", "disaggregation"]),
            ("Cách tổng hợp", ["aggregation"]),
            (
                "Với tỷ số",
                ["numerator", "numerator_sex", "numerator_category", "denominator",
                 "denominator_sex", "denominator_category", "factor"],
            ),
            ("Số bình quân, số đếm, phần thiểu số", ["weight", "counted", "all_groups"]),
            ("Ghi chú", ["definition", "source", "is_active"]),
        )  # fmt: skip

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        ratio = told.get("aggregation") == Aggregation.RATIO
        for name in ("numerator", "denominator"):
            if ratio and not told.get(name):
                self.add_error(name, "Tỷ số phải có tử số và mẫu số.")
            if not ratio and not self.fields[name].disabled:
                told[name] = told[f"{name}_category"] = None
                told[f"{name}_sex"] = ""
            if told.get(name) and told[name].is_ratio:
                self.add_error(name, "Tử số và mẫu số phải là chỉ tiêu cộng được.")
        self._refuse_parts(told)
        if told.get("aggregation") == Aggregation.MEAN and not told.get("weight"):
            self.add_error("weight", "Số bình quân phải có gia quyền.")
        if told.get("aggregation") == Aggregation.DISTINCT_COUNT and not told.get("counted"):
            self.add_error("counted", "Chọn chỉ tiêu để đếm dân tộc.")
        return told

    def _refuse_parts(self, told: dict[str, Any]) -> None:
        """What a figure is computed from is another indicator, and one that adds up."""
        for name in ("weight", "counted", "all_groups"):
            part = told.get(name)
            if part is None or self.fields[name].disabled:
                continue
            if part.pk == self.instance.pk:
                self.add_error(name, "Chọn một chỉ tiêu khác chính chỉ tiêu này.")
            elif part.aggregation != Aggregation.SUM:
                self.add_error(name, "Chọn chỉ tiêu cộng được.")
