"""Labels of parts: no jump, no double, the letters of the alphabet, Roman numbers of annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reports.linter.departures import LAYOUT, Found, Severity, Spot, rule
from reports.linter.examined import Examined
from reports.linter.text import RUNNING, Line, Part
from reports.text.numbering import LETTERS, ORDINALS, letter, roman

_ROMAN = re.compile(
    r"(?P<lead>Phần |PHẦN |Chương |CHƯƠNG |Phụ lục |PHỤ LỤC )?(?P<number>[IVXLC]+)\.?"
)
_ORDINAL = re.compile(rf"phần thứ (?P<ordinal>{'|'.join(ORDINALS)})", re.IGNORECASE)
_CAPITAL = re.compile(r"(?P<letter>[A-ZĐ])\.")
_CAPITALS = ("ABCDEGHIKLMNOPQRSTUVXY", "ABCDĐEGHIKLMNOPQRSTUVXY", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ARABIC = re.compile(r"(?P<lead>Phần |Chương |Phụ lục |Điều |Mục )?(?P<path>\d+(?:\.\d+)*)[.)]?")
_LETTER = re.compile(r"(?P<letter>[a-zđ])[.)]")
_HUNDREDS = frozenset("CDLM")
_OWN_ANNEX = re.compile(
    r"(?<!\w)(?P<lead>[Pp]hụ lục )(?:số )?0?(?P<number>[1-9]|[12]\d)(?![\w/]|[.,]\d)"
)
_DOCUMENT = re.compile(
    r"Nghị định|Thông tư|Quyết định|Nghị quyết|Công văn|Hướng dẫn|Luật|\d/[A-ZĐ]"
)
#: Within so many lines another item of a list is looked for.
_NEAR = 30
#: Parts that are counted in Roman numbers.
_IN_ROMAN = {"Phần ": "phần", "Chương ": "chương", "Phụ lục ": "phụ lục"}


@dataclass
class Counting:
    """How far the numbering has come: Roman number, path of Arabic ones, letter, Điều."""

    romans: dict[str, int] = field(default_factory=dict)
    path: tuple[int, ...] = ()
    before_roman: tuple[int, ...] = ()
    letter: int = 0
    letter_may_restart: bool = True
    article: int = 0
    capital: str = ""


@rule("danh-so", "Đánh số mục", LAYOUT)
def numbering(examined: Examined) -> Iterator[Found]:
    """Numbers follow each other at every level."""
    counting = Counting()
    for place, line in examined.text.of(Part.HEADING, Part.BODY):
        if line.label and line.level != "list":
            yield from _next(place, line, counting)
        elif not line.label:
            counting.letter_may_restart = True


def _next(place: int, line: Line, counting: Counting) -> Iterator[Found]:
    label = line.label.strip()
    if (found := _CAPITAL.fullmatch(label)) and _is_capital(line, found["letter"], counting):
        yield from _capital(place, label, found["letter"], counting)
    elif found := _ORDINAL.fullmatch(label):
        yield from _ordinal(place, label, found["ordinal"].lower(), counting)
    elif found := _ROMAN.fullmatch(label):
        yield from _roman(place, (found["lead"] or "").capitalize(), found["number"], counting)
    elif found := _LETTER.fullmatch(label):
        yield from _letter(place, label, found["letter"], counting)
    elif found := _ARABIC.fullmatch(label):
        path = tuple(map(int, found["path"].split(".")))
        yield from _arabic(place, label, found["lead"] or "", path, counting)


def _is_capital(line: Line, sign: str, counting: Counting) -> bool:
    """Whether "C." is a letter: it is behind "A." or "B.", where nobody counts a hundred."""
    follows = sign in _after_capital(counting.capital) or sign in _HUNDREDS
    return line.level == "capital" or (counting.capital != "" and follows)


def _after_capital(before: str) -> set[str]:
    """What may follow a letter: Đ, F, J and W are counted or left out."""
    rows = (row for row in _CAPITALS if before in row)
    return {"A"} if not before else {row[row.index(before) + 1 :][:1] for row in rows}


def _capital(place: int, label: str, sign: str, counting: Counting) -> Iterator[Found]:
    expected = _after_capital(counting.capital)
    if sign not in expected:
        told = f"sau {counting.capital}" if counting.capital else "ở đầu"
        yield _wrong(place, label, told, f"{min(expected)}.")
    counting.capital = sign
    counting.romans.pop("", None)
    counting.path, counting.before_roman, counting.letter = (), (), 0


def _roman(place: int, lead: str, number: str, counting: Counting) -> Iterator[Found]:
    value, before = _value(number), counting.romans.get(lead, 0)
    if roman(value) != number or value != before + 1:
        right = f"{lead}{roman(before + 1)}{'' if lead else '.'}"
        yield _wrong(place, f"{lead}{number}", _after(lead, before), right)
        value = max(value, before + 1) if roman(value) == number else before + 1
    counting.romans[lead] = value
    _begin_part(lead, counting)


def _begin_part(lead: str, counting: Counting) -> None:
    """Below "Phần", "Chương", "Phụ lục" Roman numbers begin anew, below them Arabic ones may."""
    counting.before_roman, counting.path, counting.letter = counting.path, (), 0
    if lead:
        counting.romans.pop("", None)


def _ordinal(place: int, label: str, written: str, counting: Counting) -> Iterator[Found]:
    value, before = ORDINALS.index(written) + 1, counting.romans.get("Phần ", 0)
    if value != before + 1 and before < len(ORDINALS):
        told = f"sau Phần thứ {ORDINALS[before - 1]}" if before else "ở đầu"
        yield _wrong(place, label, told, f"Phần thứ {ORDINALS[before]}")
    counting.romans["Phần "] = max(value, before + 1)
    _begin_part("Phần ", counting)


def _after(lead: str, before: int) -> str:
    return f"sau {lead}{roman(before)}" if before else "ở đầu"


def _arabic(
    place: int, label: str, lead: str, path: tuple[int, ...], counting: Counting
) -> Iterator[Found]:
    if lead in _IN_ROMAN:
        yield _annex(place, label, lead, path, counting)
        return
    if lead == "Điều ":
        if path[0] != counting.article + 1:
            told = f"sau Điều {counting.article}" if counting.article else "ở đầu"
            yield _wrong(place, label, told, f"Điều {counting.article + 1}.")
        counting.article, counting.path, counting.letter = path[0], (), 0
        return
    if lead:
        counting.path, counting.letter = (), 0
        return
    allowed = _allowed(counting)
    if path not in allowed:
        right = _meant(path, allowed, goes_back=path <= counting.path)
        told = f"sau {_written(counting.path)}" if counting.path else "ở đầu"
        yield _wrong(place, label, told, f"{_written(right)}.")
    counting.path, counting.letter = path, 0


def _annex(place: int, label: str, lead: str, path: tuple[int, ...], counting: Counting) -> Found:
    right = f"{lead}{roman(path[0])}"
    counting.romans[lead] = path[0]
    return Found(
        f"“{label.rstrip('.')}”: số của {_IN_ROMAN[lead]} viết bằng chữ số La Mã, “{right}”.",
        (Spot(place, 0, 0, right, of_label=True),),
    )


def _allowed(counting: Counting) -> list[tuple[int, ...]]:
    """The paths that may come next."""
    path = counting.path
    if not path:
        first = [(1,), (counting.romans.get("", 1), 1)]
        if counting.before_roman:
            first.append((counting.before_roman[0] + 1,))
        return first
    siblings = [(*path[:depth], path[depth] + 1) for depth in range(len(path))]
    return [(*path, 1), *siblings]


def _meant(
    path: tuple[int, ...], allowed: list[tuple[int, ...]], *, goes_back: bool
) -> tuple[int, ...]:
    """Of what may come next the one most like what was written; a repeated one counts on."""
    same_depth = [one for one in allowed if len(one) == len(path)]
    if goes_back and same_depth:
        return same_depth[-1]
    return max(allowed, key=lambda one: (_shared(one, path), -abs(len(one) - len(path))))


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _letter(place: int, label: str, sign: str, counting: Counting) -> Iterator[Found]:
    expected = letter(counting.letter + 1)
    restarts = sign == "a" and counting.letter_may_restart
    if sign != expected and not restarts:
        told = f"sau {letter(counting.letter)})" if counting.letter else "ở đầu"
        if sign not in LETTERS:
            told += ", chữ này không có trong bảng chữ cái tiếng Việt"
        yield _wrong(place, label, told, f"{expected})")
    elif label.endswith("."):
        yield Found(
            f"Điểm viết “{sign})”, không viết “{label}”.",
            (Spot(place, 0, 0, f"{sign})", of_label=True),),
            Severity.LOOK,
        )
    counting.letter = 1 if restarts else max(_rank(sign), counting.letter + 1)
    counting.letter_may_restart = False


def _rank(sign: str) -> int:
    return LETTERS.index(sign) + 1 if sign in LETTERS else 0


def _wrong(place: int, label: str, told: str, right: str) -> Found:
    return Found(
        f"Số mục “{label.rstrip('.')}” đứng {told}; đúng thứ tự là “{right.rstrip('.')}”.",
        (Spot(place, 0, 0, right, of_label=True),),
    )


def _written(path: tuple[int, ...]) -> str:
    return ".".join(map(str, path))


def _value(number: str) -> int:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    total = 0
    for sign, after in zip(number, [*number[1:], ""], strict=True):
        value = values[sign]
        total += -value if after and values[after] > value else value
    return total


@rule("so-phu-luc", "Số của phụ lục", LAYOUT, Severity.LOOK)
def annexes(examined: Examined) -> Iterator[Found]:
    """ "chi tiết tại Phụ lục 2": the text's own annexes are counted in Roman numbers."""
    for place, found in examined.search(_OWN_ANNEX, *RUNNING):
        around = found.string[max(found.start() - 60, 0) : found.end() + 60]
        if _DOCUMENT.search(around):
            continue  # another document counts as it does
        right = f"{found['lead']}{roman(int(found['number']))}"
        yield Found(
            f"“{found[0]}”: số của phụ lục viết bằng chữ số La Mã, “{right}”.",
            (Spot(place, found.start(), found.end(), right),),
        )


