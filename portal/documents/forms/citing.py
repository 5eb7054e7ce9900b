"""A document of the register, named in a form as people write it: "527/KH-BDT ngày 12/5/2023"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from portal.accounts.models import User
from portal.collection.workbooks.names import tidy
from portal.documents.citation import days_in
from portal.documents.models import Document

MOST_NAMED = 3


class DocumentInput(forms.TextInput):
    """A text field that offers documents of the register while somebody types in it."""

    template_name = "documents/document_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        offered = f"{(attrs or {}).get('id', name)}-goi-y"
        attrs = {**(attrs or {}), "list": offered, "autocomplete": "off"}
        attrs |= {
            "hx-get": reverse("documents:document_offers"),
            "hx-trigger": "input changed delay:250ms, focus once",
            "hx-target": f"#{offered}",
            "hx-sync": "this:replace",
        }
        return super().get_context(name, value, attrs) | {"offered": offered}


class CitedDocumentField(forms.CharField):
    """Gives the document of the register that the text names; `by` is who may see which."""

    widget = DocumentInput

    by: User

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", "Văn bản")
        more.setdefault(
            "help_text",
            "Ghi số, ký hiệu như trong sổ văn bản, ví dụ 527/KH-BDT; gõ số hoặc trích yếu để chọn.",
        )
        super().__init__(max_length=120, **more)

    def clean(self, value: Any) -> Document | None:  # type: ignore[override]
        text = tidy(super().clean(value))
        return document_named(text, by=self.by) if text else None

    def prepare_value(self, value: Any) -> Any:
        return str(value.number_and_symbol) if isinstance(value, Document) else value


def document_named(text: str, *, by: User) -> Document:
    """The one document that `text` names among those that `by` may read.

    Raises:
        ValidationError: there is none, or several and no day tells them apart.
    """
    days, name = days_in(text)
    named = Document.objects.visible_to(by).named(name.removesuffix("ngày"))
    found = list(named.with_catalogue().filter(date__in=days) if days else named.with_catalogue())
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(
            f"Trong sổ văn bản chưa có “{text[:60]}”. Vào sổ văn bản này trước, rồi ghi lại ở đây."
        )
    listed = ", ".join(f"{one.date:%d/%m/%Y} ({one.issuer})" for one in found[:MOST_NAMED])
    raise forms.ValidationError(
        f"Có nhiều văn bản “{text[:60]}”: {listed}. Ghi thêm ngày, ví dụ “{text[:40]} ngày "
        f"{found[0].date:%d/%m/%Y}”."
    )
