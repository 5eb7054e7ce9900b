"""Each kind of rule at its limit, just under and just over it, with zeros and missing values."""

from __future__ import annotations

from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.collection.workbooks.checking import check_entries
from portal.collection.workbooks.entries import RowKey, entries_of_form
from portal.collection.workbooks.layout import Column, GroupName, Layout, RowUnit, Rule
from portal.collection.workbooks.rules import Beside
from portal.collection.workbooks.rules.strange import bounds, median_deviation, middle

KEYS = ("A", "B", "C", "D")
UNITS = tuple(RowUnit(code=f"{n:05}", name=f"Thử {n}", kind="xã") for n in range(30))
GROUPS = tuple(GroupName(code=code, name=code) for code in ("01", "02", "03"))
UNKNOWN = "…"


def column(key, **more):
    fields = {"key": key, "measure": key, "heading": f"Cột {key}", "required": False}
    return Column(**{**fields, "value_type": "decimal", **more})


def layout(*rules, columns=None, rows="unit"):
    return Layout(
        dataset="THU",
        title="Biểu thử",
        period="2023",
        period_label="Năm 2023",
        unit="220",
        unit_name="Huyện Thử",
        rows=rows,
        columns=columns or tuple(column(key) for key in KEYS),
        units=UNITS,
        groups=GROUPS if rows == "unit_group" else (),
        rules=rules,
    )


def found(form, *rows, beside=None, groups=None):
    """(row, rule, column) of everything that is said of rows typed as texts by column."""
    keys = [
        RowKey(UNITS[0].code, groups[index]) if groups else RowKey(UNITS[index].code)
        for index in range(len(rows))
    ]
    cells = {
        (key, name): text for key, row in zip(keys, rows, strict=True) for name, text in row.items()
    }
    checked = check_entries(form, entries_of_form(form, cells), beside=beside)
    places = {key: index for index, key in enumerate(keys)}
    return [
        (places[RowKey(issue.unit, issue.group)], issue.rule, issue.column)
        for issue in checked.issues
    ]


def said(form, row, **more):
    return bool(found(form, row, **more))


def rule(kind, *columns, **more):
    return Rule(code="R", kind=kind, columns=columns, **more)


def test_at_most():
    form = layout(rule("at_most", "A", other="B"))
    assert not said(form, {"A": "10", "B": "10"})
    assert not said(form, {"A": "9,99", "B": "10"})
    assert found(form, {"A": "10,01", "B": "10"}) == [(0, "R", "A")]
    assert said(form, {"A": "1", "B": "0"})
    assert not said(form, {"A": "0", "B": "0"})


def test_at_least():
    form = layout(rule("at_least", "A", other="B"))
    assert not said(form, {"A": "10", "B": "10"})
    assert not said(form, {"A": "10,01", "B": "10"})
    assert found(form, {"A": "9,99", "B": "10"}) == [(0, "R", "A")]
    assert said(form, {"A": "0", "B": "1"})


@pytest.mark.parametrize("kind", ["at_most", "at_least"])
@pytest.mark.parametrize("gap", [{"A": UNKNOWN, "B": "1"}, {"A": "1", "B": UNKNOWN}, {"A": "1"}])
def test_a_comparison_says_nothing_where_a_side_is_not_known(kind, gap):
    assert not said(layout(rule(kind, "A", other="B")), gap)


def test_sum_of_parts():
    form = layout(rule("sum", "A", "B", other="C"))
    assert not said(form, {"A": "1", "B": "2", "C": "3"})
    assert found(form, {"A": "1", "B": "2", "C": "3,1"}) == [(0, "R", "C")]
    assert said(form, {"A": "1", "B": "2", "C": "2,9"})
    assert said(form, {"A": "0", "B": "0", "C": "1"})
    assert not said(form, {"A": "0", "B": "0", "C": "0"})
    for gap in ({"A": "1", "B": UNKNOWN, "C": "9"}, {"A": "1", "C": "9"}, {"A": "1", "B": "2"}):
        assert not said(form, gap)


def test_a_sum_may_differ_by_a_number():
    form = layout(rule("sum", "A", "B", other="C", parameter=Decimal(2)))
    assert not said(form, {"A": "1", "B": "2", "C": "5"})
    assert not said(form, {"A": "1", "B": "2", "C": "1"})
    assert said(form, {"A": "1", "B": "2", "C": "5,1"})
    assert said(form, {"A": "1", "B": "2", "C": "0,9"})


def test_a_sum_may_differ_by_a_share_of_the_whole():
    form = layout(rule("sum", "A", "B", other="C", tolerance_percent=Decimal(1)))
    assert not said(form, {"A": "102", "B": "100", "C": "200"})
    assert said(form, {"A": "102,1", "B": "100", "C": "200"})
    assert not said(form, {"A": "98", "B": "100", "C": "200"})
    assert said(form, {"A": "97,9", "B": "100", "C": "200"})


