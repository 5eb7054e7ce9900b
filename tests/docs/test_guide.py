"""The user guide tells of the portal as it is: its pictures exist, its buttons say these words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

PROJECT = Path(settings.BASE_DIR)
DOCS, GUIDE = PROJECT / "docs", PROJECT / "docs" / "huong-dan.md"
PICTURES = sorted((DOCS / "screenshots").glob("*.png"))
ROOMS = ["portal", "ethnic_data", "programs", "reports", "templates", "static/collection"]
# bold for weight, not for a word of the portal
WEIGHT = {
    "Trong bản minh hoạ, cái gì là thật, cái gì không thật?",
    "Cột bên trái",
    "Ô tìm ở trên cùng",
    "Nút đỏ",
    "Bước 1. Tải biểu mẫu.",
    "Bước 2. Tải lên.",
    "Bước 3. Xem lỗi.",
    "Bước 4. Xem trước.",
    "Bước 5. Nộp.",
    "lỗi",
    "cảnh báo",
    "chưa duyệt",
    "đã duyệt",
    "bấm vào chính số đó",
    "Bấm vào bất kỳ số nào",
    "vào ô chữ ký có sẵn",
    "Thêm người",
    "một lần",
    "Quên mật khẩu",
    "Nghỉ việc, chuyển công tác",
    "Chứng thư ký số, cài đặt máy chủ",
    "Kiểm tra một báo cáo có đúng là của cơ quan không",
    "Ghi nhận nhầm tệp, chưa nộp",
    "Dấu trong ô",
    "Khung của ô đang chọn",
    "Không cần chuột",
    "Dán từ Excel",
    "Mất mạng, lỡ đóng trang",
    "Hai người cùng nhập",
    "Nộp lại lần sau",
    "Nhiều bộ cùng lúc",
    "Đôn đốc bằng một lần bấm",
    "Xem số chung",
    "Thêm, sửa một người",
    "Nhập cả danh sách",
    "Sửa nhiều người trong Excel",
    "Sau khi sắp xếp đơn vị",
    "Không thật",
    "Góp ý ở đoạn",
    "Nhiều người cùng soạn",
    "Sổ đăng ký bản sao văn bản",
    "Thử nghiệm, không có giá trị pháp lý",
}


@cache
def words_of_the_portal() -> str:
    files = [
        path
        for room in ROOMS
        for kind in ("*.html", "*.py", "*.js")
        for path in (PROJECT / room).rglob(kind)
    ]
    return one_line("\n".join(path.read_text(encoding="utf-8") for path in files))


def one_line(text: str) -> str:
    return " ".join(text.split())


def emphasised() -> list[str]:
    return [one_line(words) for words in re.findall(r"\*\*(.+?)\*\*", GUIDE.read_text(), re.S)]


@pytest.mark.slow
def test_every_button_that_the_guide_names_is_in_the_portal():
    names = set(emphasised()) - WEIGHT
    assert len(names) > 40
    assert sorted(name for name in names if name not in words_of_the_portal()) == []


def test_every_picture_that_guide_and_readme_show_is_there_and_none_is_left_over():
    shown = set()
    for page in (GUIDE, PROJECT / "README.md"):
        for address in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text()):
            shown.add((page.parent / address).resolve())
    assert shown == {path.resolve() for path in PICTURES}


def test_every_link_inside_the_guide_leads_to_a_heading():
    text = GUIDE.read_text()
    headings = {anchor(line) for line in re.findall(r"^#+ (.+)$", text, re.M)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def anchor(heading: str) -> str:
    """As code hosts make it: small letters, no marks of punctuation, dashes for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_pictures_are_small_and_as_wide_as_a_desk_or_a_phone():
    assert PICTURES
    for path in PICTURES:
        assert path.stat().st_size < 250_000, path.name
        with Image.open(path) as picture:
            assert picture.width in (1280, 360), path.name
