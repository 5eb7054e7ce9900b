"""A right to sign in another's place."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from portal.accounts.models import User
from portal.documents.forms.citing import CitedDocumentField
from reports.models import (
    Authority,
    SigningGrant,
)

from .fields import day_field
from .signatories import with_title


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A right to sign by order or authorisation, with the document that gives it."""

    document = CitedDocumentField(
        label="Văn bản giao", help_text="Quy chế làm việc, giấy uỷ quyền… đã vào sổ văn bản."
    )
    first_day = day_field("Từ ngày")
    last_day = day_field(
        "Đến hết ngày",
        required=False,
        help_text="Uỷ quyền phải có thời hạn; thừa lệnh có thể không.",
    )

    class Meta:
        model = SigningGrant
        fields = [
            "authority", "grantee", "granter", "document", "content", "first_day", "last_day",
        ]  # fmt: skip
        widgets = {"content": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].by = by  # type: ignore[attr-defined]
        staff = User.objects.having("reports.view")
        for name, people in (("grantee", staff), ("granter", User.objects.having("reports.sign"))):
            field = self.fields[name]
            field.queryset, field.empty_label = people, "Chưa chọn"  # type: ignore[attr-defined]
            field.label_from_instance = with_title  # type: ignore[attr-defined]
        self.fields["authority"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in SigningGrant.AUTHORITIES
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = told.get("first_day"), told.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Ngày cuối phải từ ngày đầu trở đi.")
        if (
            told.get("authority") == Authority.MANDATE
            and not last
            and "last_day" not in self.errors
        ):
            self.add_error("last_day", "Uỷ quyền phải có thời hạn. Ghi ngày cuối.")
        if told.get("grantee") and told.get("grantee") == told.get("granter"):
            self.add_error("grantee", "Không tự giao ký cho mình. Chọn người khác.")
        return told
