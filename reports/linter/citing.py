"""Mentions of documents in running text: type, "số", number and symbol, day, issuer, subject."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from portal.documents.citation import number_key, symbol_key
from portal.units.names import fold

from . import agencies
from .catalogue import Catalogue, IssuerFacts
from .letters import LOWER, UPPER
from .text import WORDED, Line, OfficialText, Part

_SEGMENT = rf"[{UPPER}][\w&+]*"
_SPACED = rf"\s?[-–/]\s?(?=[{UPPER}&]{{2,10}}[a-z]?\b)[{UPPER}&]+[a-z]?"
#: "12QĐ/UBND", "12 QĐ-UBND": the mark behind the number is forgotten before a type.
_FORGOTTEN = r"\s?(?=(?:QĐ|NQ|NĐ|TT|CT|KH|BC|TB|TTr|CTr|HD|CV|CĐ|GM|KL)[-/–])"
NUMBERED = re.compile(
    rf"(?<![\w/.,–-])(?P<number>\d{{1,6}}[a-zđ]?)(?P<mark>\s?[/-]\s?|{_FORGOTTEN})"
    rf"(?P<symbol>(?:\d{{4}}\s?[/-]\s?)?(?:QH|UBTVQH)[- ]\d{{1,2}}(?!\d)|"
    rf"(?:\d{{4}}\s?[/-]\s?)?{_SEGMENT}(?:[-/.–]{_SEGMENT}|{_SPACED})*"
    rf"(?:/(?:19|20)\d\d(?!\d))?)"
)
DAY = re.compile(
    r"(?P<lead>\s*,?\s*(?:ký\s+)?ngày\s+)"
    r"(?P<written>(?P<day>\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(?P<month>\d{1,2})"
    r"(?:\s*[/.-]\s*|\s+năm\s+)(?P<year>\d{4}|\d\d))(?!\d)"
)
OF = re.compile(r"\s*,?\s*của\s+(?=\S)")
_TWO_CAPITALS = re.compile(rf"[{UPPER}].*[{UPPER}]")
_NUMBER_WORD = re.compile(r"[Ss]ố\s*:?\s*$")
_SUBJECT = re.compile(
    rf"\s*,?\s*(?:(?P<quote>[“\"'])|(?P<word>[{LOWER}]+)"
    r"|(?P<title>(?:Quy|Ban|Phê|Hướng|Sửa|Về|V/v)(?= (?:định|hành|duyệt|dẫn|đổi|việc))))"
)
_LINK = re.compile(r"\s*(?:[,;]|,? và)\s*")
_SPEAKS = re.compile(r" (?:đã|xin|kính|trân trọng|báo cáo|tổng hợp|đề nghị)(?!\w)")
#: Words after a citation that do not begin a subject.
_NO_SUBJECT = frozenset(
    re.findall(
        r"\S+",
        "và hoặc đã đang được có là để trên trong tại theo như mà nên thì cũng còn tới đến do bằng "
        "với cho chưa không gồm sẽ phải cần bởi từ nêu này đó kèm thay hết",
    )
)

#: "Ngày 04/7/2023, Ủy ban Dân tộc có Công văn số …": day and issuer before the verb.
_BEFORE_VERB = re.compile(
    r"\s*(?:đã |vừa |mới )?(?:ban hành|ký(?: ban hành)?|có|ra|gửi|tại)(?: các)?\s+$"
)
_DAY_BEFORE = re.compile(
    r"[Nn]gày (?P<written>(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?),? $"
)
#: "Ban Dân tộc HĐND tỉnh" is not "Ban Dân tộc".
_PART_OF_ANOTHER = re.compile(r" (?:của )?(?:HĐND|Hội đồng [Nn]hân dân|Quốc hội)")


@dataclass(frozen=True, slots=True)
class Mention:
    """One document named in one line; the places are characters of that line.

    `type_name` is the catalogue's, "" when the word before is no type; `symbol` without spaces;
    `issuer_class` "UBND", "CP", … or ""; `end` is behind what was understood.
    """

    line: int
    start: int
    end: int
    number_at: int
    symbol_at: int
    symbol_end: int
    number: str
    mark: str
    symbol: str
    written: str
    type_name: str = ""
    type_written: str = ""
    has_number_word: bool = True
    day: datetime.date | None = None
    day_written: str = ""
    day_at: int = 0
    issuer_written: str = ""
    issuer: IssuerFacts | None = None
    issuer_class: str = ""
    issuer_end: int = 0
    has_subject: bool = False
    in_parentheses: bool = False
    is_nested: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return number_key(self.number), symbol_key(self.symbol)

    @property
    def code(self) -> str:
        """What stands for the agency: "UBND" of "QĐ-UBND", "TW" of "NQ/TW", "CP" of "NĐ-CP"."""
        return self.segments[-1]

    @property
    def segments(self) -> list[str]:
        """The symbol's parts without the year: ["QĐ", "UBND"]."""
        parts = re.split(r"[-/–]", self.symbol)
        return [part for part in parts if not part.isdecimal()] or [self.symbol]

    @property
    def year_in_symbol(self) -> str:
        """ "2022" of "2022/NĐ-CP", wherever it stands."""
        found = re.search(r"(?<!\w)\d{4}(?!\w)", self.symbol)
        return found[0] if found else ""

    @property
    def has_issuer(self) -> bool:
        return bool(self.issuer_written)

    @property
    def name(self) -> str:
        """ "Kế hoạch số 459/KH-BDT" as the decree writes it."""
        kind = self.type_name or self.type_written or "văn bản"
        return f"{kind[0].upper()}{kind[1:]} số {self.written}"


