"""The charts of the overview; each has its figures as a table beside or below it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from portal import formats
from portal.charts import Bar, Chart, commune_map, horizontal_bars
from portal.units import outlines
from portal.units.models import Level

from .communes import CommuneRow
from .links import observations
from .overview import POOR, POOR_OF_GROUP, Overview

#: the outlines are those of the communes in force in this time
OUTLINES_FROM, OUTLINES_UNTIL = datetime.date(2020, 2, 1), datetime.date(2025, 1, 1)


@dataclass(frozen=True)
class LinkedBars:
    """A chart of bars, and the same bars as rows whose numbers lead on by keyboard too."""

    title: str
    unit: str
    name_column: str
    bars: list[Bar]
    decimals: int = 1

    @property
    def chart(self) -> Chart:
        return horizontal_bars(
            self.bars,
            title=self.title,
            unit=self.unit,
            decimals=self.decimals,
            name_column=self.name_column,
        )

    @property
    def rows(self) -> list[tuple[Bar, str]]:
        """Each bar with its value in words, highest first."""
        ordered = sorted(self.bars, key=lambda bar: (bar.value is None, -(bar.value or 0)))
        return [
            (bar, formats.value_or_reason(bar.value, bar.reason, self.decimals)) for bar in ordered
        ]


def by_district(overview: Overview) -> LinkedBars | None:
    """Poverty rate of minority households per district; None for a unit without districts."""
    period = overview.selection.period
    bars = [
        Bar(
            label=district.name if district.kind == "huyện" else district.full_name,
            value=overview.current(POOR, district).value,
            url=observations(POOR, district, period),
            reason=overview.current(POOR, district).missing or "not_collected",
        )
        for district in overview.area.districts
    ]
    title = "Tỷ lệ hộ nghèo dân tộc thiểu số theo huyện"
    return LinkedBars(title, "%", "Đơn vị", bars) if len(bars) > 1 else None


def by_group(overview: Overview) -> LinkedBars | None:
    """Poor households per ethnic minority, the small ones together; None where nobody told."""
    unit, period = overview.area.unit, overview.selection.period
    bars = [
        Bar(
            label=share.name,
            value=share.value,
            url=observations(POOR_OF_GROUP, unit, period, group=share.code),
            reason=share.missing or "not_collected",
        )
        for share in overview.group_shares
    ]
    title = "Hộ nghèo theo dân tộc thiểu số"
    return LinkedBars(title, "hộ", "Dân tộc", bars, decimals=0) if bars else None


def poverty_map(overview: Overview, rows: list[CommuneRow]) -> Chart | None:
    """Communes shaded by poverty rate; None when no outline fits that time.

    A district is drawn alone. Communes that the filters leave out are not drawn.
    """
    if not OUTLINES_FROM <= overview.selection.day < OUTLINES_UNTIL or not rows:
        return None
    shown, borders = outline_of(overview, {row.unit.code for row in rows})
    period = overview.selection.period
    return commune_map(
        shown,
        {row.unit.code: row.poor.value for row in rows},
        title="Tỷ lệ hộ nghèo dân tộc thiểu số theo xã",
        unit="%",
        borders=borders,
        addresses={row.unit.code: observations(POOR, row.unit, period) for row in rows},
        reasons={row.unit.code: row.poor.missing for row in rows if row.poor.value is None},
    )


def outline_of(overview: Overview, codes: set[str]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The outlines of the communes in `codes`; of the whole province with its districts' borders
    and the shapes that are no commune."""
    everything = outlines.communes()
    unit = overview.area.unit
    is_province = unit.level == Level.PROVINCE
    features = [
        feature
        for feature in everything["features"]
        if (code := feature["properties"].get("code")) in codes or (is_province and not code)
    ]
    chosen = everything | {"features": features, "name": f"{everything['name']}-{unit.code}"}
    return chosen, outlines.districts() if is_province else None
