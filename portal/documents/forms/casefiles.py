"""Forms of case files and of how long they are kept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout, Row
from django import forms
from django.utils import timezone

from portal.accounts.models import Division, User
from portal.documents.models import CaseFile, RetentionTerm
from portal.documents.services.casefiles import next_symbol

from .desk import styled
from .entry import FOLD, FOLD_END, day_field

if TYPE_CHECKING:
    from collections.abc import Sequence


def folded(summary: str, *fields: Any) -> Sequence[Any]:
    """A part of a form that is seldom needed, folded away."""
    return (
        HTML(FOLD.format(summary)),
        *fields,
        HTML(FOLD_END),
    )


class CaseFileForm(forms.ModelForm):  # type: ignore[type-arg]
    opened_date = day_field("Ngày mở")

    class Meta:
        model = CaseFile
        fields = [
            "year", "symbol", "title", "retention", "division", "maker", "opened_date",
            "rights", "language", "description",
        ]  # fmt: skip
        widgets = {"title": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        people = User.objects.having("reports.view").order_by("sort_key")
        self.fields["maker"].queryset = people  # type: ignore[attr-defined]
        self.fields["retention"].queryset = RetentionTerm.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["division"].queryset = Division.objects.all()  # type: ignore[attr-defined]
        self.fields["language"].required = False
        for name in ("retention", "division", "maker"):
            self.fields[name].empty_label = "Chưa chọn"  # type: ignore[attr-defined]
        if not user.has_perm("documents.number"):
            self.fields["maker"].queryset = people.filter(pk=user.pk)  # type: ignore[attr-defined]
            self.fields["division"].queryset = Division.objects.filter(pk=user.division_id)  # type: ignore[attr-defined]
        if not self.instance.pk:
            self.initial |= {
                "year": today.year, "maker": user, "division": user.division,
                "opened_date": today,
            }  # fmt: skip
            if user.division is not None:
                self.initial["symbol"] = next_symbol(user.division.code, today.year)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Row(
                Column("symbol", css_class="col-7 col-sm-4"),
                Column("year", css_class="col-5 col-sm-3"),
                Column("opened_date", css_class="col-12 col-sm-5"),
            ),
            "title",
            "retention",
            Row(
                Column("division", css_class="col-12 col-sm-6"),
                Column("maker", css_class="col-12 col-sm-6"),
            ),
            Div(*folded("Quyền đọc, ngôn ngữ, ghi chú", "rights", "language", "description")),
        )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 1945 <= year <= timezone.localdate().year + 1:
            raise forms.ValidationError("Năm chưa đúng.")
        return year

    def clean_symbol(self) -> str:
        return " ".join(self.cleaned_data["symbol"].split())

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"].strip()
        return language or "Tiếng Việt"

    def clean_opened_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["opened_date"]
        if not datetime.date(1945, 9, 2) <= date <= timezone.localdate():
            raise forms.ValidationError("Ngày mở không thể sau hôm nay.")
        return date


class PutInForm(forms.Form):
    """A document by number and symbol, and how many pages it has."""

    named = forms.CharField(label="Số, ký hiệu văn bản", max_length=100)
    pages = forms.IntegerField(label="Số trang", min_value=0, max_value=9999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class CloseForm(forms.Form):
    closed_date = day_field("Ngày kết thúc")
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closed_date"].initial = timezone.localdate()
        styled(self)

    def clean_closed_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["closed_date"]
        if date > timezone.localdate():
            raise forms.ValidationError("Ngày kết thúc không thể sau hôm nay.")
        return date


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = RetentionTerm
        fields = ["kind", "name", "years", "basis", "position", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False

    def clean_position(self) -> int:
        position = self.cleaned_data["position"]
        if position is not None and position > 9999:
            raise forms.ValidationError("Thứ tự từ 0 đến 9.999.")
        return position or 0
