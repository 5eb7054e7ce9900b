"""A payment, what takes one back, and a month that is opened again."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.models import User
from portal.days import DayField
from portal.documents.forms.citing import CitedDocumentField
from portal.formats import read_whole

from .amounts import AmountField


class PaymentForm(forms.Form):
    day = DayField(
        label="Ngày giải ngân",
        help_text="Vốn của một năm được giải ngân đến hết 31/1 năm sau. Khoản chi tháng 1 của vốn "
        "năm trước ghi ở dòng vốn năm trước, tại trang này, không qua biểu giải ngân tháng.",
    )
    amount = AmountField()
    voucher = forms.CharField(label="Số chứng từ", max_length=60, required=False)
    document = CitedDocumentField(label="Văn bản kèm theo", required=False)
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)
    is_another = forms.BooleanField(
        label="Đây là một khoản khác", required=False, widget=forms.HiddenInput
    )
    after = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].by = by

    def clean_after(self) -> int | None:
        """The line's last payment when the form was handed out; nothing where it says nothing."""
        return read_whole(self.cleaned_data["after"])

    def ask_whether_another(self, after: int) -> None:
        """Such a payment is there already: only now the box is shown, on a form of its own."""
        self.fields["is_another"].widget = forms.CheckboxInput()
        self.data = self.data.copy()
        self.data["after"] = str(after)


class ReversalForm(forms.Form):
    day = DayField(label="Ngày huỷ")
    note = forms.CharField(
        label="Lý do huỷ",
        max_length=300,
        error_messages={"required": "Ghi lý do huỷ."},
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Lý do mở lại",
        max_length=300,
        error_messages={"required": "Ghi lý do mở lại."},
    )
