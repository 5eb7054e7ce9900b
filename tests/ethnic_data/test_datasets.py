"""The four declared datasets, read from workbooks as officers make them."""

from __future__ import annotations

import datetime

import pytest
from openpyxl import Workbook

from ethnic_data.services import load_datasets
from ethnic_data.store import ObservationStore
from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.workbooks.intake import read_workbook
from tests.cast import unit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STORE = ObservationStore()


@pytest.fixture
def read(tmp_path):
    def reading(dataset, rows, unit_code="220", period="2023"):
        path = tmp_path / "tep.xlsx"
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
        time = ReportingPeriod.objects.get(code=period)
        layout = STORE.layout(Dataset.objects.get(code=dataset), unit(unit_code, on=time.end), time)
        return read_workbook(path, layout=layout)

    return reading


FORM_05 = [
    ["Biểu 05. Số hộ nghèo, cận nghèo người dân tộc thiểu số năm 2023"],
    ["Đơn vị tính: hộ"],
    [
        "STT",
        "Tên đơn vị",
        "Tổng số hộ",
        "Hộ DTTS",
        "Hộ nghèo DTTS",
        "Hộ cận nghèo DTTS",
        "Thoát nghèo",
        "Nghèo phát sinh mới",
        "Tái nghèo",
        "Tỷ lệ hộ nghèo DTTS (%)",
        "Tỷ lệ hộ cận nghèo DTTS (%)",
    ],
    ["A", "B", 1, 2, 3, 4, 5, 6, 7, 8, 9],
]


def test_all_four_datasets_and_the_years_are_there():
    codes = Dataset.objects.active().values_list("code", flat=True)
    assert set(codes) >= {"BIEU-05", "NGHEO-DAN-TOC", "DAN-SO", "CNTT-CO-QUAN"}
    years = ReportingPeriod.objects.values_list("code", flat=True)
    assert set(years) >= {str(year) for year in range(2019, 2027)}
    before = Dataset.objects.get(code="BIEU-05").columns.count()
    load_datasets()
    assert Dataset.objects.get(code="BIEU-05").columns.count() == before


def test_form_05_is_read_under_everyday_headings(read):
    found = read("BIEU-05", [*FORM_05, [1, "Xã An Lạc", 900, 800, 100, 80, 20, 5, 1, 12.5, 10]])
    assert found.errors == ()
    assert {(one.indicator, int(one.value)) for one in found.values} == {
        ("D01", 900),
        ("D02", 800),
        ("N03", 100),
        ("N04", 80),
        ("N09", 20),
        ("N10", 5),
        ("N11", 1),
    }


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        ([900, 901, 1, 1, 0, 0, 0], "D5", "lớn hơn tổng số hộ (900)"),
        ([900, 38, 45, 1, 0, 0, 0], "E5", "lớn hơn số hộ dân tộc thiểu số (38)"),
        ([900, 38, 4, 45, 0, 0, 0], "F5", "lớn hơn số hộ dân tộc thiểu số (38)"),
        ([900, 38, 4, 4, 39, 0, 0], "G5", "lớn hơn số hộ dân tộc thiểu số (38)"),
        ([-900, 38, 4, 4, 0, 0, 0], "C5", ""),
        ([1e30, 38, 4, 4, 0, 0, 0], "C5", "100.000.000"),
        ([900, "ba tám", 4, 4, 0, 0, 0], "D5", "không phải là số"),
    ],
)
def test_what_cannot_be_is_refused_at_its_cell(read, row, cell, words):
    found = read("BIEU-05", [*FORM_05, [1, "Xã An Lạc", *row]])
    places = {issue.cell: issue.message for issue in found.errors}
    assert words in places[cell]
    assert len(found.values) == 0


