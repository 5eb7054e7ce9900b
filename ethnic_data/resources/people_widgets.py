"""Cells of lists of people: words, days, years, groups and units as officers write them.

Every widget raises ValueError with a whole Vietnamese sentence for the person who sent the file.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from import_export.fields import Field
from import_export.widgets import Widget

from ethnic_data.models import CouncilTerm, EthnicGroup, GroupAlias, group_key
from portal.units.models import AdministrativeUnit, Level, UnitParent
from portal.units.names import fold

if TYPE_CHECKING:
    from portal.accounts.models import User

YES = {"co", "x", "1", "true", "dang vien", "chuyen trach", "tai cu", "v"}
NO = {"", "khong", "0", "false", "k", "chua"}
EXCEL_EPOCH = datetime.date(1899, 12, 30)
DAY = re.compile(r"^(?:ngày\s+)?(\d{1,2})(?:\s*[/.\-]\s*|\s+tháng\s+)(\d{1,2})"
                 r"(?:\s*[/.\-]\s*|\s+năm\s+)(\d{4})$", re.IGNORECASE)  # fmt: skip
ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
KINDS = ("xã", "phường", "thị trấn", "huyện", "thị xã", "thành phố", "tỉnh")
SHORT_KINDS = {"x": "xã", "p": "phường", "tt": "thị trấn", "h": "huyện", "tx": "thị xã",
               "tp": "thành phố", "t": "tỉnh"}  # fmt: skip


def text_of(value: Any) -> str:
    """The text of a cell; a whole number as Excel keeps it (1965.0) is that number."""
    text = "" if value is None else str(value).strip()
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


class ChoiceWidget(Widget):
    """A choice by its word, with or without marks, or by its code."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.words = dict(choices.choices)
        self.codes = {fold(str(word)): code for code, word in choices.choices}
        self.codes |= {fold(code): code for code in self.words}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = text_of(value)
        if not text:
            return ""
        if fold(text) in self.codes:
            return self.codes[fold(text)]
        offered = "; ".join(str(word) for word in self.words.values())
        raise ValueError(f"“{text}” không có trong danh mục. Ghi một trong: {offered}.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(self.words.get(value, ""))


class YesNoWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        word = fold(text_of(value))
        if word in YES:
            return True
        if word in NO:
            return False
        raise ValueError(f"“{text_of(value)}” chưa rõ. Ghi “có” hoặc “không”.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "có" if value else "không"


def day_of(value: Any) -> datetime.date | None:
    """A day as people write it, or as Excel keeps it; None for an empty cell.

    Raises:
        ValueError: it is no day of the calendar.
    """
    text = text_of(value)
    if not text:
        return None
    try:
        if found := ISO.match(text):
            return datetime.date(*map(int, found.groups()))
        if found := DAY.match(text):
            day, month, year = map(int, found.groups())
            return datetime.date(year, month, day)
        if text.isdigit() and 10_000 < int(text) < 80_000:
            return EXCEL_EPOCH + datetime.timedelta(days=int(text))
    except ValueError:
        pass
    raise ValueError(f"“{text}” không phải là ngày. Viết ngày/tháng/năm, ví dụ 23/05/2021.")


class DayWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.date | None:
        return day_of(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%d/%m/%Y}" if value else ""


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