@rule("ten-muc", "Tên mục", LAYOUT, Severity.LOOK)
def heading_ends(examined: Examined) -> Iterator[Found]:
    """A title on its own line ends without a mark."""
    parts = list(examined.text.of(Part.HEADING, Part.BODY))
    lines = [line for _, line in parts]
    for number, (place, line) in enumerate(parts):
        words = line.text.rstrip()
        if line.part is not Part.HEADING or (words.isupper() and not line.label):
            continue  # "QUYẾT ĐỊNH:"
        if words.endswith(":") and _is_an_item(number, lines):
            continue
        if words[-1:] in (":", ";", ",", ".") and not words.endswith("..."):
            yield Found(
                f"Tên mục không có dấu “{words[-1]}” ở cuối.",
                (Spot(place, 0, len(line.text), words[:-1].rstrip()),),
            )


def _is_an_item(number: int, lines: list[Line]) -> bool:
    """ "2. Thành phần:" before dashes, beside "1. Thời gian: từ ngày …", is no title."""
    line, after = lines[number], lines[number + 1 : number + 2]
    if not after or after[0].label[-1:] not in ("-", "–", "+", ")"):
        return False
    before = reversed(lines[max(number - _NEAR, 0) : number])
    beside = (*before, *lines[number + 1 : number + _NEAR])
    kin = (one for one in beside if one.level == line.level)
    return next((one.part is Part.BODY for one in kin), False)
