"""Whether number and symbol of a cited document are well formed, of its type, of its issuer.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I (number/type-agency, no spaces, a zero before numbers
below 10) and Phụ lục III (abbreviations of types). Texts of the Party are written 52-NQ/TW.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from portal.documents.citation import symbol_key, written_number
from portal.units.names import fold

from . import agencies
from .catalogue import Catalogue, TypeFacts
from .citing import Mention
from .departures import Severity

_NO_CODE = frozenset(("QH", "UBTVQH"))  # texts of the National Assembly carry no type: 88/2019/QH14
_WITH_YEAR = frozenset(("NĐ", "TT", "TTLT"))
WITHOUT_YEAR = frozenset(("KH", "BC", "TB", "TTr", "CTr", "HD", "CĐ", "GM", "BB", "PA"))


class Kind(enum.Enum):
    FORM = "form"
    TYPE = "type"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a symbol, and how number and symbol would be right ("" unknown)."""

    kind: Kind
    message: str
    right: str = ""
    severity: Severity | None = None


def fault(mention: Mention, catalogue: Catalogue) -> Fault | None:
    """The first thing wrong with number and symbol of a mention."""
    for look in (
        _unmarked,
        _spaced,
        _misplaced_year,
        _assembly,
        _marks,
        _cased,
        _type,
        _zero,
        _year,
        _issuer,
    ):
        if found := look(mention, catalogue):
            return found
    return None


def is_party(mention: Mention) -> bool:
    return bool(agencies.PARTY_CODES.match(mention.code)) or mention.code.endswith(("TW", "TU"))


def _unmarked(mention: Mention, catalogue: Catalogue) -> Fault | None:
    """ "12QĐ/UBND" is "12/QĐ-UBND"."""
    if mention.mark.strip():
        return None
    year = f"{mention.year_in_symbol}/" if mention.year_in_symbol else ""
    *kind, agency = mention.segments
    right = f"{mention.number}/{year}{'-'.join((*kind, agency))}"
    if is_party(mention):
        right = f"{mention.number}-{'-'.join(kind)}/{agency}"
    return Fault(Kind.FORM, "giữa số và ký hiệu thiếu dấu", right)


def _spaced(mention: Mention, catalogue: Catalogue) -> Fault | None:
    tidy = re.sub(r"\s", "", mention.written).replace("–", "-")
    if tidy == mention.written:
        return None
    return Fault(Kind.FORM, "số và ký hiệu viết liền, không có dấu cách, nối bằng “-”", tidy)


def _misplaced_year(mention: Mention, catalogue: Catalogue) -> Fault | None:
    """ "27/NĐ-CP/2022", "27/2022-NĐ-CP" is "27/2022/NĐ-CP"."""
    year = mention.year_in_symbol
    if not year or mention.symbol.startswith(f"{year}/") or is_party(mention):
        return None
    right = f"{mention.number}/{year}/{'-'.join(mention.segments)}"
    return Fault(Kind.FORM, "năm ban hành đứng giữa hai dấu “/”, ngay sau số", right)


def _assembly(mention: Mention, catalogue: Catalogue) -> Fault | None:
    """ "88/2019/QH-14" of the National Assembly is "88/2019/QH14"."""
    if not re.search(r"QH-\d", mention.symbol):
        return None
    right = re.sub(r"QH-(?=\d)", "QH", mention.written)
    return Fault(Kind.FORM, "số của khóa Quốc hội viết liền sau “QH”", right)


def _cased(mention: Mention, catalogue: Catalogue) -> Fault | None:
    """ "QĐ-TTG", "NQ-HDND": the agency's letters with another case or without their marks."""
    code = mention.segments[-1]
    right = agencies.CODES.get(fold(code))
    if right is None or code == right or len(mention.segments) < 2:
        return None
    told = f"{mention.written.removesuffix(code)}{right}"
    return Fault(Kind.FORM, f"cơ quan viết tắt là “{right}”", told)


def _marks(mention: Mention, catalogue: Catalogue) -> Fault | None:
    """ "17-QĐ/UBND" of a state body, "52/NQ-TW" of the Party, "17/QĐ/UBND"."""
    parts = mention.segments
    year = f"{mention.year_in_symbol}/" if mention.year_in_symbol else ""
    if is_party(mention):
        if (
            len(parts) > 1
            and mention.mark == "/"
            and (parts[0] in catalogue.type_by_code or parts[0] in agencies.PARTY_TYPES)
            and not year
        ):
            right = f"{mention.number}-{'-'.join(parts[:-1])}/{parts[-1]}"
            return Fault(Kind.FORM, "văn bản của Đảng viết số, “-”, tên loại, “/”, cơ quan", right)
        return None
    slashed = "/" in mention.symbol.removeprefix(year) and parts[0] != "TTLT"
    if mention.mark == "-" and len(parts) < 2 and not catalogue.type_by_code.get(parts[0]):
        return None
    if mention.mark == "-" or slashed:
        right = f"{mention.number}/{year}{'-'.join(parts)}"
        return Fault(Kind.FORM, "sau số là “/”, trong ký hiệu là “-”", right)
    return None


def _type(mention: Mention, catalogue: Catalogue) -> Fault | None:
    kind = catalogue.type_by_name.get(mention.type_name.casefold())
    if kind is None or kind.by_name or agencies.code_of_class(mention.code) in _NO_CODE:
        return None
    if not kind.in_symbol:
        return _letter(mention, catalogue)
    return _coded(mention, kind, catalogue)


def _letter(mention: Mention, catalogue: Catalogue) -> Fault | None:
    parts = mention.segments
    other = catalogue.type_by_code.get(parts[0])
    if mention.type_name != "Công văn" or other is None or len(parts) < 2:
        return None
    message = f"ký hiệu “{mention.symbol}” là của {other.name}, không phải của công văn"
    return Fault(Kind.TYPE, message, severity=Severity.LOOK)


