"""What is asked of a file of a list."""

from django import forms


class ListFileForm(forms.Form):
    file = forms.FileField(
        label="Tệp danh sách",
        error_messages={
            "required": "Chọn tệp danh sách.",
            "empty": "Tệp rỗng (0 byte). Hãy kiểm tra lại tệp rồi tải lên lần nữa.",
        },
    )