@pytest.mark.parametrize(("relation", "wrong", "right"), [("<=", "3,1", "3"), (">=", "2,9", "3")])
def test_a_sum_may_be_a_bound(relation, wrong, right):
    form = layout(rule("sum", "A", "B", other="C", relation=relation))
    assert not said(form, {"A": right, "B": "0", "C": "3"})
    assert found(form, {"A": wrong, "B": "0", "C": "3"}) == [(0, "R", "C")]


def test_range():
    form = layout(rule("range", "A", minimum=Decimal(1), maximum=Decimal(5)))
    for value, wrong in (("1", 0), ("0,9", 1), ("5", 0), ("5,1", 1), ("0", 1), (UNKNOWN, 0)):
        assert said(form, {"A": value, "B": "1"}) is bool(wrong), value
    assert not said(layout(rule("range", "A", minimum=Decimal(1))), {"A": "1000"})
    assert not said(layout(rule("range", "A", maximum=Decimal(1))), {"A": "0"})


def test_ratio():
    form = layout(rule("ratio", "A", other="B", minimum=Decimal(2), maximum=Decimal(5)))
    for people, wrong in (("20", 0), ("19,9", 1), ("50", 0), ("50,1", 1), ("0", 1), (UNKNOWN, 0)):
        assert said(form, {"A": people, "B": "10"}) is bool(wrong), people
    assert not said(form, {"A": "7", "B": "0"})
    assert not said(form, {"A": "7", "B": UNKNOWN})
    assert not said(form, {"A": "7"})


def test_a_ratio_keeps_every_digit():
    form = layout(rule("ratio", "A", other="B", maximum=Decimal(1), parameter=Decimal(3)))
    assert not said(form, {"A": "1", "B": "3"})
    assert said(form, {"A": "1,0000001", "B": "3"})


def test_required_if():
    form = layout(rule("required_if", "B", other="A"))
    assert found(form, {"A": "1"}) == [(0, "R", "B")]
    assert found(form, {"A": "1", "B": "  "}) == [(0, "R", "B")]
    for answer in ("0", "5", UNKNOWN, "x"):
        assert not said(form, {"A": "1", "B": answer}), answer
    for condition in ("0", UNKNOWN, ""):
        assert not said(form, {"A": condition, "C": "1"}), condition
    assert [rule for _, rule, _ in found(form, {"A": "1", "B": "hai"})] == ["number"]


def test_required_from_a_limit_on():
    form = layout(rule("required_if", "B", other="A", parameter=Decimal(10)))
    assert not said(form, {"A": "10"})
    assert said(form, {"A": "10,1"})


def test_what_is_required_anyway_is_said_once():
    columns = (column("A"), column("B", required=True))
    form = layout(rule("required_if", "B", other="A"), columns=columns)
    assert found(form, {"A": "1"}) == [(0, "required", "B")]


def test_a_text_may_be_required():
    columns = (column("A"), column("B", value_type="text"))
    form = layout(rule("required_if", "B", other="A"), columns=columns)
    assert said(form, {"A": "1"})
    assert not said(form, {"A": "1", "B": "cây keo"})


def before(value, key="A", unit=0):
    return Beside(previous={(UNITS[unit].code, key, None, None, ""): Decimal(value)})


def test_change():
    form = layout(rule("change", "A", parameter=Decimal(3)))
    beside = before(20)
    assert not said(form, {"A": "59,9"}, beside=beside)
    assert said(form, {"A": "60"}, beside=beside)
    assert not said(form, {"A": "6,7"}, beside=beside)
    assert said(form, {"A": "6"}, beside=beside)
    assert said(form, {"A": "0"}, beside=beside)
    assert not said(form, {"A": UNKNOWN}, beside=beside)
    assert not said(form, {"A": "1000"}, beside=before(0))
    assert not said(form, {"A": "1000"}, beside=before(20, unit=1))
    assert not said(form, {"A": "1000"})


def test_a_small_change_is_never_remarkable():
    form = layout(rule("change", "A"))
    assert not said(form, {"A": "10,9"}, beside=before(1))
    assert said(form, {"A": "11"}, beside=before(1))


# 10 … 18: median 14, absolute deviations 4 3 2 1 0 1 2 3 4, MAD 2; 3.5 × 2 / 0.6745 = 10.378
PEERS = [str(10 + n) for n in range(9)]


def peers_with(value, **more):
    rows = [{"A": text} for text in PEERS]
    rows[4]["A"] = value
    return found(layout(rule("outlier", "A", minimum=Decimal(0), **more)), *rows)


def test_an_outlier_among_its_peers():
    # with 24.0 in the middle's place the median is 15 and MAD 3: reach 15.567
    assert peers_with("30,5") == []
    assert peers_with("30,6") == [(4, "R", "A")]
    assert peers_with(UNKNOWN) == []


