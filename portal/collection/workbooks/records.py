"""Matching the rows of records (works, plan lines): by code first, then by the whole name."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from .layout import Layout, RowUnit
from .names import NOTHING, Match, UnitNames, fold, strip_enumeration, tidy


class RecordNames(UnitNames):
    """A record's name is a name as a whole: "Đường liên thôn, xã An Bá" is no place in An Bá."""

    def __init__(self, units: Iterable[RowUnit], known: Iterable[RowUnit] = ()) -> None:
        super().__init__(units, known)
        self.by_text = self._codes(self.units)
        self.known_by_text = self._codes(self.known)

    @staticmethod
    def _codes(units: Mapping[str, RowUnit]) -> dict[str, str]:
        return {fold(code): code for code in units}

    @staticmethod
    def _index(units: Mapping[str, RowUnit]) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for unit in units.values():
            for name in (unit.name, *unit.aliases):
                if (key := fold(name)) and unit.code not in index[key]:
                    index[key].append(unit.code)
        return index

    def by_code(self, text: str) -> str | None:
        """A code as typed: case, spaces and hyphens do not matter, nor what Excel adds to it."""
        return self.by_text.get(fold(text.strip().removesuffix(".0")))

    def elsewhere(self, label: str) -> Match:
        code = self.known_by_text.get(fold(label))
        return Match((code,)) if code else super().elsewhere(label)

    def _find(
        self,
        label: str,
        district: str | None,
        index: Mapping[str, list[str]],
        units: Mapping[str, RowUnit],
    ) -> Match:
        """The whole name; where several share it, their place decides, written or beside them."""
        for text in dict.fromkeys((label, strip_enumeration(label))):
            if codes := index.get(fold(text)):
                return Match(tuple(self._here(codes, units, district)))
            name, place = self._within(text)
            if place is not None and (codes := index.get(fold(name))):
                return Match(tuple(code for code in codes if units[code].district == place))
        return NOTHING

    @staticmethod
    def _here(codes: list[str], units: Mapping[str, RowUnit], district: str | None) -> list[str]:
        here = [code for code in codes if district and units[code].district == district]
        return here or codes

    def similar(self, label: str) -> Match:
        name = fold(strip_enumeration(label))
        if len(name) < 4:
            return NOTHING
        near = difflib.get_close_matches(name, self.own, n=3, cutoff=0.8)
        codes = dict.fromkeys(code for key in near for code in self.own[key])
        return Match(tuple(codes), exact=False)

    def is_named(self, label: str) -> bool:
        return bool(self.find(tidy(label)).codes or self.elsewhere(label).codes)


def names_of(layout: Layout) -> UnitNames:
    """The finder of the layout's rows."""
    kind = RecordNames if layout.has_records else UnitNames
    return kind(layout.units, layout.known_units)


__all__ = ["RecordNames", "names_of"]
