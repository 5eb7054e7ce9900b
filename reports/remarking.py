"""Where the paragraph that a remark was pinned to stands now.

Nothing in the text says it: the words that were read are looked for in the words that are there, so
that a paragraph may be edited, moved or cut by whatever road and the remark is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from reports.text.richtext import read

from .models import Remark, Section

#: A paragraph that has at least this share of its words in common is the same one, edited.
_ALIKE = 0.5

#: Paragraphs compared word by word for one remark; the rest is looked at for equal words only.
_MOST_COMPARED = 200
_MOST_WORDS = 400


class Whereabouts(StrEnum):
    """What became of the paragraph."""

    WHOLE = "whole"  # the remark is about the section or the report
    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Pin:
    """A remark with the section and paragraph (from 0) where it is shown; None: at none."""

    remark: Remark
    where: Whereabouts
    section: int | None = None
    paragraph: int | None = None

    @property
    def told(self) -> str:
        """What is said beside the words that were read."""
        match self.where:
            case Whereabouts.CHANGED:
                return "Đoạn đã sửa"
            case Whereabouts.MOVED:
                return "Đoạn đã chuyển"
            case Whereabouts.GONE:
                return "Đoạn đã bỏ"
        return ""


def pins(remarks: Iterable[Remark], sections: Iterable[Section]) -> list[Pin]:
    """Each remark at its place among the sections that stand in the text."""
    texts = {section.pk: paragraphs(section.body) for section in sections}
    return [pinned(remark, texts) for remark in remarks]


def paragraphs(body: str) -> tuple[str, ...]:
    """The words of each paragraph and list item, as remarks quote them."""
    return tuple(" ".join(line.text.split()) for line in read(body, is_trusted=True))


def pinned(remark: Remark, texts: Mapping[int, Sequence[str]]) -> Pin:
    """`texts`: the paragraphs of each section by its key."""
    if remark.section_id is None:
        return Pin(remark, Whereabouts.WHOLE)
    own = texts.get(remark.section_id, ())
    if remark.paragraph is None:
        return Pin(remark, Whereabouts.WHOLE, remark.section_id if own else None)
    found = _equal(remark, own)
    if found is not None:
        return Pin(remark, Whereabouts.SAME, remark.section_id, found)
    for key, lines in texts.items():
        found = _equal(remark, lines) if key != remark.section_id else None
        if found is not None:
            return Pin(remark, Whereabouts.MOVED, key, found)
    found = _alike(remark, own)
    if found is not None:
        return Pin(remark, Whereabouts.CHANGED, remark.section_id, found)
    there = remark.section_id if remark.section_id in texts else None
    return Pin(remark, Whereabouts.GONE, there)


def _equal(remark: Remark, lines: Sequence[str]) -> int | None:
    """The paragraph with the very words; of several the nearest to where it stood."""
    places = [n for n, line in enumerate(lines) if line == remark.quote]
    return min(places, key=lambda n: abs(n - (remark.paragraph or 0)), default=None)


def _alike(remark: Remark, lines: Sequence[str]) -> int | None:
    """The paragraph most like it, looking around the old place first."""
    words = remark.quote.split()[:_MOST_WORDS]
    near = sorted(range(len(lines)), key=lambda n: abs(n - (remark.paragraph or 0)))
    matcher: SequenceMatcher[str] = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(words)
    best, place = _ALIKE, None
    for n in near[:_MOST_COMPARED]:
        matcher.set_seq1(lines[n].split()[:_MOST_WORDS])
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        share = matcher.ratio()
        if share > best or (place is None and share >= best):
            best, place = share, n
    return place
