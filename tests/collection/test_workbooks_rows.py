"""Rows as officers write them: names, totals, sections, parts, notes, merged labels."""

from __future__ import annotations

import unicodedata

import pytest

from tests.collection.files.foreign import messages, understood
from tests.collection.files.forms import HEADING, NUMBERS, bieu_05_grid, bieu_05_rows
from tests.collection.files.layouts import (
    bieu_05,
    dan_so,
    ngheo_dan_toc,
    units_of,
    units_of_2023,
)

UNITS = units_of("220")
AN_LAC = next(unit for unit in UNITS if unit.name == "An Lạc")
GROUP_HEADING = ["STT", "Đơn vị", "Dân tộc", "Số hộ nghèo", "Số hộ cận nghèo"]
PEOPLE_HEADING = ["STT", "Dân tộc", "Tổng số", "Nam", "Nữ"]


def with_label(label: str) -> list[list]:
    """The whole table with the row of An Lạc called something else."""
    rows = [[*row] for row in bieu_05_rows()]
    for row in rows:
        if row[1] == AN_LAC.label:
            row[1] = label
    return [HEADING, *rows]


@pytest.mark.parametrize(
    "label",
    [
        "An Lạc",
        "xã an lạc",
        "XÃ AN LẠC",
        "X. An Lạc",
        "X.An Lạc",
        "  Xã   An\u00a0Lạc ",
        unicodedata.normalize("NFD", "Xã An Lạc"),
        "Xa An Lac",
        "- Xã An Lạc",
        "12. Xã An Lạc",
        "UBND xã An Lạc",
        "Xã An Lạc\n",
    ],
)
def test_a_commune_is_found_under_every_spelling(label):
    reading = understood(with_label(label), bieu_05())
    assert reading.is_accepted, messages(reading)
    assert AN_LAC.code in {value.unit for value in reading.values}


def test_tone_placement_and_town_prefixes_do_not_matter():
    hoa_son = [unit for unit in units_of_2023() if "oà" in unit.name or "òa" in unit.name]
    assert hoa_son, "the province has a commune with such a name"
    unit = hoa_son[0]
    layout = bieu_05(units=units_of(unit.district), unit=unit.district, unit_name="Huyện")
    swapped = unit.name.replace("òa", "oà") if "òa" in unit.name else unit.name.replace("oà", "òa")
    rows = [HEADING, [1, f"Xã {swapped}", *NUMBERS]]
    assert {v.unit for v in understood(rows, layout).values} == {unit.code}


@pytest.mark.parametrize(
    "label", ["TT An Châu", "TT. An Châu", "T.trấn An Châu", "Thị trấn An Châu"]
)
def test_a_town_is_found_by_its_short_prefix(label):
    reading = understood([HEADING, [1, label, *NUMBERS]], bieu_05())
    assert {v.unit for v in reading.values} == {"07615"}


def test_a_misspelt_name_is_asked_and_the_answer_taken():
    rows = with_label("Xã An Lạcc")
    [question] = understood(rows, bieu_05()).questions
    assert question.suggestion == AN_LAC.code
    reading = understood(rows, bieu_05(), answers={question.id: AN_LAC.code})
    assert reading.is_accepted, messages(reading)
    skipped = understood(rows, bieu_05(), answers={question.id: "-"})
    assert skipped.reconciliation.skipped == 1
    assert skipped.reconciliation.missing_units == (AN_LAC.code,)


def test_an_unknown_name_is_an_error_at_its_cell():
    [error] = understood(with_label("Xã Không Có Thật"), bieu_05()).errors
    assert error.cell.startswith("B")
    assert "Xã Không Có Thật" in error.message


def test_a_commune_of_another_district_is_told_where_it_belongs():
    [error] = understood(with_label("Xã Hương Sơn"), bieu_05()).errors
    assert "huyện Lạng Giang" in error.message
    assert error.cell


