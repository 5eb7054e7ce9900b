"""What a target reached in a year, with the document that says so."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from portal.accounts.models import User
from portal.documents.forms.citing import CitedDocumentField
from programs.figures.targets import BEFORE
from programs.models import Target, TargetActual


class ActualForm(forms.ModelForm):  # type: ignore[type-arg]
    year = forms.TypedChoiceField(label="Năm", coerce=int)
    value = forms.DecimalField(
        label="Mức thực hiện", max_digits=15, decimal_places=3, localize=True
    )
    document = CitedDocumentField(label="Theo văn bản")

    class Meta:
        model = TargetActual
        fields = ["year", "value", "document", "note"]

    def __init__(self, *args: Any, target: Target, by: User, last_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        first = target.programme.valid.lower.year
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (year, f"{year} (mức gốc)" if year < first else str(year))
            for year in range(last_year, first - BEFORE - 1, -1)
        ]
        self.fields["value"].label = f"Mức thực hiện ({target.unit_of_measure})"
        self.fields["document"].by = by  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _get_validation_exclusions(self) -> set[str]:
        """A year that has a value gets the new one."""
        return {*super()._get_validation_exclusions(), "target"}
