"""The form of a form of reporting: who sends it to whom, by when, since which circular."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from ethnic_data.forms.design.fields import in_parts
from programs.models import MonitoringForm

from .parts import CodeField, DatedForm


class MonitoringFormForm(DatedForm):
    code = CodeField(label="Mã", max_length=20)
    told_at: ClassVar[dict[str, str]] = {"monitoring_form_once_at_a_time": "code"}

    class Meta:
        model = MonitoringForm
        fields = [
            "code", "title", "columns", "sender", "receiver", "frequency", "deadline", "basis",
            "source", "confidence", "position",
        ]  # fmt: skip
        help_texts = {
            "deadline": "Như văn bản, ví dụ: trước 10/9; cập nhật trước 25/01 năm sau.",
            "basis": "Số, ký hiệu, ngày của thông tư.",
        }
        widgets = {"columns": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("confidence", "sourced")
        if not self.instance.pk:
            last = self.instance.programme.forms.order_by("position").last()
            self.initial.setdefault("position", last.position + 1 if last else 1)
        self.helper = in_parts(
            ("Biểu, báo cáo", ["code", "title", "columns", "position"]),
            ("Ai gửi, gửi ai, khi nào", ["sender", "receiver", "frequency", "deadline"]),
            ("Căn cứ", ["basis", "first_day", "last_day", "source", "confidence"]),
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        code = told.get("code")
        if code and self.days_are_right():
            same = self.instance.programme.forms.filter(code=code).exclude(pk=self.instance.pk)
            if other := same.filter(valid__overlap=self.instance.valid).first():
                self.add_error("code", f"Biểu này đã có ({other.days}); ghi mã hoặc ngày khác.")
        return told
