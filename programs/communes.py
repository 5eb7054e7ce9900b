"""Communes as people write them, on a day: by code, or by name, the district after a comma."""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import cached_property

from portal.units.models import AdministrativeUnit, Level, UnitParent, UnitSuccession
from portal.units.names import fold

MOST_NAMED = 4


class Communes:
    """All communes that report here, of every time; at most three queries, whatever is asked."""

    def __init__(self) -> None:
        units = AdministrativeUnit.objects.communes().filter(is_reference=False)
        self.units = {unit.pk: unit for unit in units}
        self.above: dict[int, list[UnitParent]] = defaultdict(list)
        for row in UnitParent.objects.filter(unit__in=units).select_related("parent"):
            self.above[row.unit_id].append(row)

    @cached_property
    def successions(self) -> dict[int, list[UnitSuccession]]:
        found: dict[int, list[UnitSuccession]] = defaultdict(list)
        rows = UnitSuccession.objects.filter(old__in=self.units)
        for one in rows.select_related("old", "new"):
            found[one.old_id].append(one)
        return found

    @cached_property
    def by_code(self) -> dict[str, list[AdministrativeUnit]]:
        found: dict[str, list[AdministrativeUnit]] = defaultdict(list)
        for unit in self.units.values():
            found[unit.code].append(unit)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[AdministrativeUnit]]:
        found: dict[str, list[AdministrativeUnit]] = defaultdict(list)
        for unit in self.units.values():
            for name in {fold(unit.name), fold(unit.full_name)}:
                found[name].append(unit)
        return found

    def district(self, unit: AdministrativeUnit, day: datetime.date) -> AdministrativeUnit | None:
        """What the commune belonged to on `day`, the last one where it is no more."""
        rows = self.above[unit.pk]
        row = next((one for one in rows if day in one.valid), rows[-1] if rows else None)
        return row.parent if row and row.parent.level == Level.DISTRICT else None

    def written(self, unit: AdministrativeUnit, day: datetime.date) -> str:
        """As the fields offer it: "Xã An Lạc, Huyện Sơn Động"."""
        district = self.district(unit, day)
        return f"{unit.full_name}, {district.full_name}" if district else unit.full_name

    def find(self, text: str, *, on: datetime.date) -> AdministrativeUnit:
        """The commune of that code or name in force on `on`.

        Raises:
            ValueError: there is none on that day, with what became of it, or there are several.
        """
        named = self._named(text)
        standing = [unit for unit in named if on in unit.valid]
        if len(standing) == 1:
            return standing[0]
        if standing:
            listed = "; ".join(self.written(unit, on) for unit in standing[:MOST_NAMED])
            raise ValueError(f"Có nhiều xã tên “{text}”: {listed}. Ghi thêm huyện, hoặc ghi mã xã.")
        if not named:
            raise ValueError(f"Không có xã, phường, thị trấn nào có mã hoặc tên “{text}”.")
        raise ValueError(self.gone(named, on))

    def _named(self, text: str) -> list[AdministrativeUnit]:
        """Of a code; else of a name before the first comma or bracket, within the unit after it."""
        if text.isdigit():
            return self.by_code.get(text.zfill(5), [])
        name, _, district = text.replace("(", ",").rstrip(") ").partition(",")
        found = self.by_name.get(fold(name), [])
        wanted = fold(district)
        if not wanted:
            return found
        return [
            unit
            for unit in found
            if any(
                wanted in (fold(row.parent.name), fold(row.parent.full_name))
                for row in self.above[unit.pk]
            )
        ]

    def gone(self, named: list[AdministrativeUnit], on: datetime.date) -> str:
        """Why none of these is there on `on`: not yet, or what became of the last of them."""
        ended = [unit for unit in named if unit.valid.upper and unit.valid.upper <= on]
        if not ended:
            first = min(named, key=lambda unit: unit.valid.lower)
            return (
                f"Ngày {on:%d/%m/%Y} chưa có {first.full_name}, mới có từ "
                f"{first.valid.lower:%d/%m/%Y}."
            )
        last = max(ended, key=lambda unit: unit.valid.upper)
        said = f"Ngày {on:%d/%m/%Y} không còn {last.full_name}"
        later = [one for one in self.successions[last.pk] if one.new]
        if not later:
            return f"{said} (đến {last.valid.upper:%d/%m/%Y})."
        names = ", ".join(str(one.new) for one in later)
        return f"{said}: từ {later[0].date:%d/%m/%Y} {later[0].form} vào {names}. Ghi đơn vị mới."
