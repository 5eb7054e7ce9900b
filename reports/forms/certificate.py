"""Whose certificate it is, and its public part."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.units.models import IssuingAgency

from .fields import FileOfFairSize
from .signatories import signatories, with_title


class CertificateForm(forms.Form):
    """Whose certificate it is, and its public part. Signatories and agencies are in one list."""

    owner = forms.ChoiceField(label="Dùng cho", widget=forms.Select(attrs={"class": "form-select"}))
    file = FileOfFairSize(label="Tệp chứng thư")
    token = forms.CharField(
        label="Tên thiết bị cắm ở máy chủ",
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = signatories()
        agencies = IssuingAgency.objects.order_by("-valid")
        self._whose: dict[str, dict[str, Any]] = {
            **{f"nguoi-{user.pk}": {"owner": user} for user in people},
            **{f"co-quan-{agency.pk}": {"agency": agency} for agency in agencies},
        }
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("Người ký", [(f"nguoi-{user.pk}", with_title(user)) for user in people]),
            (
                "Cơ quan",
                [
                    (f"co-quan-{agency.pk}", f"{agency.full_name} {_years(agency)}")
                    for agency in agencies
                ],
            ),
        ]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "owner" in told:
            told["whose"] = self._whose[told["owner"]]
        return told


def _years(agency: IssuingAgency) -> str:
    """Agencies of one name differ in their time."""
    start, end = agency.valid.lower, agency.valid.upper
    until = f"đến {end:%d/%m/%Y}" if end else "đến nay"
    return f"(từ {start:%d/%m/%Y} {until})" if start else f"({until})"
