"""Load what the reference files say; see `reference`, `datasets` and `published`."""

from .datasets import load_datasets
from .people import load_people_reference
from .published import load_published
from .reference import load_categories, load_groups, load_indicators
from .rounds import load_rounds

__all__ = [
    "load_categories",
    "load_datasets",
    "load_groups",
    "load_indicators",
    "load_people_reference",
    "load_published",
    "load_reference",
    "load_rounds",
]


def load_reference() -> None:
    """Groups, categories, indicators, datasets, periods, rounds, published tables, terms.

    A row that is there already is left as an administrator may have changed it.
    """
    load_groups()
    load_categories()
    load_indicators()
    load_datasets()
    load_rounds()
    load_published()
    load_people_reference()
