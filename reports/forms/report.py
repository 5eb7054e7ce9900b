"""A report begun, and what stands around its text: facts and recipients."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.models import User
from portal.collection.models import ReportingPeriod
from reports.models import (
    Authority,
    Recipient,
    Relation,
    Report,
    ReportTemplate,
)
from reports.services import Start

from .fields import day_field
from .signatories import signatories, with_title

STARTS = (
    (Start.TEMPLATE, "Từ đề cương: lời văn mẫu, số liệu của kỳ này"),
    (
        Start.EARLIER,
        "Từ báo cáo kỳ trước: giữ lời văn, lấy lại số liệu của kỳ này, đánh dấu chỗ đổi",
    ),
    (Start.BLANK, "Để trống: chỉ có tên, nơi nhận và người ký"),
)


class ReportForm(forms.Form):
    """Begin a report; `source` is the report it was asked for on, if it was."""

    template = forms.ModelChoiceField(
        ReportTemplate.objects.none(), label="Đề cương", empty_label=None
    )
    period = forms.ModelChoiceField(
        ReportingPeriod.objects.none(), label="Kỳ báo cáo", empty_label=None
    )
    start = forms.ChoiceField(
        label="Bắt đầu từ",
        choices=STARTS,
        initial=Start.TEMPLATE,
        required=False,
        widget=forms.RadioSelect,
    )
    source = forms.ModelChoiceField(Report.objects.none(), required=False, widget=forms.HiddenInput)
    report_date = day_field(
        "Ngày lập",
        help_text="Tên cơ quan, chức danh và địa giới được lấy theo ngày này.",
    )
    signatory = forms.ModelChoiceField(
        User.objects.none(), label="Người ký", required=False, empty_label="Chọn sau"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Report.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["template"].queryset = ReportTemplate.objects.for_reports()  # type: ignore[attr-defined]
        self.fields["period"].queryset = ReportingPeriod.objects.all()  # type: ignore[attr-defined]
        self.fields["signatory"].queryset = signatories()  # type: ignore[attr-defined]
        self.fields["signatory"].label_from_instance = with_title  # type: ignore[attr-defined]

    def clean_start(self) -> str:
        return self.cleaned_data["start"] or Start.TEMPLATE


class FactsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands around the text."""

    report_date = day_field(
        "Ngày lập", help_text="Tên cơ quan, chức danh và địa giới được lấy theo ngày này."
    )
    authority = forms.ChoiceField(label="Thẩm quyền ký", choices=Authority, required=False)

    class Meta:
        model = Report
        fields = ["subject", "report_date", "authority", "signatory"]
        widgets = {"subject": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signatory"].queryset = signatories()  # type: ignore[attr-defined]
        self.fields["signatory"].label_from_instance = with_title  # type: ignore[attr-defined]


class RecipientForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Recipient
        fields = ["text", "email", "prints_email", "relation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Nơi nhận"
        self.fields["relation"].choices = Relation.choices  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            style = "form-select" if name == "relation" else "form-control"
            if name != "prints_email":
                field.widget.attrs["class"] = style


RecipientFormSet = forms.modelformset_factory(
    Recipient, form=RecipientForm, extra=2, can_delete=True, can_order=False
)
