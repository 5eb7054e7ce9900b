"""Charts as SVG drawn on the server, for pages and PDF alike; reading them needs no JavaScript.

Every function takes plain data and returns a `Chart`; templates/components/chart.html shows one.
"""

from .bars import Bar, horizontal_bars
from .drawing import Chart, NotDrawn, Swatch
from .maps import Overlay, Side, commune_map, commune_maps
from .multiples import small_multiples
from .pairs import Pair, paired_bars
from .pictures import as_png
from .pyramid import Sides, pyramid
from .ranks import ranks, ranks_of
from .series import Line, sparkline, time_series
from .stacks import stacked_bars

__all__ = [
    "Bar",
    "Chart",
    "Line",
    "NotDrawn",
    "Overlay",
    "Pair",
    "Side",
    "Sides",
    "Swatch",
    "as_png",
    "commune_map",
    "commune_maps",
    "horizontal_bars",
    "paired_bars",
    "pyramid",
    "ranks",
    "ranks_of",
    "small_multiples",
    "sparkline",
    "stacked_bars",
    "time_series",
]
