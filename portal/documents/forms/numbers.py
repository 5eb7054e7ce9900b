"""The clerk's small forms beside a series of numbers."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from portal.documents.models import Register

from .entry import day_field


class TakeNumberForm(forms.Form):
    """Take the next number, or enter the one that was given."""

    date = day_field("Ngày ghi trên văn bản")
    number = forms.IntegerField(label="Số được cấp", min_value=1, max_value=999_999, required=False)
    purpose = forms.CharField(
        label="Lấy số để", max_length=300, help_text="Ví dụ: Công văn góp ý dự thảo kế hoạch."
    )

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].initial = timezone.localdate()
        if register.numbering == Register.Numbering.GIVEN:
            self.fields["number"].required = True
        else:
            del self.fields["number"]

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        if date > timezone.localdate():
            raise forms.ValidationError("Ngày văn bản không thể sau hôm nay.")
        if date.year < 1945:
            raise forms.ValidationError("Ngày văn bản chưa đúng.")
        return date


class VoidNumberForm(forms.Form):
    year = forms.IntegerField(min_value=1945, max_value=9999)
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = forms.CharField(label="Lý do huỷ", max_length=300)


class NumberingForm(forms.Form):
    numbering = forms.ChoiceField(
        choices=[
            (way.value, way.label)
            for way in (Register.Numbering.AUTOMATIC, Register.Numbering.GIVEN)
        ]
    )


class OldBookForm(forms.Form):
    """The last number of the book kept before the portal, and its day."""

    date = day_field("Ngày của số cuối trong sổ cũ")
    last = forms.IntegerField(label="Số cuối trong sổ cũ", min_value=1, max_value=999_999)

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        if not 1945 <= date.year <= timezone.localdate().year:
            raise forms.ValidationError("Ngày chưa đúng.")
        return date
