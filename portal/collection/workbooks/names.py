"""Matching names as people write them: units, ethnic groups, headings.

Folding drops case, marks, spaces, hyphens and apostrophes, and makes đ a d, so that old and new
spellings, tone placement (Hoà, Hòa) and NFD meet in one key. Where two names share a key the
written marks decide; what stays open gives candidates to ask about, never a guess.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from .layout import GroupName, RowUnit

KINDS = {
    "xã": ("xa", "x"),
    "phường": ("phuong", "p"),
    "thị trấn": ("thi tran", "tt", "t tran", "t t"),
    "huyện": ("huyen", "h"),
    "thị xã": ("thi xa", "tx"),
    "thành phố": ("thanh pho", "tp", "t pho"),
    "quận": ("quan", "q"),
    "tỉnh": ("tinh", "t"),
    "nước": ("nuoc",),
}
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u3000\ufeff]+")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")  # written right to left
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_ENUMERATION = re.compile(
    r"^\s*(?:[-–—+*•·]+|\(?\d{1,3}(?:\.\d{1,3})*[.)/]?(?=\s|[^\d\s.])|\(?[IVXLC]{1,6}[.)/]\s|"
    r"\(?[a-hA-H][.)])\s*"
)
_CODE = re.compile(r"^\s*\d{3,5}\s*[-–.:)]?\s+(?=\D)")
_TAIL = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|[*†¹²³]+)\s*$")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_FORMER = re.compile(r"\s*[(\[-]?\s*(?:cũ|trước sáp nhập|trước đây)\s*[)\]]?\s*$", re.IGNORECASE)
# signs of old fonts: folding would drop them and make "Br©u" (Brâu) another group's "Bru"
_SIGNS = "©®¬§¨ª«»¶·¸º¼½¾µ¡¢£¤¥¦"
_LEAKED = re.compile(rf"[^\W\d_][{_SIGNS}]|[{_SIGNS}¹][^\W\d_]")
_WITHIN = re.compile(r"^(?P<name>.*\S)\s*[,;(–—-]\s*(?P<place>[^(),;–—-]+?)\s*\)?$")
_PROVINCE = re.compile(r"\s*[,;–—-]\s*(?:tỉnh|t\.)\s+[^,;]+$", re.IGNORECASE)
_OFFICE = re.compile(r"^(?:ubnd|uy ban nhan dan)\s+")
_PEOPLE = re.compile(r"^(?:dan toc|dt|nguoi)\s+")

NAME = 200  # letters


def tidy(text: str) -> str:
    """One line of NFC text with single plain spaces."""
    return _tidy(text) if len(text) <= NAME else _tidy.__wrapped__(text)


@lru_cache(maxsize=20_000)  # a large file repeats its names
def _tidy(text: str) -> str:
    return _SPACES.sub(" ", undirected(unicodedata.normalize("NFC", text))).strip()


def undirected(text: str) -> str:
    """Without the invisible marks that turn the direction of writing."""
    return text if text.isascii() else _DIRECTIONS.sub("", text)


@lru_cache(maxsize=50_000)
def words(text: str) -> str:
    """Lower-case ASCII words: "Xã  Hoà An" -> "xa hoa an". Apostrophes join."""
    lowered = text.lower().replace("đ", "d").replace("ð", "d")
    plain = unicodedata.normalize("NFKD", lowered)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub("['’‘`´ʼ]", "", plain)
    return _NOT_WORD.sub(" ", plain).strip()


def fold(text: str) -> str:
    """The key under which spellings of one name meet: "H'Mông" -> "hmong"."""
    return words(text).replace(" ", "")


@lru_cache(maxsize=50_000)
def marked(text: str) -> str:
    """Like `fold` but keeps the marks, with the tone of a syllable at its end (hoà = hòa)."""
    syllables = []
    for syllable in re.split(r"[^\w\u0300-\u036f]+|_+", unicodedata.normalize("NFD", text.lower())):
        tone = "".join(char for char in syllable if char in _TONES)
        syllables.append("".join(char for char in syllable if char not in _TONES) + tone)
    return "".join(syllables)


def inline(name: str) -> str:
    """A unit's name inside a sentence: "Huyện Sơn Động" -> "huyện Sơn Động"."""
    first = name.split(" ", 1)[0].lower()
    is_kind = any(kind.startswith(first) for kind in KINDS)
    return name[:1].lower() + name[1:] if is_kind else name


