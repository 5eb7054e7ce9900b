"""Panels of one page made together: what they share is looked up once, what they say is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse

from ethnic_data.exploring import charts
from ethnic_data.exploring.members import Member
from ethnic_data.exploring.publishing import EXACT, as_asked_by, as_seen_by
from ethnic_data.exploring.table import MOST_CELLS, Table, TooLarge
from portal import formats
from portal.charts.drawing import DRAWING_VERSION
from reports.dashboards.version import kept_together

from .asking import Asked, asked_of
from .comparing import are_wholes, compared
from .declared import Panel
from .filters import Filters
from .lookups import Lookups, SharedMembers, SharedReading
from .pictures import drawn_together
from .shown import Picture, Shown, grid_of
from .together import read_together
from .told import Told

if TYPE_CHECKING:
    from portal.accounts.models import User

LEADS = {"don-vi": "dv", "dan-toc": "dt", "ky": "ky"}


@dataclass
class Making:
    """The panels of one page for one person."""

    user: User
    filters: Filters
    lookups: Lookups
    told: Told
    version: str
    path: str  # of the page, to which names of rows lead

    def panels(self, panels: Sequence[Panel]) -> list[Shown]:
        """Kept by the data, the selection with its unit, and whether small counts are seen."""
        asked = [asked_of(one, self.filters, self.lookups, self.told) for one in panels]
        keys = [self._key(*pair) for pair in zip(panels, asked, strict=True)]

        def made(places: list[int]) -> list[Shown]:
            return self._made([(panels[place], asked[place]) for place in places])

        return kept_together("themes-panel", keys, made)

    def _key(self, panel: Panel, asked: Asked) -> list[object]:
        return [
            DRAWING_VERSION,
            self.version,
            self.path,
            panel.key,
            panel.title,
            panel.width,
            asked.query.urlencode(),
            self.filters.address(),
            self.user.has_perm(EXACT),
        ]

    def _made(self, wanted: list[tuple[Panel, Asked]]) -> list[Shown]:
        """The tables of all first, then their numbers, then what is said of each."""
        tables = []
        for _, asked in wanted:
            own = self._table(asked.query)
            other = self._table(asked.beside) if asked.beside else None
            if other and asked.comparison and are_wholes(own, asked.comparison):
                other.rows = other.rows[-1:]  # the parts of another unit are not shown
            tables.append((own, other))
        read_together([one for pair in tables for one in pair if one is not None], self.told)
        return [
            self._shown(panel, asked, table, other)
            for (panel, asked), (table, other) in zip(wanted, tables, strict=True)
        ]

    def _table(self, query: QueryDict) -> Table:
        """Not read yet."""
        chosen = as_asked_by(self.user, SharedReading(query, self.lookups).selection())
        return Table.of(chosen, SharedMembers(chosen, self.lookups))

    def _shown(self, panel: Panel, asked: Asked, table: Table, other: Table | None) -> Shown:
        query = (asked.whole or asked.query).urlencode()
        shown = Shown(
            panel.key,
            panel.title,
            width=panel.width,
            unapplied=[*asked.unapplied, *table.chosen.problems],
            explorer=f"{reverse('ethnic_data:explorer')}?{query}",
            hand=f"{reverse('reports:exhibit_hand')}?nguon=explorer&{query}",
            taken=_taken(asked),
        )
        try:
            for one in (table, other):
                if one is not None:
                    as_seen_by(self.user, one)
        except TooLarge as large:
            return replace(
                shown,
                empty=f"Bảng có {formats.number(large.cells)} ô, nhiều hơn "
                f"{formats.number(MOST_CELLS)} ô mà trang hiện được. Chọn địa bàn nhỏ hơn.",
            )
        return self.filled(shown, panel, asked, table, other)

    def filled(
        self, shown: Shown, panel: Panel, asked: Asked, table: Table, other: Table | None
    ) -> Shown:
        lead = self.lead(table.chosen.rows)
        if table.chosen.chart not in ("", "khong", *charts.possible(table)):
            table.chosen = replace(table.chosen, chart="cot")
        if other is not None and asked.comparison is not None:
            grid = compared(table, other, asked.comparison, lead)
            drawn = drawn_together(table, other, asked.comparison)
        else:
            grid = grid_of(table, lead)
            drawn = charts.drawn(table)
        tables = [one for one in (table, other) if one is not None]
        titles = dict.fromkeys(one.dataset_title for table in tables for one in table.sources)
        found = replace(
            shown,
            corner=grid.corner,
            heads=grid.heads,
            lines=grid.lines,
            subtitle=table.subtitle,
            source=", ".join(titles),
            as_of=max((one.as_of for one in tables if one.as_of), default=None),
            picture=Picture(drawn.chart, drawn.title, drawn.note) if drawn else None,
            notes=[*([panel.note] if panel.note else []), *grid.notes],
            is_demo=any(one.is_demo for one in tables),
            years=self.years(table) if drawn and drawn.kind == "ban-do" else (),
        )
        return found if found.says_something else self.empty(found, table)

    def lead(self, axis: str) -> Callable[[Member], str]:
        """A row's name narrows the page to it and keeps the other filters."""
        name = LEADS.get(axis)

        def address(row: Member) -> str:
            if name is None or not row.code or row.code == self.filters.params.get(name):
                return ""
            if name == "dv" and not row.name:  # a zone is no unit
                return ""
            return f"{self.path}?{self.filters.address(**{name: row.code})}"

        return address

    def years(self, table: Table) -> list[tuple[str, str, bool]]:
        """The years that the map can show."""
        known = set().union(*(self.told.periods(one) for one in table.chosen.measures))
        shown = self.filters.period
        return [
            (one.code, one.label.removeprefix("Năm "), one == shown)
            for one in self.lookups.periods
            if one.pk in known or one == shown
        ]

    def empty(self, shown: Shown, table: Table) -> Shown:
        """What to do where there is no number: another year, fewer filters, or wait."""
        if table.hidden:
            return replace(
                shown,
                empty="Không công bố: mọi số ở đây đều quá nhỏ. Chọn địa bàn lớn hơn.",
                lines=(),
            )
        period, where = self.filters.period, self.filters.scope.full_name
        known = set().union(*(self.told.periods(one) for one in table.chosen.measures))
        years = [one for one in self.lookups.periods if one.pk in known]
        if not years:
            return replace(shown, empty="Chưa có biểu nào gửi chỉ tiêu này được duyệt.", lines=())
        if period.pk not in known:
            latest = years[-1]
            return replace(
                shown,
                lines=(),
                empty=f"Chưa có số liệu được duyệt {period.label.lower()} của {where}.",
                empty_url=f"{self.path}?{self.filters.address(ky=latest.code)}",
                empty_button=f"Xem {latest.label.lower()}",
            )
        chosen = self.filters.params
        narrowed = {name: "" for name in ("kv", "dt", "gt", "loai") if name in chosen}
        words = f"Chưa có số liệu được duyệt {period.label.lower()} của {where}"
        if not narrowed:
            return replace(shown, lines=(), empty=f"{words}.")
        return replace(
            shown,
            lines=(),
            empty=f"{words} với các lựa chọn này.",
            empty_url=f"{self.path}?{self.filters.address(**narrowed)}",
            empty_button="Bỏ các bộ lọc",
        )


def _taken(asked: Asked) -> str:
    """What the explorer and a report take of a comparison that is no table of theirs."""
    if asked.comparison is None or asked.whole is not None:
        return ""
    return f"“Khám phá” và “Đưa vào báo cáo” chỉ lấy {asked.comparison.own_words}."
