"""One section: its words, who writes it, a new one."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.models import User
from reports.models import (
    Level,
    Report,
    Section,
)

from .fields import BodyField, day_field


class SectionForm(forms.Form):
    """One section. `revision` tells which version the person began from."""

    title = forms.CharField(label="Tên mục", max_length=400, required=False)
    level = forms.ChoiceField(label="Cách đánh số", choices=Level)
    manual_label = forms.CharField(
        label="Số mục ghi tay",
        max_length=12,
        required=False,
        help_text="Để trống thì cổng tự đánh số.",
    )
    body = BodyField(label="Nội dung", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    level_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def told(self) -> dict[str, Any]:
        """What `services.edit_section` takes. A level left as it was seen is not told: the section
        may have been moved, and numbered anew, since the page was opened."""
        told = dict(self.cleaned_data)
        if told.pop("level_seen") == told["level"]:
            del told["level"]
        return told


class ShareForm(forms.Form):
    """Who writes a section, and until when."""

    person = forms.ModelChoiceField(
        User.objects.none(),
        label="Người soạn",
        empty_label="Chọn người",
        error_messages={"required": "Chọn người soạn.", "invalid_choice": "Chọn lại người soạn."},
    )
    due_date = day_field("Hạn soạn xong")

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writers = User.objects.having("reports.draft").exclude(pk=report.drafter_id)
        self.fields["person"].queryset = writers.order_by("sort_key")  # type: ignore[attr-defined]


class NewSectionForm(forms.Form):
    """A new section below another, or at the highest level."""

    title = forms.CharField(label="Tên mục", max_length=400, required=False)
    level = forms.ChoiceField(label="Cách đánh số", choices=Level, initial=Level.DECIMAL)
    parent = forms.ModelChoiceField(
        Section.objects.none(), label="Thuộc mục", required=False, empty_label="Mục cao nhất"
    )

    def __init__(self, *args: Any, report: Report, labels: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        field.queryset = report.sections.filter(pk__in=labels)  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda section: f"{labels[section.pk]} {section}".strip()
        )