def strip_enumeration(text: str) -> str:
    """Without "1.", "II.", "a)", "-" in front."""
    stripped = _ENUMERATION.sub("", text, count=1)
    return stripped if stripped.strip() else text


class Match(NamedTuple):
    """What a name leads to: one code, or several to ask about, or none.

    `exact` is false where the name fits only nearly, so that the person should confirm.
    """

    codes: tuple[str, ...] = ()
    exact: bool = True

    @property
    def code(self) -> str | None:
        return self.codes[0] if len(self.codes) == 1 and self.exact else None


NOTHING = Match()


def split_kind(text: str) -> tuple[str, str]:
    """("xã", "an lac") of "X. An Lạc"; the kind is empty when none is written."""
    plain = _OFFICE.sub("", words(text))
    best = ("", plain)
    for kind, spellings in KINDS.items():
        for spelling in spellings:
            rest = plain.removeprefix(spelling + " ")
            if rest != plain and len(rest) < len(best[1]):
                best = (kind, rest)
    return best


class UnitNames:
    """Finds a unit by its label, in the expected units first and then in all known ones."""

    def __init__(self, units: Iterable[RowUnit], known: Iterable[RowUnit] = ()) -> None:
        self.units = {unit.code: unit for unit in units}
        self.known = {unit.code: unit for unit in known if unit.code not in self.units}
        self.own = self._index(self.units)
        self.others = self._index(self.known)
        self.codes = {code.lstrip("0"): code for code in self.units}
        self.districts = {
            fold(split_kind(unit.district_name)[1]): unit.district
            for unit in (*self.known.values(), *self.units.values())
            if unit.district and unit.district_name
        }
        self._found: dict[tuple[str, str | None], Match] = {}

    @staticmethod
    def _index(units: Mapping[str, RowUnit]) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for unit in units.values():
            for name in (unit.name, *unit.aliases):
                for key in {fold(name), fold(split_kind(name)[1])}:
                    if key and unit.code not in index[key]:
                        index[key].append(unit.code)
        return index

    def find(self, label: str, district: str | None = None) -> Match:
        """Expected units only; `district` decides between namesakes."""
        key = (label, district)
        if key not in self._found:
            code = self.by_code(label)
            found = Match((code,)) if code else self._find(label, district, self.own, self.units)
            self._found[key] = found
        return self._found[key]

    def is_named(self, label: str) -> bool:
        """Whether a label is a unit's own name, with or without its kind, marks and all."""
        written = marked(strip_enumeration(label))
        match = self.find(label).codes or self.elsewhere(label).codes
        units = [self.units.get(code) or self.known[code] for code in match]
        names = {name for unit in units for name in (unit.name, unit.label, *unit.aliases)}
        return written in map(marked, names)

    def elsewhere(self, label: str) -> Match:
        """Units of the province that this layout does not expect."""
        return self._find(label, None, self.others, self.known)

    def _find(
        self,
        label: str,
        district: str | None,
        index: Mapping[str, list[str]],
        units: Mapping[str, RowUnit],
    ) -> Match:
        if _LEAKED.search(label):
            return NOTHING
        name, place = self._within(label)
        if place is not None:
            found = self._find(name, place, index, units).codes
            return Match(tuple(code for code in found if units[code].district == place))
        if former := self._former(label, index, units):
            return former
        bare = _TAIL.sub("", _CODE.sub("", strip_enumeration(label)))
        for text in dict.fromkeys((label, strip_enumeration(label), bare)):
            kind, name = split_kind(text)
            codes = index.get(fold(name)) or index.get(fold(text))
            if codes and len(codes) == 1:
                return Match((codes[0],))
            if codes:
                return Match(tuple(self._narrow(codes, units, kind, text, district)))
        return NOTHING

    def _within(self, label: str) -> tuple[str, str | None]:
        """("Xã An Bá", code of the district) of "Xã An Bá, huyện Sơn Động"; None where no district
        stands behind the name."""
        match = _WITHIN.match(_PROVINCE.sub("", tidy(label)))
        if match is None:
            return label, None
        return match["name"], self.districts.get(fold(split_kind(match["place"])[1]))

    @staticmethod
    def _former(
        label: str, index: Mapping[str, list[str]], units: Mapping[str, RowUnit]
    ) -> Match | None:
        """ "Xã An Lạc (cũ)" is the unit that is no more; where only one in force is known, ask."""
        bare = _FORMER.sub("", tidy(label))
        if bare == tidy(label):
            return None
        codes = index.get(fold(split_kind(strip_enumeration(bare))[1]), [])
        gone = [code for code in codes if not units[code].valid]
        return Match(tuple(gone or codes), exact=bool(gone)) if codes else None

    @staticmethod
    def _narrow(
        codes: list[str],
        units: Mapping[str, RowUnit],
        kind: str,
        text: str,
        district: str | None,
    ) -> list[str]:
        """Of namesakes, those of the kind, the district, the marks written; then valid ones."""
        written = marked(text)
        tests = (
            lambda unit: not kind or unit.kind.lower() == kind,
            lambda unit: district is None or unit.district == district,
            lambda unit: any(marked(name) in written for name in (unit.name, *unit.aliases)),
            lambda unit: unit.valid,
        )
        for test in tests:
            kept = [code for code in codes if test(units[code])]
            codes = kept or codes
        return codes

    def similar(self, label: str) -> Match:
        """Expected units whose names are nearly the label: to be asked, never taken."""
        name = fold(split_kind(strip_enumeration(self._within(label)[0]))[1])
        if len(name) < 4:
            return NOTHING
        near = difflib.get_close_matches(name, self.own, n=3, cutoff=0.8)
        codes = dict.fromkeys(code for key in near for code in self.own[key])
        return Match(tuple(codes), exact=False)

    def by_code(self, text: str) -> str | None:
        """A code as typed or as Excel left it, without its zeros."""
        digits = text.strip().removesuffix(".0")
        return self.codes.get(digits.lstrip("0")) if digits.isdigit() and len(digits) > 3 else None