def mentions(text: OfficialText, catalogue: Catalogue) -> list[Mention]:
    """Every document named in the words of the text, in reading order."""
    codes = (one.code for one in catalogue.types if not one.by_name)
    types = _type_pattern(tuple(catalogue.type_by_name), tuple(codes))
    found: list[Mention] = []
    for place, line in enumerate(text.lines):
        if line.part in WORDED or line.part is Part.ADDRESSEE:
            found += _with_shared_issuers(line, list(_of_line(place, line, types, catalogue)))
    return found


def _with_shared_issuers(line: Line, mentions: list[Mention]) -> list[Mention]:
    """ "số 06/… ngày 12/7/2022 và số 36/… ngày 09/12/2022 của HĐND tỉnh về …": said for both."""
    for place in range(len(mentions) - 2, -1, -1):
        one, after = mentions[place : place + 2]
        if one.day and not one.has_issuer and _LINK.fullmatch(line.text, one.end, after.start):
            mentions[place] = replace(
                one,
                issuer_written=after.issuer_written,
                issuer=after.issuer,
                issuer_class=after.issuer_class,
                has_subject=after.has_subject,
            )
    return mentions


@lru_cache(maxsize=8)
def _type_pattern(names: tuple[str, ...], codes: tuple[str, ...]) -> re.Pattern[str]:
    """The type right before a number, by its name or, as should not be, by its code ("QĐ số")."""
    words = sorted((*names, "văn bản"), key=len, reverse=True)
    short = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    return re.compile(
        rf"(?<![\w/-])(?P<type>(?i:{'|'.join(map(re.escape, words))})|{short})"
        r"(?P<so>\s+[Ss]ố\s*:?)?\s*$"
    )


def _of_line(
    place: int, line: Line, types: re.Pattern[str], catalogue: Catalogue
) -> Iterator[Mention]:
    before: Mention | None = None
    for found in NUMBERED.finditer(line.text):
        mention = _mention(place, line.text, found, types, catalogue, before)
        if mention is not None:
            yield mention
            before = mention


def _mention(
    place: int,
    text: str,
    found: re.Match[str],
    types: re.Pattern[str],
    catalogue: Catalogue,
    before: Mention | None,
) -> Mention | None:
    start = found.start("number")
    ahead = text[max(start - 60, 0) : start]
    kind = types.search(ahead)
    number_word = _NUMBER_WORD.search(ahead)
    if (kind is None and number_word is None) or not _TWO_CAPITALS.search(found["symbol"]):
        return None
    if kind is None and not found["mark"].strip():
        return None
    begins = start - len(ahead) + (kind or number_word).start()  # type: ignore[union-attr]
    at = found.end()
    day = DAY.match(text, at)
    at = day.end() if day else at
    issuer, issuer_class, written, at = _issuer(text, at, catalogue)
    issuer_end = at if written else 0
    if day is None and (day := DAY.match(text, at)):
        at = day.end()
    if not written:
        day_before, issuer, issuer_class, written = _issuer_before(text, begins, catalogue)
        day = day or day_before
    told = _SUBJECT.match(text, at)
    type_written = kind["type"] if kind else ""
    fact = catalogue.type_by_name.get(type_written.casefold()) or next(
        (one for one in catalogue.types if one.code == type_written), None
    )
    return Mention(
        line=place,
        start=begins,
        end=at,
        number_at=start,
        symbol_at=found.start("symbol"),
        symbol_end=found.end(),
        number=found["number"],
        mark=found["mark"],
        symbol=re.sub(r"\s", "", found["symbol"]),
        written=found[0],
        type_name=fact.name if fact else "",
        type_written=type_written,
        has_number_word=bool(number_word),
        day=_day(day),
        day_written=day["written"] if day else "",
        day_at=day.start("written") if day else 0,
        issuer_written=written,
        issuer=issuer,
        issuer_class=issuer_class,
        issuer_end=issuer_end,
        has_subject=bool(
            told and (told["quote"] or told["title"] or told["word"] not in _NO_SUBJECT)
        ),
        in_parentheses=text.count("(", 0, begins) > text.count(")", 0, begins),
        is_nested=_is_nested(text, begins, before),
    )


