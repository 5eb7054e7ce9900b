"""The address of an exhibit as it is asked for a period later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import QueryDict

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
