"""What the label of a row says: a total, a part of something, a note, or a name to look up."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from .names import fold, marked, strip_enumeration, words

RowKind = Literal["total", "minorities", "section", "part", "worked out", "village", "note", "name"]

_TOTAL = re.compile(
    r"^(?:tong(?: so| cong)?\b|cong\b|toan (?:tinh|huyen|xa|vung|bo|thanh pho|quoc)\b|"
    r"ca (?:nuoc|tinh|huyen|xa)\b|(?:grand |sub ?)?total\b|sum$)"
)
_CONG_PEOPLE = re.compile(r"^[\W\d]*cống\b")  # an ethnic group; a total is "Cộng"
_MINORITIES = re.compile(
    r"^(?:(?:tong(?: so| cong)?|cac|so) )*(?:dan toc thieu so|dtts|thieu so)\b"
    r"(?! (?:con lai|khac)\b)"
)
_SECTION = re.compile(r"^(?:cac )?(?:xa |thi tran |phuong )*(?:khu vuc|kv|vung)\b")
_PART = re.compile(
    r"^(?:trong do|t do|chia ra|chia theo|bao gom|gom co)\b|^(?:nam|nu|thanh thi|nong thon)$"
)
_WORKED_OUT = re.compile(
    r"^(?:trung binh|binh quan|ty le|ti le|co cau|so sanh|so voi|chenh lech|tang giam|"
    r"cung ky|ky truoc|nam truoc|luy ke|ty trong|ke hoach|dat ty le)\b|"
    r"^(?:tang|giam) so voi\b|^(?:thuc hien )?nam (?:19|20)\d\d$"
)
_VILLAGE = re.compile(r"^(?:thon|ban|to dan pho|tdp|khu pho|khu|xom|lang|pho) ")
_NOTE = re.compile(
    r"^(?:ghi chu|chu thich|nguon|nguoi lap|lap bieu|nguoi tong hop|noi nhan|thu truong|chu tich|"
    r"pho chu tich|truong phong|truong ban|ky ten|tm ubnd|tm uy ban|kt chu tich|kt truong|"
    r"xac nhan|don vi tinh|dvt|bieu so|luu y)\b"
)
_DATE_LINE = re.compile(r"\bngay\b.{0,12}\bthang\b.{0,12}\bnam\b")
# marks that these words never bear, not even mistyped: "Cống", "Tống", "Lạng Giang" are names
_WRITTEN = {
    "tong": ("tong", "tổng", "tông", "tồng", "tỏng", "tòng"),
    "cong": ("cong", "cộng", "công", "cọng"),
    "thon": ("thon", "thôn"),
    "ban": ("ban", "bản", "bán"),
    "khu": ("khu",),
    "xom": ("xom", "xóm"),
    "lang": ("lang", "làng"),
    "pho": ("pho", "phố"),
    "nguon": ("nguon", "nguồn"),
    "nam": ("nam", "năm"),
    "nu": ("nu", "nữ"),
}
_ROMAN = re.compile(r"^[IVXLC]{1,6}[.)]?$")


@lru_cache(maxsize=20_000)
def kind_of(label: str) -> RowKind:
    bare = strip_enumeration(label)
    plain = words(bare)
    if _is_another_word(bare, plain):
        return "name"
    if _MINORITIES.match(plain):
        return "minorities"
    if _TOTAL.match(plain) and not _CONG_PEOPLE.match(normalize("NFC", label).lower()):
        return "total"
    if _SECTION.match(plain):
        return "section"
    if _PART.match(plain) or re.match(r"^t\s*\.?\s*đó", label.strip().lower()):
        return "part"
    if _WORKED_OUT.match(plain):
        return "worked out"
    if _VILLAGE.match(plain):
        return "village"
    if _NOTE.match(plain) or _DATE_LINE.search(plain):
        return "note"
    return "name"


def _is_another_word(bare: str, plain: str) -> bool:
    """Whether the label begins with a word that only looks like a telling one without its marks.

    Of "tổng số" written with wrong marks the second word tells; a word alone must be right.
    """
    first, _, rest = plain.partition(" ")
    spellings = _WRITTEN.get(first)
    if spellings is None or (first == "tong" and rest in ("so", "cong")):
        return False
    written = re.split(r"[^\w\u0300-\u036f]+", bare.strip(), maxsplit=1)[0]
    return marked(written) not in {marked(spelling) for spelling in spellings}


def is_section_number(text: str) -> bool:
    """ "I", "II." or a lone capital in the numbering column marks a section."""
    stripped = text.strip()
    return bool(_ROMAN.match(stripped) or re.fullmatch(r"[A-H][.)]?", stripped))


def ways_to_split(label: str) -> list[str]:
    """Names joined in one label: "Sán Chí + Cao Lan" -> both, and what stands in brackets."""
    parts = re.split(r"\s*(?:\+|,|;|/|&|\(|\)|\bvà\b|\s[-–]\s)\s*", label)
    return [part for part in parts if part and fold(part)]
