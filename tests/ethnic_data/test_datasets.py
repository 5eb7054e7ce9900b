"""The portal's own datasets: complete, readable, and as the committee's officers know them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from ethnic_data.models import Category, Indicator
from ethnic_data.store import ObservationStore
from portal.collection.models import Dataset, DatasetColumn, ReportingPeriod
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.template import write_template
from tests.cast import unit

pytestmark = pytest.mark.django_db
CODES = [
    "BIEU-05", "NGHEO-DAN-TOC", "DAN-SO", "CNTT-CO-QUAN", "DAN-SO-XA", "DAN-SO-TUOI", "QUY-MO-HO",
    "NGHEO-THIEU-HUT", "HA-TANG", "NHA-O", "DIEN-NUOC-VE-SINH", "GIAO-DUC", "BIET-CHU", "Y-TE",
    "HON-NHAN", "LAO-DONG", "VAN-HOA", "TON-GIAO", "CAN-BO", "DAI-BIEU", "VIEN-THONG",
    "DS-DAN-TOC-TINH", "DTTS-TINH", "DS-54-DAN-TOC", "DT53-BIEU-4A", "DT53-BIEU-56",
]  # fmt: skip


def layout_of(code: str):
    dataset = Dataset.objects.prefetch_related("columns").get(code=code)
    period = ReportingPeriod.objects.filter(frequency=dataset.frequency, end="2024-12-31").get()
    senders = {"province": "24", "nation": "VN"}
    place = unit(senders.get(dataset.submitting_level, "220"), on=period.end)
    return ObservationStore().layout(dataset, place, period)


def of_groups():
    """Without those of the programme, whose rows are works."""
    return Dataset.objects.exclude(row_level="record")


def test_every_indicator_stands_in_an_active_dataset():
    told = DatasetColumn.objects.filter(dataset__is_active=True).values("measure")
    assert not Indicator.objects.exclude(code__in=told)
    assert set(of_groups().values_list("code", flat=True)) == set(CODES)


def test_every_frequency_but_the_month_is_used():
    assert set(of_groups().values_list("frequency", flat=True)) == {
        "yearly", "half_yearly", "quarterly",
    }  # fmt: skip


def test_every_column_names_an_indicator_a_category_and_parts_that_are_there():
    indicators = set(Indicator.objects.values_list("code", flat=True))
    categories = {"", *Category.objects.values_list("code", flat=True)}
    for dataset in of_groups().prefetch_related("columns", "rules"):
        columns = {column.key: column for column in dataset.columns.all()}
        for column in columns.values():
            assert column.measure in indicators
            assert column.category in categories
            if column.kind == "computed":
                assert {column.numerator, column.denominator} <= columns.keys()
        for rule in dataset.rules.all():
            assert {*rule.columns, rule.other} - {""} <= columns.keys(), rule


def test_no_two_columns_of_a_dataset_are_headed_alike():
    for dataset in Dataset.objects.prefetch_related("columns"):
        heads = Counter((*column.parents, column.heading) for column in dataset.columns.all())
        assert max(heads.values()) == 1, dataset


def test_an_indicator_divided_in_two_ways_has_its_total():
    """Else its categories would be added up twice."""
    for dataset in Dataset.objects.prefetch_related("columns"):
        columns = list(dataset.columns.all())
        totals = {c.measure for c in columns if not (c.category or c.sex) and c.is_required}
        kinds: dict[str, set[str]] = {}
        dimensions = dict(Category.objects.values_list("code", "dimension__code"))
        for column in columns:
            if column.category:
                kinds.setdefault(column.measure, set()).add(dimensions[column.category])
        assert {measure for measure, ways in kinds.items() if len(ways) > 1} <= totals


def filled(layout, number):
    """Every cell of two groups of every unit, by `number(column)`."""
    places = [RowKey(one.code) for one in layout.valid_units()]
    if layout.has_groups:
        places = [RowKey(place.unit, group) for place in places for group in ("07", "02")]
    return {(place, c.key): Decimal(number(c)) for place in places for c in layout.entered}


def read_back(layout, cells, folder):
    path = folder / "mau.xlsx"
    path.write_bytes(write_template(layout, values=cells))
    reading = read_workbook(str(path), layout=layout, name="mau.xlsx")
    assert not reading.questions
    assert [one.message for one in reading.issues if one.severity == "error"] == []
    return {
        (RowKey(v.unit, v.group if layout.has_groups else None), v.column): v.value
        for v in reading.values
    }


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_a_filled_template_is_read_back_to_the_last_value(code, tmp_path):
    numbers = random.Random(code)  # noqa: S311 - figures for a test
    layout = replace(layout_of(code), rules=())  # whatever figures, each in its column
    cells = filled(
        layout,
        lambda column: numbers.randint(int(column.minimum or 0), int(min(column.maximum, 9_999))),
    )
    assert read_back(layout, cells, tmp_path) == cells


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_consistent_figures_break_no_rule(code, tmp_path):
    layout = layout_of(code)
    cells = filled(layout, lambda column: column.minimum or 0)
    assert read_back(layout, cells, tmp_path) == cells
