"""What the clerk says of a copy."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from portal.accounts.models import User
from portal.days import DayField
from portal.documents.models import Document
from reports.forms import FileOfFairSize, signatories, with_title
from reports.models import Authority, Copy, Report
from reports.references import nodes_of
from reports.services import CopyWanted

LONGEST_LIST = 4000


class CopyForm(forms.Form):
    """A copy of one document; of an issued report the extract is made from its sections."""

    form = forms.ChoiceField(label="Hình thức sao", choices=Copy.Form)
    source_medium = forms.ChoiceField(label="Sao từ", choices=Copy.Medium)
    medium = forms.ChoiceField(
        label="Sao sang",
        choices=Copy.Medium,
        help_text="Bản giấy: in, người có thẩm quyền ký, đóng dấu. Bản điện tử: ký số cơ quan.",
    )
    sections = forms.TypedMultipleChoiceField(
        label="Mục được trích sao",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chỉ dùng khi trích sao. Cổng lập lại đủ thể thức với các mục đã chọn.",
    )
    part = forms.CharField(
        label="Phần được trích sao",
        max_length=300,
        required=False,
        help_text="Chỉ ghi khi trích sao, ví dụ: Mục II.1 và Phụ lục.",
    )
    file = FileOfFairSize(
        label="Tệp PDF để sao",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )
    on = DayField(label="Ngày sao")
    authority = forms.ChoiceField(label="Thẩm quyền ký bản sao", choices=Authority, required=False)
    signatory = forms.ModelChoiceField(
        User.objects.none(),
        label="Người ký bản sao",
        empty_label="Chưa chọn",
        help_text="Người đứng đầu quyết định việc sao và quy định ai ký (Nghị định 30/2020, "
        "điều 27).",
    )
    quantity = forms.IntegerField(label="Số bản", min_value=1, max_value=9999, initial=1)
    recipients = forms.CharField(
        label="Nơi nhận",
        max_length=LONGEST_LIST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi nơi một dòng. Dòng “Lưu: VT” cổng tự thêm.",
    )

    def __init__(
        self, *args: Any, document: Document, report: Report | None, day: datetime.date, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["signatory"].queryset = signatories()  # type: ignore[attr-defined]
        self.fields["signatory"].label_from_instance = with_title  # type: ignore[attr-defined]
        self._has_file = report is not None or document.file_type == "application/pdf"
        self._offer(report)
        electronic = report is not None
        self.initial = {
            "source_medium": Copy.Medium.ELECTRONIC if electronic else Copy.Medium.PAPER,
            "medium": Copy.Medium.PAPER if electronic else Copy.Medium.ELECTRONIC,
            "on": day,
            **self.initial,
        }
        kept = "Để trống thì sao tệp cổng đang giữ." if self._has_file else ""
        self.fields["file"].help_text = (
            f"{kept} Bản quét: PDF ảnh màu, từ 200 dpi, tỷ lệ 100 %. Trích sao: tệp đã lập lại đủ "
            "thể thức."
        ).strip()
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _offer(self, report: Report | None) -> None:
        """The report's sections of the two highest levels; other documents have none."""
        if report is None:
            del self.fields["sections"]
            return
        self.fields["sections"].choices = [  # type: ignore[attr-defined]
            (node.row.pk, f"{node.label} {node.row.title}".strip() or "Đoạn mở đầu")
            for node in nodes_of(report)
            if node.depth < 2
        ]

    def wanted(self) -> CopyWanted:
        """Of a valid form."""
        told = self.cleaned_data
        return CopyWanted(
            form=told["form"],
            source_medium=told["source_medium"],
            medium=told["medium"],
            on=told["on"],
            signatory=told["signatory"],
            authority=told["authority"],
            part=told["part"],
            sections=tuple(told.get("sections") or ()),
            content=told["file"].read() if told["file"] else None,
            recipients=tuple(told["recipients"].splitlines()),
            quantity=told["quantity"],
        )


class CopyNumberForm(forms.Form):
    """The number, where the province's system gives it."""

    given_number = forms.IntegerField(
        label="Số do hệ thống của tỉnh cấp",
        min_value=1,
        max_value=999_999,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
