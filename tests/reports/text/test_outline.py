"""Where a move leads in the tree, and what a section is numbered by there."""

from types import SimpleNamespace

import pytest

from reports.text.numbering import in_order
from reports.text.outline import Place, Way, level_among, level_followed, seen, towards


def row(pk, parent=None, position=None, level="arabic"):
    return SimpleNamespace(
        pk=pk, parent_id=parent, position=position or pk, level=level, manual_label=""
    )


TREE = [row(1), row(2), row(3, parent=2), row(4, parent=2), row(5), row(9, level="annex")]


@pytest.mark.parametrize(
    ("key", "way", "place"),
    [
        (2, Way.UP, Place(None, None)),
        (5, Way.UP, Place(None, 1)),
        (1, Way.DOWN, Place(None, 2)),
        (3, Way.DOWN, Place(2, 4)),
        (5, Way.IN, Place(2, 4)),
        (4, Way.IN, Place(3, None)),
        (3, Way.OUT, Place(None, 2)),
        (1, Way.UP, None),
        (1, Way.IN, None),
        (1, Way.OUT, None),
        (4, Way.DOWN, None),
    ],
)
def test_each_step_leads_to_the_place_beside(key, way, place):
    assert towards(in_order(TREE), key, way) == place


def test_text_and_annexes_do_not_change_places():
    assert towards(in_order(TREE), 5, Way.DOWN) is None
    assert towards(in_order(TREE), 9, Way.UP) is None


def test_the_mark_changes_with_order_and_parents_only():
    mark = seen(in_order(TREE))
    assert mark == seen(in_order(list(reversed(TREE))))
    assert mark != seen(in_order([*TREE[:2], row(3), *TREE[3:]]))
    assert mark != seen(in_order([row(1, position=3), *TREE[1:]]))


@pytest.mark.parametrize(
    ("level", "parent", "beside", "becomes"),
    [
        ("arabic", "arabic", ["decimal"], "decimal"),
        ("decimal", None, ["arabic"], "arabic"),
        ("arabic", "arabic", [], "decimal"),
        ("arabic", "arabic", ["bullet", "letter"], "letter"),
        ("decimal", None, [], "roman"),
        ("letter", "decimal", [], "letter"),
        ("bullet", "arabic", ["decimal"], "bullet"),
        ("plain", None, ["roman"], "plain"),
    ],
)
def test_a_section_takes_the_rank_of_its_new_neighbours(level, parent, beside, becomes):
    assert level_among(level, parent, beside) == becomes


def test_what_stands_below_follows_only_where_it_was_numbered_by_rank():
    assert level_followed("arabic", "roman", "arabic") == "decimal"
    assert level_followed("decimal", "arabic", "roman") == "arabic"
    assert level_followed("letter", "roman", "arabic") == "letter"
