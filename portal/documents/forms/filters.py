"""What narrows a list of documents. A value that makes no sense is left out, never an error."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models.functions import ExtractYear

from portal.documents.models import Direction, DocumentQuerySet, DocumentType, Issuer


class DocumentFilter(forms.Form):
    """The filters above a list; the choices are those that occur in `documents`."""

    q = forms.CharField(
        label="Số, ký hiệu, trích yếu, cơ quan",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Ví dụ: 527/KH-BDT"}),
    )
    so = forms.ChoiceField(required=False, choices=Direction.choices, widget=forms.HiddenInput)
    loai = forms.ModelChoiceField(
        label="Loại văn bản",
        required=False,
        queryset=DocumentType.objects.none(),
        to_field_name="code",
        empty_label="Mọi loại",
    )
    nam = forms.TypedChoiceField(label="Năm", required=False, coerce=int, empty_value=None)
    co_quan = forms.ModelChoiceField(
        label="Cơ quan ban hành",
        required=False,
        queryset=Issuer.objects.none(),
        empty_label="Mọi cơ quan",
    )

    def __init__(self, data: Any, *, documents: DocumentQuerySet) -> None:
        super().__init__(data)
        self.documents = documents
        in_list = documents.order_by()
        self.fields["loai"].queryset = DocumentType.objects.filter(  # type: ignore[attr-defined]
            pk__in=in_list.values("document_type")
        )
        self.fields["co_quan"].queryset = Issuer.objects.filter(  # type: ignore[attr-defined]
            pk__in=in_list.values("issuer")
        )
        years = in_list.annotate(year=ExtractYear("date")).values_list("year", flat=True).distinct()
        self.fields["nam"].choices = [  # type: ignore[attr-defined]
            ("", "Mọi năm"),
            *((year, str(year)) for year in sorted(years, reverse=True)),
        ]
        for name in ("loai", "nam", "co_quan"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["q"].widget.attrs["class"] = "form-control"

    def narrowed(self) -> DocumentQuerySet:
        """The documents that pass every filter but the direction, ranked when words were given."""
        self.is_valid()
        chosen = self.cleaned_data
        documents = self.documents
        if kind := chosen.get("loai"):
            documents = documents.filter(document_type=kind)
        if year := chosen.get("nam"):
            documents = documents.filter(
                date__range=(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
            )
        if issuer := chosen.get("co_quan"):
            documents = documents.filter(issuer=issuer)
        return documents.search(str(self.data.get("q", "")))

    @property
    def direction(self) -> str:
        self.is_valid()
        chosen: str = self.cleaned_data.get("so", "")
        return chosen
