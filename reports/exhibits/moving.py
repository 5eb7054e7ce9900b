"""The address of an exhibit as it is asked for a period later, or for any period."""

from __future__ import annotations

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
    if codes := told.getlist("ky"):
        asked = [code for text in codes for code in text.split(",")]
        told.setlist(
            "ky", [moved_parameters({"period": code}, old, new)["period"] for code in asked]
        )
    if year := told.get("nam", ""):
        told["nam"] = str(moved_parameters({"year": year}, old, new)["year"])
    if day := read_day(told.get("den_ngay", "")):
        moved = moved_parameters({"day": day.isoformat()}, old, new)["day"]
        told["den_ngay"] = "/".join(reversed(moved.split("-")))
    return told.urlencode()


def with_names(query: str, period: ReportingPeriod) -> str:
    """The address with the names of a template in place of what is this period's own."""
    told = QueryDict(query, mutable=True)
    codes = [code for text in told.getlist("ky") for code in text.split(",")]
    if codes:
        told.setlist("ky", [_named_period(code, period) for code in codes])
    if told.get("nam") == str(period.year):
        told["nam"] = "{nam}"
    if told.get("den_ngay") in (written_day(period.end), period.end.strftime("%d/%m/%Y")):
        told["den_ngay"] = "{ngay_cuoi_ky}"
    return told.urlencode(safe="{}/")


def _named_period(code: str, period: ReportingPeriod) -> str:
    names = {
        period.code: "{ma_ky}",
        str(period.year): "{nam}",
        str(period.year - 1): "{nam_truoc}",
    }
    return names.get(code, code)