def test_many_communes_of_other_districts_are_one_error():
    rows = [HEADING, *bieu_05_rows(5), *bieu_05_rows(8, district="219")]
    errors = understood(rows, bieu_05()).errors
    assert len(errors) == 1
    assert "8 dòng" in errors[0].message


def test_namesakes_are_told_apart_by_the_district_above_them():
    tan_son = [u for u in units_of_2023() if u.name == "Tân Mộc"] or list(units_of_2023())[:1]
    names: dict[str, list] = {}
    for unit in units_of_2023():
        names.setdefault(unit.label, []).append(unit)
    twins = next(units for units in names.values() if len(units) > 1)
    layout = bieu_05(unit="24", unit_name="Tỉnh Bắc Giang", units=units_of_2023(), known_units=())
    rows = [HEADING]
    for unit in twins:
        rows += [["I", unit.district_name], [1, unit.label, *NUMBERS]]
    reading = understood(rows, layout)
    assert {value.unit for value in reading.values} == {unit.code for unit in twins}
    bare = understood([HEADING, [1, twins[0].label, *NUMBERS]], layout)
    assert len(bare.questions) == 1
    assert tan_son


# totals


def test_a_total_is_checked_and_not_stored():
    reading = understood(bieu_05_grid(), bieu_05())
    assert reading.is_accepted
    assert reading.reconciliation.rows_read == 18
    assert (reading.reconciliation.stored, reading.reconciliation.skipped) == (17, 1)
    assert len(reading.reconciliation.totals) == 7
    assert all(total.agrees for total in reading.reconciliation.totals)
    assert not reading.warnings


