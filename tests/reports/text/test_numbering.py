"""Labels of sections."""

from dataclasses import dataclass

import pytest

from reports.text.numbering import in_order, letter, roman


@dataclass
class Row:
    pk: int
    level: str
    parent_id: int | None = None
    position: int = 1
    manual_label: str = ""


def labels(rows):
    return [node.label for node in in_order(rows)]


def test_levels_are_counted_as_the_sample_counts_them():
    rows = [
        Row(1, "plain", None, 1),
        Row(2, "roman", None, 2),
        Row(3, "arabic", 2, 1),
        Row(4, "arabic", 2, 2),
        Row(5, "decimal", 4, 1),
        Row(6, "decimal", 4, 2),
        Row(7, "decimal", 6, 1),
        Row(8, "decimal", 6, 2),
        Row(9, "letter", 8, 1),
        Row(10, "letter", 8, 2),
        Row(11, "roman", None, 3),
        Row(12, "arabic", 11, 1),
    ]
    assert labels(rows) == [
        "", "I.", "1.", "2.", "2.1.", "2.2.", "2.2.1.", "2.2.2.", "a)", "b)", "II.", "1.",
    ]  # fmt: skip


def test_a_manual_label_stands_as_written_and_counting_goes_on():
    rows = [
        Row(1, "arabic", None, 1),
        Row(2, "arabic", None, 2, "2.2.3.4."),
        Row(3, "arabic", None, 3),
    ]
    assert labels(rows) == ["1.", "2.2.3.4.", "3."]


def test_rows_without_number_do_not_count():
    rows = [Row(1, "arabic", None, 1), Row(2, "plain", None, 2), Row(3, "arabic", None, 3)]
    assert labels(rows) == ["1.", "", "2."]


def test_places_decide_not_the_order_of_the_rows():
    rows = [Row(1, "roman", None, 2), Row(2, "roman", None, 1)]
    assert [(node.row.pk, node.label) for node in in_order(rows)] == [(2, "I."), (1, "II.")]


@pytest.mark.parametrize(
    ("number", "text"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (1949, "MCMXLIX")]
)
def test_roman_numbers(number, text):
    assert roman(number) == text


def test_letters_follow_the_decrees_own_lists():
    assert [letter(number) for number in (1, 4, 5, 6, 7, 23, 24)] == [
        "a", "d", "đ", "e", "g", "y", "aa",
    ]  # fmt: skip


def test_annexes_come_last_in_a_series_of_their_own():
    rows = [
        Row(1, "annex", None, 1),
        Row(2, "roman", None, 2),
        Row(3, "annex_w", None, 3),
        Row(4, "roman", 3, 1),
    ]
    assert labels(rows) == ["I.", "Phụ lục I", "Phụ lục II", "I."]


def test_a_single_annex_has_no_number():
    assert labels([Row(1, "roman", None, 1), Row(2, "annex", None, 2)]) == ["I.", "Phụ lục"]
