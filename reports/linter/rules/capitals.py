"""Capitals by Phụ lục II of Nghị định 30/2020/NĐ-CP, where the words alone decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reports.linter import agencies
from reports.linter.departures import CAPITALS, Found, Severity, Spot, at, rule
from reports.linter.examined import Examined
from reports.linter.letters import LOWER, UPPER
from reports.linter.text import WORDED, Part

_INSIDE = rf"(?<=[{LOWER}0-9,;] )"  # inside a sentence
_CLAUSE = re.compile(rf"{_INSIDE}(?P<word>Khoản|Điểm)(?= (?:\d{{1,3}}|[a-zđ])(?:[ ,;.)]|$))")
_ARTICLE = re.compile(
    r"(?<=khoản \d )(?:điều)(?= \d)|(?<=khoản \d\d )(?:điều)(?= \d)"
    r"|(?<![\w])điều(?= \d{1,3} (?:của )?"
    r"(?:Nghị định|Luật|Thông tư|Quyết định|Pháp lệnh|Hiến pháp))"
)
_UNITS = "Tỉnh|Huyện|Xã|Phường|Thị trấn|Thị xã|Thành phố|Quận"
_GENERIC = re.compile(
    rf"{_INSIDE}(?P<word>{_UNITS})(?= (?!Hồ Chí Minh|Thủ Đức|Đoàn)[{UPPER}][{LOWER}])"
)
_COMMITTEES = re.compile(
    rf"(?:UBND|HĐND|MTTQ|(?:Ủy|Uỷ) ban nhân dân|Hội đồng nhân dân) (?P<word>{_UNITS})(?!\w)"
    r"(?! Hồ Chí Minh)"
)
_AFTER_COMMITTEE = re.compile(r"(?:ban|đồng) nhân dân $")
_STATE_CASED = re.compile(
    r"(?<!Báo )(?<!báo )(?<!\w)(?P<first>Nhà|Nhân) (?P<second>Nước|Dân)(?!\w)"
)
_BODY_SMALL = re.compile(
    r"(?<=của )(?:quốc hội|chính phủ|bộ chính trị|ban bí thư|thủ tướng)"
    r"(?! (?:điện tử|số|các nước|nước|nhiều nước)(?!\w))(?!\w)"
)
_SENTENCE = re.compile(rf"(?<=[{LOWER}]{{2}})[.?!] (?P<word>[{LOWER}]{{2,}})(?!\w)")
_BEGINS_SMALL = re.compile(rf"^[{LOWER}]{{2,}} ")
_PEOPLE = re.compile(r"(?P<body>(?:Ủy|Uỷ) ban|Hội đồng) Nhân dân")
_STATE = re.compile(r"(?:(?<=Đảng và )|(?<=Đảng, )|(?<=của ))nhà nước(?! (?:ta )?ngoài)(?!\w)")
_PEOPLE_ALONE = re.compile(
    r"(?:(?<=Nhà nước và )|(?<=Đảng và )|(?<=của )|(?<=đời sống )|(?<=tầng lớp )|(?<=cho )"
    r"|(?<=vận động ))nhân dân(?!\w)"
)
_UNDER = re.compile(
    r"(?P<lead>(?:theo|đúng|các|những) )(?P<word>Quy định)(?= (?:tại|của|về|hiện hành))"
)
_PHRASES = (
    "chuyển đổi số",
    "thủ tục hành chính",
    "công nghệ thông tin",
    "cải cách hành chính",
    "một cửa",
    "dịch vụ công",
    "dân tộc thiểu số",
    "giảm nghèo",
)
#: Words after which a capital begins the name of a plan, a body or a title.
_NATIONAL = re.compile(r"(?<=mục tiêu )Quốc gia")
_ECONOMY = re.compile(
    rf"(?<!\w)[{LOWER}]+ (?P<word>Kinh tế - [Xx]ã hội|Dân tộc Thiểu số(?: và Miền núi)?)"
)
_ACT = re.compile(
    r"(?<!\w)Luật (?P<word>(?!sửa|này|và|của|do|có|để|trên|về|hiện|nêu|thì|là|được|quy|số|năm|khác)"
    rf"[{LOWER}]+)(?= (?:[^\W\d_]+,? ){{0,8}}(?:năm|số) \d)"
)
_ETHNIC = re.compile(
    r"(?<!\w)(?:công tác|đồng bào|chính sách|vùng|người|^Công tác|^Đồng bào) "
    rf"(?P<word>Dân tộc)(?!\w)(?! [{UPPER}])"
)
_IN_NAME = re.compile(
    r"(?:(?:Ban [Cc]hỉ đạo|Kế hoạch|Đề án|Chương trình|Chiến lược|Nghị quyết|Dự án|Tổ|Trung tâm|"
    r"Cục|Phòng|Hội nghị|Ngày|Chỉ số|Bộ phận|Cổng|Luật|Hệ thống|Đại hội)"
    r"(?: quốc gia| thực hiện)?|về|số) $"
)
_CAPITALISED = "|".join(f"{one[0].upper()}{one[1:]}" for one in _PHRASES)
_COMMON = re.compile(
    rf"(?<!\w)(?P<before>[{LOWER}]+) (?P<phrase>{_CAPITALISED})(?!\w)(?! [{UPPER}])"
)


@rule("viet-hoa-khoan", "Viết hoa khi dẫn điều, khoản, điểm", CAPITALS)
def clauses(examined: Examined) -> Iterator[Found]:
    """ "khoản 2 Điều 5": capitals on Điều, none on khoản and điểm."""
    for place, found in examined.search(_CLAUSE, *WORDED):
        yield _lowered(place, found, f"Khi viện dẫn viết thường “{found['word'].lower()}”.")
    for place, found in examined.search(_ARTICLE, *WORDED):
        spots = at(place, found.start(), found.end(), "Điều")
        yield Found("Khi viện dẫn viết hoa “Điều”.", spots)


def _lowered(place: int, found: re.Match[str], message: str) -> Found:
    word = found["word"]
    start = found.start("word")
    right = f"{word[0].lower()}{word[1:]}"
    return Found(message, at(place, start, start + len(word), right))


@rule("viet-hoa-don-vi", "Viết hoa tên đơn vị hành chính", CAPITALS)
def units(examined: Examined) -> Iterator[Found]:
    """ "tỉnh Bắc Giang"; a unit named by a number keeps its capital ("Quận 1")."""
    for place, found in examined.search(_COMMITTEES, *WORDED, Part.ADDRESSEE, Part.RECIPIENT):
        right = f"{found[0][: -len(found['word'])]}{found['word'].lower()}"
        yield _lowered(place, found, f"Tên cơ quan viết “{right}”.")
    for place, found in examined.search(_GENERIC, *WORDED):
        if _AFTER_COMMITTEE.search(found.string[: found.start()][-24:]):
            continue
        word = found["word"].lower()
        yield _lowered(place, found, f"Danh từ chung “{word}” trước tên riêng viết thường.")


@rule("viet-hoa-nhan-dan", "Nhân dân, Nhà nước", CAPITALS)
def people_and_state(examined: Examined) -> Iterator[Found]:
    """ "Ủy ban nhân dân", but "Nhà nước", "Nhân dân" when they stand alone."""
    for place, found in examined.search(_PEOPLE, *WORDED, Part.ADDRESSEE, Part.RECIPIENT):
        right = f"{found['body']} nhân dân"
        yield Found(f"Tên cơ quan viết “{right}”.", at(place, found.start(), found.end(), right))
    for place, found in examined.search(_STATE, *WORDED):
        spots = at(place, found.start(), found.end(), "Nhà nước")
        yield Found("“Nhà nước” đứng riêng luôn viết hoa.", spots)
    for place, found in examined.search(_STATE_CASED, *WORDED):
        right = f"{found['first']} {found['second'].lower()}"
        spots = at(place, found.start(), found.end(), right)
        yield Found(f"“{found[0]}” viết là “{right}”.", spots)
    for place, found in examined.search(_PEOPLE_ALONE, *WORDED):
        spots = at(place, found.start(), found.end(), "Nhân dân")
        yield Found("“Nhân dân” đứng riêng luôn viết hoa.", spots, Severity.LOOK)


@rule("viet-hoa-co-quan", "Viết hoa tên cơ quan", CAPITALS)
def bodies(examined: Examined) -> Iterator[Found]:
    """Names of the catalogue and of ministries and departments, letter by letter."""
    names = _names(tuple(one.name for one in examined.catalogue.issuers))
    pattern = _name_pattern(tuple(names))
    for place, found in examined.search(pattern, *WORDED, Part.ADDRESSEE, Part.RECIPIENT):
        right = names[found[0].casefold()]
        written = found[0]
        if written in (right, right.upper()) or written[0] != right[0]:
            continue
        if written.replace("Nhân dân", "nhân dân") == right:  # people_and_state says so
            continue
        yield Found(f"Tên cơ quan viết “{right}”.", at(place, found.start(), found.end(), right))

    for place, found in examined.search(_BODY_SMALL, *WORDED):
        right = " ".join(_RAISED.get(found[0], f"{found[0][0].upper()}{found[0][1:]}").split())
        spots = at(place, found.start(), found.end(), right)
        yield Found(f"Tên cơ quan viết “{right}”.", spots)


_RAISED = {"bộ chính trị": "Bộ Chính trị", "ban bí thư": "Ban Bí thư"}


@lru_cache(maxsize=8)
def _names(issuers: tuple[str, ...]) -> dict[str, str]:
    """Names by their small letters, without the place at their end."""
    bare = (agencies.without_place(name) for name in issuers)
    return {name.casefold(): name for name in (*agencies.KNOWN, *bare) if " " in name}


@lru_cache(maxsize=8)
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


@rule("viet-hoa-danh-tu", "Viết hoa danh từ chung", CAPITALS, Severity.LOOK)
def common_nouns(examined: Examined) -> Iterator[Found]:
    """A common noun inside a sentence: one departure for every phrase."""
    groups: dict[str, list[Spot]] = {}
    for place, found in examined.search(_COMMON, Part.BODY):
        if _IN_NAME.search(
            found.string[max(found.start("phrase") - 40, 0) : found.start("phrase")]
        ):
            continue
        start, phrase = found.start("phrase"), found["phrase"]
        spot = Spot(place, start, start + len(phrase), phrase.lower())
        groups.setdefault(phrase, []).append(spot)
    for pattern in (_NATIONAL, _ETHNIC, _ECONOMY):
        for place, found in examined.search(pattern, *WORDED):
            start = found.start("word") if "word" in pattern.groupindex else found.start()
            phrase = found.string[start : found.end()]
            groups.setdefault(phrase, []).append(Spot(place, start, found.end(), phrase.lower()))
    for phrase, spots in groups.items():
        right = phrase.lower()
        yield Found(f"“{phrase}” giữa câu viết thường: “{right}”.", tuple(spots))


@rule("viet-hoa-quy-dinh", "Viết hoa “Quy định”", CAPITALS)
def provisions(examined: Examined) -> Iterator[Found]:
    """ "theo quy định tại Quyết định số …"."""
    for place, found in examined.search(_UNDER, *WORDED):
        yield _lowered(place, found, "“quy định” ở đây không phải tên văn bản nên viết thường.")


@rule("viet-hoa-ten-loai", "Viết hoa tên loại văn bản", CAPITALS)
def type_names(examined: Examined) -> Iterator[Found]:
    """ "quyết định số 12/QĐ-UBND" is "Quyết định số …"; "văn bản số" may be small."""
    for mention in examined.mentions:
        written = mention.type_written
        if mention.type_name and written[:1].islower() and mention.type_name != "Công văn":
            yield Found(
                f"Tên loại của văn bản cụ thể viết hoa: “{mention.type_name}”.",
                at(
                    mention.line,
                    mention.start,
                    mention.start + len(written),
                    f"{written[0].upper()}{written[1:]}",
                ),
            )


@rule("viet-hoa-ten-luat", "Viết hoa tên luật", CAPITALS, Severity.LOOK)
def acts(examined: Examined) -> Iterator[Found]:
    """ "Luật đầu tư công năm 2019" is "Luật Đầu tư công năm 2019"."""
    for place, found in examined.search(_ACT, *WORDED):
        word, start = found["word"], found.start("word")
        right = f"{word[0].upper()}{word[1:]}"
        spots = at(place, start, found.end("word"), right)
        yield Found(f"Chữ đầu của tên luật viết hoa: “Luật {right} …”.", spots)


@rule("viet-hoa-dau-cau", "Viết hoa đầu câu", CAPITALS)
def sentences(examined: Examined) -> Iterator[Found]:
    """The first letter behind a full stop, and of a paragraph that is no part of a list."""
    before = ""
    for place, line in examined.text.of(Part.BODY):
        for found in _SENTENCE.finditer(line.text):
            word, start = found["word"], found.start("word")
            right = f"{word[0].upper()}{word[1:]}"
            spots = at(place, start, found.end("word"), right)
            yield Found(f"Đầu câu viết hoa: “{right}”.", spots)
        goes_on = line.label or before[-1:] not in ("", ".")
        if not goes_on and (begins := _BEGINS_SMALL.match(line.text)):
            word = begins[0].strip()
            right = f"{word[0].upper()}{word[1:]}"
            spots = at(place, 0, len(word), right)
            yield Found(f"Đầu đoạn viết hoa: “{right}”.", spots, Severity.LOOK)
        before = line.text.rstrip()