@pytest.mark.parametrize("label", ["Tổng cộng", "TỔNG SỐ", "Toàn huyện", "Cộng", "Huyện Sơn Động"])
@pytest.mark.parametrize("first", [True, False])
def test_totals_first_or_last_under_many_names(label, first):
    rows = bieu_05_rows()
    sums = [sum(row[c] for row in rows) for c in range(2, 9)]
    total = [None, label, *sums]
    grid = [HEADING, total, *rows] if first else [HEADING, *rows, total]
    reading = understood(grid, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert not reading.warnings, messages(reading)
    assert len(reading.values) == 17 * 7


def test_a_total_in_the_first_column_merged_over_the_names():
    rows = bieu_05_rows()
    sums = [sum(row[c] for row in rows) for c in range(2, 9)]
    grid = [HEADING, *rows, ["Tổng cộng", None, *sums]]
    reading = understood(grid, bieu_05(), merges=[(18, 0, 18, 1)])
    assert reading.is_accepted, messages(reading)
    assert reading.reconciliation.skipped == 1


def test_a_wrong_total_is_shown_and_not_repaired():
    grid = bieu_05_grid()
    grid[-1][2] += 100
    reading = understood(grid, bieu_05())
    assert reading.is_accepted
    [warning] = reading.warnings
    assert (warning.rule, warning.cell) == ("total", "C22")
    assert "chênh 100" in warning.message
    [total] = [t for t in reading.reconciliation.totals if not t.agrees]
    assert (total.printed, total.computed) == (17 * 1200 + 100, 17 * 1200)
    assert reading.reconciliation.sums["D01"] == 17 * 1200


def test_sums_of_districts_in_a_province_file():
    layout = bieu_05(unit="24", unit_name="Tỉnh Bắc Giang", units=units_of_2023(), known_units=())
    rows = [HEADING]
    everything = 0
    for roman, district in (("I", "220"), ("II", "219")):
        communes = bieu_05_rows(5, district=district)
        name = units_of(district)[0].district_name
        rows += [[roman, name, *[5 * n for n in NUMBERS[:7]]], *communes]
        everything += 5
    rows.append([None, "Toàn tỉnh", *[everything * n for n in NUMBERS[:7]]])
    reading = understood(rows, layout)
    assert not reading.errors, messages(reading)
    assert reading.reconciliation.skipped == 3
    assert all(total.agrees for total in reading.reconciliation.totals)


# sections, parts, notes


def test_sections_parts_and_notes_are_no_data():
    rows = bieu_05_rows()
    grid = [
        HEADING,
        ["I", "Khu vực II"],
        *rows[:5],
        [None, "Trong đó: nữ", 1, 1, 1, 1, 1, 1, 1],
        ["II", "Khu vực III"],
        *rows[5:],
        [],
        [None, "Ghi chú: số liệu tính đến 31/12/2023"],
        [None, None, None, None, "Sơn Động, ngày 15 tháng 12 năm 2023"],
        [None, "Người lập biểu", None, None, "TM. UBND HUYỆN"],
        [None, "Nguyễn Văn A", None, None, "Trần Thị B"],
    ]
    reading = understood(grid, bieu_05())
    assert reading.is_accepted, messages(reading)
    rec = reading.reconciliation
    assert (rec.rows_read, rec.stored, rec.skipped, rec.refused) == (20, 17, 3, 0)
    assert {row.row for row in rec.rows} == {2, 8, 9}


def test_every_row_is_accounted_for():
    rows = [[*row] for row in bieu_05_rows()]
    rows[3][4] = "hai"
    rows[5][1] = "Xã Không Có Thật"
    grid = [HEADING, ["I", "Khu vực"], *rows, [None, "Tổng cộng", *[0] * 7]]
    rec = understood(grid, bieu_05()).reconciliation
    assert rec.rows_read == rec.stored + rec.skipped + rec.refused == 19
    assert (rec.stored, rec.skipped, rec.refused) == (15, 2, 2)
    assert all(row.reason for row in rec.rows)


def test_hidden_rows_are_read_and_said():
    grid = bieu_05_grid()
    reading = understood(grid, bieu_05(), hidden_rows={6, 7})
    assert reading.is_accepted
    [warning] = reading.warnings
    assert "7, 8" in warning.message
    assert len(reading.values) == 17 * 7


def test_missing_communes_are_listed():
    reading = understood([HEADING, *bieu_05_rows(15)], bieu_05())
    assert reading.reconciliation.missing_units == tuple(u.code for u in UNITS[15:])


def test_a_repeated_commune_with_other_numbers_is_refused():
    rows = bieu_05_rows()
    again = [18, rows[4][1], *[n + 1 for n in rows[4][2:]]]
    reading = understood([HEADING, *rows, again], bieu_05())
    [error] = reading.errors
    assert error.rule == "duplicate"
    assert "6 và 19" in error.message


def test_a_repeated_commune_with_the_same_numbers_is_skipped():
    rows = bieu_05_rows()
    reading = understood([HEADING, *rows, [18, *rows[4][1:]]], bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.reconciliation.skipped == 1


def test_a_unit_that_ended_before_the_period_is_refused():
    from dataclasses import replace

    units = tuple(
        replace(u, valid=False, note="đã nhập vào xã khác từ 01/01/2023") if u is AN_LAC else u
        for u in UNITS
    )
    [error] = understood(bieu_05_grid(), bieu_05(units=units)).errors
    assert "đã nhập vào xã khác" in error.message


def test_a_communes_own_file_is_one_row_of_the_district():
    reading = understood([HEADING, [1, AN_LAC.label, *NUMBERS]], bieu_05())
    assert reading.is_accepted
    assert {v.unit for v in reading.values} == {AN_LAC.code}
    assert len(reading.reconciliation.missing_units) == 16


# rows by ethnic group


def test_unit_labels_in_merged_cells_reach_over_their_groups():
    rows = [
        GROUP_HEADING,
        [1, UNITS[0].label, "Kinh", 5, 3],
        [None, None, "Tày", 7, 2],
        [2, UNITS[1].label, "Kinh", 1, 0],
        [None, None, "Nùng", 4, 4],
    ]
    reading = understood(rows, ngheo_dan_toc(), merges=[(1, 1, 2, 1), (3, 1, 4, 1)])
    assert reading.is_accepted, messages(reading)
    found = {(v.unit, v.group, v.indicator): v.value for v in reading.values}
    assert found[UNITS[0].code, "02", "N01"] == 7
    assert found[UNITS[1].code, "07", "N02"] == 4


def test_unit_labels_written_once_reach_down():
    rows = [
        GROUP_HEADING,
        [1, UNITS[0].label, "Kinh", 5, 3],
        [None, None, "Tày", 7, 2],
        [2, UNITS[1].label, "Kinh", 1, 0],
    ]
    found = {(v.unit, v.group): v.value for v in understood(rows, ngheo_dan_toc()).values}
    assert found[UNITS[0].code, "02"] == 2  # the last column wins in the mapping


def test_units_and_groups_in_one_column():
    rows = [
        ["STT", "Đơn vị, dân tộc", "Số hộ nghèo", "Số hộ cận nghèo"],
        ["I", UNITS[0].label, 12, 5],
        [1, "Kinh", 5, 3],
        [2, "Tày", 7, 2],
        ["II", UNITS[1].label, 6, 0],
        [1, "- Dao", 6, 0],
    ]
    reading = understood(rows, ngheo_dan_toc())
    assert reading.is_accepted, messages(reading)
    assert not reading.warnings, messages(reading)
    assert {(v.unit, v.group) for v in reading.values} == {
        (UNITS[0].code, "01"), (UNITS[0].code, "02"), (UNITS[1].code, "09")
    }  # fmt: skip
    assert len(reading.reconciliation.totals) == 4


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Tày", "02"),
        ("TÀY", "02"),
        ("Dân tộc Tày", "02"),
        ("Người Tày", "02"),
        ("Hmông", "08"),
        ("H'Mông", "08"),
        ("H’Mông", "08"),
        ("Mông", "08"),
        ("Khơ-me", "05"),
        ("Khơ me", "05"),
        ("Ra-glai", "21"),
        ("Ê đê", "12"),
        ("Cao Lan", "15"),
        ("Sán Chí", "15"),
        ("Sán Chí + Cao Lan", "15"),
        ("Sán Chay (Cao Lan, Sán Chí)", "15"),
        ("Sán Rìu", "18"),
        ("Bru-Vân Kiều", "23"),
        ("Thổ", "24"),
        ("04. Mường", "06"),
        ("San Diu", "18"),
        ("Cống", "48"),
        ("CỐNG", "48"),
    ],
)
def test_an_ethnic_group_is_found_by_name_never_by_number(label, code):
    rows = [GROUP_HEADING, [1, UNITS[0].label, label, 5, 3]]
    reading = understood(rows, ngheo_dan_toc())
    assert not reading.questions, reading.questions
    assert {v.group for v in reading.values} == {code}


