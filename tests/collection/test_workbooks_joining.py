"""Seventeen communes' files in, one submission out."""

from __future__ import annotations

from portal.collection.workbooks.joining import join
from portal.collection.workbooks.outcome import Issue, Reading
from tests.collection.files.foreign import understood
from tests.collection.files.forms import HEADING, NUMBERS, bieu_05_grid, values_by_cell
from tests.collection.files.layouts import bieu_05, units_of

UNITS = units_of("220")


def of_commune(number: int, *, name: str = "", numbers=NUMBERS) -> Reading:
    unit = UNITS[number]
    rows = [[f"Biểu 05 {unit.label} năm 2023"], HEADING, [1, unit.label, *numbers]]
    return understood(rows, bieu_05(), name=name or f"{unit.name}.xlsx")


def test_files_of_the_communes_become_the_districts_values():
    whole = join([of_commune(n) for n in range(17)], layout=bieu_05())
    assert whole.is_accepted
    assert values_by_cell(whole) == values_by_cell(understood(bieu_05_grid(), bieu_05()))
    assert whole.reconciliation.rows_read == whole.reconciliation.stored == 17
    assert whole.reconciliation.missing_units == ()
    assert whole.reconciliation.sums["D01"] == 17 * 1200
    assert len(whole.understood) == 17


def test_missing_communes_are_listed():
    whole = join([of_commune(n) for n in range(14)], layout=bieu_05())
    assert whole.reconciliation.missing_units == tuple(u.code for u in UNITS[14:])


def test_the_same_commune_twice_with_other_numbers_is_refused():
    other = of_commune(3, name="bản hai.xlsx", numbers=[1300, *NUMBERS[1:]])
    whole = join([of_commune(3), other], layout=bieu_05())
    [error] = whole.errors
    assert "bản hai.xlsx" in error.message
    assert UNITS[3].label in error.message
    assert not whole.values


def test_the_same_commune_twice_with_the_same_numbers_is_taken_once():
    whole = join([of_commune(3), of_commune(3, name="bản hai.xlsx")], layout=bieu_05())
    assert whole.is_accepted
    assert len(whole.values) == 7
    assert len(whole.warnings) == 1


def test_a_file_that_cannot_be_read_is_part_of_the_reconciliation():
    broken = Reading(
        issues=(Issue("error", "file_corrupt", "Tệp bị hỏng.", file="x.xls"),), file="x.xls"
    )
    whole = join([of_commune(3), broken], layout=bieu_05())
    assert not whole.is_accepted
    assert whole.reconciliation.rows[-1].file == "x.xls"


def test_issues_and_questions_say_their_file():
    wrong = of_commune(2, numbers=["hai", *NUMBERS[1:]])
    whole = join([of_commune(1), wrong], layout=bieu_05())
    assert [issue.file for issue in whole.errors] == [f"{UNITS[2].name}.xlsx"]
