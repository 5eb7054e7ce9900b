"""The address of an exhibit as it is asked for a period later, or for any period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import QueryDict

from portal.documents.citation import written_day
from portal.formats import read_day
from reports.renewal import moved_parameters

if TYPE_CHECKING:
    from portal.collection.models import ReportingPeriod


def moved_query(query: str, old: ReportingPeriod, new: ReportingPeriod) -> str:
    """Periods, year and day in the address moved as far as `new` is from `old`."""
    told = QueryDict(query, mutable=True)
    if codes := periods_in(query):
        told.setlist(
            "ky", [moved_parameters({"period": code}, old, new)["period"] for code in codes]
        )
    if year := told.get("nam", ""):
        told["nam"] = str(moved_parameters({"year": year}, old, new)["year"])
    if day := read_day(told.get("den_ngay", "")):
        moved = moved_parameters({"day": day.isoformat()}, old, new)["day"]
        told["den_ngay"] = "/".join(reversed(moved.split("-")))
    return told.urlencode()


def with_names(query: str, period: ReportingPeriod, *, is_own: bool = True) -> str:
    """The address with the names of a template in place of what is this period's own.

    `is_own`: the template's reports are of periods as long as this one; where not, only its year
    is named.
    """
    told = QueryDict(query, mutable=True)
    if codes := periods_in(query):
        names = _names_of_years((code[:4] for code in codes), period.year)
        if is_own and period.code != str(period.year):
            names[period.code] = "{ma_ky}"
        told.setlist("ky", [_named(code, names) for code in codes])
    if told.get("nam") == str(period.year):
        told["nam"] = "{nam}"
    if told.get("den_ngay") in (written_day(period.end), period.end.strftime("%d/%m/%Y")):
        told["den_ngay"] = "{ngay_cuoi_ky}"
    return told.urlencode(safe="{}/")


def for_each_period(query: str) -> str:
    """The address of a programme's cut, asked for the year and the last day of each period."""
    told = QueryDict(query, mutable=True)
    told["nam"], told["den_ngay"] = "{nam}", "{ngay_cuoi_ky}"
    return told.urlencode(safe="{}/")


def periods_in(query: str) -> list[str]:
    """Codes of the periods that an address of the explorer asks for."""
    return [code for text in QueryDict(query).getlist("ky") for code in text.split(",") if code]


def _names_of_years(years: Iterable[str], own: int) -> dict[str, str]:
    """Names for those years that reach back from `own` without a gap, and for the next.

    A year apart from them is one by itself, as that of a survey, and stays.
    """
    told, names, back = set(years), {str(own): "{nam}", str(own + 1): "{nam_sau}"}, 1
    while str(own - back) in told:
        names[str(own - back)] = "{nam_truoc}" if back == 1 else f"{{nam_truoc_{back}}}"
        back += 1
    return names


def _named(code: str, names: dict[str, str]) -> str:
    if code in names:
        return names[code]
    year, dash, part = code.partition("-")
    return f"{names.get(year, year)}{dash}{part}"
