"""How a document is cited: known to the register, in full the first time, short later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.documents.citation import written_day
from portal.units.names import fold
from reports.linter.agencies import code_of_class
from reports.linter.catalogue import DocumentFacts
from reports.linter.citing import Mention
from reports.linter.departures import LAYOUT, Found, Severity, Spot, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Part

_BARE = re.compile(
    r"(?P<type>Nghị định|Quyết định|Thông tư|Kế hoạch|Công văn|Chỉ thị|Nghị quyết|Báo cáo|"
    r"Thông báo)(?: số)? (?P<number>\d{1,6})(?= ngày \d| của [A-ZĐỦ])"
)


@rule("thieu-so", "Thiếu chữ “số”", LAYOUT)
def number_word(examined: Examined) -> Iterator[Found]:
    """ "Kế hoạch 459/KH-BDT" is "Kế hoạch số 459/KH-BDT"."""
    for mention in examined.mentions:
        if not mention.type_name or _by_code(mention):
            continue
        line = examined.line(mention)
        if mention.has_number_word:
            yield from _with_colon(mention, line.text)
            continue
        written = line.text[mention.start : mention.symbol_end]
        right = f"{mention.type_written} số {mention.written}"
        yield Found(
            f"“{written}” thiếu chữ “số”: viết “{right}”.",
            at(mention.line, mention.start, mention.symbol_end, right),
        )


def _with_colon(mention: Mention, words: str) -> Iterator[Found]:
    """ "Quyết định số: 12/QĐ-UBND": the colon belongs to the head of a text only."""
    if found := re.search(r"\s*:\s*$", words[mention.start : mention.number_at]):
        start = mention.start + found.start()
        yield Found(
            f"Khi viện dẫn, sau chữ “số” không có dấu hai chấm: viết “{mention.name}”.",
            at(mention.line, start, mention.number_at, " "),
            Severity.LOOK,
        )


def _by_code(mention: Mention) -> bool:
    return bool(mention.type_written) and (
        mention.type_written.casefold() != mention.type_name.casefold()
        and mention.type_written.casefold() != "văn bản"
    )


@rule("ten-loai-tat", "Tên loại văn bản viết tắt", LAYOUT)
def short_type(examined: Examined) -> Iterator[Found]:
    """ "QĐ 1719/QĐ-TTg", "QĐ số 1719/QĐ-TTg" is "Quyết định số 1719/QĐ-TTg"."""
    for mention in examined.mentions:
        if not _by_code(mention):
            continue
        written = examined.line(mention).text[mention.start : mention.symbol_end]
        yield Found(
            f"“{written}” viết tắt tên loại: viết “{mention.name}”.",
            at(mention.line, mention.start, mention.symbol_end, mention.name),
        )


@rule("thieu-ky-hieu", "Thiếu ký hiệu", LAYOUT, Severity.LOOK)
def bare_number(examined: Examined) -> Iterator[Found]:
    """ "Quyết định số 1719 ngày …" names no symbol."""
    for place, found in examined.search(_BARE, Part.BASIS, Part.BODY, Part.NOTE):
        yield Found(f"“{found[0]}” chưa có ký hiệu.", at(place, found.start(), found.end()))


@rule("so-van-ban", "Văn bản được dẫn khác sổ văn bản", LAYOUT)
def register(examined: Examined) -> Iterator[Found]:
    """Number, symbol, day and issuer are those of the register."""
    for group in _by_words(examined):
        first = group[0]
        if examined.symbol_fault(first):
            continue
        answer = examined.resolved[first]
        if answer.exact is None and answer.near is not None:
            yield _likely(group, answer.near)
        elif answer.exact is None and (other := _of_another_year(first, examined)):
            yield from _day_differs(group, other)
        elif answer.exact is not None:
            yield from _letters_differ(group, answer.exact)
            yield from _day_differs(group, answer.exact)
            yield from _issuer_differs(group, answer.exact)


def _by_words(examined: Examined) -> list[list[Mention]]:
    """Mentions written alike, number, day and issuer: one departure for all of them."""
    groups: dict[tuple[str, str, str], list[Mention]] = {}
    for one in examined.mentions:
        groups.setdefault((one.written, one.day_written, one.issuer_written), []).append(one)
    return list(groups.values())


def _of_another_year(mention: Mention, examined: Examined) -> DocumentFacts | None:
    """The document of that number, day and month, when only the year is another one."""
    if mention.day is None:
        return None
    wanted = (mention.day.day, mention.day.month)
    same = examined.catalogue.named(mention.number, mention.symbol)
    return next((one for one in same if (one.date.day, one.date.month) == wanted), None)


def _likely(group: list[Mention], near: DocumentFacts) -> Found:
    return Found(
        f"Sổ văn bản không có “{group[0].written}”; gần nhất là {near.type_name} số {near.name} "
        f"ngày {near.written_date} của {near.issuer_in_text}.",
        tuple(Spot(one.line, one.number_at, one.symbol_end, near.name) for one in group),
    )


def _letters_differ(group: list[Mention], known: DocumentFacts) -> Iterator[Found]:
    """ "3032/SKHDT-KGVX" where the register has "3032/SKHĐT-KGVX"."""
    if group[0].symbol == known.symbol:
        return
    yield Found(
        f"Trong sổ văn bản ký hiệu viết là “{known.name}”, ở đây ghi “{group[0].written}”.",
        tuple(Spot(one.line, one.number_at, one.symbol_end, known.name) for one in group),
    )


def _day_differs(group: list[Mention], known: DocumentFacts) -> Iterator[Found]:
    first = group[0]
    if first.day is None or first.day == known.date:
        return
    yield Found(
        f"{first.name}: trong sổ là ngày {known.written_date}, ở đây ghi {first.day_written}.",
        tuple(
            Spot(one.line, one.day_at, one.day_at + len(one.day_written), known.written_date)
            for one in group
        ),
    )


def _issuer_differs(group: list[Mention], known: DocumentFacts) -> Iterator[Found]:
    first = group[0]
    if not first.issuer_end:
        return
    written = fold(first.issuer_written)
    if first.issuer is not None and first.issuer.name == known.issuer.name:
        return
    names = [fold(known.issuer.name), fold(known.issuer.short_name)]
    if any(name and (name in written or written in name) for name in names):
        if not first.issuer_written.startswith(("Chủ tịch", "Phó Chủ tịch")):
            return
    elif first.issuer is None and not first.issuer_class:
        return
    right = known.issuer_in_text
    yield Found(
        f"{first.name}: trong sổ cơ quan ban hành là {right}, ở đây ghi {first.issuer_written}.",
        tuple(
            Spot(one.line, one.issuer_end - len(one.issuer_written), one.issuer_end, right)
            for one in group
            if one.issuer_end
        ),
        Severity.LOOK,
    )


@rule("chua-vao-so", "Văn bản chưa có trong sổ", LAYOUT, Severity.LOOK)
def unknown(examined: Examined) -> Iterator[Found]:
    """Documents that the register does not have; one departure for all of them."""
    if not examined.catalogue.has_register:
        return
    missing = [
        group[0]
        for group in examined.groups
        if examined.resolved[group[0]].document is None and not examined.symbol_fault(group[0])
    ]
    if missing:
        names = "; ".join(one.name for one in missing)
        yield Found(
            f"Sổ văn bản chưa có {len(missing)} văn bản được dẫn: {names}. Hãy đối chiếu bản gốc "
            "hoặc vào sổ.",
            tuple(Spot(one.line, one.number_at, one.symbol_end) for one in missing),
        )


@rule("dan-lan-dau", "Viện dẫn lần đầu chưa đầy đủ", LAYOUT)
def in_full(examined: Examined) -> Iterator[Found]:
    """The first time: type, number, symbol, day, issuer, subject."""
    for group in examined.groups:
        first = _told_in_full(group, examined)
        if first.is_nested or _by_name(first, examined):
            continue
        missing = _missing(first, examined)
        if missing:
            known = examined.resolved[first].exact
            yield Found(
                f"{first.name} được dẫn lần đầu, còn thiếu {_listed(missing)}.",
                at(first.line, first.symbol_end, first.end, _completed(first, known, missing))
                if known
                else at(first.line, first.start, first.end),
                None if set(missing) - {"trích yếu", "tác giả"} else Severity.LOOK,
            )


def _told_in_full(group: list[Mention], examined: Examined) -> Mention:
    """The first mention, or that of the note which is called right behind it."""
    first = group[0]
    calls = examined.line(first).calls
    called = {call.note for call in calls if first.symbol_end <= call.at <= first.end + 1}
    in_notes = (one for one in group if examined.line(one).note in called)
    return next(in_notes, first) if called else first


def _by_name(mention: Mention, examined: Examined) -> bool:
    kind = examined.catalogue.type_by_name.get(mention.type_name.casefold())
    if kind is None:  # "Luật Đầu tư công số 39/2019/QH14"
        return code_of_class(mention.code) in ("QH", "UBTVQH")
    return kind.by_name


def _missing(mention: Mention, examined: Examined) -> list[str]:
    """What a first citation lacks; a note or a parenthesis explains a title already said."""
    part = examined.line(mention).part
    missing = []
    if not mention.day_written:
        missing.append("ngày tháng")
    if not mention.has_issuer:
        missing.append("tác giả")
    explains = part is Part.NOTE or mention.in_parentheses
    if not mention.has_subject and not explains and not missing:
        missing.append("trích yếu")
    return missing


def _listed(words: list[str]) -> str:
    return " và ".join(words).replace("tác giả", "tên cơ quan ban hành")


def _completed(mention: Mention, known: DocumentFacts, missing: list[str]) -> str:
    """Day, issuer and subject as they stand behind the symbol when nothing is missing."""
    words = f" ngày {known.written_date} của {mention.issuer_written or known.issuer_in_text}"
    if "trích yếu" in missing and known.subject:
        return f"{words} {known.subject}"
    return words


@rule("dan-lai", "Nhắc lại đầy đủ văn bản đã dẫn", LAYOUT)
def repeated(examined: Examined) -> Iterator[Found]:
    """After the first time type, number and symbol are enough; counted once for a document."""
    for group in examined.groups:
        titles, spots = 0, []
        first = next((n for n, one in enumerate(group) if one.day_written or one.has_issuer), 0)
        follows = _following(group[first], examined)
        for one in group[first + 1 :]:
            if one.is_nested:
                continue
            shared = _shared(follows, _following(one, examined))
            titles += bool(shared)
            if one.day_written or one.has_issuer or shared:
                spots.append(Spot(one.line, one.symbol_end, one.end + shared, ""))
        if spots:
            title = f", trong đó {titles} lần cả trích yếu" if titles else ""
            yield Found(
                f"{group[0].name} đã dẫn đầy đủ ở trên mà còn nhắc lại ngày, cơ quan ban hành "
                f"{len(spots)} lần{title}. Các lần sau chỉ viết “{group[0].name}”.",
                tuple(spots),
            )


def _following(mention: Mention, examined: Examined) -> str:
    return examined.line(mention).text[mention.end : mention.end + 400]


def _shared(first: str, later: str) -> int:
    """How many characters of `later` repeat the title behind the first; 0 below 5 words."""
    count = 0
    while count < min(len(first), len(later)) and first[count] == later[count]:
        count += 1
    told = later[:count]
    cut = re.search(r"[,;.:]?\s*[^\s,;.:]*$", told) if count < len(later) else None
    if cut and later[count : count + 1] not in (" ", ",", ";", ".", ":"):
        told = told[: cut.start()]
    told = told.rstrip(" ,;.:")
    return len(told) if len(told.split()) >= 5 else 0


@rule("het-hieu-luc", "Văn bản được dẫn không còn hoặc chưa có hiệu lực", LAYOUT)
def in_force(examined: Examined) -> Iterator[Found]:
    """A cited text is in force on the day, or the sentence says that it is not."""
    day = examined.text.day
    for group in examined.groups:
        document = examined.resolved[group[0]].exact
        told = [one for one in group if not _says_ended(one, examined)]
        if not told:
            continue
        spots = tuple(Spot(one.line, one.start, one.symbol_end) for one in told)
        if document is None:
            yield from _of_later(told[0], spots, examined)
            continue
        name = f"{document.type_name} số {document.name}"
        if document.date > day:
            yield Found(f"{name} đề ngày {document.written_date}, sau ngày của văn bản này.", spots)
        elif ended := document.ended_on(day):
            by = f", được thay thế bằng {document.replaced_by}" if document.replaced_by else ""
            yield Found(f"{name} hết hiệu lực từ {written_day(ended)}{by}.", spots)
        elif document.valid_from and document.valid_from > day:
            yield Found(
                f"{name} có hiệu lực từ {written_day(document.valid_from)}, sau ngày của văn bản "
                "này.",
                spots,
                Severity.LOOK,
            )


def _of_later(mention: Mention, spots: tuple[Spot, ...], examined: Examined) -> Iterator[Found]:
    """A day after the text's own, of a document that no register knows."""
    known = examined.catalogue.named(mention.number, mention.symbol)
    if mention.day and mention.day > examined.text.day and not known:
        yield Found(
            f"{mention.name} đề ngày {mention.day_written}, sau ngày của văn bản này.", spots
        )


def _says_ended(mention: Mention, examined: Examined) -> bool:
    """Whether the sentence itself speaks of the old text as replaced, amended or past."""
    words = examined.line(mention).text
    start = max(words.rfind(". ", 0, mention.start), words.rfind(";", 0, mention.start)) + 1
    end = words.find(". ", mention.end)
    sentence = words[start : end if end >= 0 else len(words)]
    return bool(
        mention.is_nested
        or re.search(
            r"thay thế|bãi bỏ|hết hiệu lực|sửa đổi|trước đây|đã được thay|giai đoạn trước", sentence
        )
    )
