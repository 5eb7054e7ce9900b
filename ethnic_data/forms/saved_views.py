"""A name for a table of the explorer."""

from __future__ import annotations

from typing import Any

from django import forms

from ethnic_data.models import SavedView


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "is_shared")

    def clean_name(self) -> str:
        """Refuse a name that another table of the same person has."""
        name = " ".join(self.cleaned_data["name"].split())
        others = SavedView.objects.filter(owner_id=self.instance.owner_id, name=name)
        if self.instance.pk and others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Anh/chị đã có bảng mang tên này. Đặt tên khác.")
        return name

    def words(self) -> str:
        """The first mistake, as a sentence."""
        errors: dict[str, Any] = self.errors
        return next((str(found[0]) for found in errors.values() if found), "")
