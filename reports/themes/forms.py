"""What is said of a composed page and of its panels."""

from __future__ import annotations

from typing import Any

from django import forms

from ethnic_data.exploring.selection import CHARTS
from ethnic_data.models import SavedView
from portal.accounts.models import User
from portal.accounts.roles import TABLE, Role
from reports.models import Dashboard, DashboardPanel

READERS = [
    (role.value, role.label) for role in Role if "ethnic_data.view" in TABLE[role].permissions
]
AS_KEPT = [("", "Như bảng đã lưu")]


class DashboardForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        label="Dành cho vai trò",
        choices=READERS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="Không chọn: mọi người xem được số liệu.",
    )

    class Meta:
        model = Dashboard
        fields = ("title", "lead", "roles", "is_published")

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class NewDashboardForm(forms.ModelForm):
    class Meta:
        model = Dashboard
        fields = ("title", "lead")

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class PanelForm(forms.ModelForm):
    """A panel of saved views that the composer sees: own ones, and what colleagues share."""

    chart = forms.ChoiceField(
        label="Biểu đồ",
        required=False,
        choices=[*AS_KEPT, *((k, w) for k, w in CHARTS.items() if k)],
    )

    class Meta:
        model = DashboardPanel
        fields = ("view", "title", "chart", "width")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        views = SavedView.objects.visible_to(by)
        kept = self.instance.view_id
        self.fields["view"] = forms.ModelChoiceField(
            views | SavedView.objects.filter(pk=kept) if kept else views,
            label="Bảng đã lưu",
            empty_label="Chọn bảng",
        )
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "title" else "form-select"
            field.widget.attrs["id"] = f"id_{self.prefix or 'moi'}_{name}"
