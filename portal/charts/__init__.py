"""Charts as SVG drawn on the server, for pages and PDF alike; reading them needs no JavaScript.

Every function takes plain data and returns a `Chart`; templates/components/chart.html shows one.
"""

from .bars import Bar, horizontal_bars
from .drawing import Chart, NotDrawn, Swatch
from .maps import commune_map
from .series import Line, sparkline, time_series
from .stacks import stacked_bars

__all__ = [
    "Bar",
    "Chart",
    "Line",
    "NotDrawn",
    "Swatch",
    "commune_map",
    "horizontal_bars",
    "sparkline",
    "stacked_bars",
    "time_series",
]
