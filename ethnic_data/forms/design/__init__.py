"""Forms of the catalogues: datasets, their columns, indicators, categories."""

from .categories import CategoryForm, DimensionForm
from .columns import BuilderForm, ChooseIndicator, ColumnForm
from .datasets import DatasetForm
from .indicators import IndicatorForm

__all__ = [
    "BuilderForm",
    "CategoryForm",
    "ChooseIndicator",
    "ColumnForm",
    "DatasetForm",
    "DimensionForm",
    "IndicatorForm",
]
