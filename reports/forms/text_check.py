"""A text to be measured by the decree's form."""

from __future__ import annotations

from typing import Any

from django import forms

from reports.linter.reading.files import MOST_BYTES, Unreadable, read_file, read_text

from .fields import PastedField


class TextCheckForm(forms.Form):
    """A text to be measured by the decree's form: a file, or pasted words."""

    file = forms.FileField(
        label="Tệp Word hoặc tệp chữ",
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": ".docx,.txt,.md"}
        ),
    )
    text = PastedField(
        label="Hoặc dán nội dung",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 10}),
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        file, text = told.get("file"), told.get("text", "")
        if not file and not text.strip():
            raise forms.ValidationError("Hãy chọn tệp hoặc dán nội dung văn bản.")
        try:
            if file:
                if file.size > MOST_BYTES:
                    raise Unreadable("too_large")
                told["pages"] = read_file(file.name, file.read())
            else:
                told["pages"] = read_text(text)
        except Unreadable as problem:
            self.add_error("file" if file else "text", str(problem))
        return told
