"""How the survey and the census lay their tables out: groups, sexes and categories across or down,
print blocks below and beside one another, labels nested in three columns, hidden parts."""

from __future__ import annotations

import pytest

from portal.collection.workbooks.layout import Column, Layout
from portal.collection.workbooks.outcome import Reading
from tests.collection.files.foreign import messages, sheet_of, understood
from tests.collection.files.forms import HEADING, bieu_05_rows
from tests.collection.files.layouts import bieu_05, cntt, dan_so, groups, units_of

UNITS = units_of("220")
GROUPS = groups()
PRINTED = 7  # groups in one print block
TITLES = [["Biểu 4a. Dân số theo dân tộc năm 2023"], ["Có đến 31-12"], ["Đơn vị tính: Người"]]


def people() -> Layout:
    column = Column(key="D03", measure="D03", heading="Số người", number="1",
                    unit_of_measure="người", aliases=("Dân số",))  # fmt: skip
    return dan_so(columns=(column,), rules=(), every_unit=False)


def number(unit: int, group: int) -> int:
    return 1000 * unit + 7 * group + 1


TRUTH = {
    (unit.code, group.code): number(u, g)
    for u, unit in enumerate(UNITS)
    for g, group in enumerate(GROUPS)
}


def told(reading: Reading) -> dict:
    return {(value.unit, value.group): value.value for value in reading.values}


def wide_rows() -> list[list]:
    rows = []
    for u, unit in enumerate(UNITS):
        numbers = [number(u, g) for g in range(len(GROUPS))]
        rows.append([u + 1, unit.label, sum(numbers), *numbers])
    return rows


def wide_grid() -> tuple[list[list], list]:
    grid = [
        *TITLES,
        ["STT", "Đơn vị", "Tổng số", "Chia theo dân tộc", *[None] * 53],
        [None, None, None, *(group.name for group in GROUPS)],
        ["A", "B", *range(1, 56)],
        *wide_rows(),
    ]
    return grid, [(3, 0, 4, 0), (3, 1, 4, 1), (3, 2, 4, 2), (3, 3, 3, 56)]


def test_fifty_five_columns_of_groups():
    grid, merges = wide_grid()
    reading = understood(grid, people(), merges=merges)
    assert reading.is_accepted, messages(reading)
    assert told(reading) == TRUTH
    assert all(total.agrees for total in reading.reconciliation.totals)


def test_totals_over_groups_across_are_compared_group_by_group():
    grid, merges = wide_grid()
    sums = [sum(row[c] for row in wide_rows()) for c in range(2, 57)]
    sums[3] += 5
    grid.insert(6, [None, "Toàn huyện", *sums])
    reading = understood(grid, people(), merges=merges)
    assert told(reading) == TRUTH
    [warning] = reading.warnings
    assert warning.heading == f"Số người, dân tộc {GROUPS[2].name}"
    assert "chênh 5" in warning.message


def test_a_group_whose_name_reads_like_another_word_is_not_lost():
    """ "Mạ" folds to the word for a code."""
    grid, merges = wide_grid()
    codes = {value.group for value in understood(grid, people(), merges=merges).values}
    assert {group.code for group in GROUPS if group.name == "Mạ"} <= codes


def blocks_of_groups() -> list[list[int]]:
    places = range(len(GROUPS))
    return [list(places[start : start + PRINTED]) for start in range(0, len(GROUPS), PRINTED)]


def test_eight_print_blocks_below_one_another():
    grid, merges = [*TITLES], []
    for block in blocks_of_groups():
        top = len(grid)
        merges += [(top, 2, top, 1 + len(block)), (top, 1, top + 1, 1)]
        grid += [
            [None, "Đơn vị", "Chia theo dân tộc"],
            [None, None, *(GROUPS[g].name for g in block)],
            ["A", "B", *range(1, len(block) + 1)],
            *([u + 1, unit.label, *(number(u, g) for g in block)] for u, unit in enumerate(UNITS)),
            [],
            ["Biểu 4a (tiếp theo)"],
        ]
    reading = understood(grid, people(), merges=merges)
    assert reading.is_accepted, messages(reading)
    assert told(reading) == TRUTH


def test_eight_print_blocks_beside_one_another():
    top: list = []
    below: list = []
    rows: list[list] = [[] for _ in UNITS]
    merges = []
    for block in blocks_of_groups():
        place = len(top)
        merges += [(0, place, 1, place), (0, place + 1, 0, place + len(block))]
        top += ["Đơn vị", "Chia theo dân tộc", *[None] * (len(block) - 1)]
        below += [None, *(GROUPS[g].name for g in block)]
        for u, unit in enumerate(UNITS):
            rows[u] += [unit.label, *(number(u, g) for g in block)]
    reading = understood([top, below, *rows], people(), merges=merges)
    assert reading.is_accepted, messages(reading)
    assert told(reading) == TRUTH


