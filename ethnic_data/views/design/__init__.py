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
from .rounds import (
    RoundCreate,
    RoundUpdate,
    TableCreate,
    TableUpdate,
    survey_table_delete,
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
    "RoundCreate",
    "RoundUpdate",
    "TableCreate",
    "TableUpdate",
    "column_add",
    "column_move",
    "column_retire",
    "dataset_look",
    "dataset_template",
    "survey_table_delete",
]
