"""Which stretches of a text must stay on one line.

Document numbers ("17/QĐUBQGCDĐT", "488/KH-UBND"), dates ("31/12/2020") and ranges ("2021 - 2025")
must not break after "/" or "-". Whether a text is a number cannot be known for certain, so every
word with such a sign inside stays whole, as long as it fits well within a line.
"""

import re

#: Stands for a note call while the places are sought; it belongs to the word before it.
CALL = "\ufffc"

_WORD = re.compile(r"\S+")
_SIGN = re.compile(r"[/\-\u2010-\u2015\\_@]")
#: Between digits no line breaks at "/", "-" or "." anyway (Unicode line breaking, rule 25); a span
#: for each date of a text would cost a tenth of its layout.
_ONLY_DIGITS = re.compile(r"[(“\"]*\d+(?:[/.,-]\d+)*[)”\".,;:]*")
_SPACED_DASH = re.compile(r"(?<!\S)\S++(?: [-\u2013\u2014] \S++)+")

#: A place where Unicode's line breaking may cut such a stretch, and what forbids it. The joiner has
#: no width and leaves no trace in the file's text.
_PLACE = re.compile(r"([/\-\u2010-\u2015\\_@ ])(?=.)")
_JOINER = "\u2060"
_PLAIN = re.compile(r'(?:<span>( )</span>)?<span class="whole">([^<]*)</span>')

#: A little over 2/3 of a line of 160 mm at 14 pt.
LONGEST_EM = 22.0


def unbroken_spans(text: str, *, longest_em: float = LONGEST_EM) -> list[tuple[int, int]]:
    """Return the (start, end) places of the stretches to keep whole, in order, not overlapping."""
    found = [match.span() for match in _SPACED_DASH.finditer(text)]
    found += [match.span() for match in _WORD.finditer(text) if _needs_keeping(match[0])]
    return _without_overlaps([(a, b) for a, b in found if _width_em(text[a:b]) <= longest_em])


def with_joiners(html: str) -> str:
    """Return the HTML for the layout engine with joiners instead of spans, where the words are
    plain: every span costs the engine a box on each line, a quarter of a layout in all.
    """
    return _PLAIN.sub(_joined, html)


def _joined(span: re.Match[str]) -> str:
    return (span[1] or "") + _PLACE.sub(rf"\1{_JOINER}", span[2])


def _needs_keeping(word: str) -> bool:
    if len(word) < 2 or (CALL not in word and _SIGN.search(word) is None):
        return False
    return _ONLY_DIGITS.fullmatch(word) is None


def _width_em(text: str) -> float:
    """Estimate from above the width of a text set in Times, in em."""
    return sum(0.95 if char.isupper() else 0.6 for char in text)


def _without_overlaps(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
