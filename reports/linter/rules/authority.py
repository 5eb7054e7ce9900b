"""In whose place the text is signed, and whether the titles are the agency's of that day.

Source: Nghị định 30/2020/NĐ-CP, Điều 13 and Phụ lục I.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reports.linter import agencies
from reports.linter.departures import LAYOUT, SIGNING, Found, Severity, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Line, Part

_PREFIX = re.compile(
    r"^(?P<sign>KT|TM|TL|TUQ|Q|KT/|K/T|T/M|T/L|QUYỀN(?= ))(?:\.\s*|\s+)(?P<rest>\S.*)$"
)
_OLD = {"T/M": "TM", "T/L": "TL", "KT/": "KT", "K/T": "KT", "QUYỀN": "Q"}
_DEPUTY = re.compile(r"^(?:PHÓ|THỨ TRƯỞNG)\b")
#: Collectives whose deputies sign for the head; those of the Party do not.
_HEADED = re.compile(r"^(?:(?:ỦY|UỶ) BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|HĐND|BAN CHỈ ĐẠO)\b")
#: What the People's Committee says as a body; what its chairman decides has no TM.
_OF_THE_BODY = frozenset(("Báo cáo", "Tờ trình"))
_DEGREE = re.compile(
    r"^(?:(?:GS|PGS|TS|ThS|Ths|CN|KS|BS|BSCK\w*|NGƯT|NGND|TSKH|LS|Tiến sĩ|Thạc sĩ|Kỹ sư|Bác sĩ)"
    r"\.?,?\s+)+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines above the name: each with its place, its prefix ("KT") and the words after it."""

    rows: tuple[tuple[int, Line, str, str], ...]

    @property
    def prefixes(self) -> list[str]:
        return [sign for _, _, sign, _ in self.rows if sign]

    @property
    def last(self) -> tuple[int, Line, str, str]:
        return self.rows[-1]


def _block(examined: Examined) -> Block | None:
    rows = []
    for place, line in examined.text.of(Part.SIGNATURE):
        if line.level == "name":
            continue
        found = _PREFIX.match(line.text.strip())
        sign = _OLD.get(found["sign"], found["sign"]) if found else ""
        rows.append((place, line, sign, found["rest"] if found else line.text.strip()))
    return Block(tuple(rows)) if rows else None


@rule("quyen-han-ky", "Quyền hạn của người ký", SIGNING)
def prefixes(examined: Examined) -> Iterator[Found]:
    """KT. for a deputy, TM. for a collective, TUQ. with a grant, Q. for an acting head."""
    block = _block(examined)
    if block is None:
        if examined.text.has_frame and examined.text.lines:
            yield Found("Văn bản chưa có phần chữ ký.", at(len(examined.text.lines) - 1, 0, 0))
        return
    yield from _written(block)
    yield from _deputy(block, examined)
    for number, (row, one, sign, rest) in enumerate(block.rows):
        below = block.rows[number + 1] if number + 1 < len(block.rows) else None
        if problem := _wrong(sign, rest, below, block, examined):
            message, severity = problem
            yield Found(message, at(row, 0, len(one.text)), severity)


def _deputy(block: Block, examined: Examined) -> Iterator[Found]:
    """Right above a deputy's title stands KT., unless it only says what else the person is."""
    place, line, sign, title = block.last
    if sign or not _DEPUTY.match(title):
        return
    above, rest = block.rows[-2][2:] if len(block.rows) > 1 else ("", "")
    if (above == "TM" and _HEADED.match(rest)) or above == "TL" or not block.prefixes:
        heads = title.removeprefix("PHÓ ").replace("THỨ TRƯỞNG", "BỘ TRƯỞNG")
        head = examined.text.titles.head or (rest if above == "TL" else heads)
        yield Found(f"Cấp phó ký thì dòng trên phải là “KT. {head}”.", at(place, 0, len(line.text)))


def _written(block: Block) -> Iterator[Found]:
    for place, line, sign, rest in block.rows:
        if sign and not line.text.strip().startswith(f"{sign}. "):
            right = f"{sign}. {rest}"
            yield Found(f"Viết “{right}”.", at(place, 0, len(line.text), right))


