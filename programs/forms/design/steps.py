"""The forms of a step of reporting, and of a kind of output."""

from __future__ import annotations

from typing import Any, ClassVar

from ethnic_data.forms.design.fields import in_parts
from portal.collection.models import Dataset
from programs.models import Component, OutputKind, Programme, ReportStep

from .parts import CodeField, DatedForm, PartForm


class ReportStepForm(DatedForm):
    told_at: ClassVar[dict[str, str]] = {
        "report_step_once_at_a_time": "occasion",
        "report_step_due_rule": "due_day",
    }

    class Meta:
        model = ReportStep
        fields = [
            "form", "position", "level", "who", "does", "occasion", "dataset", "due_day",
            "due_month", "due_years_after", "due_months_after", "days_after", "basis",
        ]  # fmt: skip
        labels = {
            "due_years_after": "Sau năm thực hiện (năm)",
            "due_months_after": "Hoặc tháng thứ mấy sau kỳ",
            "days_after": "Hoặc số ngày sau khi hoàn thành",
            "due_day": "Ngày",
            "due_month": "Tháng",
        }
        help_texts = {
            "due_years_after": "0 là trong năm thực hiện, 1 là năm sau.",
            "dataset": "Biểu cho biết ai đã làm xong bước này.",
            "basis": "Như văn bản, ví dụ: trước 10/9 của năm thực hiện.",
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        self.fields["form"].queryset = programme.forms.order_by("position")
        self.fields["form"].empty_label = "Chọn biểu, báo cáo"
        self.fields["dataset"].queryset = Dataset.objects.filter(row_level="record")
        self.fields["dataset"].empty_label = "Không theo dõi bằng số liệu"
        if not self.instance.pk:
            last = ReportStep.objects.filter(form__programme=programme).order_by("position").last()
            self.initial.setdefault("position", last.position + 1 if last else 1)
        self.helper = in_parts(
            ("Bước", ["form", "position", "level", "who", "does", "occasion", "dataset"]),
            ("Hạn: một ngày trong năm, hoặc một ngày sau kỳ, hoặc số ngày sau khi hoàn thành",
             ["due_day", "due_month", "due_years_after", "due_months_after", "days_after"]),
            ("Căn cứ", ["basis", "first_day", "last_day"]),
        )  # fmt: skip


class OutputKindForm(PartForm):
    code = CodeField(label="Mã", max_length=20)
    told_at: ClassVar[dict[str, str]] = {
        "output_kind_counted_known": "counted",
        "output_kind_decimals": "decimals",
    }

    class Meta:
        model = OutputKind
        fields = [
            "component", "code", "name", "unit_of_measure", "counted", "decimals", "position",
            "is_active",
        ]  # fmt: skip
        help_texts = {
            "unit_of_measure": "Ví dụ: hộ, km, trạm, người.",
            "code": "Ví dụ KQ-DUONG; mã này đứng trong biểu nhập kết quả.",
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        components = Component.objects.filter(programme=programme)
        self.fields["component"].queryset = components.select_related("parent").in_order()
        self.fields["component"].label_from_instance = lambda one: f"{one.code} {one.name}"
        self.fields["component"].empty_label = "Chọn dự án, nội dung"
        if not self.instance.pk:
            kinds = OutputKind.objects.filter(component__programme=programme)
            last = kinds.order_by("position").last()
            self.initial.setdefault("position", last.position + 1 if last else 1)
        self.helper = in_parts(
            ("Kết quả", ["component", "code", "name", "unit_of_measure", "counted", "decimals"]),
            ("Trong danh mục", ["position", "is_active"]),
        )
