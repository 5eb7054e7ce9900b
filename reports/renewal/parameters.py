"""The parameters of a figure as they are asked for a period later."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.collection.models import ReportingPeriod

_YEARS = ("year", "from_year", "to_year")
_CODE = re.compile(r"(\d{4})(-\w+)?")


def moved_parameters(
    parameters: Mapping[str, Any], old: ReportingPeriod, new: ReportingPeriod
) -> dict[str, Any]:
    """Years, periods and days among `parameters` moved as far as `new` is from `old`.

    A period that is the old report's own becomes the new one's own; every other moves by years.
    What is said relatively ("years": -1) stays.
    """
    years = new.year - old.year

    def moved(name: str, value: Any) -> Any:
        if name in _YEARS and str(value).isdecimal():
            return type(value)(int(value) + years)
        if name == "period" and isinstance(value, str):
            return _period(value, old, new, years)
        if name == "day" and isinstance(value, str):
            return _day(value, years)
        return value

    return {name: moved(name, value) for name, value in parameters.items()}


def _period(code: str, old: ReportingPeriod, new: ReportingPeriod, years: int) -> str:
    if code == old.code:
        return new.code
    found = _CODE.fullmatch(code)
    return f"{int(found[1]) + years}{found[2] or ''}" if found else code


def _day(text: str, years: int) -> str:
    try:
        day = datetime.date.fromisoformat(text)
        return day.replace(year=day.year + years).isoformat()
    except ValueError:  # no day, or 29 February of a year that has none
        return text