@pytest.mark.parametrize("label", ["Trại", "Xá Lá Vàng", "Ca Tang", "Lao"])
def test_an_alias_of_several_groups_is_asked(label):
    rows = [GROUP_HEADING, [1, UNITS[0].label, label, 5, 3]]
    [question] = understood(rows, ngheo_dan_toc()).questions
    options = [option.value for option in question.options if option.value != "-"]
    assert len(options) >= 2
    reading = understood(rows, ngheo_dan_toc(), answers={question.id: options[1]})
    assert {v.group for v in reading.values} == {options[1]}


def test_a_bare_number_is_no_ethnic_group():
    rows = [GROUP_HEADING, [1, UNITS[0].label, "06", 5, 3]]
    reading = understood(rows, ngheo_dan_toc())
    assert not reading.is_accepted
    assert not reading.values


def test_local_groups_are_added_when_the_person_agrees():
    rows = [
        GROUP_HEADING,
        [1, UNITS[0].label, "Sán Chí", 5, 3],
        [None, None, "Cao Lan", 7, 1],
    ]
    [question] = understood(rows, ngheo_dan_toc()).questions
    reading = understood(rows, ngheo_dan_toc(), answers={question.id: "add"})
    assert reading.is_accepted, messages(reading)
    assert {(v.group, v.indicator): v.value for v in reading.values} == {
        ("15", "N01"): 12, ("15", "N02"): 4
    }  # fmt: skip


