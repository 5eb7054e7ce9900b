"""Columns, widgets and messages are import-export Resources, and every door runs them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from import_export.resources import Resource

from portal.collection.resources import CountWidget, NoValue, dataset_resource
from portal.collection.workbooks.checking import check_entries
from portal.collection.workbooks.entries import RowKey, entries_of_form
from tests.collection.files.foreign import understood
from tests.collection.files.forms import HEADING, bieu_05_rows
from tests.collection.files.layouts import bieu_05, cntt, dan_so, units_of

UNIT = units_of("220")[0]
KEYS = ["D01", "D02", "N03", "N04", "N09", "N10", "N11"]


def test_a_dataset_is_a_resource_with_its_declared_columns():
    resource = dataset_resource(bieu_05())
    assert issubclass(resource, Resource)
    assert list(resource.fields) == [*KEYS, "N06", "N07"]
    assert resource.fields["N03"].column_name == "Số hộ nghèo dân tộc thiểu số"
    assert isinstance(resource.fields["N03"].widget, CountWidget)


def test_a_row_is_cleaned_by_the_fields():
    row = {column.heading: "5" for column in bieu_05().columns} | {"Tổng số hộ": "1.200"}
    assert dataset_resource(bieu_05()).cleaned(row)["D01"] == 1200
    with pytest.raises(ValidationError, match="không phải là số"):
        dataset_resource(bieu_05()).cleaned(row | {"Tổng số hộ": "hai"})


def test_values_are_exported_and_imported_again():
    resource = dataset_resource(dan_so())
    rows = [{"D03": Decimal(7), "D03_nam": Decimal(3), "D03_nu": NoValue("not_collected")}]
    exported = resource().export(rows)
    assert exported.headers == ["Tổng số", "Nam", "Nữ"]
    assert exported.dict[0]["Nữ"] == "…"
    cleaned = resource.cleaned(exported.dict[0])
    assert cleaned == rows[0]


def test_headings_that_repeat_stay_apart():
    layout = dan_so()
    twice = dan_so(columns=(*layout.columns, layout.columns[1].__class__(
        key="X", measure="X", heading="Nam")))  # fmt: skip
    names = [field.column_name for field in dataset_resource(twice).fields.values()]
    assert len(set(names)) == 4


@pytest.mark.parametrize("text", ["9" * 40, "1" * 29 + ",5", "0," + "1" * 60])
def test_a_number_of_more_digits_than_can_be_counted_is_a_mistake_at_its_cell(text):
    widget = dataset_resource(bieu_05()).fields["N03"].widget
    with pytest.raises(ValidationError):
        widget.clean(text)


def test_a_widget_runs_once_for_each_distinct_value(monkeypatch):
    cleaned = []
    original = CountWidget.clean

    def counting(self, value, row=None, **kwargs):
        cleaned.append((self.column.key, value))
        return original(self, value, row, **kwargs)

    monkeypatch.setattr(CountWidget, "clean", counting)
    reading = understood([HEADING, *bieu_05_rows()], bieu_05())
    assert len(reading.values) == 17 * 7
    assert sorted(cleaned) == sorted(set(cleaned))
    assert len(cleaned) == 7


# the doors agree


def through_form(texts: list[str]):
    """Issues and values of one row typed into the browser form."""
    layout = bieu_05(units=(UNIT,))
    cells = {(RowKey(UNIT.code), key): text for key, text in zip(KEYS, texts, strict=True)}
    return check_entries(layout, entries_of_form(layout, cells))


def through_workbook(texts: list[str]):
    layout = bieu_05(units=(UNIT,))
    rows = [HEADING[:9], ["1", UNIT.label, *texts]]
    return understood(rows, layout, answers={"number_style": "1.234,5", "blank": "error"})


cell_texts = st.one_of(
    st.integers(-5, 2_000).map(str),
    st.integers(0, 5_000_000).map(lambda n: f"{n:,}".replace(",", ".")),
    st.sampled_from(["", "-", "x", "…", "hai", "12,5", "1.5", "45 hộ", "không có số liệu", "0"]),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(cell_texts, min_size=7, max_size=7).filter(lambda texts: any(texts)))
def test_form_and_workbook_agree(texts):
    form, book = through_form(texts), through_workbook(texts)
    assert {(i.rule, i.column, i.severity) for i in form.issues} == {
        (i.rule, i.column, i.severity) for i in book.issues
    }
    assert {(v.indicator, v.value, v.missing) for v in form.values()} == {
        (v.indicator, v.value, v.missing) for v in book.values
    }


def test_the_form_names_rows_where_a_workbook_names_cells():
    [issue] = through_form(["100", "500", "1", "1", "1", "1", "1"]).issues
    assert issue.message == (
        "Thị trấn An Châu, Số hộ dân tộc thiểu số: 500 lớn hơn tổng số hộ (100). "
        "Sửa một trong hai ô."
    )
    assert issue.cell == ""


def test_the_form_of_the_agency_runs_the_same_rules():
    layout = cntt()
    cells = {(RowKey("24"), c.key): "5" for c in layout.entered} | {(RowKey("24"), "K03"): "6"}
    checked = check_entries(layout, entries_of_form(layout, cells))
    assert [issue.rule for issue in checked.issues] == ["K03-K02"]


def test_the_form_by_group_names_the_group():
    layout = dan_so()
    key = RowKey(UNIT.code, "02")
    cells = {(key, "D03"): "10", (key, "D03_nam"): "5", (key, "D03_nu"): "4"}
    [issue] = check_entries(layout, entries_of_form(layout, cells)).issues
    assert issue.message.startswith("Thị trấn An Châu, dân tộc Tày, Tổng số: 10 khác tổng")