def test_more_new_poor_than_poor_is_only_a_warning(read):
    found = read("BIEU-05", [*FORM_05, [1, "Xã An Lạc", 900, 800, 4, 0, 0, 5, 0]])
    assert found.errors == ()
    assert [issue.cell for issue in found.warnings if "N10" in issue.rule] == ["H5"]


def test_a_communes_old_spelling_is_known(read):
    row = [1, "Xã Xa Lý", 900, 800, 100, 80, 20, 5, 1, 12.5, 10]
    found = read("BIEU-05", [*FORM_05, row], unit_code="219")
    assert {one.unit for one in found.values} == {"07540"}


def test_people_are_read_by_group_and_sex_and_a_total_is_checked(read):
    heading = ["Xã", "Dân tộc", "Tổng số", "Nam", "Nữ"]
    good = read("DAN-SO", [heading, ["Xã An Lạc", "Tày", 22, 10, 12]])
    told = {(one.group, one.sex, int(one.value)) for one in good.values}
    assert {("02", "male", 10), ("02", "female", 12)} <= told
    assert good.errors == ()
    wrong = read("DAN-SO", [heading, ["Xã An Lạc", "Tày", 23, 10, 12]])
    assert wrong.errors


def test_people_are_read_without_a_total(read):
    found = read("DAN-SO", [["Xã", "Dân tộc", "Nam", "Nữ"], ["Xã An Lạc", "Cao Lan", 10, 12]])
    assert {(one.group, one.sex, int(one.value)) for one in found.values} == {
        ("15", "male", 10),
        ("15", "female", 12),
    }


def test_a_name_that_groups_share_is_asked(read):
    found = read("DAN-SO", [["Xã", "Dân tộc", "Nam", "Nữ"], ["Xã An Lạc", "Trại", 10, 12]])
    assert len(found.questions) == 1
    assert {option.value for option in found.questions[0].options} >= {"09", "18"}


def test_poverty_is_read_by_group(read):
    rows = [
        ["Đơn vị", "Dân tộc", "Số hộ nghèo", "Số hộ cận nghèo"],
        ["Xã An Lạc", "Kinh", 3, 4],
        ["Xã An Lạc", "Dân tộc khác", 1, 0],
    ]
    found = read("NGHEO-DAN-TOC", rows)
    assert {(one.group, one.indicator, int(one.value)) for one in found.values} == {
        ("01", "N01", 3),
        ("01", "N02", 4),
        ("98", "N01", 1),
        ("98", "N02", 0),
    }


def test_the_agencys_measures_are_read_row_by_row(read):
    rows = [["STT", "Chỉ tiêu", "Số liệu"]]
    dataset = Dataset.objects.get(code="CNTT-CO-QUAN")
    entered = [column for column in dataset.columns.all() if column.kind == "entered"]
    rows += [[n, column.heading, n] for n, column in enumerate(entered, start=1)]
    # nobody can have more connected computers than computers
    found = read("CNTT-CO-QUAN", rows, unit_code="24")
    assert any("K03" in issue.rule for issue in found.errors)
    rows = [rows[0], *([n, text, 21] for n, text, _ in rows[1:])]
    found = read("CNTT-CO-QUAN", rows, unit_code="24")
    assert found.errors == ()
    assert {one.indicator for one in found.values} == {column.measure for column in entered}
    assert {one.unit for one in found.values} == {"24"}


def test_a_layout_speaks_of_the_units_of_its_period():
    for year, count in (("2021", 209), ("2023", 209)):
        period = ReportingPeriod.objects.get(code=year)
        province = unit("24", on=period.end)
        layout = STORE.layout(Dataset.objects.get(code="DAN-SO"), province, period)
        assert len(layout.units) == count
    after = ReportingPeriod.objects.get(code="2025")
    merged = unit("24", on=after.end)
    layout = STORE.layout(Dataset.objects.get(code="DAN-SO"), merged, after)
    assert layout.units
    assert all(row.district is None for row in layout.units)
    assert datetime.date(2025, 12, 31) == after.end