def test_the_threshold_of_outliers_is_declared():
    # median 15, MAD 3; a threshold of 0.6745 reaches exactly one MAD from the median
    assert [row for row, *_ in peers_with("24", parameter=Decimal("0.6745"))] == [0, 1, 4]
    assert [row for row, *_ in peers_with("24", parameter=Decimal("0.6744"))] == [0, 1, 2, 4, 8]


def test_few_peers_say_nothing():
    form = layout(rule("outlier", "A", minimum=Decimal(0)))
    rows = [{"A": text} for text in ("10", "11", "12", "13", "14", "15", "9999")]
    assert found(form, *rows) == []
    assert found(form, *rows, {"A": "12"}) == [(6, "R", "A")]
    assert found(form, *rows, {"A": UNKNOWN}) == []


def test_peers_on_other_pages_of_the_form_count():
    form = layout(rule("outlier", "A", minimum=Decimal(0)))
    rest = {("A", None): [Decimal(10 + n) for n in range(9)]}
    assert found(form, {"A": "9999"}, beside=Beside(peers=rest)) == [(0, "R", "A")]
    assert found(form, {"A": "14"}, beside=Beside(peers=rest)) == []


def test_peers_are_rows_of_the_same_group():
    form = layout(rule("outlier", "A", minimum=Decimal(0)), rows="unit_group")
    rest = {("A", "01"): [Decimal(10 + n) for n in range(9)]}
    beside = Beside(peers=rest)
    rows = [{"A": "9999"}, {"A": "9999"}]
    assert found(form, *rows, groups=["01", "02"], beside=beside) == [(0, "R", "A")]


def test_where_most_values_are_equal_the_mean_deviation_is_the_measure():
    form = layout(rule("outlier", "A", minimum=Decimal(0)))
    same = [{"A": "5"} for _ in range(20)]
    # one of 21: mean deviation d/21, reach 3.5 × 1.253314 × d / 21 < d
    assert found(form, *same, {"A": "6"}) == [(20, "R", "A")]
    assert found(form, *same) == []


def test_a_small_difference_in_a_count_is_never_strange():
    columns = (column("A", value_type="count"),)
    form = layout(rule("outlier", "A"), columns=columns)
    same = [{"A": "5"} for _ in range(20)]
    assert found(form, *same, {"A": "15"}) == []
    assert found(form, *same, {"A": "16"}) == [(20, "R", "A")]


def past(*values):
    key = (UNITS[0].code, "A", None, None, "")
    return Beside(history={key: sorted(map(Decimal, values))})


def test_an_outlier_in_the_units_own_past():
    form = layout(rule("outlier", "A", minimum=Decimal(0)))
    beside = past(10, 12, 14, 16, 18)  # median 14, MAD 2, reach 10.378
    assert not said(form, {"A": "24,3"}, beside=beside)
    assert said(form, {"A": "24,4"}, beside=beside)
    assert not said(form, {"A": "3,7"}, beside=beside)
    assert said(form, {"A": "3,6"}, beside=beside)
    assert said(form, {"A": "0"}, beside=beside)
    assert not said(form, {"A": UNKNOWN}, beside=beside)


def test_a_short_past_says_nothing():
    form = layout(rule("outlier", "A", minimum=Decimal(0)))
    assert not said(form, {"A": "999"}, beside=past(10, 12, 14))
    assert said(form, {"A": "999"}, beside=past(10, 12, 14, 16))


def test_after_a_past_that_never_moved_every_other_value_is_strange():
    form = layout(rule("outlier", "A", minimum=Decimal(2)))
    beside = past(7, 7, 7, 7)
    assert not said(form, {"A": "9"}, beside=beside)
    assert said(form, {"A": "9,1"}, beside=beside)


def test_a_cell_that_is_strange_twice_is_told_once():
    form = layout(rule("outlier", "A", minimum=Decimal(0)))
    rows = [{"A": "9999"}, *({"A": text} for text in PEERS)]
    assert found(form, *rows, beside=past(1, 2, 3, 4)) == [(0, "R", "A")]


numbers = st.lists(st.integers(0, 60).map(Decimal), min_size=1, max_size=15)


@given(numbers)
def test_the_median_deviation_is_what_its_name_says(values):
    ordered = sorted(values)
    centre = middle(ordered)
    assert centre == median(values)
    assert median_deviation(ordered, centre) == median(abs(value - centre) for value in values)


@given(numbers.filter(lambda values: len(values) >= 4), st.integers(0, 200).map(Decimal))
def test_the_quick_look_at_the_past_agrees_with_the_exact_one(values, value):
    strange = rule("outlier", "A", minimum=Decimal(0))
    limits = bounds(values, strange, column("A"))
    exact = not limits.lowest <= value <= limits.highest
    assert said(layout(strange), {"A": str(value)}, beside=past(*values)) is exact


