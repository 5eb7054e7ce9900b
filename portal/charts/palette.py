"""The colours and letters of every chart.

The eight colours for groups are those of Okabe and Ito ("Color Universal Design", 2008), which
people with colour-blindness tell apart; what comes after the eighth is grey.
"""

FONT = "Be Vietnam Pro"
INK = "#1f2328"
QUIET = "#5b6470"
LINE = "#e4dfd8"
AXIS = "#8b8378"
BAR = "#a8453f"
BAR_QUIET = "#dcb0a6"
TARGET = "#1f5fa8"
NO_VALUE = "#efece7"
OUTSIDE = "#c4bdb3"
NOT_ASKED = "#ffffff"

GROUPS = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
    "#f0e442",
    "#000000",
)
OTHERS = "#a3a8ae"
FIRST, LAST = (0xFD, 0xEE, 0xE6), (0x7A, 0x14, 0x16)


def sequential(steps: int) -> list[str]:
    """Return `steps` colours from pale to deep red; a single one is a middle red."""
    if steps == 1:
        return [_mixed(0.6)]
    return [_mixed(step / (steps - 1)) for step in range(steps)]


def _mixed(share: float) -> str:
    parts = (a + (b - a) * share for a, b in zip(FIRST, LAST, strict=True))
    return "#" + "".join(f"{round(part):02x}" for part in parts)


CONFIG = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    "padding": 4,
    "axis": {
        "aria": False,
        "labelFont": FONT,
        "labelFontSize": 13,
        "labelColor": INK,
        "titleFont": FONT,
        "titleFontSize": 13,
        "titleFontWeight": 400,
        "titleColor": QUIET,
        "gridColor": LINE,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "labelPadding": 6,
    },
    "text": {"font": FONT, "fontSize": 13, "color": INK, "aria": False},
    "rule": {"aria": False},
}

# Vietnamese numbers on axes
NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đồng"]}
