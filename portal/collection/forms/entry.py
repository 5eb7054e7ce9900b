"""Forms of the collection's pages, laid out by crispy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout as CrispyLayout
from crispy_forms.layout import LayoutObject
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.collection.models import Submission
from portal.collection.services.columns import ShownColumn
from portal.collection.services.entering import LONGEST, issues_by_field
from portal.collection.services.grids import Grid, GridCell, GridRow
from portal.collection.services.judging import as_typed
from portal.collection.services.review import CoverLetter
from portal.collection.services.sharing import Conflict
from portal.collection.workbooks.cleaned import Checked
from portal.collection.workbooks.tables import ASIDE

ACCEPTED = ".zip,.xlsx,.xls,.xlsm,.xlsb,.ods,.csv,.htm,.html,.xml,.txt"
MOST_FILES = 300
LETTER_BYTES = 20 * 2**20
LETTER_KINDS = {
    b"%PDF-": "pdf",
    b"\xff\xd8\xff": "jpg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"II*\x00": "tif",
    b"MM\x00*": "tif",
}


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


class ScanField(LayoutObject):
    """Crispy's place for the scan, in the portal's own look of choosing a file."""

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        form.rendered_fields.add("scan")
        return render_to_string("collection/scan_field.html", {"form": form})


class SubmitForm(forms.Form):
    """The cover letter of a submission, when its dataset wants one."""

    number = forms.CharField(
        label="Số, ký hiệu công văn",
        max_length=60,
        help_text="Ví dụ: 125/UBND-DT",
        error_messages={"required": "Ghi số, ký hiệu của công văn."},
    )
    date = forms.DateField(
        label="Ngày công văn",
        input_formats=["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"],
        widget=forms.TextInput(attrs={"placeholder": "ngày/tháng/năm", "inputmode": "numeric"}),
        help_text="Ngày/tháng/năm, ví dụ 05/09/2023",
        error_messages={
            "required": "Ghi ngày của công văn.",
            "invalid": "Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 05/09/2023.",
        },
    )
    scan = forms.FileField(
        label="Bản chụp công văn",
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.tif,.tiff"}),
        help_text="Tệp PDF hoặc ảnh chụp, không quá 20 MB",
        error_messages={
            "required": "Chọn bản chụp công văn.",
            "empty": "Tệp rỗng. Chọn lại bản chụp công văn.",
            "invalid": "Chọn lại bản chụp công văn rồi gửi lần nữa.",
            "max_length": "Tên tệp quá dài. Đổi tên ngắn hơn rồi chọn lại.",
        },
    )

    def __init__(self, *args: Any, has_scan: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_scan = has_scan
        self.helper = in_one_column()
        self.helper.layout = CrispyLayout("number", "date", ScanField())
        self.fields["scan"].required = not has_scan

    def clean_scan(self) -> UploadedFile | None:
        scan = self.cleaned_data.get("scan")
        if not isinstance(scan, UploadedFile):
            return None
        if scan.size > LETTER_BYTES:
            raise forms.ValidationError("Bản chụp lớn hơn 20 MB. Giảm cỡ ảnh rồi chọn lại.")
        head = scan.read(8)
        scan.seek(0)
        kind = next((kind for mark, kind in LETTER_KINDS.items() if head.startswith(mark)), None)
        if kind is None:
            raise forms.ValidationError("Bản chụp phải là tệp PDF hoặc ảnh (JPG, PNG, TIF).")
        scan.name = f"cong-van.{kind}"
        return scan

    @property
    def cover_letter(self) -> CoverLetter:
        data = self.cleaned_data
        return CoverLetter(number=data["number"], date=data["date"], scan=data.get("scan"))


class ConfirmForm(forms.Form):
    """The sender's word that the reconciliation was looked at, and which one it was."""

    confirmed = forms.BooleanField(
        label="Tôi đã đối chiếu số dòng và các tổng trên đây với tệp gốc",
        error_messages={"required": "Xem phần đối chiếu, đánh dấu “Tôi đã đối chiếu” rồi nộp."},
    )
    statement = forms.CharField(max_length=64, widget=forms.HiddenInput)


class RemarkForm(forms.Form):
    """A remark at a cell, or of the whole when no cell is named."""

    text = forms.CharField(
        label="Cần sửa gì",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "Ghi ý kiến.",
            "max_length": "Ý kiến dài quá 1.000 chữ cái. Viết ngắn hơn.",
        },
    )
    cell = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)


