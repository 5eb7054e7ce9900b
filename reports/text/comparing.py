"""Two texts compared word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[\w/.-]+|[^\w\s]")
#: Longer texts are told as a whole: comparing them would take seconds.
_MOST_WORDS = 6000


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words: kind "same", "removed" or "added"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One section: its name, how it stands ("added", "removed", "changed"), the words of both."""

    name: str
    kind: str
    title: list[Change]
    body: list[Change]

    @property
    def paragraphs(self) -> list[list[Change]]:
        return paragraphs(self.body)


def word_changes(old: str, new: str) -> list[Change]:
    """What was taken out of `old` and put in to give `new`, in reading order."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        whole = [Change("removed", old), Change("added", new)]
        return [Change("same", new)] if old == new else whole
    found: list[Change] = []
    removed = added = ""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        old_words, new_words = "".join(before[start:end]), "".join(after[new_start:new_end])
        is_between = bool(removed or added) and not old_words.strip()
        if tag != "equal" or is_between:  # a blank between two changes belongs to them
            removed, added = removed + old_words, added + new_words
            continue
        found += _told(removed, added)
        removed = added = ""
        found.append(Change("same", old_words))
    return found + _told(removed, added)


def paragraphs(changes: Iterable[Change]) -> list[list[Change]]:
    """The changes cut where a paragraph ends; "¶" shows an end that came or went."""
    found: list[list[Change]] = [[]]
    for change in changes:
        first, *rest = change.text.split("\n")
        sign = "" if change.kind == "same" else "¶"
        for words in rest:
            found[-1].append(Change(change.kind, f"{first}{sign}"))
            found.append([])
            first = words
        found[-1].append(Change(change.kind, first))
    lines = ([change for change in line if change.text] for line in found)
    return [line for line in lines if line]


def _told(removed: str, added: str) -> list[Change]:
    changes = [Change("removed", removed), Change("added", added)]
    return [change for change in changes if change.text]
