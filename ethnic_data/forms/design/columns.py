"""The forms of columns: which a dataset gets of an indicator, and their words and bounds."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from ethnic_data.forms.people import day_field
from ethnic_data.models import Category, EthnicGroup, Indicator
from ethnic_data.services.columns import MOST, Wish
from portal.collection.models import DatasetColumn
from portal.formats import trimmed
from portal.units.names import fold

from .fields import LinesField, Named, in_parts


class ChooseIndicator(forms.Form):
    """The first step of adding columns."""

    chi_tieu = forms.ModelChoiceField(
        label="Chỉ tiêu", queryset=Indicator.objects.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chi_tieu"].queryset = Indicator.objects.active()


class BuilderForm(forms.Form):
    """Which columns of one indicator a dataset gets."""

    tong_so = forms.BooleanField(label="Cột tổng số", required=False, initial=True)
    gioi_tinh = forms.BooleanField(label="Chia nam, nữ", required=False)
    phan_loai = forms.ModelMultipleChoiceField(
        label="Chia theo phân loại",
        queryset=Category.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    dan_toc = forms.ModelMultipleChoiceField(
        label="Chia theo dân tộc (thành cột)",
        queryset=EthnicGroup.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    tieu_de = forms.CharField(
        label="Tiêu đề",
        max_length=200,
        required=False,
        help_text="Để trống thì lấy tên chỉ tiêu. Khi có nhiều cột, đây là tiêu đề chung ở trên.",
    )
    bat_buoc = forms.BooleanField(label="Bắt buộc nhập", required=False, initial=True)
    quy_tac = forms.BooleanField(
        label="Thêm quy tắc hiển nhiên",
        required=False,
        initial=True,
        help_text="Nam cộng nữ bằng tổng số; mỗi phân loại không lớn hơn tổng số.",
    )
    tu_ngay = day_field(
        "Dùng từ ngày",
        required=False,
        help_text="Các kỳ kết thúc trước ngày này không có cột mới. Để trống: mọi kỳ.",
    )

    def __init__(
        self, *args: Any, indicator: Indicator, by_group: bool, since: datetime.date | None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.fields["tu_ngay"].initial = since
        parts = set(indicator.disaggregation)
        categories = Category.objects.active().of_dimensions(list(parts))
        self.fields["phan_loai"].queryset = categories.select_related("dimension")
        if len(parts - {"sex", "ethnic_group"}) > 1:
            self.fields["phan_loai"].label_from_instance = _with_dimension
        self.fields["dan_toc"].queryset = EthnicGroup.objects.order_by("code")
        if "sex" not in parts:
            del self.fields["gioi_tinh"]
        if indicator.is_ratio or not categories:
            del self.fields["phan_loai"]
        if indicator.is_ratio or by_group or "ethnic_group" not in parts:
            del self.fields["dan_toc"]
        if indicator.is_ratio:
            del self.fields["tong_so"], self.fields["bat_buoc"], self.fields["quy_tac"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("phan_loai") and told.get("dan_toc"):
            raise ValidationError("Chọn chia theo phân loại hoặc theo dân tộc, không cả hai.")
        return told

    def wish(self) -> Wish:
        told = self.cleaned_data
        return Wish(
            indicator=self.indicator,
            total=told.get("tong_so", True),
            sexes=told.get("gioi_tinh", False),
            categories=list(told.get("phan_loai") or []),
            groups=list(told.get("dan_toc") or []),
            heading=told.get("tieu_de", ""),
            required=told.get("bat_buoc", True),
        )


def _with_dimension(category: Category) -> str:
    return f"{category.name} ({category.dimension.name})"


class ColumnForm(Named):
    """The words and bounds of a column; what it measures does not change."""

    parents = LinesField(
        label="Tiêu đề trên", longest=200, help_text="Mỗi dòng một tầng, tầng ngoài cùng trước."
    )
    aliases = LinesField(
        label="Tên khác", longest=200, help_text="Mỗi dòng một tên cột mà tệp của đơn vị dùng."
    )

    class Meta:
        model = DatasetColumn
        fields = [
            "heading", "parents", "aliases", "is_required", "minimum", "maximum", "decimals",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = trimmed(self.initial)
        if self.instance.kind == DatasetColumn.Kind.COMPUTED:
            del self.fields["is_required"], self.fields["minimum"]
        self.helper = in_parts(
            ("Trong biểu mẫu", ["heading", "parents", "aliases"]),
            (
                "Giá trị",
                [f for f in ("is_required", "minimum", "maximum", "decimals") if f in self.fields],
            ),
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        self._refuse_same_heading(told)
        low, high = told.get("minimum"), told.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", "Giá trị lớn nhất phải từ giá trị nhỏ nhất trở lên.")
        if high is not None and high > MOST:
            self.add_error("maximum", "Giá trị lớn nhất nhiều nhất 100.000.000.")
        return told

    def _refuse_same_heading(self, told: dict[str, Any]) -> None:
        """Two columns of one name could not be told apart in a file."""
        heading = told.get("heading")
        if not heading:
            return
        name = [fold(text) for text in (*told.get("parents", []), heading)]
        others = DatasetColumn.objects.filter(dataset=self.instance.dataset, until=None)
        for other in others.exclude(pk=self.instance.pk):
            if [fold(text) for text in (*other.parents, other.heading)] == name:
                words = f"Cột số {other.number} đã có tiêu đề này. Ghi tiêu đề khác."
                self.add_error("heading", words)
                return
