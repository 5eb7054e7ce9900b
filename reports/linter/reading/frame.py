"""Which paragraph is what: head, subject, basis, headings, body, recipients, signature."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from portal.units.names import fold
from reports.linter.catalogue import Catalogue
from reports.linter.letters import LOWER, NAME, UPPER
from reports.linter.text import Line, OfficialText, Part, Titles, with_plain_spaces
from reports.text.numbering import ORDINALS

from .paragraphs import Pages, Paragraph, composed

_NUMBER = re.compile(
    r"^Số\s*:?\s*(?P<number>\d*)[\s…._]*(?:/|(?<=\d)-)\s*(?P<symbol>[\w/&+.-]+)\s*(?P<rest>.*)$"
)
_DAY = re.compile(
    rf"^(?:{NAME},?\s+)?ngày\s*(?P<day>\d{{1,2}})?[\s…._]*tháng\s*(?P<month>\d{{1,2}})?[\s…._]*"
    r"năm\s*(?P<year>\d{4})\.?$",
    re.IGNORECASE,
)
_DAY_SHORT = re.compile(
    rf"^(?:{NAME},?\s+)?ngày\s*(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-](?P<year>\d{{4}})\.?$"
)
_ABOUT = re.compile(r"^V/v\b\s*:?\s*(?P<text>.*)$")
_TO = re.compile(r"^Kính gửi\s*:?\s*(?P<text>.*)$", re.IGNORECASE)
_FOR = re.compile(r"^Nơi nhận\s*:?\s*(?P<text>.*)$", re.IGNORECASE)
_BASIS = re.compile(r"^(?:Căn cứ|Xét đề nghị|Theo đề nghị|Xét Tờ trình)\b")
_LABELS = (
    ("roman", re.compile(r"^(?P<label>[IVXLC]{1,6}\.)\s+(?P<text>\S.*)$")),
    ("capital", re.compile(rf"^(?P<label>[{UPPER}]\.)\s+(?P<text>[^{LOWER}]{{4,}})$")),
    (
        "part",
        re.compile(
            r"^(?P<label>(?:Phần|PHẦN|Chương|CHƯƠNG|Phụ lục) (?:[IVXLC]+|\d{1,2})|"
            r"(?:Mục|MỤC) \d{1,2}|Điều \d{1,3}|"
            rf"(?i:phần thứ (?:{'|'.join(ORDINALS)}))(?=[.:]?(?:$|\s+[{UPPER}])))"
            r"(?P<dot>[.:]?)(?:\s+(?P<text>\S.*))?$"
        ),
    ),
    ("arabic", re.compile(r"^(?P<label>\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}[.)])\s+(?P<text>\S.*)$")),
    ("letter", re.compile(r"^(?P<label>[a-zđ][.)])\s+(?P<text>\S.*)$")),
    ("bullet", re.compile(r"^(?P<label>[-–+•])\s*(?P<text>\S.*)$")),
)
_SIGN = re.compile(
    r"^(?:KT|TM|TL|TUQ|Q|[KT]/[TML])[./ ]|^(?:PHÓ |QUYỀN )?(?:TRƯỞNG|GIÁM ĐỐC|CHỦ TỊCH|CHÁNH|"
    r"BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|HIỆU TRƯỞNG|BÍ THƯ|VỤ TRƯỞNG|CỤC TRƯỞNG)"
)
_NAME = re.compile(rf"^(?:\S{{1,6}}\.? )?{NAME}$")
_ANNEX = re.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu số|DANH SÁCH)\b")
_RULED = re.compile(r"^[-_—*]{3,}$")
_NATION = re.compile(r"^(?:cong hoa xa hoi|doc lap tu do)")
#: Types whose author stands in a line of its own above the basis.
_DECIDED = frozenset(("Quyết định", "Nghị quyết"))


@dataclass
class Frame:
    """What was understood so far."""

    catalogue: Catalogue
    type_name: str = ""
    number: str = ""
    symbol: str = ""
    day: datetime.date | None = None
    signer: str = ""
    lines: list[Line] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    subject: Line | None = None
    section: int = 0
    stage: str = "head"
    has_frame: bool = False

    def take(self, paragraph: Paragraph) -> None:
        """Put one paragraph where it belongs; annexes behind the signature are not read."""
        text, decomposed = composed(with_plain_spaces(paragraph.text).strip())
        if not text or self.stage == "annex" or _RULED.match(text):
            return
        line = Line(Part.BODY, text, calls=paragraph.calls, decomposed=decomposed)
        if self.stage in ("recipients", "signed"):
            self._after_body(line)
        elif found := _FOR.match(text):
            self._begin_recipients(found["text"])
        elif self._is_author(text):
            self.head.append(replace(line, part=Part.HEAD, level="author"))
        elif self.stage != "head" and text.isupper() and _SIGN.match(text):
            self._sign(line)
        elif self.stage == "head" and self._head(line):
            return
        else:
            self._body(line, paragraph)

    def _is_author(self, text: str) -> bool:
        """ "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH" above the basis of a decision."""
        begins = self.stage == "body" and not self.lines and self.type_name in _DECIDED
        return begins and text.isupper() and not text.endswith(":")

    def _sign(self, line: Line) -> None:
        """A title before the body is that of the one who decides, behind it of the signatory."""
        if any(one.part is Part.BODY for one in self.lines):
            self.stage = "signed"
            self._after_body(line)

    # the head

    def _head(self, line: Line) -> bool:
        """Whether the line was one of the head."""
        text = line.text
        if found := _NUMBER.match(text):
            self.number, self.symbol = found["number"], found["symbol"].rstrip(".")
            self.has_frame = True
            self.head.append(replace(line, part=Part.HEAD, level="number"))
            if found["rest"]:
                self._day(found["rest"])
        elif self._day(text):
            pass
        elif _NATION.match(fold(text)):
            self.head.append(replace(line, part=Part.HEAD, level="nation"))
        elif found := _ABOUT.match(text):
            self.type_name, self.has_frame = "Công văn", True
            self.subject = replace(line, part=Part.SUBJECT, text=found["text"])
        elif fact := self.catalogue.type_by_name.get(text.casefold()):
            self.type_name, self.stage, self.has_frame = fact.name, "subject", True
        elif _TO.match(text) or not text.isupper():
            self.stage = "body"
            return False
        return True

    def _day(self, text: str) -> bool:
        found = _DAY.match(text.strip()) or _DAY_SHORT.match(text.strip())
        if not found:
            return False
        if found["day"]:
            self.head.append(Line(Part.HEAD, text.strip(), level="day"))
        year, month = int(found["year"]), int(found["month"] or 12)
        try:
            last = calendar.monthrange(year, month)[1]
            self.day = datetime.date(year, month, int(found["day"] or last))
        except ValueError:
            self.day = None
        return True

    # the middle

    def _body(self, line: Line, paragraph: Paragraph) -> None:
        text = line.text
        if self.stage == "subject":
            self.stage = "body"
            if not (_TO.match(text) or _BASIS.match(text) or _labelled(text)[0]):
                self.subject = replace(line, part=Part.SUBJECT)
                return
        if found := _TO.match(text):
            self.stage = "to"
            if found["text"]:
                self.lines.append(replace(line, part=Part.ADDRESSEE, text=found["text"]))
            return
        level, label, words = _labelled(text)
        if self.stage == "to":
            if level == "bullet":
                self.lines.append(replace(line, part=Part.ADDRESSEE, text=words))
                return
            self.stage = "body"
        if is_basis(words if level == "bullet" else text, self.lines):
            self.lines.append(replace(line, part=Part.BASIS, text=words, label=label))
        else:
            self._numbered(line, level, label, words)

    def _numbered(self, line: Line, level: str, label: str, words: str) -> None:
        is_heading = level in ("roman", "capital") or (
            level in ("arabic", "letter", "part")
            and (not words or is_title(words))
            and not (level == "part" and words.endswith(":"))
        )
        if is_heading or _is_bare_title(line.text, label):
            self.section += 1
        cut = len(line.text) - len(words) if label else 0
        calls = tuple(replace(call, at=max(call.at - cut, 0)) for call in line.calls)
        part = Part.HEADING if is_heading or _is_bare_title(line.text, label) else Part.BODY
        self.lines.append(
            replace(
                line,
                part=part,
                text=words if label else line.text,
                label=label,
                level=level,
                section=str(self.section),
                calls=calls,
            )
        )

    # behind the body

    def _begin_recipients(self, rest: str) -> None:
        self.stage, self.has_frame = "recipients", True
        if rest:
            self.lines.append(Line(Part.RECIPIENT, rest))

    def _after_body(self, line: Line) -> None:
        text = line.text
        signed = [one for one in self.lines if one.part is Part.SIGNATURE]
        if found := _FOR.match(text):
            self._begin_recipients(found["text"])
        elif _ANNEX.match(text) and signed and not text.startswith("-"):
            self.stage = "annex"
        elif text.startswith(("-", "+", "–", "•")):
            bare = re.sub(r"^[-–•]\s*", "", text)
            self.lines.append(replace(line, part=Part.RECIPIENT, text=bare))
        elif self.signer and (text.isupper() or _NAME.match(text)):
            pass  # who signs beside the first, in a joint text
        elif text.isupper() and not _is_name_in_capitals(text, signed):
            self.lines.append(replace(line, part=Part.SIGNATURE))
        elif signed and not self.signer:
            if _NAME.match(text.rstrip(".")):
                self.signer = text
                self.lines.append(replace(line, part=Part.SIGNATURE, level="name"))
        elif self.stage == "recipients":
            self.lines.append(replace(line, part=Part.RECIPIENT))


def _is_name_in_capitals(text: str, signed: Sequence[Line]) -> bool:
    return (
        bool(signed)
        and not _SIGN.match(text)
        and len(text.split()) in (2, 3, 4)
        and (len(signed) > 1)
    )


def _labelled(text: str) -> tuple[str, str, str]:
    """The kind of label, the label and the words behind it; empty for a line without one."""
    for kind, pattern in _LABELS:
        if found := pattern.match(text):
            return kind, found["label"], found["text"] or ""
    return "", "", text


def is_basis(text: str, before: Sequence[Line]) -> bool:
    """A line of the basis stands before the body and does not lead into it with a colon."""
    begins = all(line.part in (Part.ADDRESSEE, Part.BASIS) for line in before)
    return begins and bool(_BASIS.match(text)) and not text.rstrip().endswith(":")


def is_title(words: str) -> bool:
    """Whether numbered words are a title of their own: short, without a mark at the end."""
    count = len(words.split())
    if words.rstrip().endswith(":"):
        return count <= 5 and not words.rstrip().endswith("sau:")
    return count <= 25 and words.rstrip()[-1:] not in (".", ";", ",", "…", "/")


def _is_bare_title(text: str, label: str) -> bool:
    """A heading in capitals without a number: "QUYẾT ĐỊNH:", "NỘI DUNG"."""
    return not label and text.isupper() and len(text.split()) <= 12


def understood(
    pages: Pages, catalogue: Catalogue, *, today: datetime.date, titles: Titles | None = None
) -> OfficialText:
    """The neutral text of a row of paragraphs; `today` where the text gives no day."""
    frame = Frame(catalogue)
    tables = _laying_out(pages)
    for paragraph in pages.paragraphs:
        if not paragraph.table or paragraph.table in tables or frame.stage == "head":
            frame.take(paragraph)
    lines = _with_notes(frame.lines, pages.notes)
    subject = [frame.subject] if frame.subject else []
    lines = [*subject, *frame.head, *lines]
    return OfficialText(
        day=frame.day or today,
        lines=tuple(lines),
        type_name=frame.type_name,
        number=frame.number,
        symbol=frame.symbol,
        titles=titles or Titles(),
        signer=frame.signer,
        has_frame=frame.has_frame,
    )


def _laying_out(pages: Pages) -> set[int]:
    """Tables that only put recipients and signature side by side."""
    return {
        paragraph.table
        for paragraph in pages.paragraphs
        if paragraph.table and _FOR.match(paragraph.text.strip())
    }


def _with_notes(lines: list[Line], notes: dict[int, str]) -> list[Line]:
    """Every note behind the line that calls it first; those nobody calls at the end."""
    left, placed = dict(notes), []
    for line in lines:
        placed.append(line)
        for call in line.calls:
            if call.note in left:
                placed.append(_note(call.note, left.pop(call.note), line.section))
    return placed + [_note(number, text, "") for number, text in left.items()]


def _note(number: int, written: str, section: str) -> Line:
    text, decomposed = composed(" ".join(written.split()))
    return Line(Part.NOTE, text, note=number, section=section, decomposed=decomposed)
