"""Searching documents: what is kept to be searched, and how words are matched and ranked."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, Value, When

from portal.units.names import fold

from .citation import days_in, joined, number_key, symbol_key, written_numbers

if TYPE_CHECKING:
    from .models import DocumentQuerySet

LONGEST_QUERY = 200
MOST_WORDS = 16
# words of a pasted citation that say nothing: "Quyết định số 2289/QĐ-TTg ngày … của …"
FILLERS = frozenset({"so", "ngay", "thang", "nam", "cua", "ve", "viec"})


def searchable(*, number: str, symbol: str, day: datetime.date, words: Iterable[str]) -> str:
    """One folded line, every word after a space: number, symbol, both run together, words."""
    number_and_symbol = joined(number, symbol)
    parts = [
        number_key(number),
        number_and_symbol,
        symbol_key(symbol),
        number_key(number) + symbol_key(symbol),
        str(day.year),
        *words,
    ]
    return " " + " ".join(folded for part in parts if (folded := fold(part)))


def found(documents: DocumentQuerySet, text: str) -> DocumentQuerySet:
    """Filter and rank; see DocumentQuerySet.search."""
    asked = unicodedata.normalize("NFC", text.replace("\0", " ")[:LONGEST_QUERY]).strip()
    if not asked:
        return documents
    days, rest = days_in(asked)
    words = fold(rest).split()
    if not words and not days:
        return documents.none()
    telling = [word for word in words if word not in FILLERS] or (words if not days else [])
    matching = Q(date__in=days) if days else Q()
    for word in telling[:MOST_WORDS]:
        matching &= _word(word)
    return documents.filter(matching).order_by(_rank(rest, telling), "-date", "-pk")


def _word(word: str) -> Q:
    """The word begins a word of the search text; "05" also finds number 5."""
    condition = Q(search_text__contains=f" {word}")
    if word.isdigit() and word != number_key(word):
        condition |= Q(number_key=number_key(word))
    return condition


def _rank(text: str, words: list[str]) -> Case:
    """0 the number and symbol asked for, 1 its number, 2 its symbol, 3 the phrase, 4 the words."""
    together = number_key("".join(words))
    exact = Q(search_text__contains=f" {together} ")
    for written in written_numbers(text):
        exact |= Q(number_key=number_key(written.number), symbol_key=symbol_key(written.symbol))
    numbers = [number_key(word) for word in words if word[:1].isdigit()]
    endings = ["".join(words[start:]) for start in range(len(words))]
    return Case(
        *([When(exact, then=Value(0))] if numbers and len(together) > len(numbers[0]) else []),
        *([When(number_key__in=numbers, then=Value(1))] if numbers else []),
        *([When(symbol_key__in=endings, then=Value(2))] if endings else []),
        When(search_text__contains=f" {' '.join(words)}", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
