"""Number and symbol of a cited document: well formed, of its type, of its issuer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.documents.citation import PARTY_SYMBOL, written_number
from reports.linter.catalogue import DocumentFacts
from reports.linter.citing import Mention
from reports.linter.departures import ABBREVIATIONS, LAYOUT, Found, Severity, Spot, rule
from reports.linter.examined import Examined
from reports.linter.fitting import WITHOUT_YEAR, Kind
from reports.linter.text import Part


def _told(examined: Examined, kind: Kind) -> Iterator[Found]:
    """One departure for every way of writing, with all its places; the register mends first."""
    groups: dict[str, list[Mention]] = {}
    for mention in examined.mentions:
        groups.setdefault(mention.written, []).append(mention)
    for written, same in groups.items():
        found = examined.faults.get(written)
        if found is None or found.kind is not kind:
            continue
        documents = (_of_its_type(one, examined) for one in same)
        document = next((known for known in documents if known is not None), None)
        right = document.name if document and document.name != written else found.right
        offer = f" Đúng là “{right}”." if right else ""
        yield Found(
            f"“{written}”: {found.message}.{offer}",
            tuple(Spot(one.line, one.number_at, one.symbol_end, right or None) for one in same),
            found.severity,
        )


def _of_its_type(mention: Mention, examined: Examined) -> DocumentFacts | None:
    """What the register has for it; a near one of another type is another document."""
    answer = examined.resolved[mention]
    near = answer.near
    if near is not None and mention.type_name and near.type_name != mention.type_name:
        return None
    return answer.document


@rule("ky-hieu", "Cách viết số, ký hiệu", LAYOUT)
def form(examined: Examined) -> Iterator[Found]:
    """Malformed: spaces, a missing dash, the wrong order, no zero, no year."""
    yield from _told(examined, Kind.FORM)


@rule("loai-ky-hieu", "Tên loại và ký hiệu", ABBREVIATIONS)
def of_type(examined: Examined) -> Iterator[Found]:
    """ "Kế hoạch số 12/QĐ-UBND"."""
    yield from _told(examined, Kind.TYPE)


@rule("co-quan-ky-hieu", "Cơ quan và ký hiệu", LAYOUT)
def of_issuer(examined: Examined) -> Iterator[Found]:
    """ "Quyết định số 330/QĐ-UBND của Ủy ban Dân tộc"."""
    yield from _told(examined, Kind.ISSUER)


@rule("ky-hieu-van-ban", "Ký hiệu của văn bản này", ABBREVIATIONS)
def own(examined: Examined) -> Iterator[Found]:
    """The text's own symbol: type and agency as they are."""
    text, catalogue = examined.text, examined.catalogue
    kind = catalogue.type_by_name.get(text.type_name.casefold())
    if not text.has_frame or not text.symbol or kind is None or not text.lines:
        return
    if PARTY_SYMBOL.match(text.symbol):
        return  # "115-BC/BCSĐ": the Party's texts have rules of their own
    parts = text.symbol.split("-")
    lead = parts[1] if parts[0].isdecimal() and len(parts) > 1 else parts[0].rpartition("/")[2]
    heads = (place for place, one in text.of(Part.HEAD) if one.level == "number")
    place = (Spot(next(heads, 0), 0, 0),)
    if kind.in_symbol and not kind.by_name and lead != kind.code:
        right = f"{kind.code}-…"
        yield Found(f"Ký hiệu “{text.symbol}” không hợp với {kind.name}: phải là “{right}”.", place)
    elif text.titles.symbol and text.titles.symbol not in parts:
        yield Found(
            f"Ký hiệu “{text.symbol}” không có “{text.titles.symbol}” của cơ quan ban hành.", place
        )
    elif lead in WITHOUT_YEAR and re.match(r"\d{4}[/-]", text.symbol):
        yield Found("Ký hiệu của văn bản hành chính không ghi năm.", place, Severity.LOOK)
    if (right := written_number(text.number)) != text.number:
        yield Found(f"Số “{text.number}” viết là “{right}”.", place)