def _wrong(
    sign: str,
    rest: str,
    below: tuple[int, Line, str, str] | None,
    block: Block,
    examined: Examined,
) -> tuple[str, Severity] | None:
    under = below[3] if below else ""
    match sign:
        case "KT":
            if _DEPUTY.match(rest):
                return "KT. là ký thay người đứng đầu, không ký thay cấp phó.", Severity.WRONG
            if below is None or (not below[2] and not _DEPUTY.match(under)):
                return f"Sau “KT. {rest}” phải là chức vụ cấp phó.", Severity.WRONG
            if agencies.COLLECTIVES.match(rest.upper()):
                return (
                    "KT. là ký thay người đứng đầu: ghi chức vụ, không ghi tên cơ quan.",
                    Severity.WRONG,
                )
        case "TM":
            if not agencies.COLLECTIVES.match(rest.upper()):
                return (
                    f"TM. chỉ dùng khi ký thay mặt tập thể; {rest} làm việc theo chế độ thủ "
                    "trưởng thì ghi chức vụ của người ký.",
                    Severity.WRONG,
                )
        case "TL":
            if below is None:
                return f"Sau “TL. {rest}” phải là chức vụ của người ký.", Severity.WRONG
            if agencies.COLLECTIVES.match(rest.upper()):
                return (
                    "TL. là thừa lệnh người đứng đầu: ghi chức vụ, không ghi tên cơ quan.",
                    Severity.WRONG,
                )
        case "Q":
            if _DEPUTY.match(rest):
                return "Q. dùng cho quyền cấp trưởng, không dùng cho cấp phó.", Severity.WRONG
        case "TUQ":
            return _authorised(examined)
    return None


def _authorised(examined: Examined) -> tuple[str, Severity] | None:
    """TUQ. rests on a written grant, limited in time."""
    signer, day = examined.text.signer, examined.text.day
    if examined.grants is None:
        return "Ký TUQ. phải có giấy uỷ quyền còn thời hạn; hãy đối chiếu.", Severity.LOOK
    if not examined.grants(signer, day):
        return (
            f"Ngày {day:%d/%m/%Y} không có giấy uỷ quyền nào cho {signer or 'người ký'}.",
            Severity.WRONG,
        )
    return None


@rule("ky-thay-mat", "Ký thay mặt Ủy ban nhân dân", SIGNING)
def for_the_body(examined: Examined) -> Iterator[Found]:
    """A committee decides with TM., its chairman without, as the line above the basis says."""
    block = _block(examined)
    if block is None:
        return
    has_body = "TM" in block.prefixes
    place, line = block.rows[0][:2]
    spots = at(place, 0, len(line.text))
    authors = [one.text for _, one in examined.text.of(Part.HEAD) if one.level == "author"]
    if authors and authors[0].startswith("CHỦ TỊCH") and has_body:
        yield Found("Văn bản của Chủ tịch Ủy ban nhân dân thì không ghi “TM.”.", spots)
    elif authors and _HEADED.match(authors[0]) and authors[0][0] in "ỦU" and not has_body:
        yield Found("Văn bản của Ủy ban nhân dân thì dòng đầu là “TM. ỦY BAN NHÂN DÂN”.", spots)
    elif not has_body and examined.text.type_name in _OF_THE_BODY and _is_committees(examined):
        yield Found(
            "Văn bản của Ủy ban nhân dân: xem có phải ghi “TM. ỦY BAN NHÂN DÂN”.",
            spots,
            Severity.LOOK,
        )


def _is_committees(examined: Examined) -> bool:
    return "UBND" in re.split(r"[/-]", examined.text.symbol)


@rule("chuc-vu-ky", "Chức vụ của người ký", LAYOUT)
def titles(examined: Examined) -> Iterator[Found]:
    """The titles are those of the agency on the day of the text."""
    known, block = examined.text.titles, _block(examined)
    if block is None or not known.head:
        return
    for place, line, sign, rest in block.rows:
        is_heads = sign in ("KT", "Q", "TL", "TUQ") or (len(block.rows) == 1 and not sign)
        wanted = known.deputy if _DEPUTY.match(rest) else known.head if is_heads else ""
        if wanted and rest.upper() != wanted.upper() and not (sign == "KT" and len(block.rows) > 2):
            right = f"{sign}. {wanted}" if sign else wanted
            yield Found(
                f"Chức danh của {known.agency} vào ngày này là “{wanted}”.",
                at(place, 0, len(line.text), right),
            )


@rule("ten-nguoi-ky", "Họ tên người ký", LAYOUT)
def name(examined: Examined) -> Iterator[Found]:
    """No degree, rank or honour before the name."""
    for place, line in examined.text.of(Part.SIGNATURE):
        if line.level == "name" and (found := _DEGREE.match(line.text)):
            right = line.text[found.end() :]
            yield Found(
                f"Trước họ tên người ký không ghi học hàm, học vị: “{right}”.",
                at(place, 0, len(line.text), right),
            )
