"""What a form says when its file is missing, empty or too large, or a word is left out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reports.forms import AnnexForm, PassphraseForm, SignedFileForm, VerifyForm


@pytest.mark.parametrize("form", [AnnexForm, SignedFileForm, VerifyForm])
@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "Hãy chọn tệp."),
        (SimpleUploadedFile("a.pdf", b""), "Tệp rỗng. Hãy chọn tệp khác."),
        (SimpleUploadedFile("a.pdf", bytes(2_000)), "Tệp lớn hơn 0 MB. Hãy chọn tệp khác."),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_what_to_do(settings, form, file, words):
    settings.UPLOAD_MAX_BYTES = 1_000
    told = form({"title": "Biểu 1"}, {"file": file} if file else {})
    assert told.errors == {"file": [words]}


def test_what_is_left_out_is_named():
    assert PassphraseForm({}).errors == {"passphrase": ["Nhập mật khẩu khoá ký."]}
    assert AnnexForm({}, {}).errors["title"] == ["Ghi tên phụ lục."]