class GridTable(LayoutObject):
    """Crispy's place for the grid: a table with a field in every cell to be entered."""

    template = "collection/entry_grid.html"

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        lines = [self.line(form, row) for row in form.rows]
        form.rendered_fields.update(form.fields)
        width = 3 if form.grid.by_measure else len(form.grid.columns) + 1
        values = {"form": form, "grid": form.grid, "lines": lines, "width": width}
        return render_to_string(self.template, values)

    @staticmethod
    def line(form: Any, row: GridRow) -> dict[str, Any]:
        """A row for the template: its cells, and whether anything stands against them."""
        cells = [form.shown(cell) for cell in row.cells]
        said = ("errors", "warnings", "conflict")
        return {
            "row": row,
            "cells": cells,
            "has_said": any(cell.get(kind) for cell in cells for kind in said),
        }


def beside_its_cell(sentence: str, label: str) -> str:
    """A sentence of the engine without the names of row and column that stand around the cell."""
    where, colon, rest = sentence.partition(": ")
    if not colon or not label or not where.startswith(label):
        return sentence
    return rest[:1].upper() + rest[1:]


class Rows(Protocol):
    """A part of a grid."""

    grid: Grid
    rows: Sequence[GridRow]


class GridForm(forms.Form):
    """A page of a submission's grid. The rules are the engine's; `tell` puts them beside cells."""

    def __init__(
        self,
        *args: Any,
        submission: Submission,
        sheet: Rows,
        conflicts: Mapping[str, Conflict] | None = None,
        remarked: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grid, self.rows = sheet.grid, sheet.rows
        self.conflicts, self.remarked = conflicts or {}, remarked
        self.warnings: dict[str, list[str]] = {}
        self.errors_at: dict[str, list[str]] = {}  # of texts that wait since an earlier visit
        self.helper = in_one_column()
        self.helper.layout = CrispyLayout(GridTable())
        for row in self.rows:
            for cell in row.cells:
                if cell.column.is_entered:
                    kept = submission.typed.get(cell.name)
                    self.fields[cell.name] = self._field(row, cell, kept)

    def _field(self, row: GridRow, cell: GridCell, kept: str | None) -> forms.CharField:
        label = row.label if row.heading else f"{row.label}, {cell.column.heading}"
        attrs = {"aria-label": label, "autocomplete": "off", "class": "grid-input"}
        if cell.column.value_type != "yes_no":
            attrs["inputmode"] = "decimal"
        return forms.CharField(
            label=label,
            required=False,
            max_length=LONGEST,
            initial=as_typed(cell.stored, cell.column) if kept is None else kept,
            widget=forms.TextInput(attrs=attrs),
        )

    def typed(self) -> dict[str, str]:
        """What was typed, by the name of the field, whether right or wrong."""
        return {name: self.data.get(name, "")[:LONGEST] for name in self.fields}

    def tell(self, checked: Checked) -> None:
        """Put errors and warnings beside their cells."""
        place = {cell.name: row.place.label for row in self.rows for cell in row.cells}
        for name, issues in issues_by_field(checked).items():
            for severity, sentence in issues:
                message = beside_its_cell(sentence, place.get(name, ""))
                if severity == "error" and self.is_bound:
                    self.add_error(name if name in self.fields else None, message)
                elif severity == "error":
                    self.errors_at.setdefault(name, []).append(message)
                else:
                    self.warnings.setdefault(name, []).append(message)

    def shown(self, cell: GridCell) -> dict[str, Any]:
        """A cell for the template: its bound field and state, or the computed value."""
        if not cell.column.is_entered:
            return {"cell": cell, "field": None, "state": "locked"}
        field, state = self[cell.name], self._state(cell)
        if state != "empty":
            described = f"tt-{state}" + (
                f" {field.auto_id}_error" if state in ("wrong", "conflict") else ""
            )
            self.fields[cell.name].widget.attrs["aria-describedby"] = described
        return {
            "cell": cell,
            "field": field,
            "errors": field.errors or self.errors_at.get(cell.name, []),
            "warnings": self.warnings.get(cell.name, []),
            "conflict": self.conflicts.get(cell.name),
            "state": state,
        }

    def _state(self, cell: GridCell) -> str:
        """The word that style sheet, script and screen reader know the cell's state by."""
        states = {
            "conflict": cell.name in self.conflicts,
            "wrong": cell.name in self.errors_at or cell.name in self.errors,
            "warned": cell.name in self.warnings,
            "remarked": cell.name in self.remarked,
            "saved": cell.stored is not None,
        }
        return next((state for state, holds in states.items() if holds), "empty")
