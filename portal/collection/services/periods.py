"""The reporting periods of every frequency, made before anybody asks for them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from portal.collection.models import Frequency, ReportingPeriod

FIRST_CENSUS = 2009  # years since the first census whose tables are kept
FIRST_YEAR = 2019  # parts of a year: since Thông tư 02/2018/TT-UBDT is in force
YEARS_AHEAD = 3
MONTHS = {
    Frequency.YEARLY: 12,
    Frequency.HALF_YEARLY: 6,
    Frequency.QUARTERLY: 3,
    Frequency.MONTHLY: 1,
}
HALVES = ("6 tháng đầu năm", "6 tháng cuối năm")
QUARTERS = ("Quý I", "Quý II", "Quý III", "Quý IV")


def make_periods(*, today: datetime.date) -> int:
    """Make the periods up to `YEARS_AHEAD` years after `today` that are not there; how many.

    Codes: "2023", "2023-H1", "2023-Q1", "2023-M01". Two who do it at once make each once.
    """
    there = set(ReportingPeriod.objects.values_list("code", flat=True))
    last = today.year + YEARS_AHEAD
    fresh = [
        period
        for year in range(FIRST_CENSUS, last + 1)
        for period in periods_of(year, parts=year >= FIRST_YEAR)
        if period.code not in there
    ]
    ReportingPeriod.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def periods_of(year: int, *, parts: bool = True) -> Iterator[ReportingPeriod]:
    """The year, and with `parts` its halves, quarters and months; not saved."""
    for frequency, months in MONTHS.items():
        if frequency != Frequency.YEARLY and not parts:
            continue
        for number in range(1, 12 // months + 1):
            code, label = _named(frequency, year, number)
            yield ReportingPeriod(
                code=code,
                label=label,
                frequency=frequency,
                start=datetime.date(year, (number - 1) * months + 1, 1),
                end=_last_day(year, number * months),
            )


def _named(frequency: str, year: int, number: int) -> tuple[str, str]:
    if frequency == Frequency.HALF_YEARLY:
        return f"{year}-H{number}", f"{HALVES[number - 1]} {year}"
    if frequency == Frequency.QUARTERLY:
        return f"{year}-Q{number}", f"{QUARTERS[number - 1]} năm {year}"
    if frequency == Frequency.MONTHLY:
        return f"{year}-M{number:02}", f"Tháng {number} năm {year}"
    return str(year), f"Năm {year}"


def _last_day(year: int, month: int) -> datetime.date:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)
