"""Load what the reference files say; see `reference`, `datasets` and `published`."""

from .datasets import load_datasets
from .people import load_people_reference
from .published import load_published
from .reference import load_categories, load_groups, load_indicators

__all__ = [
    "load_categories",
    "load_datasets",
    "load_groups",
    "load_indicators",
    "load_people_reference",
    "load_published",
    "load_reference",
]


def load_reference() -> None:
    """Groups, categories, indicators, datasets, periods, published tables, terms; idempotent.

    A row that is there already is left as an administrator may have changed it.
    """
    load_groups()
    load_categories()
    load_indicators()
    load_datasets()
    load_published()
    load_people_reference()
