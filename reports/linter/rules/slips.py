"""Common slips: misspelt words, doubled words and marks, spaces, quotes, marks of letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from reports.linter.departures import PRACTICE, SPELLING, Found, Severity, Spot, at, rule
from reports.linter.examined import Examined
from reports.linter.letters import LOWER, UPPER
from reports.linter.text import RUNNING, WORDED, Line, Part

#: Written so only by mistake.
MISSPELT = {
    "Công thông tin": "Cổng thông tin",
    "công thông tin điện tử": "cổng thông tin điện tử",
    "HDND": "HĐND",
    "UNBD": "UBND",
    "UBNN": "UBND",
    "UBDN": "UBND",
    "chủ tham mưu": "chủ trì, tham mưu",
    "Ủy Ban": "Ủy ban",
    "Uỷ Ban": "Uỷ ban",
    "nghành": "ngành",
    "trãi qua": "trải qua",
    "bổ xung": "bổ sung",
    "sử lý": "xử lý",
    "xử dụng": "sử dụng",
    "sát nhập": "sáp nhập",
    "thăm quan": "tham quan",
    "hổ trợ": "hỗ trợ",
    "khắc phụ ": "khắc phục ",
    "đia bàn": "địa bàn",
    "địa bạn tỉnh": "địa bàn tỉnh",
    "thưc hiện": "thực hiện",
    "thực hiên": "thực hiện",
    "triên khai": "triển khai",
    "dân tôc": "dân tộc",
    "thiếu số": "thiểu số",
    "thiểu sô": "thiểu số",
    "Nghi định": "Nghị định",
    "Quyêt định": "Quyết định",
    "Thông từ số": "Thông tư số",
    "Nhà nươc": "Nhà nước",
    "xữ lý": "xử lý",
    "sữa đổi": "sửa đổi",
    "sữa chữa": "sửa chữa",
    "chỉnh xửa": "chỉnh sửa",
    "xúc tích": "súc tích",
    "chính xát": "chính xác",
    "giám xát": "giám sát",
    "khảo xát": "khảo sát",
    "xuất sắt": "xuất sắc",
    "đấu tư": "đầu tư",
    "kinh tê": "kinh tế",
    "nông thông": "nông thôn",
    "tuyên truyên": "tuyên truyền",
    "đồng báo dân tộc": "đồng bào dân tộc",
    "giảm nghéo": "giảm nghèo",
    "hộ nghéo": "hộ nghèo",
    "cận nghéo": "cận nghèo",
    "chương trinh": "chương trình",
    "kê hoạch": "kế hoạch",
    "kế hoach": "kế hoạch",
    "báo cào": "báo cáo",
    "quyêt định": "quyết định",
    "nghị quyêt": "nghị quyết",
    "tỉnh Bắc Giăng": "tỉnh Bắc Giang",
    "Kính gởi": "Kính gửi",
    "Tết nguyên đán": "Tết Nguyên đán",
    "Tết Nguyên Đán": "Tết Nguyên đán",
    "tết nguyên đán": "Tết Nguyên đán",
    "tỉnh bắc giang": "tỉnh Bắc Giang",
    "tỉnh bắc ninh": "tỉnh Bắc Ninh",
    "việt nam": "Việt Nam",
}
#: Letters of a word that are looked at around a place.
_LONGEST = 200
_MISSPELT = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, MISSPELT))})(?!\w)")
_AND = re.compile(
    rf"(?<!\w)[{UPPER}][{LOWER}]+(?: [{LOWER}]+){{0,3}} & "
    rf"(?:[{UPPER}]{{2,}}|[{UPPER}][{LOWER}]+(?: [{LOWER}]+)?)(?!\w)"
)
_DOUBLED = re.compile(
    r"(?<!\w)(?P<word>của|và|các|những|được|đã|trong|tại|về|để|là|có|cho|với|theo|đến|từ|không|"
    r"tỉnh|huyện|thực hiện|triển khai|tổ chức|trên địa bàn|ban hành|phối hợp|chương trình|"
    r"xây dựng|tiếp tục|báo cáo|chỉ đạo|kế hoạch)(?: (?P=word))+(?!\w)",
)
_MARKS = re.compile(
    r"(?P<marks>,[,;:]|;[;:,]|:[:;,]|\.[,;:](?!\S)|[,;:]\.(?!\.)|(?<!\.)\.\.(?![./…]))"
)
_SPACE = re.compile(r"(?P<word>\S)(?P<space>[ \u00a0]+)(?P<mark>[,;:.?)\]](?!\.\.)(?!/))")
_OPEN = re.compile(r"(?P<mark>[(\[“])(?P<space> +)(?P<word>\S)")
_NO_SPACE = re.compile(
    rf"(?P<word>[{LOWER}])(?P<mark>[,;])(?P<next>[^\W\d_])"
    rf"|(?P<word2>[{LOWER}]{{2}})(?P<mark2>\.)(?P<next2>[{UPPER}](?=[{LOWER}]))"
)
_BEFORE_BRACKET = re.compile(rf"(?P<word>(?<!\w)\w*[{LOWER}]{{2}})\((?=[{UPPER}{LOWER}]{{2}})")
_AFTER_BRACKET = re.compile(rf"(?<=[{LOWER}\d])\)(?=[{UPPER}{LOWER}]{{2}})")
_WIDE = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_MIXED = (
    (re.compile(r"(?<!\w)internet(?!\w)"), re.compile(r"(?<!\w)Internet(?!\w)"), "Internet"),
    (
        re.compile(r"(?<!\w)cán bộ công chức(?!\w)"),
        re.compile(r"(?<!\w)cán bộ, công chức(?!\w)"),
        "cán bộ, công chức",
    ),
)
_OLD_TONES = re.compile(r"(?<!\w)\w*(?:o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
_NEW_TONES = re.compile(r"(?:[òóỏõọ][ae]|(?<!q)[ùúủũụ]y)(?!\w)", re.IGNORECASE)
_TONES = {
    **dict(zip("àáảãạ", "òóỏõọ", strict=True)),
    **dict(zip("èéẻẽẹ", "òóỏõọ", strict=True)),
    **dict(zip("ỳýỷỹỵ", "ùúủũụ", strict=True)),
}
_LIST_SIGN = re.compile(r"(?<!\w)(?:[a-zđ]|\d{1,2}|[ivx]{1,4})\)")
_ENDS = (".", ";", ":", "!", "?", "…", "/.", ".”", '."', ";”", ".)", "”.", '".')


@rule("loi-chinh-ta", "Lỗi chính tả thường gặp", SPELLING)
def misspelt(examined: Examined) -> Iterator[Found]:
    """Words of the list, the longest first."""
    for place, found in examined.search(_MISSPELT, *WORDED, Part.ADDRESSEE, Part.RECIPIENT):
        right = MISSPELT[found[0]]
        yield Found(
            f"“{found[0]}” viết là “{right}”.", at(place, found.start(), found.end(), right)
        )
    for place, found in examined.search(_AND, *WORDED, Part.ADDRESSEE, Part.RECIPIENT):
        right = found[0].replace("&", "và")
        yield Found(f"Viết “{right}”.", at(place, found.start(), found.end(), right))


@rule("lap-tu", "Lặp từ", SPELLING)
def doubled(examined: Examined) -> Iterator[Found]:
    """ "của của"; reduplications are not in the list."""
    for place, found in examined.search(_DOUBLED, *WORDED):
        spots = at(place, found.start(), found.end(), found["word"])
        yield Found(f"Lặp từ “{found['word']}”.", spots)


@rule("lap-dau", "Dấu câu lặp", SPELLING)
def doubled_marks(examined: Examined) -> Iterator[Found]:
    """ ",,", ";;", ",."; three points stay."""
    for place, found in examined.search(_MARKS, *WORDED):
        marks = found["marks"]
        right = marks[0] if marks[0] == marks[1] else marks[-1] if "." in marks else None
        spots = at(place, *_with_word(found.string, found.start(), found.end()))
        mend = None if right is None else found.string[spots[0].start : found.start()] + right
        yield Found(f"Dấu câu lặp “{marks}”.", at(place, spots[0].start, found.end(), mend))


def _with_word(text: str, start: int, end: int) -> tuple[int, int]:
    """The place with the word before it, so that the quote says something."""
    return _word_start(text, start), end


def _word_start(text: str, at: int) -> int:
    """Where the word there begins; of a very long one only the last letters are looked at."""
    least = max(at - _LONGEST, 0)
    space = text.rfind(" ", least, at)
    return space + 1 if space >= 0 else least


@rule("dau-cach", "Dấu cách quanh dấu câu", SPELLING)
def spaces(examined: Examined) -> Iterator[Found]:
    """None before a mark and inside brackets, one after a comma."""
    for place, line in examined.text.of(*WORDED):
        for pattern in (_SPACE, _OPEN, _NO_SPACE):
            for found in pattern.finditer(line.text):
                if _is_address(line.text, found.start()):
                    continue
                mark = found["mark"] or found["mark2"]
                if pattern is _NO_SPACE:
                    right, told = f"{found[0][:-1]} {found[0][-1]}", "Thiếu dấu cách sau"
                elif pattern is _OPEN:
                    right, told = f"{found['mark']}{found['word']}", "Thừa dấu cách sau"
                else:
                    right, told = f"{found['word']}{found['mark']}", "Thừa dấu cách trước"
                start = _word_start(line.text, found.start())
                lead = line.text[start : found.start()]
                yield Found(f"{told} “{mark}”.", at(place, start, found.end(), f"{lead}{right}"))


@rule("cach-ngoac", "Dấu cách ngoài ngoặc", SPELLING)
def around_brackets(examined: Examined) -> Iterator[Found]:
    """One before "(" and one behind ")"."""
    for place, found in examined.search(_BEFORE_BRACKET, *WORDED):
        yield Found(
            "Thiếu dấu cách trước “(”.",
            at(place, found.start(), found.end(), f"{found['word']} ("),
        )
    for place, found in examined.search(_AFTER_BRACKET, *WORDED):
        opened = found.string.rfind("(", 0, found.start())
        if opened > found.string.rfind(")", 0, found.start()):  # not the ")" of "1)"
            yield Found("Thiếu dấu cách sau “)”.", at(place, found.start(), found.end(), ") "))


@rule("hai-dau-cach", "Hai dấu cách liền nhau", SPELLING, Severity.LOOK)
def wide(examined: Examined) -> Iterator[Found]:
    """One departure for the whole text."""
    spots = tuple(
        Spot(place, found.start(), found.end(), " ")
        for place, found in examined.search(_WIDE, *WORDED)
    )
    if spots:
        yield Found(f"{len(spots)} chỗ có hai dấu cách liền nhau.", spots)


def _is_address(text: str, place: int) -> bool:
    """Whether the word there is an address of mail or web."""
    start, most = _word_start(text, place), place + _LONGEST
    end = text.find(" ", place, most)
    word = text[start : end if end >= 0 else most]
    return "@" in word or "://" in word or word.startswith("www.")


@rule("thieu-cham", "Thiếu dấu cuối đoạn", PRACTICE)
def full_stops(examined: Examined) -> Iterator[Found]:
    """A paragraph of some length ends with a mark."""
    for place, line in examined.text.of(Part.BODY):
        words = line.text.rstrip()
        if len(words.split()) < 6 or words.endswith((*_ENDS, "./.")):
            continue
        if words.startswith("(") and words.endswith(")"):
            continue  # "(Có danh sách kèm theo)" stands by itself
        start = words.rfind(" ") + 1
        bare = words[start:].rstrip(",")
        yield Found("Cuối đoạn thiếu dấu chấm.", at(place, start, len(words), f"{bare}."))


@rule("ngoac", "Ngoặc mở, đóng không khớp", SPELLING)
def brackets(examined: Examined) -> Iterator[Found]:
    """Every bracket and quote that opens closes in its paragraph."""
    for place, line in examined.text.of(*RUNNING, Part.SUBJECT):
        for sign in _unbalanced(line):
            spot = line.text.find(sign)
            start, end = max(spot, 0), min(max(spot, 0) + 50, len(line.text))
            told = f"Dấu {sign}" if sign == '"' else f"Dấu “{sign}”"
            yield Found(f"{told} mở, đóng không khớp trong đoạn.", at(place, start, end))


def _unbalanced(line: Line) -> Iterator[str]:
    text = line.text
    if "(" in text or ")" in text:
        bare = _LIST_SIGN.sub("", text) if text.count("(") < text.count(")") else text
        if bare.count("(") != bare.count(")"):
            yield "("
    if text.count("[") != text.count("]"):
        yield "["
    if text.count('"') % 2:
        yield '"'
    elif text.count("“") != text.count("”"):
        yield "“"


@rule("dau-ngoac-kep", "Dấu ngoặc kép hai kiểu", PRACTICE, Severity.LOOK)
def quotes(examined: Examined) -> Iterator[Found]:
    """Straight and curly quotes in one text."""
    curly = any("“" in line.text for _, line in examined.text.of(*WORDED))
    straight = [
        Spot(place, found.start(), found.end())
        for place, found in examined.search(re.compile(r'"[^"]{0,60}'), *WORDED)
    ]
    if curly and straight:
        yield Found('Ngoặc kép viết hai kiểu, “…” và "…"; nên viết thống nhất.', tuple(straight))


@rule("viet-hai-kieu", "Một từ viết hai kiểu", PRACTICE, Severity.LOOK)
def mixed(examined: Examined) -> Iterator[Found]:
    """ "internet" and "Internet", "Uỷ ban" and "Ủy ban" in one text."""
    for one, other, right in _MIXED:
        first = list(examined.search(one, *RUNNING))
        if first and any(True for _ in examined.search(other, *RUNNING)):
            spots = tuple(Spot(place, found.start(), found.end(), right) for place, found in first)
            yield Found(f"“{first[0][1][0]}” và “{right}” cùng có; nên viết thống nhất.", spots)
    old = list(examined.search(_OLD_TONES, *RUNNING))
    old = [(place, found) for place, found in old if not found[0].casefold().startswith("qu")]
    if not old:
        return
    new = Counter(found[0] for _, found in examined.search(_NEW_TONES, *RUNNING))
    if not new:
        return
    spots = tuple(Spot(place, found.start(), found.end(), _newer(found[0])) for place, found in old)
    if len(old) <= new.total():
        yield Found(
            f"Dấu thanh đặt hai kiểu (“{old[0][1][0]}”, “{_newer(old[0][1][0])}”); nên thống nhất.",
            spots,
        )


def _newer(word: str) -> str:
    """ "Uỷ" as "Ủy", "hoà" as "hòa"."""
    last, before = word[-1], word[-2]
    plain = {"o": "òóỏõọ", "u": "ùúủũụ"}[before.lower()]
    tones = {"o": "àáảãạ", "u": "ỳýỷỹỵ"}[before.lower()]
    small = last.lower()
    for row, base in ((tones, "a" if before.lower() == "o" else "y"), ("èéẻẽẹ", "e")):
        if small in row:
            marked = plain[row.index(small)]
            marked = marked.upper() if before.isupper() else marked
            return f"{word[:-2]}{marked}{base.upper() if last.isupper() else base}"
    return word


@rule("to-hop-dau", "Chữ gõ theo kiểu tổ hợp", SPELLING)
def decomposed(examined: Examined) -> Iterator[Found]:
    """Letters and marks typed apart (NFD): they look alike and are not found by search."""
    places = [(place, line) for place, line in enumerate(examined.text.lines) if line.decomposed]
    if places:
        line = places[0][1]
        spots = tuple(Spot(n, 0, len(one.text), one.text) for n, one in places)
        yield Found(
            f"{len(places)} đoạn gõ chữ và dấu rời nhau (“{line.decomposed}”); cần chuyển về kiểu "
            "dựng sẵn để tìm kiếm được.",
            spots,
        )
