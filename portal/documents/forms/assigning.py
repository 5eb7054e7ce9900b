"""Forms of giving an incoming document out, giving it on, putting it off, closing it."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms

from portal.accounts.models import Division, User
from portal.documents.models import Assignment, Document
from portal.documents.services import may_direct

from .entry import day_field

LATEST = datetime.date(2999, 12, 31)


class OfficerField(forms.ModelChoiceField):
    """A person of a division who works on documents."""

    def __init__(self, **more: Any) -> None:
        people = User.objects.having("reports.view").exclude(division=None)
        super().__init__(
            people.select_related("division").order_by("division__name", "sort_key"),
            required=False,
            empty_label="Trưởng phòng phân công sau",
            **more,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} – {obj.division}"


def officer_fits(form: forms.Form, division: Division | None) -> None:
    officer = form.cleaned_data.get("officer")
    if officer is not None and division is not None and officer.division_id != division.pk:
        form.add_error("officer", f"{officer} không thuộc {division}.")


class HandOutForm(forms.Form):
    """Who deals with the document, by when, and what the leader wants of it."""

    assigned_by = forms.ModelChoiceField(
        User.objects.none(), label="Lãnh đạo giao", empty_label="Chọn lãnh đạo"
    )
    lead = forms.ModelChoiceField(
        Division.objects.all(), label="Đơn vị chủ trì", empty_label="Chọn phòng"
    )
    officer = OfficerField(label="Người xử lý")
    supports = forms.ModelMultipleChoiceField(
        Division.objects.all(),
        label="Đơn vị phối hợp",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due_date = day_field("Hạn giải quyết", required=False)
    direction = forms.CharField(
        label="Ý kiến chỉ đạo",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, document: Document, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.fields["due_date"].initial = document.due_date
        if user.has_perm("documents.direct"):
            del self.fields["assigned_by"]
        else:
            leaders = User.objects.having("documents.direct")
            self.fields["assigned_by"].queryset = leaders  # type: ignore[attr-defined]
            if len(leaders) == 1:
                self.fields["assigned_by"].initial = leaders[0]
        self.helper = FormHelper()
        self.helper.form_tag = False
        who = ["assigned_by"] if "assigned_by" in self.fields else []
        self.helper.layout = Layout(
            *who,
            Row(
                Column("lead", css_class="col-12 col-sm-6"),
                Column("officer", css_class="col-12 col-sm-6"),
            ),
            "supports",
            "due_date",
            "direction",
        )

    def clean_due_date(self) -> datetime.date | None:
        due: datetime.date | None = self.cleaned_data["due_date"]
        arrival = self.document.arrival_date
        if due and arrival and not arrival <= due <= LATEST:
            raise forms.ValidationError("Hạn giải quyết không thể trước ngày đến của văn bản.")
        return due

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        officer_fits(self, cleaned.get("lead"))
        return cleaned


class ReassignForm(forms.Form):
    """Another officer, or another division where the person may choose one."""

    division = forms.ModelChoiceField(Division.objects.all(), label="Phòng", empty_label=None)
    officer = OfficerField(label="Người xử lý")
    reason = forms.CharField(
        label="Lý do", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, assignment: Assignment, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"division": assignment.division, "officer": assignment.officer}
        super().__init__(*args, **kwargs)
        self.division = None if may_direct(user) else assignment.division
        if self.division is not None:
            del self.fields["division"]
            officers = self.fields["officer"]
            officers.queryset = officers.queryset.filter(division=self.division)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("division", self.division)
        officer_fits(self, cleaned.get("division"))
        return cleaned


class DeadlineForm(forms.Form):
    due_date = day_field("Hạn mới")
    reason = forms.CharField(label="Lý do", max_length=500)


class AnswerForm(forms.Form):
    """The outgoing document that answers, named by number and symbol."""

    answer = forms.CharField(label="Số, ký hiệu văn bản trả lời", max_length=100)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=500)


class SupportForm(forms.Form):
    divisions = forms.ModelMultipleChoiceField(
        Division.objects.none(), label="Thêm đơn vị phối hợp", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Division.objects.exclude(assignments__document=document)
        self.fields["divisions"].queryset = free  # type: ignore[attr-defined]