def test_one_merged_number_for_two_local_groups_is_taken_once():
    rows = [
        GROUP_HEADING,
        [1, UNITS[0].label, "Sán Chí", 12, 4],
        [None, None, "Cao Lan", None, None],
    ]
    reading = understood(rows, ngheo_dan_toc(), merges=[(1, 3, 2, 3), (1, 4, 2, 4)])
    assert reading.is_accepted, (messages(reading), reading.questions)
    assert {v.value for v in reading.values} == {12, 4}


def test_one_merged_number_for_two_communes_is_refused():
    rows = [[*row] for row in bieu_05_rows()]
    rows[1][2] = None
    reading = understood([HEADING, *rows], bieu_05(), merges=[(1, 2, 2, 2)])
    [error] = reading.errors
    assert (error.rule, error.cell) == ("merged", "C3")


def test_a_total_row_of_a_commune_is_checked():
    rows = [
        PEOPLE_HEADING,
        [None, "Tổng số", 100, 49, 51],
        [1, "Kinh", 60, 30, 30],
        [2, "Tày", 40, 20, 20],
        [None, "Trong đó: dân tộc thiểu số", 40, 20, 20],
    ]
    reading = understood(rows, dan_so(units=(AN_LAC,)))
    assert not reading.errors, messages(reading)
    assert {warning.cell for warning in reading.warnings} == {"D2", "E2"}
    assert {(v.group, v.sex): v.value for v in reading.values}[("01", None)] == 60


def test_whose_file_it_is_comes_from_the_title_or_the_name():
    rows = [PEOPLE_HEADING, [1, "Kinh", 60, 30, 30]]
    titled = [[f"Dân số theo dân tộc của xã {AN_LAC.name} năm 2023"], *rows]
    for grid, name in ((titled, "tep.xlsx"), (rows, "DAN-SO xã An Lạc.xlsx"), (rows, "An_Lac.xls")):
        reading = understood(grid, dan_so(), name=name)
        assert {v.unit for v in reading.values} == {AN_LAC.code}, name
    [question] = understood(rows, dan_so(), name="tep.xlsx").questions
    assert question.id == "whose"
    answered = understood(rows, dan_so(), answers={"whose": AN_LAC.code})
    assert {v.unit for v in answered.values} == {AN_LAC.code}


def test_men_and_women_must_make_the_total():
    rows = [PEOPLE_HEADING, [1, "Kinh", 60, 30, 29]]
    [error] = understood(rows, dan_so(units=(AN_LAC,))).errors
    assert error.message == ("Ô C2, Tổng số: 60 khác tổng Nam + Nữ (59). Hãy kiểm tra lại các ô.")


def test_an_ethnic_group_nobody_knows_is_an_error_at_its_cell():
    rows = [PEOPLE_HEADING, [1, "Sao Hoả", 60, 30, 30]]
    [error] = understood(rows, dan_so(units=(AN_LAC,))).errors
    assert (error.rule, error.cell) == ("group", "B2")


@pytest.mark.parametrize(
    "label", ["Xã An Lạc (ĐBKK)", "Xã An Lạc*", "07624 - Xã An Lạc", "Xã: An Lạc", "Xã An Lạc ¹"]
)
def test_what_stands_around_a_name_does_not_matter(label):
    reading = understood(with_label(label.replace("07624", AN_LAC.code)), bieu_05())
    assert reading.is_accepted, messages(reading)


def test_a_code_beside_a_name_helps_where_the_name_does_not():
    rows = [["STT", "Mã đơn vị", *HEADING[1:]]]
    rows += [[row[0], UNITS[n].code, *row[1:]] for n, row in enumerate(bieu_05_rows())]
    rows[4][1] = float(UNITS[3].code)
    rows[4][2] = "Xã viết sai hẳn"
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert {value.unit for value in reading.values} == {unit.code for unit in UNITS}


