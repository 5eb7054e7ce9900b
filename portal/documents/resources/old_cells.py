"""Cells of old registers: numbers, types, issuers. Unclear ones are refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from import_export.widgets import Widget

from portal.collection.lists.cells import DayWidget, text_of
from portal.documents.citation import symbol_key, written_numbers
from portal.documents.models import DocumentType, Issuer
from portal.units.names import fold

SYMBOL = re.compile(r"[\w&+./-]*\Z")
NUMBER = re.compile(r"\d{1,6}[a-zđ]?\Z", re.IGNORECASE)
NO_NUMBER = {"", "khong so", "khong", "k so", "0"}

SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubdt": "uy ban dan toc",
    "ubmttq": "uy ban mat tran to quoc",
    "ttg": "thu tuong chinh phu",
    "vpcp": "van phong chinh phu",
    "bdt": "ban dan toc",
}


def issuer_key(name: str) -> str:
    """A name to compare by, with the usual abbreviations written out."""
    return " ".join(SHORT.get(word, word) for word in fold(name).split())


def number_and_symbol(row: Mapping[str, Any]) -> tuple[str, str]:
    """What the row says in "Số, ký hiệu", or in "Số" and "Ký hiệu"."""
    whole = text_of(row.get("Số, ký hiệu"))
    number, symbol = text_of(row.get("Số")), text_of(row.get("Ký hiệu"))
    if not whole and written_numbers(number) and not symbol:
        whole = number
    if not whole:
        return number, symbol.lstrip("/")
    whole = re.sub(r"\s*([/-])\s*", r"\1", re.sub(r"^số:?\s+", "", whole, flags=re.IGNORECASE))
    found = written_numbers(whole)
    if len(found) == 1 and str(found[0]) == whole:
        return found[0].number, found[0].symbol
    return (whole, "") if NUMBER.match(whole) or fold(whole) in NO_NUMBER else ("", whole)


class NumberWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = text_of(value)
        if fold(text) in NO_NUMBER:
            return ""
        if not NUMBER.match(text):
            raise ValueError(f"“{text[:40]}” không phải là số văn bản. Ghi như 527 hoặc 05.")
        return text


class SymbolWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = re.sub(r"\s*([/-])\s*", r"\1", text_of(value))
        if not SYMBOL.match(text):
            raise ValueError(f"“{text[:40]}” không phải là số, ký hiệu. Ghi như 527/KH-BDT.")
        return text


class PastDayWidget(DayWidget):
    """A day that lies behind `today`."""

    today: Any = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        day = super().clean(value, row, **kwargs)
        if day is None:
            raise ValueError("Còn thiếu ngày.")
        if self.today is not None and day > self.today:
            raise ValueError(f"{day:%d/%m/%Y} ở sau hôm nay.")
        return day


class TypeWidget(Widget):
    """By name or abbreviation; without one, what the symbol carries: "QĐ" in QĐ-UBND."""

    def prepare(self) -> None:
        self.by_name: dict[str, DocumentType] = {}
        self.by_code: dict[str, DocumentType] = {}
        for kind in DocumentType.objects.exclude(group=DocumentType.Group.COPY):
            self.by_name[fold(kind.name)] = self.by_code[symbol_key(kind.code)] = kind
        self.by_name["cong van"] = self.by_code[symbol_key("CV")]

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> DocumentType:
        text = text_of(value)
        if found := self.by_name.get(fold(text)) or self.by_code.get(symbol_key(text)):
            return found
        if text:
            raise ValueError(f"“{text[:60]}” không có trong danh mục loại văn bản.")
        symbol = text_of((row or {}).get("Ký hiệu"))
        for part in re.split(r"[-/.]", symbol)[:2]:
            if found := self.by_code.get(symbol_key(part)) if part else None:
                return found
        if symbol:
            return self.by_name["cong van"]
        raise ValueError("Còn thiếu loại văn bản, và không có ký hiệu để biết.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class IssuerWidget(Widget):
    """By name; without one, by the code in the symbol where one issuer alone uses it.

    A name that is not in the catalogue is a new issuer; `added` tells them.
    """

    def prepare(self) -> None:
        self.known: dict[str, list[Issuer]] = {}
        self.by_symbol: dict[str, list[Issuer]] = {}
        self.added: list[str] = []
        for issuer in Issuer.objects.all():
            for key in {issuer_key(issuer.name), issuer_key(issuer.short_name)} - {""}:
                self.known.setdefault(key, []).append(issuer)
            for key in issuer.symbol_keys:
                self.by_symbol.setdefault(key, []).append(issuer)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Issuer:
        text = " ".join(text_of(value).split())
        if not text:
            return self._by_symbol(text_of((row or {}).get("Ký hiệu")))
        found = self.known.get(issuer_key(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            names = "; ".join(issuer.name for issuer in found)
            raise ValueError(f"“{text}” có thể là {names}. Ghi tên đầy đủ.")
        if not fold(text) or len(text) > 200:
            raise ValueError(f"“{text[:60]}” không phải là tên cơ quan.")
        issuer = Issuer.objects.create(name=text)
        self.known[issuer_key(text)] = [issuer]
        self.added.append(text)
        return issuer

    def _by_symbol(self, symbol: str) -> Issuer:
        parts = [symbol_key(part) for part in re.split(r"[-/.]", symbol) if part]
        tail = symbol_key(symbol.rpartition("/")[2].partition("-")[2])
        found = {
            issuer.pk: issuer
            for key in {tail, *parts[-1:]}
            for issuer in self.by_symbol.get(key, [])
        }
        if len(found) == 1:
            return next(iter(found.values()))
        raise ValueError("Còn thiếu cơ quan ban hành.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")
