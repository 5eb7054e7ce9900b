"""Forms of reporting: what was sent, the documents of a programme, inspections."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from portal.accounts.models import User
from portal.days import DayField
from portal.documents.forms.citing import CitedDocumentField
from portal.units.models import AdministrativeUnit, Level
from programs.models import DocumentRole, Inspection, Programme

from .opened import OpenedForm
from .unit_words import with_last_day


class SentForm(forms.Form):
    """A report that went to the ministry, and its letter where it has one already."""

    document = CitedDocumentField(
        label="Theo văn bản", required=False, help_text="Bỏ trống khi văn bản chưa vào sổ."
    )
    note = forms.CharField(label="Ghi chú", required=False, max_length=300)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].by = by  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


class ProgrammeDocumentForm(forms.Form):
    document = CitedDocumentField(label="Văn bản trong sổ")
    role = forms.ChoiceField(label="Nội dung", choices=DocumentRole)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].by = by  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


class InspectionForm(OpenedForm):
    first_day = DayField(label="Từ ngày")
    last_day = DayField(label="Đến ngày")
    document = CitedDocumentField(label="Văn bản", required=False)

    class Meta:
        model = Inspection
        fields = ["first_day", "last_day", "place", "unit", "content", "finding", "document"]
        widgets = {
            "content": forms.Textarea(attrs={"rows": 2}),
            "finding": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, programme: Programme, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        self.fields["document"].by = by  # type: ignore[attr-defined]
        units = AdministrativeUnit.objects.filter(
            is_reference=False,
            level__in=[Level.DISTRICT, Level.COMMUNE],
            valid__overlap=programme.valid,
        )
        self.fields["unit"].queryset = units.order_by("level", "sort_key")  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = "Không gắn với địa bàn"  # type: ignore[attr-defined]
        self.fields["unit"].label_from_instance = with_last_day  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = told.get("first_day"), told.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        return told
