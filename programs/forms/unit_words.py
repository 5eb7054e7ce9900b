"""Units of several times in one list of choices."""

from __future__ import annotations

import datetime

from portal.units.models import AdministrativeUnit

A_DAY = datetime.timedelta(days=1)


def with_last_day(unit: AdministrativeUnit) -> str:
    """ "Huyện Sơn Động (đến 30/06/2025)"; one in force by its name alone."""
    end = unit.valid.upper
    return f"{unit.full_name} (đến {end - A_DAY:%d/%m/%Y})" if end else unit.full_name
