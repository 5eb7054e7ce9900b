"""Made-up figures of electricity, water, toilets, roads and villages, by commune."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from .figures import apportion, wobble

Counts = dict[str, Decimal]


def sanitation(commune: str, form_05: Mapping[str, int]) -> Counts:
    """DIEN-NUOC-VE-SINH: the toilets of a commune add up to its households."""
    households, poor = form_05["D01"], form_05["N03"]
    toilets = apportion(
        households,
        {
            "H14_septic_or_semi": wobble(commune, "tự hoại", low=0.5, high=0.9),
            "H14_toilet_other": wobble(commune, "khác", low=0.1, high=0.4),
            "H14_toilet_none": 0.4 * poor / max(households, 1),
        },
    )
    counts = {
        "D01": households,
        "H01": round(households * wobble(commune, "điện", low=0.96, high=1)),
        "H12": round(households * wobble(commune, "nước", low=0.8, high=0.99)),
        "H14": households,
        **toilets,
        "H21": round(poor * wobble(commune, "gia súc", low=0.1, high=0.5)),
        "Y09": round(households * wobble(commune, "màn", low=0.9, high=1)),
    }
    return {key: Decimal(count) for key, count in counts.items()}


def roads(commune: str, form_05: Mapping[str, int]) -> Counts:
    """HA-TANG: villages of about 180 households; the poorer a commune, the higher its zone."""
    households, share = form_05["D01"], form_05["N03"] / max(form_05["D01"], 1)
    villages = max(round(households / wobble(commune, "thôn", low=150, high=220)), 3)
    zone = 3 if share > 0.12 else 2 if share > 0.06 else 1
    kilometres = Decimal(round(wobble(commune, "đường", low=40, high=260))) / 10
    percent = round(wobble(commune, "cứng", low=70, high=100))
    return {
        "Z01": Decimal(zone),
        "H03": Decimal(villages),
        "Z02": Decimal(villages // 3 if zone == 3 else 0),
        "Z03": Decimal(int(zone == 1)),
        "Z03_nrd_standard": Decimal(int(zone == 1)),
        "Z03_nrd_advanced": Decimal(0),
        "Z03_nrd_model": Decimal(0),
        "H04": Decimal(villages),
        "H06": Decimal(1),
        "H07": kilometres,
        "H08": Decimal(int(kilometres * 10 * percent / 100)) / 10,
        "H10": Decimal(round(villages * wobble(commune, "thôn cứng", low=0.7, high=1))),
        "H23": Decimal(int(wobble(commune, "chợ") > 0.95)),
    }


LIVING: dict[str, Callable[[str, Mapping[str, int]], Counts]] = {
    "DIEN-NUOC-VE-SINH": sanitation,
    "HA-TANG": roads,
}
