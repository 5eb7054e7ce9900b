"""Fields that several forms of reports share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import ProseEditorWidget

from portal import formats
from portal.days import DayField
from reports.text import richtext

#: A section's HTML: some 300 pages. A report of more is not printed.
MOST_CHARACTERS = 1_200_000
#: What the editor offers; static/reports/section_editor.js builds the same set.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "HardBreak": True,
}


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    return DayField(label=label, **kwargs)


class SectionWidget(ProseEditorWidget):
    """The prose editor as an own module: nothing inline, so the strict policy of pages holds."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, {**(attrs or {}), "data-most": MOST_CHARACTERS})

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["django_prose_editor/editor.css", "reports/editor.css"]},
        )


class BodyField(ProseEditorFormField):
    """A section's words, brought into canonical form; what would load something is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=SectionWidget(), extensions=EXTENSIONS, preset="section", **kwargs)

    def clean(self, value: str) -> str:
        if len(value or "") > MOST_CHARACTERS:
            raise forms.ValidationError(
                f"Mục này dài {formats.number(len(value))} chữ, nhiều hơn "
                f"{formats.number(MOST_CHARACTERS)} chữ của một mục. Hãy chia thành nhiều mục."
            )
        try:
            return richtext.clean(value or "")
        except richtext.RefusedContent as refused:
            raise forms.ValidationError(str(refused)) from refused


class PastedField(forms.CharField):
    """Words from anywhere: zero bytes and the like are left out, not refused."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\0", "")


class FileOfFairSize(forms.FileField):
    """A file of at most UPLOAD_MAX_BYTES; says what to do when there is none."""

    default_error_messages = {
        "required": "Hãy chọn tệp.",
        "missing": "Hãy chọn tệp.",
        "empty": "Tệp rỗng. Hãy chọn tệp khác.",
        "invalid": "Hãy chọn tệp.",
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                f"Tệp lớn hơn {settings.UPLOAD_MAX_BYTES // 2**20} MB. Hãy chọn tệp khác."
            )
        return file
