"""Number, passphrase, files signed elsewhere, files to be verified."""

from __future__ import annotations

from typing import Any

from django import forms

from .fields import FileOfFairSize, day_field


class NumberForm(forms.Form):
    """Number and date; the number is typed only where the province's system gives it."""

    issue_date = day_field("Ngày ban hành")
    given_number = forms.IntegerField(
        label="Số do hệ thống của tỉnh cấp", min_value=1, max_value=999_999, required=False
    )

    def __init__(self, *args: Any, is_given: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_given:
            del self.fields["given_number"]
        else:
            self.fields["given_number"].required = True


class PassphraseForm(forms.Form):
    """The passphrase goes to the key and nowhere else."""

    passphrase = forms.CharField(
        label="Mật khẩu khoá ký",
        error_messages={"required": "Nhập mật khẩu khoá ký."},
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )


class SignedFileForm(forms.Form):
    """The file that was signed elsewhere."""

    file = FileOfFairSize(label="Tệp đã ký")


class AnnexForm(forms.Form):
    """A PDF that goes with the report."""

    title = forms.CharField(
        label="Tên phụ lục",
        error_messages={"required": "Ghi tên phụ lục."},
        max_length=300,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    file = FileOfFairSize(label="Tệp PDF")


class VerifyForm(forms.Form):
    """Any PDF file."""

    file = FileOfFairSize(label="Tệp PDF cần xác thực")
