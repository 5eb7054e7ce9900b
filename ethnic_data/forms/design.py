"""Forms of the catalogues: datasets, their columns, indicators, categories."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from ethnic_data.models import TOPICS, Aggregation, Category, Dimension, EthnicGroup, Indicator
from ethnic_data.services.columns import MOST, Wish
from portal.collection.models import Dataset, DatasetColumn, Frequency
from portal.formats import trimmed
from portal.units.models import Level
from portal.units.names import fold

from .people import day_field

DATASET_CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9-]*\Z", "Mã gồm chữ hoa không dấu, số và dấu gạch nối. Ví dụ: BIEU-05."
)
INDICATOR_CODE = RegexValidator(
    rf"^[{''.join(TOPICS)}][0-9]{{2,4}}\Z",
    "Mã gồm một chữ của nhóm chỉ tiêu và ít nhất hai chữ số. Ví dụ: D12.",
)
MEANING = ["code", "frequency", "row_axis", "row_level", "submitting_level", "source_kind"]
LOCKED = "Đã có bộ số liệu nộp theo biểu này nên mục này giữ nguyên."


class LinesField(forms.CharField):
    """A list of texts, one a line; empty lines are left out, a text stands once."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, longest: int, **more: Any) -> None:
        self.longest = longest
        super().__init__(required=False, **more)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in (super().clean(value) or "").splitlines()]
        if any(len(line) > self.longest for line in lines):
            raise ValidationError(f"Mỗi dòng nhiều nhất {self.longest} ký tự.")
        return list(dict.fromkeys(filter(None, lines)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def in_parts(*parts: tuple[str, list[str]]) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*(Fieldset(title, *fields) for title, fields in parts))
    return helper


def lock(form: forms.BaseForm, names: Iterable[str], why: str) -> None:
    for name in names:
        form.fields[name].disabled = True
        form.fields[name].help_text = why


def in_capitals(form: forms.BaseForm) -> None:
    """Choices begin with a capital; an empty one says what it is."""
    for field in form.fields.values():
        empty = "Chọn" if field.required else "Không"
        if isinstance(field, forms.ModelMultipleChoiceField):
            continue
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = empty
        elif isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
            field.choices = [
                (value, f"{words[:1].upper()}{words[1:]}" if value else empty)
                for value, words in field.choices
            ]


class DatasetForm(forms.ModelForm):
    instructions = LinesField(
        label="Hướng dẫn", longest=500, help_text="Mỗi dòng một câu; in ở đầu biểu mẫu."
    )
    aliases = LinesField(
        label="Tên gọi khác",
        longest=200,
        help_text="Mỗi dòng một tên mà tệp của các đơn vị dùng để gọi biểu này.",
    )
    later_level_since = day_field("Cấp nộp về sau, từ ngày", required=False)
    collected_from = day_field("Thu thập từ ngày", required=False)
    collected_until = day_field("Thôi thu thập từ ngày", required=False)

    class Meta:
        model = Dataset
        fields = [
            *MEANING, "short_title", "title", "later_level", "later_level_since",
            "includes_reference", "due_day", "due_month", "due_years_after", "due_months_after",
            "collected_from", "collected_until", "unit_of_measure", "every_unit",
            "wants_cover_letter", "instructions", "aliases", "is_active",
        ]  # fmt: skip
        help_texts = {
            "code": "Ví dụ: GIAO-DUC. Không đổi được khi đã có số liệu.",
            "short_title": "Dùng trong danh sách và tiêu đề cột.",
            "row_level": "Bảng theo dân tộc của cả tỉnh: chọn “chính đơn vị nộp”.",
            "source_kind": "Số liệu khác loại không bao giờ cộng với nhau.",
            "due_day": "Ngày trong tháng; ngày 31 của tháng ngắn là ngày cuối tháng.",
            "due_month": "Với biểu hằng năm.",
            "due_years_after": "0: ngay trong năm báo cáo; 1: năm sau.",
            "due_months_after": "Với biểu 6 tháng, quý, tháng. 1: tháng sau khi kết thúc kỳ.",
            "every_unit": "Thiếu một đơn vị thì chưa nộp được.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].validators.append(DATASET_CODE)
        in_capitals(self)
        if self.instance.pk and self.instance.submissions.exists():
            lock(self, MEANING, LOCKED)
        self.helper = in_parts(
            ("Tên biểu", ["code", "title", "short_title", "unit_of_measure"]),
            (
                "Ai nộp, về đâu",
                ["submitting_level", "later_level", "later_level_since", "row_axis", "row_level",
                 "every_unit", "includes_reference"],
            ),
            (
                "Kỳ và hạn nộp",
                ["frequency", "due_day", "due_month", "due_years_after", "due_months_after",
                 "collected_from", "collected_until"],
            ),
            ("Loại số liệu", ["source_kind", "wants_cover_letter"]),
            ("Trong tệp", ["instructions", "aliases"]),
            ("Tình trạng", ["is_active"]),
        )  # fmt: skip

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        yearly = told.get("frequency") == Frequency.YEARLY
        named = "due_month" if yearly else "due_months_after"
        if told.get("due_day") and told.get(named) is None:
            words = "Ghi tháng nộp." if yearly else "Ghi số tháng sau khi kết thúc kỳ."
            self.add_error(named, words)
        if told.get("submitting_level") == Level.NATION and not told.get("includes_reference"):
            self.add_error("includes_reference", "Biểu của cả nước phải chọn mục này.")
        if told.get("due_day"):
            told["due_months_after" if yearly else "due_month"] = None
        return told


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


class ColumnForm(forms.ModelForm):
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
        told = super().clean() or {}
        low, high = told.get("minimum"), told.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", "Giá trị lớn nhất phải từ giá trị nhỏ nhất trở lên.")
        if high is not None and high > MOST:
            self.add_error("maximum", "Giá trị lớn nhất nhiều nhất 100.000.000.")
        return told


INDICATOR_MEANING = [
    "code", "unit_of_measure", "aggregation", "numerator", "numerator_sex", "numerator_category",
    "denominator", "denominator_sex", "denominator_category", "factor", "weight", "counted",
]  # fmt: skip


class IndicatorForm(forms.ModelForm):
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
        told = super().clean() or {}
        ratio = told.get("aggregation") == Aggregation.RATIO
        for name in ("numerator", "denominator"):
            if ratio and not told.get(name):
                self.add_error(name, "Tỷ số phải có tử số và mẫu số.")
            if not ratio and not self.fields[name].disabled:
                told[name] = told[f"{name}_category"] = None
                told[f"{name}_sex"] = ""
            if told.get(name) and told[name].is_ratio:
                self.add_error(name, "Tử số và mẫu số phải là chỉ tiêu cộng được.")
        if told.get("aggregation") == Aggregation.MEAN and not told.get("weight"):
            self.add_error("weight", "Số bình quân phải có gia quyền.")
        if told.get("aggregation") == Aggregation.DISTINCT_COUNT and not told.get("counted"):
            self.add_error("counted", "Chọn chỉ tiêu để đếm dân tộc.")
        return told


class CategoryForm(forms.ModelForm):
    aliases = LinesField(
        label="Tên khác", longest=120, help_text="Mỗi dòng một cách viết trong tệp của đơn vị."
    )

    class Meta:
        model = Category
        fields = ["dimension", "code", "name", "aliases", "source", "is_verified", "is_active"]
        help_texts = {
            "code": "Chữ thường không dấu, số, dấu gạch dưới; không đổi được về sau.",
            "is_verified": "Đã thấy trong danh mục chính thức nêu ở nguồn.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dimension"].queryset = Dimension.objects.with_categories()
        in_capitals(self)
        self.fields["code"].max_length = 22  # stands in the key of a column
        self.fields["code"].widget.attrs["maxlength"] = 22
        if self.instance.pk:
            lock(self, ["dimension", "code"], "Mã và cách phân tổ không đổi được.")
        self.helper = in_parts(
            ("Phân loại", ["dimension", "name", "code", "aliases"]),
            ("Nguồn", ["source", "is_verified"]),
            ("Tình trạng", ["is_active"]),
        )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not self.instance.pk and len(code) > 22:
            raise ValidationError("Mã nhiều nhất 22 ký tự.")
        return code

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        dimension, name = told.get("dimension"), told.get("name")
        if dimension and name:
            same = Category.objects.filter(dimension=dimension).exclude(pk=self.instance.pk)
            if same.filter(name_key=fold(name)).exists():
                self.add_error("name", "Cách phân tổ này đã có tên đó.")
        return told


class DimensionForm(forms.ModelForm):
    class Meta:
        model = Dimension
        fields = ["code", "name", "is_active"]
        help_texts = {"code": "Chữ thường không dấu, số, dấu gạch dưới; không đổi được về sau."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            lock(self, ["code"], "Mã không đổi được.")
        self.helper = in_parts(("Cách phân tổ", ["name", "code", "is_active"]))
