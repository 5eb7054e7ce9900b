"""Tables turned on their side: units across, measures or ethnic groups down the rows."""

from __future__ import annotations

import pytest

from tests.collection.files.foreign import messages, understood
from tests.collection.files.forms import HEADING, NUMBERS, values_by_cell
from tests.collection.files.layouts import bieu_05, groups, ngheo_dan_toc, units_of

UNITS = units_of("220")[:4]
NAMES = [unit.label for unit in UNITS]
GROUPS = groups()[:3]
MEASURES = list(zip(HEADING[2:9], NUMBERS, strict=False))
KEYS = ["D01", "D02", "N03", "N04", "N09", "N10", "N11"]
FORM = bieu_05(every_unit=False)


def grid(*, names=NAMES, title="Biểu 05 năm 2023", factor=1, unit="Hộ", more=()):
    """Measures down, units across: the n-th unit has n more of everything."""
    rows = [
        [n, heading, unit, *((number + at) * factor for at in range(len(names)))]
        for n, (heading, number) in enumerate(MEASURES, 1)
    ]
    return [[title], ["STT", "Chỉ tiêu", "ĐVT", *names], *rows, *more]


TRUTH = {
    (unit.code, key): number + at
    for at, unit in enumerate(UNITS)
    for key, number in zip(KEYS, NUMBERS, strict=False)
}


def test_units_across_and_measures_down():
    reading = understood(grid(), FORM)
    assert values_by_cell(reading) == TRUTH
    assert not reading.questions
    assert (reading.reconciliation.rows_read, reading.reconciliation.stored) == (4, 4)
    value = next(v for v in reading.values if v.unit == UNITS[1].code and v.indicator == "D02")
    assert value.cell == "E4"


def test_a_sum_across_is_compared_and_not_stored():
    rows = [[*row[:3], sum(row[3:]), *row[3:]] for row in grid()[2:]]
    rows[0][3] += 5
    reading = understood([["STT", "Chỉ tiêu", "ĐVT", "Toàn huyện", *NAMES], *rows], FORM)
    assert values_by_cell(reading) == TRUTH
    assert [(i.rule, i.cell) for i in reading.issues] == [("total", "D2")]


@pytest.mark.parametrize(
    ("name", "rule", "cell"),
    [("Xã Lan Giới", "other_unit", "H2"), ("Khu tái định cư", "unit", "H2")],
)
def test_a_column_of_somebody_else_is_said_at_its_heading(name, rule, cell):
    reading = understood(grid(names=[*NAMES, name]), FORM)
    assert [(i.rule, i.cell) for i in reading.issues] == [(rule, cell)]


def test_a_misspelt_unit_across_is_asked_and_the_answer_taken():
    names = [f"{NAMES[0]}g", *NAMES[1:]]
    (question,) = understood(grid(names=names), FORM).questions
    reading = understood(grid(names=names), FORM, answers={question.id: UNITS[0].code})
    assert values_by_cell(reading) == TRUTH


def test_a_measure_printed_twice_with_other_numbers_is_refused():
    more = [[8, HEADING[8], "Hộ", 90, 90, 90, 90]]
    reading = understood(grid(more=more), FORM)
    assert [i.rule for i in reading.issues] == ["duplicate"]
    assert "dòng 9 và dòng 10" in reading.issues[0].message


@pytest.mark.parametrize("beside", [True, False])
def test_thousands_of_households_are_asked_before_they_are_multiplied(beside):
    unit, title = ("Nghìn hộ", "Biểu 05") if beside else ("", "Biểu 05. ĐVT: nghìn hộ")
    table = grid(factor=0.001, unit=unit, title=title)
    (question,) = understood(table, FORM).questions
    reading = understood(table, FORM, answers={question.id: "convert"})
    assert values_by_cell(reading) == TRUTH


def test_one_communes_measures_are_its_row():
    table = [["Biểu 05 năm 2023 của xã An Lạc"], ["STT", "Chỉ tiêu", "ĐVT", "Số liệu"]]
    table += [[n, name, "Hộ", number] for n, (name, number) in enumerate(MEASURES, 1)]
    reading = understood(table, FORM)
    an_lac = next(unit.code for unit in units_of("220") if unit.name == "An Lạc")
    assert values_by_cell(reading) == {
        (an_lac, key): number for key, number in zip(KEYS, NUMBERS, strict=False)
    }


# groups down, units across


def poor(*names, factor=1):
    across = [text for name in names for text in (name, None)]
    rows = [
        ["Dân tộc", *across],
        [None, *["Hộ nghèo", "Hộ cận nghèo"] * len(names)],
        *([g.name, *(10 * (n + 1) + c for c in range(2 * len(names)))]
          for n, g in enumerate(GROUPS)),
    ]  # fmt: skip
    merges = [(0, 0, 1, 0), *((0, 1 + 2 * n, 0, 2 + 2 * n) for n in range(len(names)))]
    return rows, merges


def test_groups_down_and_units_across():
    rows, merges = poor(*NAMES[:2])
    rows.append(["Tổng số", *(sum(row[c] for row in rows[2:]) for c in range(1, 5))])
    rows[-1][4] += 1
    reading = understood(rows, ngheo_dan_toc(every_unit=False), merges=merges)
    told = {(v.unit, v.group, v.indicator): v.value for v in reading.values}
    assert told == {
        (unit.code, group.code, key): 10 * (n + 1) + 2 * at + k
        for at, unit in enumerate(UNITS[:2])
        for n, group in enumerate(GROUPS)
        for k, key in enumerate(("N01", "N02"))
    }
    assert [(i.rule, i.cell) for i in reading.issues] == [("total", "E6")]


@pytest.mark.parametrize(("name", "rule"), [("Xã Lan Giới", "other_unit"), ("Khu mới", "unit")])
def test_a_strange_name_among_units_across_is_said_once(name, rule):
    rows, merges = poor(*NAMES[:2], name)
    reading = understood(rows, ngheo_dan_toc(every_unit=False), merges=merges)
    assert [(i.rule, i.cell) for i in reading.issues if i.severity == "error"] == [(rule, "F1")]


def test_the_sum_of_units_across_is_not_stored():
    rows, merges = poor("Toàn huyện", *NAMES[:2])
    reading = understood(rows, ngheo_dan_toc(every_unit=False), merges=merges)
    assert {v.unit for v in reading.values} == {unit.code for unit in UNITS[:2]}
    assert messages(reading) == []
