"""The administrator's pages: datasets and their columns, indicators, categories."""

from .catalogues import (
    CategoryCreate,
    CategoryList,
    CategoryUpdate,
    DimensionCreate,
    DimensionUpdate,
    IndicatorCreate,
    IndicatorUpdate,
)
from .columns import ColumnUpdate, column_add, column_move, column_retire
from .datasets import (
    DatasetCreate,
    DatasetDetail,
    DatasetList,
    DatasetUpdate,
    dataset_look,
    dataset_template,
)

__all__ = [
    "CategoryCreate",
    "CategoryList",
    "CategoryUpdate",
    "ColumnUpdate",
    "DatasetCreate",
    "DatasetDetail",
    "DatasetList",
    "DatasetUpdate",
    "DimensionCreate",
    "DimensionUpdate",
    "IndicatorCreate",
    "IndicatorUpdate",
    "column_add",
    "column_move",
    "column_retire",
    "dataset_look",
    "dataset_template",
]
