"""Forms that take files in: which files, what was asked of them, which column is which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from portal.collection.services.columns import ShownColumn
from portal.collection.workbooks.tables import ASIDE

ACCEPTED = ".zip,.xlsx,.xls,.xlsm,.xlsb,.ods,.csv,.htm,.html,.xml,.txt"
MOST_FILES = 300


def in_one_column() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, each checked like one."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Mỗi lần gửi nhiều nhất {MOST_FILES} tệp.")
        if not files:
            return [super().clean(None, initial)]
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """The files of an upload. Their content is judged by the reader, not here."""

    files = ManyFilesField(
        label="Tệp số liệu",
        allow_empty_file=True,
        max_length=None,
        widget=ManyFilesInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": "Chọn ít nhất một tệp.",
            "invalid": "Chọn lại tệp rồi gửi lần nữa.",
        },
    )

    note = (
        "Tệp Excel (.xlsx, .xls), .ods, .csv hoặc tệp nén .zip; một tệp cho cả đơn vị, "
        "hoặc các tệp của từng xã chọn cùng lúc. "
        f"Mỗi tệp không quá {settings.UPLOAD_MAX_BYTES // 2**20} MB."
    )


class Asking(Protocol):
    """What leaves something open: one file, or several that ask together."""

    questions: list[dict[str, Any]]


class QuestionForm(forms.Form):
    """What a file leaves open, one choice each; the engine's proposal is chosen beforehand."""

    def __init__(self, *args: Any, upload: Asking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = in_one_column()
        self._names: dict[str, str] = {}
        for index, question in enumerate(upload.questions):
            name = f"cau-{index}"
            self._names[name] = question["id"]
            place = f"Ô {question['cell']}: " if question.get("cell") else ""
            text = question["text"]
            self.fields[name] = forms.ChoiceField(
                label=text if text.startswith(place) else f"{place}{text}",
                choices=[(option["value"], option["label"]) for option in question["options"]],
                widget=forms.RadioSelect,
                initial=question.get("suggestion"),
                error_messages={
                    "required": "Chọn một câu trả lời.",
                    "invalid_choice": "Câu trả lời không nằm trong các lựa chọn.",
                },
            )

    @property
    def answers(self) -> dict[str, str]:
        return {self._names[name]: value for name, value in self.cleaned_data.items()}


class ColumnsForm(forms.Form):
    """What each column of a file is; a select for each, so that it works without scripts."""

    def __init__(
        self,
        *args: Any,
        columns: Sequence[ShownColumn],
        names: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._columns = columns
        for index, column in enumerate(columns):
            self.fields[f"cot-{index}"] = forms.ChoiceField(
                label=f"Cột {column.letter}: {column.heading}",
                choices=[(ASIDE, "Để qua, không lấy"), *names],
                initial=column.key or ASIDE,
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"invalid_choice": "Chọn một cột trong danh sách."},
            )

    def rows(self) -> list[tuple[ShownColumn, forms.BoundField]]:
        """Each column of the file beside its field."""
        return [(column, self[f"cot-{i}"]) for i, column in enumerate(self._columns)]

    @property
    def chosen(self) -> dict[str, str]:
        return {
            column.question: self.cleaned_data[f"cot-{index}"]
            for index, column in enumerate(self._columns)
        }
