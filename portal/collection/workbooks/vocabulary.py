"""The words under which a layout's columns go, and which column a heading means.

A heading is compared as the set of its telling words: order, "số", "tổng", units in brackets and
abbreviations (DTTS, TS, %) do not matter. A match of the whole path of headings is certain; a
near one is a proposal for a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from .layout import Column, Layout
from .names import GroupNames, UnitNames, fold, tidy, words

VILLAGES = (
    "thon", "thon ban", "ten thon", "ten thon ban", "thon ban to dan pho", "thon to dan pho",
    "ten thon to dan pho", "ten thon ban to dan pho", "khu dan cu", "ten khu dan cu", "xom",
    "thon xom", "thon ban khu pho", "to dan pho",
)  # fmt: skip
STUBS = {
    "index": ("stt", "tt", "so tt", "so thu tu", "thu tu", "no"),
    "unit_code": ("ma don vi", "ma dvhc", "ma xa", "ma dia ban", "ma don vi hanh chinh"),
    "group_code": ("ma dan toc", "ma so dan toc", "ma dt"),
    "measure_code": ("ma chi tieu", "ma so chi tieu", "ma"),
    "unit": (
        "ten don vi", "don vi", "don vi hanh chinh", "xa", "ten xa", "xa phuong thi tran",
        "xa phuong", "xa thi tran", "dia ban", "dia phuong", "ten dia phuong", "huyen xa",
        "ten don vi hanh chinh", "don vi bao cao", "ten xa phuong thi tran", "ten xa thi tran",
        "huyen thanh pho xa", "huyen", "ten huyen", "huyen thanh pho", "don vi xa", "xa phuong tt",
        "ten xa phuong", *VILLAGES,
    ),
    "group": ("dan toc", "thanh phan dan toc", "ten dan toc", "nhom dan toc", "cac dan toc"),
    "measure": ("chi tieu", "ten chi tieu", "noi dung", "tieu chi", "noi dung chi tieu"),
    "area": ("khu vuc", "thanh thi nong thon", "khu vuc thanh thi nong thon", "tt nt"),
    "facet": ("gioi tinh", "nam nu", "phan loai", "phan to", "chia theo", "loai ho", "nhom"),
    "measure_unit": ("don vi tinh", "dvt"),
    "value": (
        "so lieu", "gia tri", "so luong", "ket qua", "thuc hien", "ket qua thuc hien", "sl",
        "so lieu bao cao", "so",
    ),
    "note": ("ghi chu", "chu thich", "giai trinh", "ly do"),
}  # fmt: skip
STUB_OF = {spelling: kind for kind, spellings in STUBS.items() for spelling in spellings}
# where the rows are records, a unit is the place of one
RECORD_STUBS = {
    "unit_code": ("ma", "ma so", "ma cong trinh", "ma du an", "ma dong", "ma hang muc"),
    "unit": (
        "cong trinh", "ten cong trinh", "danh muc cong trinh", "du an", "ten du an",
        "danh muc du an", "hang muc", "ten hang muc", "danh muc", "noi dung", "noi dung dau tu",
        "ten cong trinh du an", "danh muc cong trinh du an", "cong trinh du an",
    ),
    "district": (
        *STUBS["unit"], "dia diem", "dia diem xay dung", "dia diem dau tu", "noi xay dung",
    ),
}  # fmt: skip
RECORD_STUB_OF = {
    **STUB_OF, **{text: kind for kind, texts in RECORD_STUBS.items() for text in texts}
}  # fmt: skip

_UNITS = re.compile(
    r"\(\s*(?:(?:đvt|đơn vị tính)\s*:?\s*)?(?:(?:nghìn|ngàn|triệu|tỷ|tỉ|chục|trăm|1[.,]?000)\s*)?"
    r"(?:hộ|hộ gia đình|người|nhân khẩu|khẩu|máy|km|cái|thôn|xã|video|thủ tục|biên chế|đồng|vnđ|ha|"
    r"tấn|con|dân tộc|đơn vị tính[^)]*|\d+(?:\s*[=:][^)]*)?|[a-z])\s*\)"
    r"|\(\s*(?:(?:đvt|đơn vị tính)\s*:?\s*)?(?:nghìn|ngàn|triệu|tỷ|tỉ|1[.,]000)\s*\)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}|\(?[IVX]{1,4}|\(?[a-hA-H])[.)/]\s+(?=\D)")
_YEAR = re.compile(
    r"\b(?:trong\s+năm|trong\s+nam(?!\s*[/,])|năm|nam(?=\s*\d{4}))\s*(\d{4})?\b|\b(19|20)\d\d\b"
)
_DATE = re.compile(
    r"(?:\b(?:có đến|tính đến|đến|thời điểm|tại|ngày)\s+)*"
    r"\b\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(?:19|20)\d\d\b"
)
_PHRASES = (
    (re.compile(r"\bdan toc thieu so\b|\bdtts\b|\bdan toc it nguoi\b|\bthieu so\b"), " dtts "),
    (re.compile(r"\bti le\b|\btl\b"), " ty le "),
    (re.compile(r"\bdong bao\b|\bgioi tinh\b|\bchia (?:theo|ra)\b|\btrong do\b|\bt do\b"), " "),
    (re.compile(r"\bcb cc\b|\bcbcc\b"), " can bo cong chuc "),
    (re.compile(r"\bcntt\b"), " cong nghe thong tin "),
    (re.compile(r"\btthc\b"), " thu tuc hanh chinh "),
    (re.compile(r"\bca nuoc\b|\btoan bo\b"), " "),
)
_ENGLISH = (
    "total",
    "male",
    "female",
    "of",
    "which",
    "persons",
    "person",
    "households",
    "household",
)
_FILLERS = frozenset(
    "so cac cua la trong tong ts nguoi sl va ve theo duoc do".split()  # noqa: SIM905 - a sentence
).union(_ENGLISH)
_WHOLE = frozenset({"tong"})
_COUNTED = frozenset({"ho"})  # what is counted goes without saying: "cận nghèo DTTS"


@lru_cache(maxsize=20_000)
def telling(text: str) -> frozenset[str]:
    """The telling words of a heading: "Tổng số hộ DTTS (hộ)" -> {"ho", "dtts"}."""
    lowered = _DATE.sub(" ", _UNITS.sub(" ", tidy(text).lower()))
    lowered = _YEAR.sub(" ", lowered).replace(" tại ", " ")
    if "%" in lowered and "tỷ lệ" not in lowered and "tỉ lệ" not in lowered:
        lowered = lowered.replace("%", " tỷ lệ ")
    plain = words(lowered)
    for pattern, replacement in _PHRASES:
        plain = pattern.sub(replacement, plain)
    tokens = frozenset(plain.split())
    if tokens - _FILLERS:
        return tokens - _FILLERS
    return _WHOLE if tokens & {"tong", "ts", "chung"} else tokens


def year_of(text: str) -> int | None:
    """The year a heading speaks of, when it names exactly one."""
    years = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))
    return int(years.pop()) if len(years) == 1 else None


def unnumbered(text: str) -> str:
    """A heading without its number: "3. Tổng số hộ"; "3 người" is a name and stays."""
    return _NUMBERED.sub("", text, count=1) or text


class Meaning(NamedTuple):
    """What a column of the file is: a stub, or a value column by key, and how sure."""

    stub: str | None = None
    key: str | None = None
    group: str | None = None
    how: str = ""  # exact, answer; "near" asks; "" unknown
    near: tuple[str, ...] = ()
    unit: str | None = None  # of a table with groups down the rows and units across


class Vocabulary:
    """All the names of one layout's columns, ready to be looked up."""

    def __init__(self, layout: Layout, units: UnitNames | None = None) -> None:
        self.layout = layout
        self.units = units
        self.groups = GroupNames(layout.groups)
        self.sets: list[tuple[str, frozenset[str]]] = []
        for column in layout.columns:
            self.sets += [(column.key, tokens) for tokens in self._sets(column)]
        # headings word for word, with those above them: what our own template prints is never asked
        self.verbatim: dict[str, set[str]] = {}
        for column in layout.columns:
            printed = fold(" ".join((*column.parents, column.heading)))
            self.verbatim.setdefault(printed, set()).add(column.key)
        # a column of the layout may be spelt like a stub: "Khu vực" is the zone where there is one
        self.spelt = {fold(name) for c in layout.entered for name in (c.heading, *c.aliases)}
        self.universe = frozenset().union(*(tokens for _, tokens in self.sets))
        self.parents = {fold(parent) for column in layout.columns for parent in column.parents}
        self.parents |= {"trongdo", "chiara", "chiatheodantoc", "chiatheogioitinh", "giotinh"}
        self.wholes = [c.key for c in layout.entered if not (c.sex or c.group or c.category)]
        measured = {fold(c.unit_of_measure) for c in layout.entered} - {""}
        is_one = len(self.wholes) == 1 and len({c.measure for c in layout.entered}) == 1
        self.counted: set[str] = set()  # what the one whole of the layout may be called
        if is_one:
            names = ("so", "", "tongso", "soluong")
            self.counted = {f"{name}{unit}" for unit in measured for name in names}
        if is_one and len(layout.entered) > 1:
            self.counted |= {"tongso", "tong", "tongcong", "chung", "toanbo"}
        self.own_stubs = {
            fold(layout.unit_heading): "unit",
            fold(layout.group_heading): "group",
            fold(layout.measure_heading): "measure",
            fold(layout.value_heading): "value",
        }
        if layout.has_records:
            self.own_stubs |= {
                fold(layout.code_heading): "unit_code",
                fold(layout.row_noun): "unit",
                fold(f"mã {layout.row_noun}"): "unit_code",
                fold(f"tên {layout.row_noun}"): "unit",
            }
        self.stubs = RECORD_STUB_OF if layout.has_records else STUB_OF

    @staticmethod
    def _sets(column: Column) -> Iterable[frozenset[str]]:
        for name in (column.heading, *column.aliases):
            yield telling(name)
        if column.parents:
            for name in (column.heading, *column.aliases):
                yield telling(" ".join((*column.parents, name)))

    def stub(self, text: str) -> str | None:
        """The kind of stub (index, unit, group, measure, value, note, ...) that a heading names."""
        plain = words(re.sub(r"\(.*?\)", " ", text))
        return self.own_stubs.get(plain.replace(" ", "")) or self.stubs.get(plain)

    def exact(self, tokens: frozenset[str]) -> tuple[str, ...]:
        """Keys of the columns whose telling words are exactly these, with or without "hộ"."""
        keys = dict.fromkeys(key for key, known in self.sets if known == tokens)
        bare = tokens - _COUNTED
        if not keys and bare:
            keys = dict.fromkeys(key for key, known in self.sets if known - _COUNTED == bare)
        return tuple(keys)

    def near(self, tokens: frozenset[str]) -> tuple[str, ...]:
        """Up to three keys whose words overlap most, best first; () when nothing is close."""
        if {"dan", "toc"} <= tokens:  # "người dân tộc" alone is how people say DTTS
            tokens = tokens - {"dan", "toc"} | {"dtts"}
        scores: dict[str, float] = {}
        for key, known in self.sets:
            score = len(tokens & known) / len(tokens | known) if tokens | known else 0.0
            scores[key] = max(scores.get(key, 0.0), score)
        ranked = sorted((key for key in scores if scores[key] >= 0.5), key=lambda k: -scores[k])
        return tuple(ranked[:3])

    def knows(self, text: str) -> bool:
        """Whether a text alone is a heading of this layout."""
        if len(text) > 200:
            return False
        text = unnumbered(text)
        return bool(self.stub(text) or self.exact(telling(text)) or fold(text) in self.parents)

    def meaning(self, path: Sequence[str], number: str = "") -> Meaning:
        """What a column is whose headings, outermost first, are `path`.

        `number` is its mark in the "A B 1 2" row: of near matches it proposes one, and no more.
        """
        if not path:
            return Meaning()
        path = [unnumbered(text) for text in path]
        stub = self.stub(path[-1]) or self.stub(" ".join(path))
        if stub and (self.groups.is_official(path[-1]) or fold(path[-1]) in self.spelt):
            stub = None  # "Mạ" is an ethnic group before it is a code ("mã")
        if stub and (stub != "value" or self.layout.rows == "measure"):
            return Meaning(stub=stub, how="exact")
        group, rest = self._split_group(path)
        unit, rest = self._split_unit(rest)
        spoken = self.verbatim.get(fold(" ".join(rest)), set())
        keys = tuple(spoken) if len(spoken) == 1 else self._keys(rest, group=group)
        if len(keys) == 1:
            return Meaning(key=keys[0], group=group, how="exact", unit=unit)
        near = keys or self.near(telling(" ".join(rest)))
        numbered = [key for key in near if number and self.layout.by_key[key].number == number]
        if len(numbered) == 1:
            near = (numbered[0], *(key for key in near if key != numbered[0]))
        return Meaning(group=group, how="near" if near else "", near=near, unit=unit)

    def _split_group(self, path: Sequence[str]) -> tuple[str | None, list[str]]:
        """An ethnic group among the headings, and the headings without it."""
        if not self.layout.groups:
            return None, list(path)
        for position, text in enumerate(path):
            if self.exact(telling(text)) or len(text) > 40:
                continue
            code = self.groups.find(text).code
            if code:
                return code, [*path[:position], *path[position + 1 :]]
        return None, list(path)

    def _split_unit(self, path: list[str]) -> tuple[str | None, list[str]]:
        """An expected unit among the headings of a table by group, and the headings without it."""
        if self.units is None or not self.layout.has_groups:
            return None, path
        for position, text in enumerate(path):
            if len(text) > 60 or self.exact(telling(text)):
                continue
            if code := self.units.find(text).code:
                return code, [*path[:position], *path[position + 1 :]]
        return None, path

    def _keys(self, path: list[str], *, group: str | None) -> tuple[str, ...]:
        """Columns that the whole path names, or its end where the rest says nothing telling."""
        for start in range(len(path)):
            skipped = telling(" ".join(path[:start])) if start else frozenset()
            keys = self.exact(telling(" ".join(path[start:])))
            keys = tuple(key for key in keys if not skipped & self.universe - self._family(key))
            if keys:
                return keys
        if group is None and self.counted and fold(" ".join(path)) in self.counted:
            return tuple(self.wholes)
        if group is not None:
            whole = [c.key for c in self.layout.entered if c.sex is None and c.group is None]
            rest = telling(" ".join(path)) if path else frozenset()
            if len(whole) == 1 and not rest - {"dan", "toc", "tong", "so"}:
                return tuple(whole)
        return ()

    def _family(self, key: str) -> frozenset[str]:
        """Words of all columns of the same measure: they may stand above any of them."""
        measure = self.layout.by_key[key].measure
        kin = {column.key for column in self.layout.columns if column.measure == measure}
        return frozenset().union(*(tokens for known, tokens in self.sets if known in kin))
