"""The catalogues as workbooks: given away, edited, and taken back in.

Texts are guarded against being run as formulas; the guard is taken off again on the way in.
"""

from __future__ import annotations

from typing import Any

from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import BooleanWidget, DecimalWidget, ForeignKeyWidget

from ethnic_data.models import Aggregation, EthnicGroup, GroupCode, Indicator, IndicatorLevel
from portal.collection.lists.cells import GuardedField, TextField

YES, NO = "có", "không"


class YesNoWidget(BooleanWidget):
    """Booleans as words."""

    TRUE_VALUES = [YES, "Có", "x", "1", 1, True]
    FALSE_VALUES = [NO, "Không", "", "0", 0, False]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return YES if value else NO


class ChoiceField(GuardedField):
    """A choice by its word, or by its code."""

    def __init__(self, attribute: str, column_name: str, choices: Any) -> None:
        super().__init__(attribute, column_name)
        self.words = dict(choices.choices)
        self.codes = {word: code for code, word in choices.choices}

    def export(self, obj: Any, **kwargs: Any) -> str:
        return str(self.words.get(getattr(obj, self.attribute), ""))

    def clean(self, row: dict[str, Any], **kwargs: Any) -> str:
        text = super().clean(row, **kwargs)
        return self.codes.get(text, text)


class GroupResource(ModelResource):
    """One row per group; other names and the second numbering go out for reading only."""

    code = GuardedField("code", "Mã")
    name = GuardedField("name", "Tên dân tộc")
    ascii_name = GuardedField("ascii_name", "Tên không dấu")
    family = GuardedField("family", "Ngữ hệ")
    branch = GuardedField("branch", "Nhóm ngôn ngữ")
    is_very_small = Field("is_very_small", "Rất ít người", widget=YesNoWidget())
    counts_as_minority = Field("counts_as_minority", "Dân tộc thiểu số", widget=YesNoWidget())
    other_code = Field(column_name="Mã 1999–2009", readonly=True)
    other_names = TextField("other_names", "Tên gọi khác", readonly=True)

    class Meta:
        model = EthnicGroup
        import_id_fields = ("code",)
        fields = (
            "code",
            "name",
            "ascii_name",
            "family",
            "branch",
            "is_very_small",
            "counts_as_minority",
            "other_code",
            "other_names",
        )
        clean_model_instances = True
        skip_unchanged = True

    def dehydrate_other_code(self, group: EthnicGroup) -> str:
        system = GroupCode.System.CENSUS_1999_2009
        return next((one.code for one in group.codes.all() if one.code_system == system), "")


class IndicatorResource(ModelResource):
    """One row per indicator; the parts of a ratio by their codes."""

    code = GuardedField("code", "Mã")
    name = GuardedField("name", "Tên chỉ tiêu")
    unit_of_measure = GuardedField("unit_of_measure", "Đơn vị tính")
    level = ChoiceField("level", "Cấp thu thập", IndicatorLevel)
    aggregation = ChoiceField("aggregation", "Cách tổng hợp", Aggregation)
    numerator = Field("numerator", "Tử số", widget=ForeignKeyWidget(Indicator, "code"))
    denominator = Field("denominator", "Mẫu số", widget=ForeignKeyWidget(Indicator, "code"))
    factor = Field("factor", "Nhân với", widget=DecimalWidget())
    definition = GuardedField("definition", "Khái niệm")
    source = GuardedField("source", "Nguồn gốc")

    class Meta:
        model = Indicator
        import_id_fields = ("code",)
        fields = (
            "code",
            "name",
            "unit_of_measure",
            "level",
            "aggregation",
            "numerator",
            "denominator",
            "factor",
            "definition",
            "source",
        )
        clean_model_instances = True
        skip_unchanged = True
