"""A small province: three communes of two districts tell of everything the themes ask for."""

from __future__ import annotations

import random

from ethnic_data.models import Aggregation, Indicator
from reports.themes.asking import codes_of
from reports.themes.declared import THEMES, Panel
from tests.ethnic_data.filling import AN_LAC, CAM_SON, HUU_SAN, VAN_SON, approved, value

WHERE = {"220": (AN_LAC, HUU_SAN, VAN_SON), "219": (CAM_SON,)}
GROUPED = {"D03": True, "N01": False}  # with sexes or without
DIVIDED = {"H14": ("flush_septic", "other_toilet", "none_toilet")}
GROUPS = ("01", "02", "07")


def leaves() -> list[Indicator]:
    """What has to be collected for the themes: no ratio, nothing derived."""
    codes = {
        code
        for theme in THEMES
        for panel in theme.panels
        if isinstance(panel, Panel)
        for code in codes_of(panel.query)
    }
    found: dict[str, Indicator] = {}
    for one in Indicator.objects.with_parts().filter(code__in=codes):
        for part in (one.numerator, one.denominator) if one.is_ratio else (one,):
            assert part is not None
            if part.aggregation in (Aggregation.SUM, Aggregation.COUNT_TRUE) and part.code != "D04":
                found[part.code] = part
    return sorted(found.values(), key=lambda one: one.code)


def fill(years: tuple[str, ...] = ("2022", "2023"), *, seed: int = 7) -> None:
    """Numbers above four, so that nothing is hidden for being small; made up from a seed."""
    dice = random.Random(seed)  # noqa: S311
    for year in years:
        for district, communes in WHERE.items():
            plain, grouped = [], []
            for commune in communes:
                for one in leaves():
                    if one.code in GROUPED:
                        sexes = ("male", "female") if GROUPED[one.code] else (None,)
                        grouped += [
                            value(commune, one.code, dice.randint(20, 400), group=group, sex=sex)
                            for group in GROUPS
                            for sex in sexes
                        ]
                    elif one.aggregation == Aggregation.COUNT_TRUE:
                        plain.append(value(commune, one.code, dice.randint(0, 1)))
                    else:
                        plain.append(value(commune, one.code, dice.randint(20, 400)))
            approved(plain, unit_code=district, period=year)
            approved(grouped, unit_code=district, period=year, dataset="DAN-SO")
