"""Whether letters make Vietnamese syllables, and the two old ways of writing them.

TCVN3 (fonts .Vn*) gives each letter one byte of its own, so it reads "nhµ xuÊt b¶n" elsewhere;
VNI (fonts VNI-*) writes the mark as a second character, "caùc baïn". Both are recognised by
what they turn into: text whose words become well-formed syllables was written that way.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# TCVN 5712:1993, third character set: positions and the letters they stand for
_TCVN3_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3_BYTES = bytes.fromhex(
    "b5b8b6b7b9a8bbbebcbdc6a9c7cac8c9cbaeccd0cecfd1aad2d5d3d4d6d7ddd8dcdedfe3e1e2e4abe5e8e6e7e9"
    "aceaedebeceeeff3f1f2f4adf5f8f6f7f9fafdfbfcfea1a2a7a3a4a5a6"
)
TCVN3 = dict(zip(_TCVN3_BYTES, _TCVN3_LETTERS, strict=True))

_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}


def _vni_pairs() -> dict[str, str]:
    pairs = {letter + mark: letter + tone for letter in "aeouy" for mark, tone in _TONES.items()}
    pairs |= {a + mark: a + "\u0302" + tone for a in "aeo" for mark, tone in _CIRCUMFLEX.items()}
    pairs |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVE.items()}
    pairs |= {"ô" + mark: "ơ" + tone for mark, tone in _TONES.items()}
    pairs |= {"ö" + mark: "ư" + tone for mark, tone in _TONES.items()}
    pairs |= {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
    pairs["î"] = "ỵ"
    pairs = {written: unicodedata.normalize("NFC", letter) for written, letter in pairs.items()}
    capitals = {}
    for written, letter in pairs.items():
        capitals[written.upper()] = letter.upper()
        capitals[written[:1].upper() + written[1:]] = letter.upper()
    return capitals | pairs


VNI = _vni_pairs()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx]"
_NUCLEUS = "uyê|uya|iê|yê|ươ|uô|uâ|uơ|uê|uy|oă|oa|oe|oo|ua|ưa|ia|ya|[aăâeêioôơuưy]"
_CODA = "ng|nh|ch|[ckmnptiyou]"  # k in names of the highlands: Đắk
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?")
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"


_BREAKS = re.compile(r"[\s\d.,;:()/\"'%+=<>\[\]–—_-]+")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether one word has the shape of a Vietnamese syllable, tone and all."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in parts if mark in _TONE_MARKS]
    if len(tones) > 1:
        return False
    bare = "".join(mark for mark in parts if mark not in _TONE_MARKS)
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def well_formed(text: str) -> tuple[int, int]:
    """(words that are syllables, words) among the words written with more than ASCII."""
    good = total = 0
    for word in _BREAKS.split(text):
        if not word or word.isascii():
            continue
        total += 1
        good += is_syllable(word)
    return good, total


def has_marked_word(text: str) -> bool:
    """Whether some word of two letters or more is a syllable written with more than ASCII."""
    return any(
        len(word) > 1 and not word.isascii() and is_syllable(word) for word in _BREAKS.split(text)
    )


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """TCVN3 text, as it looks when read as Latin-1, in Unicode (NFC)."""
    fixed = text.translate(TCVN3)
    return fixed.upper() if capitals else fixed


def from_vni(text: str, *, capitals: bool = False) -> str:
    """VNI text, as it looks when read as Latin-1, in Unicode (NFC)."""
    fixed = _VNI_PATTERN.sub(lambda match: VNI[match[0]], text)
    return fixed.upper() if capitals else fixed


def unmarked_utf16(data: bytes) -> str:
    """ "utf-16-le" or "utf-16-be" where every other byte is mostly nought; "" elsewhere."""
    sample = data[:4000]
    first, second = sample[::2], sample[1::2]
    if len(second) < 2:
        return ""
    if second.count(0) * 2 > len(second) and first.count(0) * 10 < len(first):
        return "utf-16-le"
    if first.count(0) * 2 > len(first) and second.count(0) * 10 < len(second):
        return "utf-16-be"
    return ""


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """(text, name of the encoding) of bytes whose encoding nobody vouches for.

    UTF-16 and UTF-8 are certain when they fit. Of the one-byte encodings the one is taken that
    gives well-formed Vietnamese; TCVN3 and VNI come back as Latin-1, to be repaired by cell.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "UTF-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace"), "UTF-8"
    if encoding := unmarked_utf16(data):
        return data.decode(encoding, "replace"), "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    latin = data.decode("cp1252", "replace").replace("\ufffd", "")
    windows = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    readings = [
        (well_formed(windows[:200_000])[0], "Windows-1258", windows),
        (well_formed(from_tcvn3(latin[:200_000]))[0], "TCVN3", latin),
        (well_formed(from_vni(latin[:200_000]))[0], "VNI", latin),
    ]
    best = max(readings, key=lambda reading: reading[0])
    if declared and declared.lower() in ("windows-1252", "iso-8859-1") and not best[0]:
        return latin, "Windows-1252"
    return best[2], best[1]
