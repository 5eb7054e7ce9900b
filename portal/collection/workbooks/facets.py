"""Sexes and categories by name, where they stand in rows instead of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .layout import Column
from .names import fold, strip_enumeration, words
from .vocabulary import telling

_OF_WHICH = re.compile(r"^(?:trong do|t do|chia ra|chia theo|gom|bao gom)\b\s*")
_SEXES = {
    "male": {"nam", "nam gioi", "so nam", "gioi tinh nam", "nguoi nam", "male"},
    "female": {"nu", "nu gioi", "so nu", "gioi tinh nu", "nguoi nu", "phu nu", "female"},
}
LONGEST = 120


class FacetNames:
    """Finds the columns of one sex or one category under the names people give them."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.by_name: dict[str, list[str]] = {}
        for column in columns:
            for name in self._names(column) - {""}:
                self.by_name.setdefault(name, []).append(column.key)

    def __bool__(self) -> bool:
        return bool(self.by_name)

    @staticmethod
    def _names(column: Column) -> set[str]:
        if column.sex and not column.category:
            return {f"sex {column.sex}"}
        if column.category and not column.sex:
            return {_telling(name) for name in (column.heading, *column.aliases)}
        return set()

    def names(self, label: str) -> list[str]:
        """Layout keys that a label speaks of: "Trong đó: Nữ", "- 3 người"; [] for none."""
        if not self.by_name or not label or len(label) > LONGEST:
            return []
        plain = _OF_WHICH.sub("", words(strip_enumeration(label))).strip()
        for sex, names in _SEXES.items():
            if plain in names:
                return self.by_name.get(f"sex {sex}", [])
        return self.by_name.get(_telling(label)) or self.by_name.get(_telling(plain)) or []


def _telling(name: str) -> str:
    """One key for a category's name whatever the order and the small words in it."""
    return " ".join(sorted(telling(strip_enumeration(name)))) or fold(name)