def others(*values, group=None):
    return Beside(
        others={
            "R": {
                (UNITS[index].code, group): Decimal(value)
                for index, value in enumerate(values)
                if value is not None
            }
        }
    )


def test_a_value_equals_that_of_another_dataset():
    form = layout(rule("cross", "A"))
    assert not said(form, {"A": "100"}, beside=others(100))
    assert found(form, {"A": "100,1"}, beside=others(100)) == [(0, "R", "A")]
    assert said(form, {"A": "99,9"}, beside=others(100))
    assert said(form, {"A": "0"}, beside=others(100))
    assert said(form, {"A": "100"}, beside=others(0))
    assert not said(form, {"A": "0"}, beside=others(0))
    assert not said(form, {"A": UNKNOWN}, beside=others(100))


def test_what_the_other_dataset_does_not_tell_is_not_compared():
    form = layout(rule("cross", "A"))
    assert not said(form, {"A": "5"})
    assert not said(form, {"A": "5"}, beside=Beside(others={"another": {}}))
    assert found(form, {"A": "5"}, {"A": "6"}, beside=others(None, 7)) == [(1, "R", "A")]


def test_datasets_may_differ_by_a_share():
    form = layout(rule("cross", "A", tolerance_percent=Decimal(2)))
    assert not said(form, {"A": "102"}, beside=others(100))
    assert not said(form, {"A": "98"}, beside=others(100))
    assert said(form, {"A": "102,1"}, beside=others(100))
    assert said(form, {"A": "97,9"}, beside=others(100))
    both = layout(rule("cross", "A", tolerance_percent=Decimal(2), parameter=Decimal(5)))
    assert not said(both, {"A": "105"}, beside=others(100))


@pytest.mark.parametrize(
    ("relation", "wrong", "right"), [("<=", "101", "100"), (">=", "99", "100")]
)
def test_a_dataset_may_bound_another(relation, wrong, right):
    form = layout(rule("cross", "A", relation=relation))
    assert not said(form, {"A": right}, beside=others(100))
    assert said(form, {"A": wrong}, beside=others(100))


def test_columns_are_added_up_before_datasets_are_compared():
    form = layout(rule("cross", "A", "B"))
    assert not said(form, {"A": "40", "B": "60"}, beside=others(100))
    assert found(form, {"A": "40", "B": "61"}, beside=others(100)) == [(0, "R", "A")]
    assert not said(form, {"A": "40"}, beside=others(100))


def test_groups_are_added_up_before_datasets_are_compared():
    form = layout(rule("cross", "A", over_groups=True), rows="unit_group")
    rows = [{"A": "40"}, {"A": "60"}]
    assert found(form, *rows, groups=["02", "01"], beside=others(100)) == []
    assert found(form, *rows, groups=["02", "01"], beside=others(101)) == [(1, "R", "A")]
    unknown = [{"A": "40"}, {"A": UNKNOWN}]
    assert found(form, *unknown, groups=["02", "01"], beside=others(101)) == []


def test_groups_are_compared_one_by_one():
    form = layout(rule("cross", "A"), rows="unit_group")
    rows = [{"A": "40"}, {"A": "60"}]
    beside = others(50, group="01")
    assert found(form, *rows, groups=["02", "01"], beside=beside) == [(1, "R", "A")]


def message(form, row, **more):
    cells = {(RowKey(UNITS[0].code), key): text for key, text in row.items()}
    checked = check_entries(form, entries_of_form(form, cells), **more)
    [issue] = checked.issues
    return issue.message


def test_an_own_message_takes_whatever_an_administrator_typed():
    text = "{heading}: {value} so với {other}. {khac} {0} {value.__class__} { }"
    form = layout(rule("at_most", "A", other="B", message=text))
    assert message(form, {"A": "2", "B": "1"}) == (
        "Cột A: 2 so với 1. {khac} {0} {value.__class__} { }"
    )


def test_a_warning_asks_for_a_reason_and_says_what_becomes_of_it():
    note = "Quy tắc mới, từ năm 2025 trở đi sẽ là lỗi."
    form = layout(rule("at_most", "A", other="B", severity="warning", note=note))
    assert message(form, {"A": "2", "B": "1"}) == (
        "Xã Thử 0, Cột A: 2 lớn hơn cột B (1). Sửa một trong hai ô. "
        f"Nếu số liệu đúng, hãy ghi lý do. {note}"
    )


def test_a_rule_over_columns_that_are_gone_says_nothing():
    assert not said(layout(rule("at_most", "A", other="Z")), {"A": "2"})
    assert not said(layout(rule("range", "Z", maximum=Decimal(0))), {"A": "2"})
