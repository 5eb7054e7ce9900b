"""Forms of those who decide how data are reviewed: levels, closing, more time, substitutes."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone

from portal.accounts.models import User
from portal.collection.models import Reviewer
from portal.collection.services.standing_in import possible_substitutes
from portal.days import DayField


def with_button(word: str) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": ""}  # the portal says what is wrong, in its own words
    helper.add_input(Submit("", word, css_class="btn btn-primary"))
    return helper


class LevelsForm(forms.Form):
    """Which levels approve a dataset from a day on, and when its periods close."""

    since = DayField(label="Áp dụng từ ngày")
    reviewers = forms.MultipleChoiceField(
        label="Các cấp duyệt, lần lượt từ dưới lên",
        choices=Reviewer.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một cấp."},
    )
    helper = with_button("Lưu các cấp duyệt")

    def clean_since(self) -> datetime.date:
        since: datetime.date = self.cleaned_data["since"]
        if since < timezone.localdate():
            raise forms.ValidationError("Chọn một ngày từ hôm nay trở đi.")
        return since


class ClosingForm(forms.Form):
    since = DayField(label="Áp dụng cho hạn nộp từ ngày")
    days = forms.IntegerField(
        label="Khoá sổ sau hạn nộp (ngày)",
        required=False,
        min_value=0,
        max_value=365,
        help_text="Để trống: không khoá sổ.",
        error_messages={
            "invalid": "Ghi số ngày, ví dụ 15.",
            "min_value": "Số ngày từ 0 trở lên.",
            "max_value": "Số ngày không quá 365.",
        },
    )
    helper = with_button("Lưu ngày khoá sổ")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, auto_id="khoa-so-%s", **more)  # beside a form with a `since` too


class ExceptionForm(forms.Form):
    """More time for one unit: until when, why."""

    until = DayField(label="Nộp được đến hết ngày")
    reason = forms.CharField(
        label="Lý do gia hạn",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi lý do gia hạn."},
    )
    helper = with_button("Gia hạn")


class DelegationForm(forms.Form):
    """Who stands in, from the first day to the last."""

    substitute = forms.ModelChoiceField(
        User.objects.none(),
        label="Người thay",
        empty_label="Chọn người",
        error_messages={"required": "Chọn người thay."},
    )
    first = DayField(label="Từ ngày")
    last = DayField(label="Đến hết ngày")
    reason = forms.CharField(label="Lý do (nếu có)", max_length=300, required=False)
    helper = with_button("Lưu uỷ quyền")

    def __init__(self, *args: Any, principal: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["substitute"]
        field.queryset = possible_substitutes(principal).select_related("area")  # type: ignore[attr-defined]
        field.label_from_instance = person_and_post  # type: ignore[attr-defined]


class SuccessorForm(forms.Form):
    successor = forms.ModelChoiceField(
        User.objects.none(),
        label="Người nhận",
        empty_label="Chọn người",
        error_messages={"required": "Chọn người nhận."},
    )
    helper = with_button("Bàn giao")

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        field.queryset = possible_substitutes(leaver).select_related("area")  # type: ignore[attr-defined]
        field.label_from_instance = person_and_post  # type: ignore[attr-defined]


def person_and_post(person: User) -> str:
    return f"{person.full_name} ({person.title or person.get_role_display()})"
