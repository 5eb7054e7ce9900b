"""The form "Báo lỗi / hỏi"."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms


def own_page(text: str) -> str:
    """The path of an address of this portal: no host, no query, one line, at most 300 letters."""
    try:
        path = urlsplit(text).path
    except ValueError:
        return ""
    shown = "".join(sign for sign in path if sign.isprintable())
    return shown[:300] if shown.startswith("/") else ""


class FeedbackForm(forms.Form):
    """Text and, if an answer is wanted, where to send it. `website` is for robots to fall into."""

    text = forms.CharField(
        label="Nội dung",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Đang làm gì, thấy gì, mong muốn gì. Không ghi thông tin cá nhân của người khác.",
    )
    contact = forms.CharField(
        label="Thư điện tử hoặc điện thoại",
        max_length=200,
        required=False,
        help_text="Để trống nếu không cần trả lời.",
    )
    page = forms.CharField(label="Trang", max_length=2000, required=False)
    fault_code = forms.CharField(
        label="Mã hỗ trợ", max_length=20, required=False, help_text="Nếu trang báo lỗi có hiện mã."
    )
    website = forms.CharField(label="Để trống ô này", max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].widget.attrs["readonly"] = True
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "text", "contact", "page", "fault_code", Field("website", wrapper_class="bay-may")
        )

    def clean_page(self) -> str:
        return own_page(self.cleaned_data["page"])

    @property
    def filled_by_a_robot(self) -> bool:
        return bool(self.data.get("website"))


class HandledForm(forms.Form):
    outcome = forms.CharField(label="Kết quả xử lý", max_length=500, required=False)