def _coded(mention: Mention, kind: TypeFacts, catalogue: Catalogue) -> Fault | None:
    parts, code, lead = mention.segments, kind.code, mention.segments[0]
    if lead == code:
        if len(parts) > 1:
            return None
        return Fault(Kind.FORM, f"ký hiệu “{mention.symbol}” thiếu tên viết tắt của cơ quan")
    if fold(lead) == fold(code):
        right = mention.written.replace(lead, code, 1)
        return Fault(Kind.FORM, f"{kind.name} viết tắt là “{code}”", right)
    if lead in catalogue.type_by_code:
        other = catalogue.type_by_code[lead]
        return Fault(Kind.TYPE, f"ký hiệu “{mention.symbol}” là của {other.name}")
    if is_party(mention):
        return None
    if lead.startswith(code) and len(lead) > len(code) + 1:
        right = mention.written.replace(lead, f"{code}-{lead[len(code) :]}", 1)
        return Fault(Kind.FORM, f"thiếu “-” sau “{code}”", right)
    if code in parts[1:]:
        ordered = "-".join([code, *(part for part in parts if part != code)])
        right = f"{mention.number}/{ordered}"
        return Fault(Kind.FORM, "ký hiệu viết tên loại trước, cơ quan sau", right)
    year = f"{mention.year_in_symbol}/" if mention.year_in_symbol else ""
    right = f"{mention.number}/{year}{code}-{mention.symbol.removeprefix(year)}"
    return Fault(Kind.FORM, f"ký hiệu thiếu chữ viết tắt “{code}” của {kind.name}", right)


def _zero(mention: Mention, catalogue: Catalogue) -> Fault | None:
    right = written_number(mention.number)
    if right == mention.number or is_party(mention) or mention.number == "0":
        return None
    told = f"{right}{mention.written.removeprefix(mention.number)}"
    return Fault(Kind.FORM, "số nhỏ hơn 10 có chữ số 0 ở trước", told)


def _year(mention: Mention, catalogue: Catalogue) -> Fault | None:
    """Normative texts carry the year of issue, administrative ones do not."""
    lead, year = mention.segments[0], mention.year_in_symbol
    if len(mention.segments) < 2 or is_party(mention):
        return None
    if lead in _WITH_YEAR and not year and (mention.day is None or mention.day.year >= 1998):
        right = f"{mention.number}/{mention.day.year}/{mention.symbol}" if mention.day else ""
        return Fault(Kind.FORM, "văn bản quy phạm pháp luật ghi năm ban hành sau số", right)
    if lead in WITHOUT_YEAR and year:
        right = f"{mention.number}/{mention.symbol.removeprefix(f'{year}/')}"
        message = "ký hiệu của văn bản hành chính không ghi năm"
        return Fault(Kind.FORM, message, right, Severity.LOOK)
    if year and mention.day is not None and mention.day.year != int(year):
        message = f"ký hiệu ghi năm {year}, ngày ban hành lại là năm {mention.day.year}"
        return Fault(Kind.FORM, message)
    return None


def _issuer(mention: Mention, catalogue: Catalogue) -> Fault | None:
    if not mention.has_issuer or mention.segments[0] in ("TTLT", "NQLT"):
        return None
    code = _agency_code(mention, catalogue)
    if not code or _fits(mention, code):
        return None
    message = f"ký hiệu “{mention.symbol}” không phải của {mention.issuer_written}"
    return Fault(Kind.ISSUER, message)


def _agency_code(mention: Mention, catalogue: Catalogue) -> str:
    """What stands for the agency in the symbol."""
    parts = mention.segments
    if is_party(mention):
        return mention.code
    if parts[0] in catalogue.type_by_code:
        return parts[1] if len(parts) > 1 else ""
    return parts[0]


def _fits(mention: Mention, code: str) -> bool:
    """Whether the agency's code may be the issuer's; what is not known fits."""
    of_code = agencies.code_of_class(code)
    if mention.issuer_class:
        return _of_class(mention, code, of_code)
    if mention.issuer is not None and mention.issuer.symbols:
        known = {symbol_key(one) for one in mention.issuer.symbols}
        return symbol_key(code) in known or symbol_key(mention.symbol) in known
    if of_code:
        return bool(_OF_CLASS[of_code].search(mention.issuer_written))
    bare = mention.issuer_written.strip()
    if bare in agencies.MINISTRIES:
        return code == agencies.initials(bare)
    return True


def _of_class(mention: Mention, code: str, of_code: str) -> bool:
    if of_code == mention.issuer_class or code.startswith("VP"):
        return True
    if mention.issuer_class in ("TW", "TU"):
        return code.endswith(mention.issuer_class)
    if mention.issuer is not None and mention.issuer.symbols:
        return symbol_key(code) in {symbol_key(one) for one in mention.issuer.symbols}
    return False


_OF_CLASS = {
    "UBND": re.compile(r"UBND|nhân dân", re.IGNORECASE),
    "HĐND": re.compile(r"HĐND|Hội đồng nhân dân", re.IGNORECASE),
    "UBTVQH": re.compile(r"Thường vụ Quốc hội", re.IGNORECASE),
    "QH": re.compile(r"Quốc hội", re.IGNORECASE),
    "TTg": re.compile(r"Thủ tướng", re.IGNORECASE),
    "CP": re.compile(r"Chính phủ", re.IGNORECASE),
    "TW": re.compile(r"Trung ương|TW|Đảng|Bí thư|Chính trị", re.IGNORECASE),
    "TU": re.compile(r"Tỉnh [ủu]|Thành [ủu]|Đảng", re.IGNORECASE),
}
