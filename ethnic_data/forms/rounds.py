"""Forms of a round of the survey and of one of its tables."""

from __future__ import annotations

from typing import Any

from django import forms

from ethnic_data.models import EthnicGroup, SurveyRound, SurveyTable
from ethnic_data.services.rounds import has_data, is_sent
from portal.collection.models import Dataset, Frequency

from .design.fields import in_capitals, in_parts, lock
from .people import day_field

FIRST, LAST = 1989, 2099


class RoundForm(forms.ModelForm):
    reference_date = day_field("Thời điểm điều tra")
    full = forms.ModelMultipleChoiceField(
        label="Dân tộc điều tra toàn bộ",
        required=False,
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="Các dân tộc khác là điều tra mẫu trong biểu chọn “toàn bộ hoặc mẫu”.",
    )

    class Meta:
        model = SurveyRound
        fields = [
            "year", "title", "plan", "reference_date", "fieldwork", "coverage", "method",
            "full_below", "note", "is_verified",
        ]  # fmt: skip
        help_texts = {
            "plan": "Số, ký hiệu, ngày của quyết định ban hành phương án.",
            "full_below": "Số người; bỏ trống khi không theo quy mô dân tộc.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full"].queryset = EthnicGroup.objects.listed().order_by("code")
        if self.instance.pk:
            self.initial["full"] = list(self.instance.full_counts.values_list("group", flat=True))
            if has_data(self.instance):
                lock(self, ["full"], "Đã có số liệu theo danh sách này nên giữ nguyên.")
        self.helper = in_parts(
            ("Vòng điều tra", ["year", "title", "plan", "reference_date", "fieldwork"]),
            ("Cách điều tra", ["coverage", "method", "full_below", "full"]),
            ("Nguồn", ["note", "is_verified"]),
        )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not FIRST <= year <= LAST:
            raise forms.ValidationError(f"Năm từ {FIRST} đến {LAST}.")
        if self.instance.pk and year != self.instance.year and self.instance.tables.exists():
            raise forms.ValidationError("Vòng đã có biểu nên năm giữ nguyên.")
        return year

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        year, day = told.get("year"), told.get("reference_date")
        if year and day and day.year != year:
            self.add_error("reference_date", "Thời điểm điều tra phải trong năm của vòng.")
        return told


class TableForm(forms.ModelForm):
    year = forms.IntegerField(label="Năm của số liệu", min_value=FIRST, max_value=LAST)
    reference_date = day_field("Thời điểm số liệu")

    class Meta:
        model = SurveyTable
        fields = ["dataset", "reference_date", "counting", "source", "is_verified"]

    field_order = ("dataset", "year", "reference_date", "counting", "source", "is_verified")

    def __init__(self, *args: Any, survey: SurveyRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.round = survey
        yearly = Dataset.objects.active().filter(frequency=Frequency.YEARLY)
        self.fields["dataset"].queryset = yearly
        told = self.instance.period.year if self.instance.pk else survey.year
        self.initial.setdefault("year", told)
        self.initial.setdefault("reference_date", survey.reference_date)
        in_capitals(self)
        if self.instance.pk and is_sent(self.instance):
            lock(
                self,
                ["dataset", "year", "reference_date", "counting"],
                "Biểu đã có bộ số liệu nên mục này giữ nguyên.",
            )
        self.helper = in_parts(
            ("Biểu", ["dataset", "year", "reference_date", "counting"]),
            ("Nguồn", ["source", "is_verified"]),
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        year, day = told.get("year"), told.get("reference_date")
        if year and day and day.year != year:
            self.add_error("reference_date", "Thời điểm phải trong năm của số liệu.")
        dataset, counting = told.get("dataset"), told.get("counting")
        by_group = counting == SurveyTable.Counting.BY_GROUP
        if dataset and by_group and dataset.row_axis != Dataset.RowAxis.UNIT_GROUP:
            self.add_error("counting", "Biểu này không chia theo dân tộc.")
        return told