def _day(found: re.Match[str] | None) -> datetime.date | None:
    if found is None or not found["year"]:
        return None
    try:
        year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
        return datetime.date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _issuer(text: str, at: int, catalogue: Catalogue) -> tuple[IssuerFacts | None, str, str, int]:
    """The issuer after "của": its facts if known, its class, its words, and where they end."""
    of = OF.match(text, at)
    if of is None:
        return None, "", "", at
    begins = of.end()
    known, end = _known_issuer(text, begins, catalogue)
    issuer_class = ""
    for code, pattern in agencies.CLASSES:
        if general := pattern.match(text, begins):
            issuer_class, end = code, max(end, general.end())
            break
    end = _words_until(text, begins) if end == begins else _with_others(text, end, catalogue)
    if text[begins : begins + 1].islower() and not issuer_class:
        return None, "", "", at
    return known, issuer_class, text[begins:end], end


def _known_issuer(text: str, begins: int, catalogue: Catalogue) -> tuple[IssuerFacts | None, int]:
    """The longest name of the catalogue that the text goes on with."""
    words = list(re.finditer(r"[\w-]+", text[begins : begins + 120]))[:14]
    for count in range(len(words), 0, -1):
        end = begins + words[count - 1].end()
        fact = catalogue.issuer_by_key.get(fold(text[begins:end]))
        if fact and not _PART_OF_ANOTHER.match(text, end):
            place = agencies.PLACE.match(text, end)
            return fact, place.end() if place else end
    return None, begins


def _with_others(text: str, end: int, catalogue: Catalogue) -> int:
    """Where the issuers of a joint text end: "Ủy ban Dân tộc, Bộ Nội vụ"; an agency that goes on
    with a verb is who speaks here: "của Ủy ban Dân tộc, Ban Dân tộc báo cáo".
    """
    while (link := re.match(r"(?:, | và |, và )(?=[^\W\d_])", text[end : end + 6])) and (
        another := _end_of_name(text, end + link.end(), catalogue)
    ):
        if _SPEAKS.match(text, another):
            break
        end = another
    return end


def _end_of_name(text: str, begins: int, catalogue: Catalogue) -> int:
    """The end of an agency's name that begins here; 0 when none does."""
    _, end = _known_issuer(text, begins, catalogue)
    if end > begins:
        return end
    known = next((one for one in agencies.MINISTRIES if text.startswith(one, begins)), "")
    return begins + len(known) if known else 0


def _issuer_before(
    text: str, begins: int, catalogue: Catalogue
) -> tuple[re.Match[str] | None, IssuerFacts | None, str, str]:
    """Day and issuer that stand before "có", "ban hành" and the type; empty where none do."""
    ahead = text[max(begins - 160, 0) : begins]
    verb = _BEFORE_VERB.search(ahead)
    if verb is None:
        return None, None, "", ""
    lead = ahead[: verb.start()]
    ends = lead.casefold()
    known: IssuerFacts | None = None
    issuer_class = written = ""
    for fact in catalogue.issuers:
        for name in (fact.name, fact.short_name):
            if name and len(name) > len(written) and ends.endswith(name.casefold()):
                known, written = fact, name
    for name in agencies.KNOWN:
        if len(name) > len(written) and lead.endswith(name):
            known, written = None, name
    for code, pattern in agencies.CLASSES:
        for found in pattern.finditer(lead):
            if found.end() == len(lead) and len(found[0]) >= len(written):
                issuer_class, written = code, found[0]
    start = len(lead) - len(written)
    day = _DAY_BEFORE.search(lead[:start]) if written else None
    if day is not None:
        day = _DAY_BEFORE.search(
            text, max(begins - 160, 0) + day.start(), begins - len(ahead) + start
        )
    return day, known, issuer_class, written


def _words_until(text: str, begins: int) -> int:
    """The end of an unknown issuer: where the clause ends."""
    stop = re.compile(r"[,;.:()“”\"\n]| (?:về|ban hành|phê duyệt|quy định|hướng dẫn) ")
    found = stop.search(text, begins)
    return found.start() if found else len(text)


def _is_nested(text: str, begins: int, before: Mention | None) -> bool:
    """Whether the mention stands inside the subject of the one before it."""
    if before is None or not before.has_subject:
        return False
    between = text[before.end : begins]
    return not re.search(r"[;.)”\"]|, (?:Ban|Sở|UBND|Bộ|Chính) |(?:^| )và $|, $", between)
