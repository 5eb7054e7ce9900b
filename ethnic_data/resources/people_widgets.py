"""Cells of lists of people: words, days, years, groups and units as officers write them.

Every widget raises ValueError with a whole Vietnamese sentence for the person who sent the file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from import_export.fields import Field
from import_export.widgets import Widget

from ethnic_data.models import CouncilTerm, EthnicGroup, GroupAlias, group_key
from portal.collection.lists.cells import ChoiceWidget, DayWidget, YesNoWidget, day_of, text_of
from portal.units.models import AdministrativeUnit, Level, UnitParent
from portal.units.names import fold

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "ChoiceWidget",
    "DayWidget",
    "GroupWidget",
    "TermWidget",
    "UnitWidget",
    "YearWidget",
    "YesNoWidget",
]

KINDS = ("xã", "phường", "thị trấn", "huyện", "thị xã", "thành phố", "tỉnh")
SHORT_KINDS = {"x": "xã", "p": "phường", "tt": "thị trấn", "h": "huyện", "tx": "thị xã",
               "tp": "thành phố", "t": "tỉnh"}  # fmt: skip


class YearWidget(Widget):
    """A year of birth; of a whole date its year."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        text = text_of(value)
        if re.fullmatch(r"\d{4}", text):
            return int(text)
        try:
            day = day_of(text)
        except ValueError:
            day = None
        if day is None:
            said = f"“{text}” không phải là năm sinh." if text else "Còn thiếu năm sinh."
            raise ValueError(f"{said} Ghi bốn chữ số, ví dụ 1965.")
        return day.year


class GroupWidget(Widget):
    """The official name wins; a name that several groups go by is refused, never guessed."""

    def prepare(self, by: User) -> None:
        self.official: dict[str, EthnicGroup] = {}
        self.others: dict[str, list[EthnicGroup]] = defaultdict(list)
        for group in EthnicGroup.objects.listed():
            self.official[group.name_key] = group
        for alias in GroupAlias.objects.prefetch_related("groups"):
            self.others[alias.key].extend(alias.groups.all())

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> EthnicGroup | None:
        text = re.sub(r"^(?:dân tộc|người)\s+", "", text_of(value), flags=re.IGNORECASE)
        key = group_key(text)
        if not key:
            raise ValueError("Còn thiếu dân tộc.")
        if key in self.official:
            return self.official[key]
        found = {group.pk: group for group in self.others.get(key, [])}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            names = ", ".join(group.name for group in found.values())
            raise ValueError(f"“{text}” là tên gọi của nhiều dân tộc ({names}). Ghi tên chính.")
        raise ValueError(f"“{text}” không có trong danh mục 54 dân tộc.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class TermWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> CouncilTerm | None:
        years = re.findall(r"\d{4}", text_of(value))
        found = [term for term in self.terms if years and re.findall(r"\d{4}", term.name) == years]
        if found:
            return found[0]
        names = ", ".join(term.name for term in self.terms)
        raise ValueError(f"“{text_of(value)}” không phải là nhiệm kỳ đã khai báo ({names}).")

    @property
    def terms(self) -> list[CouncilTerm]:
        if not hasattr(self, "_terms"):
            self._terms = list(CouncilTerm.objects.all())
        return self._terms

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class UnitWidget(Widget):
    """A unit in force on the day its row speaks of, among those the sender sees."""

    day_field: Field

    def prepare(self, by: User) -> None:
        self.named: dict[str, list[AdministrativeUnit]] = defaultdict(list)
        units = AdministrativeUnit.objects.visible_to(by).filter(
            is_reference=False, level__in=[Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
        )
        for unit in units:
            self.named[unit.name_key].append(unit)
            self.named[fold(unit.full_name)].append(unit)
        self.districts: dict[int, list[tuple[Any, str]]] = defaultdict(list)
        for link in UnitParent.objects.filter(parent__level=Level.DISTRICT).select_related(
            "parent"
        ):
            self.districts[link.unit_id].append((link.valid, link.parent.full_name))

    def district_name(self, unit: AdministrativeUnit) -> str:
        """The district of a commune, the last it belonged to."""
        return self.districts[unit.pk][-1][1] if self.districts.get(unit.pk) else ""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> AdministrativeUnit | None:
        text = text_of(value)
        if not text:
            raise ValueError("Còn thiếu đơn vị.")
        found = self._candidates(text)
        if not found:
            raise ValueError(f"Không có đơn vị “{text}” trong địa bàn.")
        try:
            day = self.day_field.clean(row)
        except ValueError:
            day = None  # said at its own cell
        there = [unit for unit in found if day is None or day in unit.valid]
        if not there:
            raise ValueError(f"“{text}” chưa có hoặc không còn vào ngày {day:%d/%m/%Y}.")
        there = self._of_district(there, text_of((row or {}).get("Huyện"))) or there
        if len(there) > 1:
            raise ValueError(f"Có nhiều đơn vị tên “{text}”. Ghi thêm cột Huyện.")
        return there[0]

    def _candidates(self, text: str) -> list[AdministrativeUnit]:
        short, _, rest = text.partition(".")
        if rest and fold(short) in SHORT_KINDS:
            text = f"{SHORT_KINDS[fold(short)]} {rest}"
        found = {unit.pk: unit for unit in self.named.get(fold(text), [])}
        if not found:
            bare = re.sub(rf"^(?:{'|'.join(KINDS)})\s+", "", text, flags=re.IGNORECASE)
            found = {unit.pk: unit for unit in self.named.get(fold(bare), [])}
        return list(found.values())

    def _of_district(
        self, units: list[AdministrativeUnit], district: str
    ) -> list[AdministrativeUnit]:
        key = fold(district)
        if not key:
            return []
        return [
            unit
            for unit in units
            if any(
                fold(name) == key or fold(name).endswith(f" {key}")
                for _, name in self.districts.get(unit.pk, [])
            )
        ]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.full_name if value else ""
