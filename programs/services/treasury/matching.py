"""Rows of an extract beside the lines of capital: what is certain, what a person must choose."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.units.names import fold
from programs.ledger import label, with_names
from programs.models import (
    CapitalKind,
    CapitalPlan,
    Disbursement,
    FundingSource,
    Organisation,
    TreasuryExtract,
    TreasuryRow,
    Works,
)
from programs.services.posting import source_and_kind

from .taking_back import decide_negative

Outcome = TreasuryRow.Outcome
MOST_OFFERED = 12
NEAR = 0.6  # of the words of a name
KIND_WORDS = {
    CapitalKind.INVESTMENT: ("dau tu", "dtpt", "xdcb"),
    CapitalKind.RECURRENT: ("su nghiep", "thuong xuyen", "kinh phi"),
}
KIND_CODES = {"dt": CapitalKind.INVESTMENT, "sn": CapitalKind.RECURRENT}
LEVEL_WORDS = {
    "central": ("trung uong", "tw", "nstw"),
    "provincial": ("ngan sach tinh", "nst", "tinh"),
    "district": ("ngan sach huyen", "nsh", "huyen"),
    "commune": ("ngan sach xa", "nsx", "xa"),
}


@dataclass(frozen=True)
class Match:
    """Lines that a row may be paid from; `doubt` says why a person must choose."""

    lines: Sequence[CapitalPlan] = ()
    doubt: str = ""
    none: str = ""


class Matcher:
    """The programme's lines by works, by source and kind; a few queries for all rows."""

    def __init__(self, extract: TreasuryExtract, rows: Iterable[TreasuryRow]) -> None:
        years = {day.year for row in rows if (day := row.day)}
        lines = CapitalPlan.objects.filter(
            programme=extract.programme_id, year__in={*years, *(year - 1 for year in years)}
        )
        self.of_works: dict[int, list[CapitalPlan]] = defaultdict(list)
        self.of_investor: dict[int, list[CapitalPlan]] = defaultdict(list)
        for line in with_names(lines).select_related("works__investor").order_by("-year", "pk"):
            if line.works_id:
                self.of_works[line.works_id].append(line)
            elif line.investor_id:
                self.of_investor[line.investor_id].append(line)
        works = Works.objects.filter(component__programme=extract.programme_id)
        self.works = {one.pk: one for one in works.select_related("investor")}
        self.by_code = {fold(one.code): one for one in self.works.values()}
        self.by_name: dict[str, list[Works]] = defaultdict(list)
        for one in self.works.values():
            self.by_name[one.name_key].append(one)
        self.words = {pk: set(one.name_key.split()) for pk, one in self.works.items()}
        self.investors = {one.name_key: one for one in Organisation.objects.all()}
        self.sources = list(FundingSource.objects.all())

    def match(self, row: TreasuryRow) -> Match:
        """The lines of the works that the row names, narrowed by year, source and kind."""
        found, doubt = self._works_of(row)
        if not found:
            return self._of_investor(row)
        lines = [line for one in found for line in self.of_works[one.pk]]
        if not lines:
            named = ", ".join(one.code for one in found[:3])
            return Match(none=f"Công trình {named} chưa có dòng vốn. Hãy phân bổ vốn trước.")
        return self._narrowed(row, lines, doubt)

    def _works_of(self, row: TreasuryRow) -> tuple[list[Works], str]:
        """Works by code, else by the very name, else by words of the name."""
        key, investor = fold(row.name), self.investors.get(fold(row.investor))
        if row.code and (one := self.by_code.get(fold(row.code))):
            return [one], self._differs(one, key, investor)
        unknown = f"Không có công trình mang mã “{row.code}”. " if row.code else ""
        named = self.by_name.get(key, []) if key else []
        if investor and len(named) > 1:
            named = [one for one in named if one.investor_id == investor.pk] or named
        if named:
            several = f"Có {len(named)} công trình cùng tên. " if len(named) > 1 else ""
            differs = self._differs(named[0], key, investor) if len(named) == 1 else ""
            return named, f"{unknown}{several}{differs}".strip()
        near = self._near(key, investor)
        return near, f"{unknown}Tên trong tệp chỉ gần giống." if near else ""

    def _differs(self, works: Works, key: str, investor: Organisation | None) -> str:
        words = set(key.split())
        common = len(words & self.words[works.pk])
        if words and common < NEAR * min(len(words), len(self.words[works.pk])):
            return f"Mã {works.code} là của “{works.name}”, khác tên trong tệp."
        if investor and investor.pk != works.investor_id:
            return f"Chủ đầu tư của {works.code} là {works.investor}, khác trong tệp."
        return ""

    def _near(self, key: str, investor: Organisation | None) -> list[Works]:
        """Works whose names share most words with `key`, the nearest first."""
        words = set(key.split())
        if len(words) < 2:
            return []
        near = []
        for pk, own in self.words.items():
            shared = len(words & own) / max(len(words | own), 1)
            if shared >= NEAR:
                mine = investor is None or self.works[pk].investor_id == investor.pk
                near.append((mine, shared, pk))
        return [self.works[pk] for _, _, pk in sorted(near, reverse=True)[:MOST_OFFERED]]

    def _of_investor(self, row: TreasuryRow) -> Match:
        told = row.code or row.name
        investor = self.investors.get(fold(row.investor))
        none = f"Không có công trình nào khớp với “{told[:80]}”." if told else (
            "Dòng này không ghi mã, tên công trình."
        )  # fmt: skip
        lines = self.of_investor[investor.pk] if investor and not told else []
        return self._narrowed(row, lines, none) if lines else Match(none=none)

    def _narrowed(self, row: TreasuryRow, lines: Sequence[CapitalPlan], doubt: str) -> Match:
        day = row.day or datetime.date.max
        in_year = [line for line in lines if _pays_on(line, day)]
        if not in_year:
            named = lines[0].works.code if lines[0].works else lines[0].holder_name
            return Match(none=f"{named} không có dòng vốn giải ngân được ngày {day:%d/%m/%Y}.")
        source, kind, unknown = self._told_of(row)
        fitting = [
            line for line in in_year
            if (source is None or line.source_id == source.pk) and (not kind or line.kind == kind)
        ]  # fmt: skip
        if unknown:
            return Match(in_year, f"{doubt} {unknown}".strip())
        if not fitting:
            told = [source.name if source else "", CapitalKind(kind).label if kind else ""]
            what = " ".join(filter(None, told))
            named = in_year[0].works.code if in_year[0].works else in_year[0].holder_name
            return Match(none=f"{named} chưa có vốn {what.lower()} năm {in_year[0].year}.")
        if len(fitting) > 1:
            doubt = f"{doubt} Có {len(fitting)} dòng vốn phù hợp.".strip()
        return Match(fitting, doubt)

    def _told_of(self, row: TreasuryRow) -> tuple[FundingSource | None, str, str]:
        """Source and kind that the row names, and what of it nobody knows."""
        both = source_and_kind(row.source.upper())
        code, kind = both if both else (row.source, _kind(row.kind))
        source = self._source(code) if code else None
        unknown = ""
        if code and source is None:
            unknown = f"Nguồn “{row.source}” không có trong danh mục nguồn vốn."
        elif row.kind and not kind:
            unknown = f"Loại vốn “{row.kind}” chưa rõ là đầu tư hay sự nghiệp."
        return source, kind, unknown

    def _source(self, text: str) -> FundingSource | None:
        key = fold(text)
        for one in self.sources:
            if key in (fold(one.code), fold(one.name)):
                return one
        for level, words in LEVEL_WORDS.items():
            if key in words or any(f" {word} " in f" {key} " for word in words if " " in word):
                of_level = [one for one in self.sources if one.level == level]
                return of_level[0] if len(of_level) == 1 else None
        return None


