"""A theme for one person and one address: its filters, what they may be, its panels."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from ethnic_data.exploring.options import Choice
from ethnic_data.exploring.selection import OVERLAYS, SEXES
from ethnic_data.models import FigureKind, SavedView
from portal.collection.models import Submission
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level, UnitMembership, UnitParent
from reports.dashboards.selection import MAIN_DATASET
from reports.dashboards.version import data_version
from reports.models import Dashboard

from . import beside
from .asking import axes, codes_of
from .declared import THEMES, Beside, Gone, Panel, Theme
from .desk import Desk
from .filters import Filters, begun_years, read
from .lookups import Lookups
from .panels import Making
from .shown import Shown
from .told import Told

DELETED = "Bảng đã lưu của ô này đã bị xoá."
NOT_SHARED = "Người lưu bảng này chưa chia sẻ với đồng nghiệp."

if TYPE_CHECKING:
    from portal.accounts.models import User


def panels_of(board: Dashboard, user: User) -> list[Panel | Beside | Gone]:
    """A saved view that was deleted, or is not shared with the reader, leaves a sentence."""
    seen = {one.pk: one for one in SavedView.objects.visible_to(user)}
    found: list[Panel | Beside | Gone] = []
    for place, panel in enumerate(board.panels.all(), start=1):
        key, view = f"b{panel.pk}", seen.get(panel.view_id or 0)
        if view is None:
            words = NOT_SHARED if panel.view_id else DELETED
            found.append(Gone(key, panel.title or f"Bảng {place}", words, panel.width))
            continue
        query = QueryDict(view.query, mutable=True)
        if panel.chart:
            query["bd"] = panel.chart
        title = panel.title or view.name
        years = "ky" in axes(query) and len(query.get("ky", "").split(",")) != 1
        found.append(
            Panel(key, title, query.urlencode(), years=years, width=panel.width, is_own=True)
        )
    return found


def themes_of(user: User) -> list[Theme]:
    """Those that the person may open."""
    return [one for one in THEMES if any(map(user.has_perm, one.permissions))]


@dataclass
class Page:
    """panels: in their order; those behind a permission that the person lacks are left out."""

    user: User
    asked: QueryDict
    panels: Sequence[Panel | Beside | Gone]
    path: str
    is_of_today: bool = False
    today: datetime.date = field(default_factory=timezone.localdate)

    @classmethod
    def of(cls, theme: Theme, user: User, asked: QueryDict) -> Page:
        path = reverse("reports:theme", args=[theme.slug])
        return cls(user, asked, theme.panels, path, is_of_today=theme.is_of_today)

    @classmethod
    def of_board(cls, board: Dashboard, user: User, asked: QueryDict) -> Page:
        return cls(user, asked, panels_of(board, user), board.get_absolute_url())

    @cached_property
    def lookups(self) -> Lookups:
        return Lookups(self.user)

    @cached_property
    def version(self) -> str:
        return data_version()

    @cached_property
    def told(self) -> Told:
        queries = [one.query for one in self.panels if isinstance(one, Panel)]
        codes = [code for query in queries for code in codes_of(query)]
        self.lookups.foresee(codes)
        measures = [one for code in codes if (one := self.lookups.measures.get(code))]
        self.lookups.told = Told.of(measures, self.version) if measures else Told()
        return self.lookups.told

    @cached_property
    def years_told(self) -> set[int]:
        """The years that the panels' indicators were told in; if there are none, the main form."""
        known = {pk for by in self.told.by_indicator.values() for pk in by.values()}
        if known or self.is_of_today:
            return known
        main = Submission.objects.approved().filter(dataset__code=MAIN_DATASET)
        return set(main.order_by().values_list("period", flat=True).distinct())

    @cached_property
    def filters(self) -> Filters:
        known = self.years_told
        return read(self.asked, self.lookups, known, self.today)

    @cached_property
    def making(self) -> Making:
        return Making(self.user, self.filters, self.lookups, self.told, self.version, self.path)

    def shown(self, keys: set[str] | None = None) -> list[Shown]:
        """Every panel, or those of `keys`, in their order."""
        wanted = [one for one in self.panels if keys is None or one.key in keys]
        explored = [one for one in wanted if isinstance(one, Panel)]
        made = {one.key: one for one in self.making.panels(explored)}
        found: list[Shown] = []
        for panel in wanted:
            if isinstance(panel, Panel):
                found.append(made[panel.key])
            elif isinstance(panel, Gone):
                gone = Shown(panel.key, panel.title, width=panel.width, empty=panel.words)
                found.append(replace(gone, is_gone=True))
            elif any(map(self.user.has_perm, panel.permissions)):
                found += beside.shown([panel], self.desk)
        return found

    def desk(self, panel: Beside) -> Desk:
        return Desk(panel, self.filters, self.lookups, self.user, self.today, self.path)

    # what the form offers

    @cached_property
    def periods(self) -> list[Choice]:
        known = self.years_told
        return [
            (
                one.code,
                one.label + ("" if one.pk in known or not known else " (chưa có số liệu)"),
                one == self.filters.period,
            )
            for one in reversed(begun_years(self.lookups, self.today))
        ]

    @cached_property
    def seen(self) -> list[AdministrativeUnit]:
        """Province and districts of the day, and the communes of the district looked at."""
        day, scope = self.filters.day, self.filters.scope
        own = AdministrativeUnit.objects.visible_to(self.user).on(day).filter(is_reference=False)
        above = own.filter(level__in=[Level.PROVINCE, Level.DISTRICT])
        units = sorted(above, key=lambda one: (one.level != Level.PROVINCE, one.sort_key))
        district = self.district
        if district is not None:
            units += list(own.communes().within(district, on=day).order_by("sort_key"))
        elif not self.filters.has_districts:
            units += list(own.communes().order_by("sort_key"))
        return units if scope in units else [*units, scope]

    @cached_property
    def district(self) -> AdministrativeUnit | None:
        """The district that is looked at, or that the commune belongs to."""
        scope = self.filters.scope
        if scope.level == Level.DISTRICT:
            return scope
        if scope.level != Level.COMMUNE:
            return None
        day = self.filters.day
        link = UnitParent.objects.filter(
            unit=scope, valid__contains=day, parent__level=Level.DISTRICT
        )
        found = link.select_related("parent").first()
        return found.parent if found else None

    @property
    def units(self) -> list[Choice]:
        scope = self.filters.scope
        return [(one.code, _unit_words(one), one == scope) for one in self.seen]

    @property
    def way_down(self) -> list[tuple[str, str]]:
        """From the province to the unit looked at: words and address."""
        scope, way = self.filters.scope, []
        top = next((one for one in self.seen if one.level == Level.PROVINCE), None)
        for unit in (top, self.district):
            if unit is not None and unit != scope:
                way.append((_unit_words(unit), f"?{self.filters.address(dv=unit.code)}"))
        return way

    @cached_property
    def vintages(self) -> list[Choice]:
        found = self.lookups.vintages
        if len(found) < 2:
            return []
        chosen = self.filters.units_on
        first = ("", crosswalk.AS_REPORTED_WORDS.capitalize(), chosen is None)
        own = [(one.value, one.label.capitalize(), one.day == chosen) for one in found]
        return [first, *own]

    @property
    def zones(self) -> list[Choice]:
        own = [(z, f"Khu vực {z}", z == self.filters.zone) for z in UnitMembership.Zone.values]
        return [("", "Tất cả", not self.filters.zone), *own]

    @cached_property
    def groups(self) -> list[Choice]:
        chosen = self.filters.group.split(",")
        named = sorted(self.lookups.groups, key=lambda one: one.sort_key)
        return [
            ("", "Tất cả", not self.filters.group),
            ("minorities", "Các dân tộc thiểu số", "minorities" in chosen),
            *((one.code, one.name, one.code in chosen) for one in named),
        ]

    @property
    def sexes(self) -> list[Choice]:
        own = [(w, str(s.label).capitalize(), w == self.filters.sex) for w, s in SEXES.items()]
        return [("", "Chung", not self.filters.sex), *own]

    @property
    def kinds(self) -> list[Choice]:
        own = [(k, str(w).capitalize(), k == self.filters.kind) for k, w in FigureKind.choices]
        return [("", "Tất cả", not self.filters.kind), *own]

    @property
    def overlays(self) -> list[Choice]:
        return [(k, w, k == self.filters.overlay) for k, w in OVERLAYS.items()]

    # what can be laid beside

    @property
    def other_periods(self) -> list[Choice]:
        return self._others("so_ky", [one for one in self.periods if not one[2]])

    @property
    def other_units(self) -> list[Choice]:
        return self._others("so_dv", [one for one in self.units if not one[2]])

    @property
    def other_groups(self) -> list[Choice]:
        return self._others("so_dt", [one for one in self.groups if one[0] and not one[2]])

    def _others(self, name: str, choices: list[Choice]) -> list[Choice]:
        comparison = self.filters.comparison
        value = comparison.value if comparison and comparison.name == name else ""
        return [("", "Không so sánh", not value), *((v, w, v == value) for v, w, _ in choices)]

    @property
    def has_more(self) -> bool:
        """Whether one of the folded filters is in force."""
        names = ("kv", "gt", "loai", "dg", "lop")
        return any(self.filters.params.get(name) for name in names)


def _unit_words(unit: AdministrativeUnit) -> str:
    return "Toàn tỉnh" if unit.level == Level.PROVINCE else unit.full_name
