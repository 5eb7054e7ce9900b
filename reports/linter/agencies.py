"""Agencies that everybody knows: how their names are written, and what their symbols carry.

Names by Phụ lục II of Nghị định 30/2020/NĐ-CP: capitals on the words of type, function and field.
Those of before and after the mergers of 2025 stand side by side: texts cite both.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .letters import NAME, UPPER

_FIELDS = (
    "Nội vụ",
    "Tư pháp",
    "Tài chính",
    "Kế hoạch và Đầu tư",
    "Công Thương",
    "Nông nghiệp và Phát triển nông thôn",
    "Nông nghiệp và Môi trường",
    "Giao thông vận tải",
    "Xây dựng",
    "Tài nguyên và Môi trường",
    "Thông tin và Truyền thông",
    "Lao động - Thương binh và Xã hội",
    "Văn hóa, Thể thao và Du lịch",
    "Khoa học và Công nghệ",
    "Giáo dục và Đào tạo",
    "Y tế",
    "Dân tộc và Tôn giáo",
)
MINISTRIES = (*(f"Bộ {field}" for field in _FIELDS), "Bộ Công an", "Bộ Quốc phòng", "Bộ Ngoại giao")
DEPARTMENTS = tuple(f"Sở {field}" for field in _FIELDS)
#: Beside the issuers of the catalogue, names whose capitals are checked.
KNOWN = (
    *MINISTRIES,
    *DEPARTMENTS,
    "Thủ tướng Chính phủ",
    "Ủy ban Dân tộc",
    "Văn phòng Chính phủ",
    "Ngân hàng Nhà nước",
    "Kho bạc Nhà nước",
    "Thanh tra Chính phủ",
    "Ủy ban Mặt trận Tổ quốc",
    "Mặt trận Tổ quốc",
    "Bộ Chính trị",
    "Ban Bí thư",
    "Ban Thường vụ",
    "Ban Chấp hành",
    "Tỉnh ủy",
    "Huyện ủy",
    "Ủy ban Thường vụ Quốc hội",
    "Mặt trận Tổ quốc Việt Nam",
)

#: Bodies of every province and of the centre, by the code in their symbols. The order decides.
_CLASSES = (
    ("UBND", r"(?:Phó |phó )?(?:[Cc]hủ tịch )?(?:UBND|(?:Ủy|Uỷ) ban [Nn]hân dân)"),
    ("HĐND", r"(?:[Tt]hường trực )?(?:HĐND|Hội đồng [Nn]hân dân)"),
    ("UBTVQH", r"(?:Ủy|Uỷ) ban [Tt]hường vụ Quốc hội"),
    ("QH", r"Quốc hội"),
    ("TTg", r"Thủ tướng(?: Chính phủ)?"),
    ("CP", r"Chính phủ"),
    (
        "TW",
        r"(?:Hội nghị lần thứ [\w ]{1,20} )?(?:Ban Chấp hành Trung ương|Bộ Chính trị|Ban Bí thư)"
        r"(?: Trung ương)?(?: Đảng)?(?: khóa [IVX]+)?",
    ),
    ("TU", r"(?:Ban Thường vụ |Thường trực |Ban Chấp hành )?(?:Tỉnh ủy|Đảng bộ tỉnh|Thành ủy)"),
)
_PLACE = rf"(?: (?:tỉnh|huyện|xã|thành phố|thị xã|thị trấn|phường|quận)(?: {NAME})?)?"
CLASSES = tuple((code, re.compile(pattern + r"\b" + _PLACE)) for code, pattern in _CLASSES)
PLACE = re.compile(_PLACE)

#: By their folded letters: how the codes of these bodies are written.
CODES = {code.casefold().replace("đ", "d"): code for code in ("UBND", "HĐND", "TTg", "CP")}
#: Types that only the Party's texts have.
PARTY_TYPES = frozenset(("KL", "QĐi", "CTr"))
#: Codes of bodies of the Party: their numbers are written 52-NQ/TW.
PARTY_CODES = re.compile(
    r"^(?:TW|TU|ThU|BCSĐ|HU|ĐU|QU|BTCTW|BTGTW|UBKTTW|VPTW|BDVTW|BTCTU|BTGTU|VPTU)$"
)
#: Bodies that decide as a collective; only for them one signs TM.
COLLECTIVES = re.compile(
    r"^(?:(?:ỦY|UỶ) BAN|UBND|UBMTTQ|HỘI ĐỒNG|HĐND|BAN CHỈ ĐẠO|BAN CHẤP HÀNH|BAN THƯỜNG VỤ|"
    r"ĐẢNG ỦY|ĐẢNG BỘ|CHI BỘ|CHI ỦY|TỔ |BAN TỔ CHỨC|BAN CÁN SỰ|TỈNH ỦY|HUYỆN ỦY|"
    r"CHÍNH PHỦ|THƯỜNG TRỰC|ĐOÀN )"
)
_SMALL = frozenset(("và", "về", "của", "các", "-"))


@cache
def initials(name: str) -> str:
    """The letters that a symbol is made of: "Bộ Kế hoạch và Đầu tư" gives "BKHĐT".

    >>> initials("Bộ Kế hoạch và Đầu tư")
    'BKHĐT'
    """
    words = re.findall(r"[^\W\d_]+", name)
    return "".join(_bare(word[0].upper()) for word in words if word not in _SMALL)


def _bare(letter: str) -> str:
    """ "Ủ" as "U"; Đ has no marks."""
    return unicodedata.normalize("NFD", letter)[0]


@cache
def code_of_class(code: str) -> str:
    """The class an agency's code belongs to, or "": "QH15" is of "QH", "UBND" of "UBND"."""
    bare = re.match(rf"[{UPPER}]+[a-z]*", code)
    known = {name for name, _ in _CLASSES}
    return bare[0] if bare and bare[0] in known else ""


def without_place(name: str) -> str:
    """ "Ban Dân tộc tỉnh Bắc Giang" as "Ban Dân tộc"; "Thủ tướng Chính phủ" as it is."""
    return re.sub(rf" (?:tỉnh|huyện|thành phố|xã)(?: {NAME})?$", "", name)
