"""Vietnamese names: matched after folding, sorted by the Vietnamese alphabet."""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the dictionary order
_RANK = {letter: f"{index:02d}" for index, letter in enumerate(ALPHABET)}


def fold(text: str) -> str:
    """Lower case, no marks, đ as d, letters and digits apart by single spaces.

    >>> fold("Xã  Hoà-Bình (NFD)")
    'xa hoa binh nfd'
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def sort_key(text: str) -> str:
    """A key for a COLLATE "C" column: letters first, then tones, then case.

    A space sorts before every letter, so that words compare one by one.
    """
    letters, tones, cases = [], [], []
    for char in unicodedata.normalize("NFC", text):
        letter, tone = _split(char)
        if letter in _RANK:
            letters.append(_RANK[letter])
            tones.append(str(tone))
            cases.append("1" if char.isupper() else "0")
        elif letter.isdigit():
            letters.append(f"&{letter}")  # before every letter, after the space
        elif letter.isspace():
            letters.append(" ")
    return "".join(letters) + "!" + "".join(tones) + "!" + "".join(cases)


def _split(char: str) -> tuple[str, int]:
    """The letter of the alphabet under `char`, and the rank of its tone (0 without one)."""
    parts = unicodedata.normalize("NFD", char.lower())
    tone = next((TONES.index(mark) + 1 for mark in parts if mark in TONES), 0)
    letter = "".join(mark for mark in parts if mark not in TONES)
    return unicodedata.normalize("NFC", letter), tone
