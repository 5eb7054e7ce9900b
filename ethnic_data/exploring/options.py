"""What the form of the explorer offers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from ethnic_data.models import EthnicGroup, FigureKind, Indicator
from portal.collection.models import DatasetColumn, ReportingPeriod
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level, UnitMembership

from .members import categories_named
from .selection import ALL_LISTED, AXES, EACH_MINORITY, LEVELS, SEXES, Selection

if TYPE_CHECKING:
    from portal.accounts.models import User

Choice = tuple[str, str, bool]  # value, words, whether it is chosen


class Options:
    """Each property is one field: its choices in order."""

    def __init__(self, chosen: Selection, user: User, searched: str) -> None:
        self.chosen = chosen
        self.user = user
        self.searched = searched.replace("\0", "")[:100]

    @cached_property
    def topics(self) -> list[tuple[str, list[Choice]]]:
        """Indicators by topic: those that match the search, and always those that are chosen."""
        codes = {one.code for one in self.chosen.measures}
        found = Indicator.objects.named(self.searched).order_by("position", "code")
        topics: dict[str, list[Choice]] = {}
        for one in found:
            topics.setdefault(one.topic, []).append((one.code, one.name, one.code in codes))
        shown = {code for choices in topics.values() for code, *_ in choices}
        left = [(one.code, one.name, True) for one in self.chosen.measures if one.code not in shown]
        return [*([("Đang chọn", left)] if left else []), *topics.items()]

    @property
    def measures_words(self) -> str:
        names = [one.name for one in self.chosen.measures]
        return names[0] if len(names) == 1 else f"{len(names)} chỉ tiêu"

    @property
    def rows_word(self) -> str:
        return AXES[self.chosen.rows]

    @property
    def rows(self) -> Iterator[Choice]:
        for axis, words in AXES.items():
            yield axis, words, axis == self.chosen.rows

    @property
    def columns(self) -> Iterator[Choice]:
        for axis, words in AXES.items():
            yield axis, words, axis == self.chosen.columns[0]

    @property
    def second_columns(self) -> Iterator[Choice]:
        second = self.chosen.columns[1] if len(self.chosen.columns) > 1 else ""
        yield "", "Không", not second
        for axis, words in AXES.items():
            yield axis, words, axis == second

    @cached_property
    def units(self) -> list[Choice]:
        """What is chosen, and what is above and beside it: province and districts of its day."""
        scope, several = self.chosen.scope, self.chosen.units if self.chosen.beside else ()
        together = [(",".join(one.code for one in several), self.chosen.units_words, True)]
        own = [(one.code, one.full_name, one == scope and not several) for one in self._one_unit()]
        return [*together, *own] if several else own

    def _one_unit(self) -> list[AdministrativeUnit]:
        scope, seen = self.chosen.scope, AdministrativeUnit.objects.visible_to(self.user)
        own = seen.on(self.chosen.day).filter(is_reference=False)
        found = [*own.filter(level=Level.PROVINCE), *own.districts()]
        return found if scope in found else [scope, *found]

    @property
    def levels(self) -> Iterator[Choice]:
        for level, words in LEVELS.items():
            yield level, words, level == self.chosen.level

    @property
    def zones(self) -> Iterator[Choice]:
        yield "", "Tất cả", not self.chosen.zone
        for zone in UnitMembership.Zone.values:
            yield zone, f"Khu vực {zone}", zone == self.chosen.zone

    @cached_property
    def groups(self) -> list[Choice]:
        chosen = {one.code for one in self.chosen.groups}
        named = EthnicGroup.objects.order_by("sort_key")
        whole = [
            (ALL_LISTED, "Cả 54 dân tộc", self.chosen.which_groups == ALL_LISTED),
            (EACH_MINORITY, "Các dân tộc thiểu số", self.chosen.which_groups == EACH_MINORITY),
        ]
        return [*whole, *((one.code, one.name, one.code in chosen) for one in named)]

    @property
    def groups_words(self) -> str:
        names = [words for _, words, is_chosen in self.groups if is_chosen]
        if not names:
            return "Có trong số liệu" if self.chosen.on_axis("dan-toc") else "Tất cả"
        return ", ".join(names[:2]) + (f" và {len(names) - 2} dân tộc" if len(names) > 2 else "")

    @property
    def sexes(self) -> Iterator[Choice]:
        yield "", "Chung", not self.chosen.sex
        for word, sex in SEXES.items():
            yield word, str(sex.label).capitalize(), sex == self.chosen.sex

    @cached_property
    def periods(self) -> list[Choice]:
        chosen = {one.code for one in self.chosen.periods}
        every = ReportingPeriod.objects.order_by("-end", "-start")
        return [(one.code, one.label, one.code in chosen) for one in every]

    @property
    def periods_words(self) -> str:
        names = [one.label for one in self.chosen.periods]
        return (
            ", ".join(names) if len(names) <= 2 else f"{names[0]} – {names[-1]} ({len(names)} kỳ)"
        )

    @property
    def kinds(self) -> Iterator[Choice]:
        yield "", "Tất cả", not self.chosen.kind
        for kind, words in FigureKind.choices:
            yield kind, str(words).capitalize(), kind == self.chosen.kind

    @cached_property
    def categories(self) -> list[Choice]:
        """Those by which forms collect the indicators; empty where there are none."""
        parts = {
            part.code
            for one in self.chosen.measures
            for part in (one, one.numerator, one.denominator)
            if part is not None
        }
        told = DatasetColumn.objects.filter(measure__in=parts).exclude(category="")
        names = set(told.order_by().values_list("category", flat=True).distinct())
        if self.chosen.category:
            names.add(self.chosen.category)
        if not names:
            return []
        first = ("", "Tất cả", not self.chosen.category)
        return [
            first,
            *(
                (code, name, code == self.chosen.category)
                for code, name in categories_named(sorted(names)).items()
            ),
        ]

    @cached_property
    def vintages(self) -> list[Choice]:
        """In whose units figures can be given; empty where units never changed."""
        found = crosswalk.vintages()
        if len(found) < 2:
            return []
        chosen = self.chosen.units_on
        first = ("", crosswalk.AS_REPORTED_WORDS.capitalize(), chosen is None)
        return [
            first,
            *((one.value, one.label.capitalize(), one.day == chosen) for one in found),
        ]
