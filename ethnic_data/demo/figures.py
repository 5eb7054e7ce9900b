"""Made-up figures of a province, spread from real totals. Shown as "Số liệu minh hoạ" everywhere.

How they are made, so that nobody takes them for a report:

- People: the province has, for each group, exactly the census of 1/4/2019 in 2023; 2022 has 99 %
  and 2021 has 98 % of it (YEAR_SHARE). Communes get parts by their population of 2009; most
  minorities live in the 73 communes of QĐ 861, and each district has its own mixture (MIXTURE).
- Sexes: by the sex ratio of the group in the whole nation in 2019 where it is known.
- Households: people divided by a made-up household size of 3,3 to 4,3.
- Poverty: a made-up rate by district and year (POOR, YEAR_POVERTY), higher in the 73 communes
  and falling every year.

Nothing here is random: parts vary by a checksum of the codes, so every run gives the same.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CENSUS_YEAR = 2023  # the year of the demo that repeats the census of 2019
YEAR_SHARE = {2021: 980, 2022: 990, 2023: 1000}  # of people, in thousandths
YEAR_POVERTY = {2020: 1300, 2021: 1000, 2022: 760, 2023: 560}  # of poor households, in thousandths
KINH, OTHERS = "01", "98"

# share of minorities among the people of a commune: on the list of 73, by district, and elsewhere
LISTED = {"220": 0.62, "219": 0.55, "218": 0.48, "215": 0.38, "217": 0.26}
ELSEWHERE = 0.02
# how strongly a group is drawn to a district; 1 unless told
MIXTURE: dict[str, dict[str, float]] = {
    "220": {"02": 9, "07": 6, "15": 8, "09": 9, "04": 3, "18": 1},
    "219": {"07": 12, "18": 8, "02": 3, "15": 6, "04": 8, "09": 4},
    "218": {"02": 7, "18": 6, "07": 3, "09": 4, "04": 3, "15": 2},
    "215": {"07": 6, "02": 6, "15": 4, "04": 3, "18": 1, "09": 2},
    "217": {"07": 5, "02": 3, "04": 2},
}
# poor households among minority households in 2021, on the list and elsewhere
POOR = {"220": 0.255, "219": 0.135, "218": 0.150, "215": 0.095, "217": 0.060}
POOR_ELSEWHERE, POOR_KINH = 0.035, 0.022
NEAR_POOR = 0.78  # near-poor households for each poor one
DRAWN = {
    "09": 1.5,
    "15": 1.15,
    "18": 0.9,
    "04": 0.45,
    "07": 1.1,
}  # poverty of a group, 1 unless told

Commune = str
Group = str


@dataclass(frozen=True)
class Place:
    """A commune: its district, people in 2009, and whether it is one of the 73."""

    code: Commune
    district: str
    people: int
    is_listed: bool


@dataclass
class Year:
    """One year's figures by commune: people by group and sex, households, poverty."""

    men: dict[Commune, dict[Group, int]] = field(default_factory=lambda: defaultdict(dict))
    women: dict[Commune, dict[Group, int]] = field(default_factory=lambda: defaultdict(dict))
    poor: dict[Commune, dict[Group, int]] = field(default_factory=dict)
    near_poor: dict[Commune, dict[Group, int]] = field(default_factory=dict)
    form_05: dict[Commune, dict[str, int]] = field(default_factory=dict)  # by indicator


def wobble(*names: object, low: float = 0.8, high: float = 1.2) -> float:
    """A number between `low` and `high` that depends on the names only."""
    drawn = zlib.crc32("·".join(map(str, names)).encode()) % 1000
    return low + (high - low) * drawn / 999