def _bare_people(label: str) -> str:
    """ "2. Dân tộc Cống" -> "Cống"."""
    text = re.sub(r"^\s*\d{1,2}\s*[-.):]?\s*", "", strip_enumeration(label))
    prefix = len(words(text).split()) - len(_PEOPLE.sub("", words(text)).split())
    return " ".join(tidy(text).split(" ")[prefix:]) if prefix else text


class GroupNames:
    """Finds an ethnic group. The official name wins over an alias; a shared alias asks."""

    def __init__(self, groups: Iterable[GroupName]) -> None:
        self.groups = {group.code: group for group in groups}
        self.official: dict[str, list[str]] = defaultdict(list)
        self.aliases: dict[str, list[str]] = defaultdict(list)
        self.marked_official: dict[str, str] = {}
        self.marked_aliases: dict[str, set[str]] = defaultdict(set)
        for group in self.groups.values():
            self.official[fold(group.name)].append(group.code)
            self.marked_official[marked(group.name)] = group.code
            for alias in self._spellings(group.aliases):
                if group.code not in self.aliases[fold(alias)]:
                    self.aliases[fold(alias)].append(group.code)
                self.marked_aliases[marked(alias)].add(group.code)
        self._found: dict[str, Match] = {}

    @staticmethod
    def _spellings(aliases: Iterable[str]) -> Iterable[str]:
        """ "Tày Thanh (Mán Thanh)" is two names."""
        for alias in aliases:
            yield from (part.strip() for part in re.split(r"[()]", alias) if part.strip())

    def find(self, label: str) -> Match:
        if label not in self._found:
            self._found[label] = self._find(label)
        return self._found[label]

    def _find(self, label: str) -> Match:
        if _LEAKED.search(label):
            return NOTHING
        name = _bare_people(label)
        code = self.marked_official.get(marked(name))
        if code:
            return Match((code,))
        key = fold(name)
        official, aliases = self.official.get(key, []), self.aliases.get(key, [])
        if len(official) == 1:
            # "Lao" is written like an alias of La Hủ, though it may be Lào without its mark
            rivals = self.marked_aliases.get(marked(name), set()) - set(official)
            return Match((*official, *sorted(rivals)))
        return Match(tuple(dict.fromkeys((*official, *aliases))))

    def is_official(self, label: str) -> bool:
        """Whether a text is exactly a group's own name, marks and all."""
        return marked(label) in self.marked_official

    def is_named(self, label: str) -> bool:
        """Whether a label is a group's own name or alias, marks and all: "2. Dân tộc Cống"."""
        name = marked(_bare_people(label))
        return name in self.marked_official or name in self.marked_aliases

    def similar(self, label: str) -> Match:
        key = fold(label)
        if len(key) < 4:
            return NOTHING
        near = difflib.get_close_matches(key, [*self.official, *self.aliases], n=3, cutoff=0.84)
        codes = dict.fromkeys(
            code
            for name in near
            for code in (*self.official.get(name, ()), *self.aliases.get(name, ()))
        )
        return Match(tuple(codes), exact=False)
