"""The form of a rule: only the fields that its kind reads, in its own words."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.days import DAY_FORMATS, DayInput
from portal.formats import trimmed

from .models import Dataset, DatasetRule

Kind = DatasetRule.Kind
# what each kind reads, with its words; the order is that of the form
FIELDS: dict[str, dict[str, str]] = {
    Kind.AT_MOST: {"columns": "Cột", "other": "không lớn hơn cột"},
    Kind.AT_LEAST: {"columns": "Cột", "other": "không nhỏ hơn cột"},
    Kind.SUM: {
        "columns": "Tổng các cột",
        "relation": "phải",
        "other": "cột",
        "parameter": "Được lệch (số)",
        "tolerance_percent": "Được lệch (%)",
    },
    Kind.RANGE: {"columns": "Cột", "minimum": "từ", "maximum": "đến"},
    Kind.RATIO: {
        "columns": "Cột (tử số)",
        "other": "chia cho cột",
        "parameter": "nhân với (để trống là 1)",
        "minimum": "từ",
        "maximum": "đến",
    },
    Kind.REQUIRED_IF: {
        "columns": "Cột phải có số liệu",
        "other": "khi cột",
        "parameter": "lớn hơn (để trống là 0)",
    },
    Kind.CHANGE: {"columns": "Cột", "parameter": "Tăng hoặc giảm từ mấy lần (để trống là 3)"},
    Kind.OUTLIER: {
        "columns": "Cột",
        "parameter": "Ngưỡng (để trống là 3,5)",
        "minimum": "Bỏ qua khi lệch không quá (để trống là 10 với số đếm)",
    },
    Kind.CROSS: {
        "columns": "Tổng các cột của biểu này",
        "over_groups": "Cộng các dân tộc của mỗi đơn vị",
        "relation": "phải",
        "other_columns": "tổng các cột của biểu kia",
        "parameter": "Được lệch (số)",
        "tolerance_percent": "Được lệch (%)",
    },
}
WORDS = {
    Kind.AT_MOST: "Một cột không lớn hơn một cột khác: số hộ nghèo không quá số hộ.",
    Kind.AT_LEAST: "Một cột không nhỏ hơn một cột khác.",
    Kind.SUM: "Tổng mấy cột bằng, không quá hoặc không dưới một cột: nam và nữ bằng tổng số.",
    Kind.RANGE: "Giá trị nằm giữa hai số.",
    Kind.RATIO: "Một cột chia cho một cột nằm giữa hai số: số người mỗi hộ từ 2 đến 8.",
    Kind.REQUIRED_IF: "Cột này phải có khi cột kia lớn hơn 0.",
    Kind.CHANGE: "So với kỳ trước: tăng hoặc giảm nhiều lần.",
    Kind.OUTLIER: "Khác xa các dòng khác hoặc các kỳ trước của đơn vị.",
    Kind.CROSS: "So với số liệu đã duyệt của một biểu khác.",
}
NEEDED = {"columns", "other", "relation", "other_columns"}
COMMON = ("severity", "message", "since", "warning_periods")
ONE_COLUMN = {Kind.RATIO}


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One rule of one kind. `instance` carries dataset, kind and the other dataset."""

    columns = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một cột."},
    )
    other_columns = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"required": "Chọn ít nhất một cột của biểu kia."},
    )

    class Meta:
        model = DatasetRule
        fields = [
            "columns",
            "over_groups",
            "relation",
            "other",
            "other_columns",
            "parameter",
            "tolerance_percent",
            "minimum",
            "maximum",
            *COMMON,
        ]
        help_texts = {
            "message": "Để trống thì dùng câu có sẵn. Trong câu ghi được {value}: số ở ô, "
            "{other}: số so sánh, {heading}: tên cột.",
            "since": "Kỳ kết thúc từ ngày này trở đi; để trống là mọi kỳ.",
            "warning_periods": "Quy tắc mới chỉ nhắc trong mấy kỳ đầu, rồi mới thành lỗi.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = trimmed(self.initial)
        rule = self.instance
        words = FIELDS[rule.kind]
        for name in [name for name in self.fields if name not in (*words, *COMMON)]:
            del self.fields[name]
        own = _columns_of(rule.dataset)
        self.fields["columns"].choices = own  # type: ignore[attr-defined]
        if "other" in self.fields:
            self.fields["other"] = forms.ChoiceField(choices=[("", "Chọn cột"), *own])
        if "other_columns" in self.fields and rule.other_dataset is not None:
            choices = _columns_of(rule.other_dataset)
            self.fields["other_columns"].choices = choices  # type: ignore[attr-defined]
        for name, label in words.items():
            self.fields[name].label = label
            self.fields[name].required = name in NEEDED
        self.fields["severity"].choices = [  # type: ignore[attr-defined]
            (value, label.capitalize()) for value, label in DatasetRule.Severity.choices
        ]
        if "since" in self.fields:
            self.fields["since"].input_formats = DAY_FORMATS  # type: ignore[attr-defined]
            self.fields["since"].widget = DayInput()
        self.order_fields([*words, *COMMON])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        columns, other = data.get("columns") or [], data.get("other")
        if other and other in columns:
            self.add_error("other", "Chọn một cột khác với các cột ở trên.")
        if self.instance.kind in ONE_COLUMN and len(columns) > 1:
            self.add_error("columns", "Chọn một cột.")
        bounded = self.instance.kind in (Kind.RANGE, Kind.RATIO)
        if bounded and data.get("minimum") is None and data.get("maximum") is None:
            self.add_error("minimum", "Ghi ít nhất một trong hai số.")
        if self.instance.kind in (Kind.CHANGE, Kind.OUTLIER):
            factor = data.get("parameter")
            if factor is not None and factor <= (1 if self.instance.kind == Kind.CHANGE else 0):
                self.add_error("parameter", "Ghi một số lớn hơn.")
        if (data.get("tolerance_percent") or 0) < 0:
            self.add_error("tolerance_percent", "Ghi số từ 0 trở lên.")
        return data


def _columns_of(dataset: Dataset) -> list[tuple[str, str]]:
    """Columns that hold numbers which somebody enters."""
    columns = dataset.columns.filter(kind="entered", until=None).exclude(value_type="text")
    return [(column.key, " › ".join([*column.parents, column.heading])) for column in columns]
