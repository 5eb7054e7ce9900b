"""Words that name a period, a day of it, or an agency, in the text of a report."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.collection.models import Frequency

if TYPE_CHECKING:
    from portal.collection.models import ReportingPeriod
    from portal.units.models import IssuingAgency

_ROMAN = ("I", "II", "III", "IV")
_HALVES = ("đầu", "cuối")

#: What is passed over: numbers of documents, spans of years.
_PASSED = (
    r"\d+/\d{4}/[^\W\d_][\w&.-]*",
    r"\d+[/-][^\W\d_][\w&./-]*",
    r"(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d",
)
_DAY = r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
_NUMBERS = re.compile(r"\d+")
_AROUND = 48


@dataclass(frozen=True, slots=True)
class Shift:
    """Words of the old period and what stands for them in the new one; `new` is empty where only
    a person can say. `exact` tells capitals apart.
    """

    old: str
    new: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """One place in a text: `found` from `start` to `end`, `offer` in its place or nothing."""

    start: int
    end: int
    found: str
    offer: str
    before: str
    after: str


def shifts(
    old: ReportingPeriod,
    new: ReportingPeriod,
    *,
    old_agency: IssuingAgency | None = None,
    new_agency: IssuingAgency | None = None,
) -> list[Shift]:
    """What would be said otherwise in a report of `new`, the longer words first."""
    found: list[Shift] = []
    if old.pk != new.pk or old.code != new.code:
        found += _of_periods(old, new)
        found += _of_years(old.year, new.year)
    if old_agency and new_agency and old_agency != new_agency:
        found += _of_agencies(old_agency, new_agency)
    unique = {shift.old: shift for shift in reversed(found) if shift.old != shift.new}
    return sorted(unique.values(), key=lambda shift: -len(shift.old))


def _of_periods(old: ReportingPeriod, new: ReportingPeriod) -> Iterator[Shift]:
    for before, after in zip(_names(old), _names(new), strict=False):
        if old.frequency == new.frequency:
            yield Shift(before, after)


def _names(period: ReportingPeriod) -> tuple[str, ...]:
    """How a part of a year is called in a sentence, with its year and without."""
    year, month = period.year, period.end.month
    match period.frequency:
        case Frequency.HALF_YEARLY:
            half = f"6 tháng {_HALVES[month > 6]} năm"
            return (f"{half} {year}", half)
        case Frequency.QUARTERLY:
            quarter = f"quý {_ROMAN[(month - 1) // 3]}"
            return (f"{quarter} năm {year}", f"{quarter}/{year}", quarter)
        case Frequency.MONTHLY:
            padded = f"{month:02}" if month < 3 else f"{month}"
            return tuple(
                f"tháng {number}{year_words}"
                for year_words in (f" năm {year}", f"/{year}", "")
                for number in (padded, f"{month:02}", f"{month}")
            )
    return ()


def _of_years(old: int, new: int) -> Iterator[Shift]:
    if old == new:
        return
    for step in (0, -1, 1):
        yield Shift(f"năm {old + step}", f"năm {new + step}")
    yield Shift(str(old), str(new))


def _of_agencies(old: IssuingAgency, new: IssuingAgency) -> Iterator[Shift]:
    yield Shift(old.full_name, new.full_name, exact=True)
    yield Shift(_short(old), _short(new), exact=True)
    for before, after in (
        (old.head_title, new.head_title),
        (old.deputy_title, new.deputy_title),
    ):
        yield Shift(before.capitalize(), after.capitalize(), exact=True)
    if old.place != new.place:
        yield Shift(f"tỉnh {old.place}", f"tỉnh {new.place}")


def renamed(recipient: str, old: IssuingAgency, new: IssuingAgency) -> str:
    """A recipient of the agency's own house ("Lãnh đạo Ban") as the new one is called."""
    if old.short_word == new.short_word:
        return recipient
    own = rf"\b(Lãnh đạo|thuộc) {re.escape(old.short_word)}\b(?! \w)"
    return re.sub(own, rf"\1 {new.short_word}", recipient)


def _short(agency: IssuingAgency) -> str:
    """ "Ban Dân tộc" of "Ban Dân tộc tỉnh Bắc Giang"."""
    return agency.full_name.partition(" tỉnh ")[0]


def slips(text: str, known: Sequence[Shift], old: ReportingPeriod) -> list[Slip]:
    """The places of `text` that say what one of `known` names, and days within `old`."""
    if not known:
        return []
    by_words = {shift.old.casefold(): shift for shift in known}
    words = "|".join(_pattern(shift) for shift in known)
    every = re.compile(
        rf"(?P<day>{_DAY})|(?P<passed>{'|'.join(_PASSED)})|(?P<words>{words})", re.IGNORECASE
    )
    found = []
    for match in every.finditer(text):
        if match["passed"] or (match["day"] and not _is_within(match["day"], old)):
            continue
        offer = ""
        if match["words"]:
            shift = by_words.get(match[0].casefold())
            offer = _cased(match[0], shift.new) if shift else ""
        start, end = match.span()
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        found.append(Slip(start, end, match[0], offer, before, after))
    return found


def _pattern(shift: Shift) -> str:
    """As a word of its own; the committee of the ministry ("Ủy ban Dân tộc") is another one."""
    words = re.escape(shift.old)
    return rf"(?<![\w/])(?-i:{words})(?![\w])" if shift.exact else rf"(?<![\w/]){words}(?![\w/])"


def _is_within(text: str, period: ReportingPeriod) -> bool:
    day, month, year = map(int, _NUMBERS.findall(text))
    try:
        return period.start <= datetime.date(year, month, day) <= period.end
    except ValueError:
        return False


def _cased(found: str, offer: str) -> str:
    """The offer with a capital where the found words had one."""
    return offer[:1].upper() + offer[1:] if found[:1].isupper() else offer


def replaced(text: str, chosen: Sequence[Slip]) -> str:
    """The text with `chosen` places, all found in it as it is, written as they are offered."""
    for slip in sorted(chosen, key=lambda slip: -slip.start):
        text = text[: slip.start] + slip.offer + text[slip.end :]
    return text


def placeholders(period: ReportingPeriod) -> list[Shift]:
    """The words of a period with the {names} that a template has for them."""
    found = [Shift(names, "{ky}") for names in _names(period)[:1]]
    year = period.year
    found += [
        Shift(f"năm {year}", "năm {nam}"),
        Shift(f"năm {year - 1}", "năm {nam_truoc}"),
        Shift(f"năm {year + 1}", "năm {nam_sau}"),
    ]
    return sorted(found, key=lambda shift: -len(shift.old))