def _kind(text: str) -> str:
    key = fold(text)
    if key in KIND_CODES:
        return KIND_CODES[key]
    named = [kind for kind, words in KIND_WORDS.items() if any(word in key for word in words)]
    return named[0] if len(named) == 1 else ""


def _pays_on(line: CapitalPlan, day: datetime.date) -> bool:
    year = line.year or 0
    return datetime.date(year, 1, 1) <= day <= datetime.date(year + 1, 1, 31)


def match_extract(*, extract: TreasuryExtract) -> None:
    """Match every row that is not entered and not refused by what it says itself.

    Runs inside the caller's transaction.
    """
    rows = list(
        extract.rows.exclude(outcome__in=[Outcome.ENTERED, Outcome.THERE])
        .exclude(day=None)
        .exclude(amount=None)
        .exclude(amount=0)
    )
    matcher = Matcher(extract, rows)
    matches = {row.place: matcher.match(row) for row in rows}
    for row in rows:
        _decide(row, matches[row.place])
    _recognise([row for row in rows if not row.is_taking_back])
    lines = {place: match.lines for place, match in matches.items()}
    decide_negative([row for row in rows if row.is_taking_back], lines)
    names = ("outcome", "reason", "candidates", "plan", "disbursement")
    TreasuryRow.objects.bulk_update(rows, names, batch_size=500)