def test_the_second_half_of_the_rows_beside_the_first():
    rows = [[*row[:2], *(n + row[0] for n in row[2:9])] for row in bieu_05_rows()]
    left, right = rows[:9], [*rows[9:], [None] * 9]
    heading = HEADING[:9]
    grid = [[*heading, None, *heading]]
    grid += [[*a, None, *b] for a, b in zip(left, right, strict=True)]
    reading = understood(grid, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert {v.unit: v.value for v in reading.values if v.column == "D01"} == {
        unit.code: 1200 + n for n, unit in enumerate(UNITS, 1)
    }


@pytest.mark.parametrize(
    "marks",
    [
        ["(A)", "(B)", *(f"({n})" for n in range(1, 10))],
        ["[1]", "[2]", *(f"[{n}]" for n in range(3, 12))],
        ["1.", "2.", *(f"{n}." for n in range(3, 12))],
        ["Cột A", "Cột B", *(f"Cột {n}" for n in range(1, 10))],
        ["A", "B", 1, 2, 3, 4, 5, 6, 7, "8=3/2*100", "9=(4):(2)x100"],
        [None, None, *range(1, 10)],
    ],
)
def test_rows_of_column_marks_are_no_data(marks):
    reading = understood([["Biểu 05 năm 2023"], HEADING, marks, *bieu_05_rows()], bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.reconciliation.rows_read == 17
    assert reading.understood[0].heading_rows == (2, 3)


# sexes and categories down

SEXES = [("Tổng số", 100, None), ("Nam", 45, "male"), ("Nữ", 55, "female")]


def sexes_down(form: str) -> list[list]:
    rows: list[list] = []
    for unit in UNITS[:3]:
        for group in GROUPS[:2]:
            if form == "column":
                rows += [[unit.label, group.name, name, n] for name, n, _ in SEXES]
            else:
                rows.append([unit.label, group.name, 100])
                rows += [[None, f"{form}{name}", n] for name, n, _ in SEXES[1:]]
    heading = ["Đơn vị", "Dân tộc", *(["Giới tính"] if form == "column" else []), "Số người"]
    return [heading, *rows]


@pytest.mark.parametrize("form", ["", "- ", "Trong đó: ", "T.đó: ", "column"])
def test_sexes_as_rows(form):
    reading = understood(sexes_down(form), dan_so())
    assert not reading.questions, reading.questions
    found = {(v.unit, v.group, v.sex): v.value for v in reading.values}
    assert found == {
        (unit.code, group.code, sex): n
        for unit in UNITS[:3]
        for group in GROUPS[:2]
        for _, n, sex in SEXES
    }


def test_a_sex_that_is_wanting_for_one_group_is_said():
    grid = sexes_down("- ")
    del grid[3]
    reading = understood(grid, dan_so())
    assert [(error.rule, error.column) for error in reading.errors] == [("required", "D03_nu")]


def test_men_are_all_less_women_when_the_sender_agrees():
    grid = [["Đơn vị", "Dân tộc", "Tổng số", "Trong đó: Nữ"]]
    grid += [[unit.label, "Tày", 100 + u, 40] for u, unit in enumerate(UNITS)]
    [question] = understood(grid, dan_so()).questions
    assert question.id == "derive:D03_nam"
    assert question.text.endswith("Ví dụ Tày: 100 − 40 = 60.")
    reading = understood(grid, dan_so(), answers={"derive:D03_nam": "yes"})
    men = {v.unit: v.value for v in reading.values if v.sex == "male"}
    assert men == {unit.code: 60 + u for u, unit in enumerate(UNITS)}
    refused = understood(grid, dan_so(), answers={"derive:D03_nam": "no"})
    assert [error.rule for error in refused.errors] == ["missing_column"]


CATEGORIES = [("Tổng số", None, 100), ("Hố xí tự hoại", "a", 50), ("Hố xí khác", "b", 30),
              ("Không có", "c", 20)]  # fmt: skip


def toilets() -> Layout:
    columns = tuple(
        Column(key=f"V1{category or ''}", measure="V1", heading=name, category=category,
               unit_of_measure="hộ")
        for name, category, _ in CATEGORIES
    )  # fmt: skip
    return bieu_05(columns=columns, rules=(), title="Biểu 56", every_unit=False)


def categories_told(reading: Reading) -> dict:
    return {(value.unit, value.category): value.value for value in reading.values}


EXPECTED = {(unit.code, c): n for unit in UNITS[:3] for _, c, n in CATEGORIES}


def test_categories_in_a_column_of_their_own():
    grid = [["Đơn vị", "Loại hố xí", "Số hộ"]]
    grid += [
        [unit.label if c is None else None, name, n]
        for unit in UNITS[:3]
        for name, c, n in CATEGORIES
    ]
    reading = understood(grid, toilets())
    assert not reading.questions, reading.questions
    assert categories_told(reading) == EXPECTED


def test_categories_below_their_unit_and_below_the_total():
    grid = [["Đơn vị", "Số hộ"]]
    for unit in UNITS[:3]:
        grid += [[unit.label, 100], *([f"- {name}", n] for name, c, n in CATEGORIES if c)]
    grid += [["Tổng cộng", 300], ["- Hố xí tự hoại", 150], ["- Hố xí khác", 90]]
    reading = understood(grid, toilets())
    assert categories_told(reading) == EXPECTED, "rows below a total belong to nobody"


def test_labels_nested_in_three_columns_of_merged_cells():
    grid, merges = [["Đơn vị", "Khu vực", "Loại hố xí", "Số hộ"]], []
    for unit in UNITS[:3]:
        top = len(grid)
        merges.append((top, 0, top + 11, 0))
        for area, times in (("Tổng số", 1), ("Thành thị", 2), ("Nông thôn", 3)):
            merges.append((len(grid), 1, len(grid) + 3, 1))
            for name, c, n in CATEGORIES:
                labels = [unit.label if area == "Tổng số" and c is None else None,
                          area if c is None else None]  # fmt: skip
                grid.append([*labels, name, n * times])
    reading = understood(grid, toilets(), merges=merges)
    assert categories_told(reading) == EXPECTED
    assert reading.reconciliation.skipped == 24


def households() -> Layout:
    columns = [Column(key="s", measure="H", heading="Tổng số hộ", unit_of_measure="hộ")]
    columns += [
        Column(key=f"s{n}", measure="H", heading="9 người trở lên" if n == 9 else f"{n} người",
               category=str(n), unit_of_measure="hộ", aliases=("9+ người", "9+") if n == 9 else ())
        for n in range(1, 10)
    ]  # fmt: skip
    return bieu_05(columns=tuple(columns), rules=(), title="Biểu 4a", every_unit=False)


@pytest.mark.parametrize(
    "sizes", [[*(f"{n} người" for n in range(1, 9)), "9+ người"], [*range(1, 9), "9+"]]
)
def test_household_sizes_are_headings_and_no_numbers(sizes):
    grid = [["Đơn vị", "Tổng số", "Chia theo số người trong hộ", *[None] * 8], [None, None, *sizes]]
    grid += [[unit.label, 45, *range(1, 10)] for unit in UNITS]
    merges = [(0, 2, 0, 10), (0, 0, 1, 0), (0, 1, 1, 1)]
    reading = understood(grid, households(), merges=merges)
    assert reading.is_accepted, messages(reading)
    first = {v.column: v.value for v in reading.values if v.unit == UNITS[0].code}
    assert first == {"s": 45, **{f"s{n}": n for n in range(1, 10)}}


# hidden parts and columns nobody knows


def test_hidden_columns_are_read_and_said():
    reading = understood([HEADING, *bieu_05_rows()], bieu_05(), hidden_columns={4})
    assert [warning.rule for warning in reading.warnings] == ["hidden_columns"]
    assert "cột ẩn vẫn được đọc: E" in reading.warnings[0].message


@pytest.mark.parametrize(
    ("layout", "grid"),
    [
        (bieu_05(), [HEADING, *bieu_05_rows()]),
        (cntt(), [["Chỉ tiêu", "Số liệu"], *([c.heading, 3] for c in cntt().entered)]),
    ],
)
def test_a_table_on_a_hidden_sheet_only_is_not_read(layout, grid):
    sheets = [sheet_of([["Bìa"]], name="Bìa"), sheet_of(grid, name="Cũ", state="hidden")]
    reading = understood(None, layout, sheets=sheets)
    assert [error.rule for error in reading.errors] == ["hidden_sheet"]
    assert "“Cũ”" in reading.errors[0].message


def test_columns_of_numbers_that_nobody_knows_are_said():
    grid = [[*HEADING, "Số con trâu"], *([*row, 12] for row in bieu_05_rows())]
    reading = understood(grid, bieu_05())
    assert reading.is_accepted
    assert "L “Số con trâu”" in reading.warnings[0].message


def test_a_unit_called_former_is_asked_and_one_that_is_gone_is_taken():
    grid = [HEADING, *bieu_05_rows()]
    place = next(row for row in grid[1:] if row[1] == "Xã An Lạc")
    place[1] = "Xã An Lạc (cũ)"
    assert [q.id for q in understood(grid, bieu_05()).questions] == ["unit:xaanlaccu"]


def test_a_column_among_groups_that_is_none_of_them_is_asked():
    grid, merges = wide_grid()
    thai = next(place for place, name in enumerate(grid[4]) if name == "Thái")
    grid[4][thai], grid[4][-1] = "Thaií", "Dân tộc khác"
    reading = understood(grid, people(), merges=merges)
    assert [question.id for question in reading.questions] == ["group:thaii", "group:dantockhac"]
    answers = {"group:thaii": "03", "group:dantockhac": "-"}
    again = understood(grid, people(), merges=merges, answers=answers)
    assert again.is_accepted
    last = GROUPS[-1].code
    assert told(again) == {key: value for key, value in TRUTH.items() if key[1] != last}
    assert "columns_aside" in {warning.rule for warning in again.warnings}


@pytest.mark.parametrize("text", [" 7,894", "7,894\u00a0", "'7", "–", "—", "KCSL", "５００"])
def test_what_stands_around_a_number_does_not_hide_its_row(text):
    grid = [["Đơn vị", "Dân tộc", "Số người"], [UNITS[0].label, "Tày", text]]
    reading = understood(grid, people(), answers={"number_style": "1,234.5"})
    assert reading.reconciliation.stored == 1