def test_a_column_of_districts_tells_namesakes_apart():
    names: dict[str, list] = {}
    for unit in units_of_2023():
        names.setdefault(unit.label, []).append(unit)
    twins = next(units for units in names.values() if len(units) > 1)
    layout = bieu_05(unit="24", unit_name="Tỉnh Bắc Giang", units=units_of_2023(), known_units=())
    rows = [["Huyện", "Xã", *HEADING[2:]]]
    rows += [[unit.district_name, unit.label, *NUMBERS] for unit in twins]
    reading = understood(rows, layout)
    assert {value.unit for value in reading.values} == {unit.code for unit in twins}


def test_villages_below_their_commune_are_not_stored():
    rows = [HEADING, [1, AN_LAC.label, *NUMBERS]]
    rows += [[None, f"Thôn {name}", *[n // 2 for n in NUMBERS]] for name in ("Thác", "Đội 1")]
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.reconciliation.skipped == 2
    assert len(reading.values) == 7


def test_sums_of_zones_are_no_communes():
    rows = bieu_05_rows()
    grid = [HEADING]
    for label, part in (("Xã khu vực II", rows[:5]), ("Xã khu vực III", rows[5:])):
        grid += [[None, label, *[sum(row[c] for row in part) for c in range(2, 9)]], *part]
    reading = understood(grid, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert not reading.warnings, messages(reading)
    assert reading.reconciliation.skipped == 2


def test_a_unit_may_stand_as_its_code():
    rows = [["STT", "Đơn vị", *HEADING[2:]]]
    rows += [[n, float(unit.code), *NUMBERS] for n, unit in enumerate(UNITS, 1)]
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert len(reading.values) == 17 * 7


def test_a_commune_that_is_no_longer_there_is_told_apart_from_another_districts():
    from dataclasses import replace

    gone = replace(UNITS[3], valid=False, note="nhập vào xã Vân Sơn từ 01/01/2023")
    layout = bieu_05(units=(*UNITS[:3], *UNITS[4:]), known_units=(gone,))
    [error] = understood(bieu_05_grid(), layout).errors
    assert "không có trong kỳ năm 2023 (nhập vào xã Vân Sơn" in error.message


LOCAL = [["Dân tộc", "Số hộ nghèo", "Số hộ cận nghèo"]]


@pytest.mark.parametrize(
    ("first", "second", "more", "total"),
    [("1,500", "1,500", "1,234,567", 3000), ("1.500", "1.500", "1.234.567", 3000), ("-", 7, 1, 7)],
)
def test_local_groups_are_added_in_the_number_style_of_the_file(first, second, more, total):
    grid = [*LOCAL, ["Sán Chí", first, 1], ["Cao Lan", second, 2], ["Tày", more, 1]]
    layout = ngheo_dan_toc(units=(AN_LAC,), every_unit=False)
    reading = understood(grid, layout, answers={"add:15": "add"})
    assert [v.value for v in reading.values if v.group == "15" and v.column == "N01"] == [total]


def test_local_groups_with_a_word_among_their_numbers_are_not_added():
    grid = [*LOCAL, ["Sán Chí", "hai", 1], ["Cao Lan", 5, 2], ["Tày", 1, 1]]
    layout = ngheo_dan_toc(units=(AN_LAC,), every_unit=False)
    reading = understood(grid, layout, answers={"add:15": "add"})
    assert [error.rule for error in reading.errors] == ["number"]


def test_an_empty_cell_of_a_local_group_is_an_omission_and_no_zero():
    grid = [*LOCAL, ["Sán Chí", None, 1], ["Cao Lan", 5, 2]]
    layout = ngheo_dan_toc(units=(AN_LAC,), every_unit=False)
    reading = understood(grid, layout, answers={"add:15": "add"})
    assert [error.rule for error in reading.errors] == ["required"]
