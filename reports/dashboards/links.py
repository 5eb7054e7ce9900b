"""Where a number leads: to its observations, and from there to the cell of the file."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit


def observations(
    indicator: str, unit: AdministrativeUnit, period: ReportingPeriod, *, group: str = ""
) -> str:
    """The address of the approved values behind a figure."""
    return _address(indicator, unit.code, period.code, group)


@lru_cache(maxsize=8192)
def _address(indicator: str, unit: str, period: str, group: str) -> str:
    query = {"chi-tieu": indicator, "don-vi": unit, "ky": period}
    if group:
        query["dan-toc"] = group
    return reverse("ethnic_data:observation_list", query=query)
