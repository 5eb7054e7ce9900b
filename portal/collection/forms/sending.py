"""Forms of sending and looking through: the cover letter, the sign-off, a remark."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout as CrispyLayout
from crispy_forms.layout import LayoutObject
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.collection.services.review import CoverLetter
from portal.days import DayField

from .files import in_one_column

LETTER_BYTES = 20 * 2**20
LETTER_KINDS = {
    b"%PDF-": "pdf",
    b"\xff\xd8\xff": "jpg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"II*\x00": "tif",
    b"MM\x00*": "tif",
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
    date = DayField(label="Ngày công văn", error_messages={"required": "Ghi ngày của công văn."})
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
