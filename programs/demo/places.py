"""Where the made-up works lie: communes of the 73 and, of other districts, a few."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from portal.units.models import AdministrativeUnit, Level, UnitParent
from portal.units.services import LIST_861

from . import figures
from .figures import Place

LISTED_ON = datetime.date(2023, 11, 1)
MOST_ELSEWHERE = 4  # communes of a district that has none on the list


@dataclass
class Places:
    """Units by year and code; `of_year` are the communes among which the dice choose."""

    communes: dict[tuple[int, str], AdministrativeUnit] = field(default_factory=dict)
    districts: dict[tuple[int, str], AdministrativeUnit] = field(default_factory=dict)
    of_year: dict[int, list[Place]] = field(default_factory=dict)

    @classmethod
    def found(cls) -> Places:
        places = cls()
        listed = set(
            AdministrativeUnit.objects.listed(LIST_861, on=LISTED_ON).values_list("pk", flat=True)
        )
        for year in figures.TOTALS:
            places.of_year[year] = places._in_force(year, listed)
        return places

    def _in_force(self, year: int, listed: set[int]) -> list[Place]:
        """In force all the time in which works of the year are planned to begin."""
        day, end = datetime.date(year, 2, 1), datetime.date(year, 6, 30)
        links = (
            UnitParent.objects.filter(
                valid__contains=day, unit__level=Level.COMMUNE, unit__is_reference=False,
                unit__valid__contains=end, parent__level=Level.DISTRICT,
            )
            .select_related("unit", "parent")
            .order_by("unit__code")
        )  # fmt: skip
        found: list[Place] = []
        others: dict[str, int] = {}
        for link in links:
            unit, district = link.unit, link.parent
            if unit.pk not in listed:
                told = others.get(district.code, 0)
                if district.code in figures.DISTRICTS or told >= MOST_ELSEWHERE:
                    continue
                others[district.code] = told + 1
            self.communes[year, unit.code] = unit
            self.districts[year, district.code] = district
            found.append(Place(unit.code, f"{unit.kind} {unit.name}", district.code))
        return found
