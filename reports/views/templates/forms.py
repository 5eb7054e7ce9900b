"""Forms of templates: what stands around the text, one section, recipients, deadlines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from portal.accounts.models import User
from portal.collection.models import ReportingPeriod
from reports.forms import BodyField, day_field, with_title
from reports.models import Level, Relation, ReportTemplate


class NewTemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """Begin a template."""

    class Meta:
        model = ReportTemplate
        fields = ["code", "title", "subject", "document_type", "rhythm"]
        widgets = {"subject": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"code": "Ngắn, không dấu hoặc có dấu, ví dụ CTDT-THANG."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_type"].empty_label = "Chưa chọn"  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service checks the row as a whole; the form only reads what was typed."""


class TemplateFactsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands around the text of a template."""

    class Meta:
        model = ReportTemplate
        fields = [
            "title",
            "subject",
            "document_type",
            "rhythm",
            "unit_level",
            "authority",
            "signatory",
            "division",
        ]
        widgets = {"subject": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "unit_level": "Để trống: một báo cáo của cả tỉnh. Chọn cấp: mỗi đơn vị một phiếu.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signatory"].queryset = User.objects.having("reports.sign")  # type: ignore[attr-defined]
        self.fields["signatory"].label_from_instance = with_title  # type: ignore[attr-defined]
        for name in ("document_type", "signatory", "division"):
            self.fields[name].empty_label = "Chưa chọn"  # type: ignore[attr-defined]
        level: Any = self.fields["unit_level"]
        level.choices = [("", "Cả tỉnh"), *list(level.choices)[1:]]

    def _post_clean(self) -> None:
        """The instance is left alone: the service writes what is told."""


class TemplateRecipientForm(forms.Form):
    """One line of "Nơi nhận" of a template."""

    text = forms.CharField(label="Nơi nhận", max_length=200, required=False)
    relation = forms.ChoiceField(
        label="Quan hệ", choices=Relation, initial=Relation.PEER, required=False
    )
    email = forms.EmailField(label="Thư điện tử", required=False)
    prints_email = forms.BooleanField(label="In địa chỉ", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            style = "form-select" if name == "relation" else "form-control"
            if name not in ("prints_email", "DELETE"):
                field.widget.attrs["class"] = style

    def clean_relation(self) -> str:
        return self.cleaned_data["relation"] or Relation.PEER


TemplateRecipientFormSet = forms.formset_factory(TemplateRecipientForm, extra=2, can_delete=True)


class TemplateSectionForm(forms.Form):
    """One section of a template. `seen` marks the state the person began from."""

    title = forms.CharField(label="Tên mục", max_length=400, required=False)
    level = forms.ChoiceField(label="Cách đánh số", choices=Level)
    body = BodyField(label="Nội dung", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)


class DeadlineForm(forms.Form):
    """By when reports are due, from a day on."""

    valid_from = day_field("Áp dụng từ ngày")
    day = forms.IntegerField(label="Ngày", min_value=1, max_value=31)
    months = forms.IntegerField(
        label="Của tháng thứ mấy sau tháng cuối kỳ (0: chính tháng ấy)", min_value=-12, max_value=12
    )
    basis = forms.CharField(label="Theo văn bản", max_length=200, required=False)


class BatchForm(forms.Form):
    """Ask for the sheets of many units."""

    template = forms.ModelChoiceField(
        ReportTemplate.objects.none(), label="Đề cương", empty_label=None
    )
    period = forms.ModelChoiceField(
        ReportingPeriod.objects.none(), label="Kỳ báo cáo", empty_label=None
    )
    only_listed = forms.BooleanField(
        label="Chỉ các xã vùng dân tộc thiểu số và miền núi (Quyết định 861/QĐ-TTg)",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates = ReportTemplate.objects.current().exclude(unit_level="")
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]
        periods = ReportingPeriod.objects.begun(timezone.localdate())
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]
