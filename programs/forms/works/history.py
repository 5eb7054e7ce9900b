"""Forms on the page of works: a new state, a decision, a photograph."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from portal.accounts.models import User
from portal.days import DayField
from portal.documents.forms.citing import CitedDocumentField
from portal.formats import file_size
from programs.models import State, Works, WorksDecision
from programs.services.photos import MOST_BYTES
from programs.services.works import next_states


class StateForm(forms.Form):
    state = forms.TypedChoiceField(
        label="Tình trạng mới",
        coerce=State,
        error_messages={
            "required": "Chọn tình trạng.",
            "invalid_choice": "Tình trạng này không theo sau tình trạng đang có.",
        },
    )
    day = DayField(label="Từ ngày")
    document = CitedDocumentField(
        label="Văn bản (nếu có)",
        required=False,
        help_text="Ghi số, ký hiệu như trong sổ văn bản, ví dụ 527/KH-BDT. Khi hoàn thành, ghi báo "
        "cáo kết thúc mà UBND xã ký xác thực.",
    )
    note = forms.CharField(label="Ghi chú", required=False, max_length=500)

    def __init__(self, *args: Any, works: Works, user: User, **kwargs: Any) -> None:
        super().__init__(*args, prefix="tinh-trang", **kwargs)
        self.fields["document"].by = user  # type: ignore[attr-defined]
        following = [(state, state.label.capitalize()) for state in next_states(works)]
        self.fields["state"].choices = [("", "Chọn"), *following]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    document = CitedDocumentField(error_messages={"required": "Ghi số, ký hiệu văn bản."})
    role = forms.ChoiceField(
        label="Nội dung",
        choices=[("", "Chọn"), *((v, w.capitalize()) for v, w in WorksDecision.Role.choices)],
        error_messages={"required": "Chọn nội dung của văn bản."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, prefix="van-ban", **kwargs)
        self.fields["document"].by = user  # type: ignore[attr-defined]


class PhotoForm(forms.Form):
    file = forms.FileField(
        label="Ảnh",
        help_text=f"JPEG hoặc PNG, nhiều nhất {file_size(MOST_BYTES)}. Thời gian, vị trí lấy từ "
        "ảnh nếu có; các thông tin khác trong ảnh được bỏ đi.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"required": "Chọn ảnh.", "empty": "Tệp này trống."},
    )
    caption = forms.CharField(label="Chú thích", required=False, max_length=200)
    day = DayField(
        label="Chụp ngày", required=False, help_text="Dùng khi trong ảnh không có thời gian."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="anh", **kwargs)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        most = min(MOST_BYTES, settings.UPLOAD_MAX_BYTES)
        if (file.size or 0) > most:
            raise forms.ValidationError(f"Ảnh lớn hơn {file_size(most)}. Giảm kích thước ảnh.")
        return file