def apportion(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers in proportion to `weights` that sum to `total`: the largest remainders win."""
    whole = sum(weights.values())
    if not whole or not total:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / whole for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    left = total - sum(parts.values())
    order = sorted(exact, key=lambda name: (parts[name] - exact[name], name))
    for name in order[:left]:
        parts[name] += 1
    return parts


def people(places: Sequence[Place], census: Mapping[Group, int]) -> dict[Commune, dict[Group, int]]:
    """People by commune and group whose sum over communes is the census for each group.

    Rows and columns are fitted in turn to the size of the communes and of the groups; whole
    numbers are taken group by group.
    """
    total = sum(census.values())
    grown = total / sum(place.people for place in places)
    weights = {place.code: {group: _draw(place, group) for group in census} for place in places}
    sizes = {place.code: place.people * grown for place in places}
    for _ in range(25):
        _fit_columns(weights, census)
        for code, row in weights.items():
            scale = sizes[code] / sum(row.values())
            for group in row:
                row[group] *= scale
    counts: dict[Commune, dict[Group, int]] = {place.code: {} for place in places}
    for group, count in census.items():
        parts = apportion(count, {code: row[group] for code, row in weights.items()})
        for code, part in parts.items():
            counts[code][group] = part
    return counts


def _draw(place: Place, group: Group) -> float:
    minorities = LISTED.get(place.district, ELSEWHERE) if place.is_listed else ELSEWHERE
    minorities *= wobble(place.code, low=0.55, high=1.35)
    if group == KINH:
        return place.people * max(1 - minorities, 0.04)
    drawn = MIXTURE.get(place.district, {}).get(group, 1) * wobble(
        place.code, group, low=0.3, high=2
    )
    return place.people * minorities * drawn


def _fit_columns(weights: dict[Commune, dict[Group, float]], census: Mapping[Group, int]) -> None:
    for group, count in census.items():
        scale = count / sum(row[group] for row in weights.values())
        for row in weights.values():
            row[group] *= scale


def year(
    number: int,
    places: Sequence[Place],
    census: Mapping[Group, int],
    base: Mapping[Commune, Mapping[Group, int]],
    male_share: Mapping[Group, float],
) -> Year:
    """The figures of one year out of the people of the census year."""
    made = Year()
    for group, count in census.items():
        of_year = round(count * YEAR_SHARE[number] / 1000)
        parts = apportion(of_year, {code: float(row[group]) for code, row in base.items()})
        for code, part in parts.items():
            if part:
                men = round(
                    part * male_share.get(group, 0.5) * wobble(code, group, low=0.98, high=1.02)
                )
                made.men[code][group] = min(men, part)
                made.women[code][group] = part - made.men[code][group]
    for place in places:
        _poverty(made, number, place, base[place.code])
    return made


def _poverty(made: Year, number: int, place: Place, base: Mapping[Group, int]) -> None:
    """Households of the census year throughout: what changes over the years is poverty."""
    minorities = sum(count for group, count in base.items() if group != KINH)
    of_minorities = round(minorities / wobble(place.code, "hộ", low=3.7, high=4.3))
    of_kinh = round(base[KINH] / wobble(place.code, "hộ kinh", low=3.3, high=3.8))
    before, now = (_poor(number - back, place, of_minorities) for back in (1, 0))
    fresh = round(now * wobble(place.code, number, "mới", low=0.02, high=0.07))
    again = round(now * wobble(place.code, number, "tái", low=0.0, high=0.025))
    near = min(round(now * NEAR_POOR * wobble(place.code, "cận")), of_minorities - now)
    made.form_05[place.code] = {
        "D01": of_minorities + of_kinh,
        "D02": of_minorities,
        "N03": now,
        "N04": near,
        "N09": max(before - now, 0) + fresh + again,
        "N10": fresh,
        "N11": again,
    }
    weights = {
        group: count * DRAWN.get(group, 1.0)
        for group, count in base.items()
        if group != KINH and count
    }
    kinh = round(of_kinh * POOR_KINH * YEAR_POVERTY[number] / 1000 * wobble(place.code, "kinh"))
    made.poor[place.code] = {KINH: kinh, **apportion(now, weights)}
    made.near_poor[place.code] = {
        KINH: round(kinh * NEAR_POOR),
        **apportion(near, weights),
    }


def _poor(number: int, place: Place, households: int) -> int:
    rate = POOR.get(place.district, POOR_ELSEWHERE) if place.is_listed else POOR_ELSEWHERE
    rate *= wobble(place.code, "nghèo", low=0.6, high=1.5)
    return min(round(households * rate * YEAR_POVERTY[number] / 1000), households // 2)


AGENCY = {  # Ứng dụng công nghệ thông tin của cơ quan, as the sample report of November 2023 tells
    "K01": 21, "K02": 21, "K03": 21, "K06": 21, "K08": 21, "K10": 1, "K11": 1, "K12": 0, "K13": 1,
    "K14": 2, "K15": 4, "K16": 4,
}  # fmt: skip