def _decide(row: TreasuryRow, match: Match) -> None:
    row.plan, row.disbursement = None, None
    row.candidates = [line.pk for line in match.lines[:MOST_OFFERED]]
    if not match.lines:
        row.outcome, row.reason = Outcome.UNMATCHED, match.none[:700]
    elif len(match.lines) == 1 and not match.doubt:
        row.outcome, row.reason, row.plan = Outcome.CERTAIN, "", match.lines[0]
    else:
        row.outcome, row.reason = Outcome.OPEN, match.doubt[:700]


def _recognise(rows: Sequence[TreasuryRow]) -> None:
    """Payments that are there already: same voucher, day, amount and line; and months that a
    workbook has told before are asked about."""
    lines = {pk for row in rows for pk in row.candidates}
    paid = Disbursement.objects.filter(plan__in=lines, reverses=None, reversal=None)
    known: dict[tuple[object, ...], list[Disbursement]] = defaultdict(list)
    monthly: dict[tuple[int, datetime.date], Disbursement] = {}
    for one in paid.select_related("plan").order_by("pk"):
        known[one.plan_id, _voucher(one.voucher), one.day, one.amount].append(one)
        if one.submission_id:
            monthly[one.plan_id, one.month] = one
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        _recognise_one(row, known, monthly)
        key = (row.plan_id, _voucher(row.voucher), row.day, row.amount)
        if row.outcome == Outcome.CERTAIN and row.voucher:
            if key in seen:
                row.outcome, row.plan = Outcome.REFUSED, None
                row.reason = f"Trùng dòng {seen[key]} của tệp."
            seen.setdefault(key, row.place)


def _recognise_one(
    row: TreasuryRow,
    known: dict[tuple[object, ...], list[Disbursement]],
    monthly: dict[tuple[int, datetime.date], Disbursement],
) -> None:
    for pk in row.candidates:
        if there := known.get((pk, _voucher(row.voucher), row.day, row.amount)):
            row.outcome, row.disbursement = Outcome.THERE, there.pop(0)
            row.plan, row.reason = row.disbursement.plan, "Đã ghi trước đó."
            return
    if row.outcome == Outcome.CERTAIN and row.plan and row.day:
        told = monthly.get((row.plan_id or 0, row.day.replace(day=1)))
        if told:
            row.outcome, row.plan = Outcome.OPEN, None
            row.reason = (
                f"Biểu giải ngân tháng {row.day:%m/%Y} đã ghi cho {label(told.plan)}. "
                f"Chỉ chọn dòng vốn nếu khoản này chưa có trong biểu."
            )


def _voucher(text: str) -> str:
    return fold(text)
