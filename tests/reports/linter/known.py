"""The world of the linter's tests: the catalogue and register of the portal's own files."""

from __future__ import annotations

import csv
import datetime
from functools import cache
from pathlib import Path

from portal.documents.models.document import ABOUT, ABOUT_IN_TEXT
from reports.linter import Catalogue, Departure, Grants, OfficialText, lint
from reports.linter.catalogue import DocumentFacts, IssuerFacts, TypeFacts
from reports.linter.reading.frame import understood
from reports.linter.reading.plain import pages

DATA = Path(__file__).parents[3] / "portal" / "documents" / "data"
TEXTS = Path(__file__).parent / "texts"
TODAY = datetime.date(2023, 11, 30)

#: Documents that the made-up texts cite beside those of the register.
MORE = [
    ("QĐ", "12", "QĐ-UBND", "2023-01-06", "Ủy ban nhân dân tỉnh Bắc Giang", "giao kế hoạch"),
    ("KH", "15", "KH-UBND", "2023-02-10", "Ủy ban nhân dân tỉnh Bắc Giang", "về công tác dân tộc"),
    ("CV", "1204", "UBDT-KHTC", "2023-07-04", "Ủy ban Dân tộc", "về việc báo cáo"),
    ("TTLT", "07", "2014/TTLT-UBDT-BNV", "2014-12-22", "Ủy ban Dân tộc", "hướng dẫn chức năng"),
]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@cache
def catalogue() -> Catalogue:
    types = tuple(
        TypeFacts(
            row["name"],
            row["code"],
            bool(row["in_symbol"]) and not row["cited_by_name"],
            bool(row["cited_by_name"]),
        )
        for row in _rows("document_types.csv")
        if row["group"] != "copy"
    )
    issuers = {
        row["name"]: IssuerFacts(
            row["name"], row["short_name"], tuple(row["symbols"].split()), row["level"] == "party"
        )
        for row in _rows("issuers.csv")
    }
    return Catalogue(types, tuple(issuers.values()), tuple(_documents(types, issuers)))


def _documents(types: tuple[TypeFacts, ...], issuers: dict[str, IssuerFacts]):
    names = {one.code: one.name for one in types}
    rows = _rows("documents.csv")
    known = {f"{row['number']}/{row['symbol']}": row for row in rows}
    after = {
        row["target"]: known[row["source"]]
        for row in _rows("relations.csv")
        if row["kind"] == "replaces"
    }
    for row in rows:
        new = after.get(f"{row['number']}/{row['symbol']}")
        yield DocumentFacts(
            number=row["number"],
            symbol=row["symbol"],
            date=datetime.date.fromisoformat(row["date"]),
            issuer=issuers[row["issuer"]],
            type_name=names[row["type"]],
            subject=ABOUT.sub(lambda found: ABOUT_IN_TEXT[found[0]], row["subject"]),
            printed_as=row["printed_as"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            replaced_by=f"{names[new['type']]} số {new['number']}/{new['symbol']}" if new else "",
            replaced_from=_day(new["valid_from"]) if new else None,
        )
    for kind, number, symbol, date, issuer, subject in MORE:
        yield DocumentFacts(
            number, symbol, datetime.date.fromisoformat(date), issuers[issuer], names[kind], subject
        )


def read(text: str, *, is_markdown: bool = False) -> OfficialText:
    return understood(pages(text, is_markdown=is_markdown), catalogue(), today=TODAY)


def departures(text: OfficialText | str, *, grants: Grants | None = None) -> list[Departure]:
    return lint(read(text) if isinstance(text, str) else text, catalogue(), grants=grants)


def told(found: list[Departure]) -> list[str]:
    """What is asserted on: the rule's code and the quote."""
    return [f"{one.rule.code}: {one.quote}" for one in found]
