"""What the linter knows of the world: types, issuers, and documents of the register."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from portal.documents.citation import joined, number_key, symbol_key, written_day
from portal.units.names import fold


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """A type of document: "Kế hoạch", "KH"; a Công văn has no abbreviation."""

    name: str
    code: str
    in_symbol: bool = True
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """An issuing agency with the codes its symbols carry."""

    name: str
    short_name: str = ""
    symbols: tuple[str, ...] = ()
    is_party: bool = False


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document of the register."""

    number: str
    symbol: str
    date: datetime.date
    issuer: IssuerFacts
    type_name: str
    subject: str = ""
    printed_as: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    replaced_by: str = ""
    replaced_from: datetime.date | None = None

    @property
    def name(self) -> str:
        """ "527/KH-BDT"."""
        return joined(self.number, self.symbol)

    @property
    def written_date(self) -> str:
        return written_day(self.date)

    @property
    def issuer_in_text(self) -> str:
        return self.issuer.short_name or self.issuer.name

    def ended_on(self, day: datetime.date) -> datetime.date | None:
        """The first day without force, if it had come by `day`."""
        ends = [end for end in (self.valid_to, self.replaced_from) if end and end <= day]
        return min(ends, default=None)


@dataclass(frozen=True)
class Catalogue:
    """Types, issuers and the documents that could be meant by the text."""

    types: tuple[TypeFacts, ...]
    issuers: tuple[IssuerFacts, ...]
    documents: tuple[DocumentFacts, ...] = ()
    has_register: bool = True

    @cached_property
    def type_by_name(self) -> dict[str, TypeFacts]:
        return {fact.name.casefold(): fact for fact in self.types}

    @cached_property
    def type_by_code(self) -> dict[str, TypeFacts]:
        return {fact.code: fact for fact in self.types if fact.in_symbol}

    @cached_property
    def issuer_by_key(self) -> dict[str, IssuerFacts]:
        known = {fold(fact.name): fact for fact in self.issuers}
        known |= {fold(fact.short_name): fact for fact in self.issuers if fact.short_name}
        return known

    @cached_property
    def by_number(self) -> dict[str, list[DocumentFacts]]:
        return _grouped((number_key(one.number), one) for one in self.documents)

    @cached_property
    def by_date(self) -> dict[datetime.date, list[DocumentFacts]]:
        return _grouped((one.date, one) for one in self.documents)

    def named(self, number: str, symbol: str) -> list[DocumentFacts]:
        """The documents of exactly this number and symbol, of any year."""
        wanted = symbol_key(symbol)
        return [
            one
            for one in self.by_number.get(number_key(number), [])
            if symbol_key(one.symbol) == wanted
        ]


def _grouped(pairs: Iterable[tuple]) -> dict:
    groups: dict = {}
    for key, one in pairs:
        groups.setdefault(key, []).append(one)
    return groups
