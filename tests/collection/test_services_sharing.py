"""Two people at one grid: nobody's typing is lost, nobody's saved value is overwritten unseen."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from portal.collection import services
from portal.collection.models import CellEdit
from portal.collection.services.cell_facts import cell_facts
from portal.collection.services.grids import grid_of
from portal.collection.services.sharing import keep_page, texts_now
from portal.collection.stores import ValueKey
from tests.cast import person
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import codes, numbers_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def cell(row, column):
    return f"o~{codes()[row]}~~{column}"


class Desk:
    """One person with the page open: what it was opened with, and what was typed since."""

    def __init__(self, submission, user):
        self.submission, self.user = submission, user
        self.layout = services.layout_of(submission)
        self.rows = grid_of(self.layout, values_of(submission))[:]
        submission.refresh_from_db()
        self.opened_with = texts_now(submission, self.rows)
        self.texts = dict(self.opened_with)

    def save(self, yielding=(), **typed):
        self.texts |= {cell(0, column): text for column, text in typed.items()}
        return keep_page(
            submission=self.submission,
            layout=self.layout,
            rows=self.rows,
            texts=self.texts,
            opened_with=self.opened_with,
            yielding=yielding,
            by=self.user,
        )


@pytest.fixture
def colleague(db):
    return person("vi.van.sau", role="officer", full_name="Vi Văn Sáu", area="220")


def stored(submission, column, row=0):
    return values_of(submission)[ValueKey(codes()[row], column)].value


def test_each_keeps_the_cells_they_typed(committed, son_dong_officer, colleague):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="41")
    kept = other.save(N04="21")
    assert kept.conflicts == {}
    assert (stored(submission, "N03"), stored(submission, "N04")) == (41, 21)


def test_a_cell_that_both_changed_is_shown_and_not_written(committed, son_dong_officer, colleague):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="41")
    kept = other.save(N03="42", N04="21")
    conflict = kept.conflicts[cell(0, "N03")]
    assert (conflict.mine, conflict.theirs, conflict.who) == ("42", "41", "Vi Thị Mai")
    assert conflict.at is not None
    assert stored(submission, "N03") == 41
    assert kept.texts[cell(0, "N03")] == "42", "what was typed comes back"


def test_the_other_rows_of_a_page_with_a_conflict_are_kept(committed, son_dong_officer, colleague):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="41")
    other.texts[cell(1, "N03")] = "31"
    other.save(N03="42")
    assert stored(submission, "N03", row=1) == 31


def test_after_the_choice_the_page_is_saved(committed, son_dong_officer, colleague):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="41")
    other.save(N03="42")
    other.opened_with[cell(0, "N03")] = "41"  # the page came back with the other's value seen
    assert other.save(N03="42").conflicts == {}
    assert stored(submission, "N03") == 42


def test_taking_the_other_value_keeps_it(committed, son_dong_officer, colleague):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="41")
    kept = other.save(N03="42", N04="21", yielding={cell(0, "N03")})
    assert kept.conflicts == {}
    assert (stored(submission, "N03"), stored(submission, "N04")) == (41, 21)


def test_the_other_value_may_be_taken_after_it_was_seen(committed, son_dong_officer, colleague):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="41")
    other.save(N03="42")
    other.opened_with[cell(0, "N03")] = "41"
    other.save(N03="42", yielding={cell(0, "N03")})
    assert stored(submission, "N03") == 41


def test_both_typing_the_same_is_no_conflict(committed, son_dong_officer, colleague):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="41")
    assert other.save(N03="41").conflicts == {}


def test_a_text_that_waits_to_be_put_right_is_seen_by_the_next(
    committed, son_dong_officer, colleague
):
    submission = committed()
    one, other = Desk(submission, son_dong_officer), Desk(submission, colleague)
    one.save(N03="hai")
    kept = other.save(N03="42")
    assert kept.conflicts[cell(0, "N03")].theirs == "hai"
    submission.refresh_from_db()
    assert submission.typed[cell(0, "N03")] == "hai"


def test_every_typed_change_is_in_the_history_of_its_cell(committed, son_dong_officer):
    submission = committed()
    desk = Desk(submission, son_dong_officer)
    before = desk.opened_with[cell(0, "N03")]
    desk.save(N03="41")
    edits = CellEdit.objects.filter(submission=submission)
    assert [(edit.column_key, edit.before, edit.after) for edit in edits] == [("N03", before, "41")]
    with pytest.raises(IntegrityError, match="không sửa"), transaction.atomic():
        edits.update(after="1")


def test_the_panel_tells_value_limits_and_history(
    committed, son_dong_officer, django_assert_max_num_queries
):
    submission = committed()
    desk = Desk(submission, son_dong_officer)
    desk.save(N03="41")
    grid = grid_of(desk.layout, values_of(submission))
    wanted = next(one for one in grid[0:1][0].cells if one.column.key == "N03")
    with django_assert_max_num_queries(9):
        facts = cell_facts(submission=submission, layout=desk.layout, cell=wanted)
    assert facts.cell.stored.value == 41
    assert "Không lớn hơn Số hộ dân tộc thiểu số." in facts.limits
    assert facts.edits[0].after == "41"
    assert facts.earlier == [], "nothing of an earlier year is approved"


def test_numbers_of_the_sample_are_those_of_the_file(committed):
    assert stored(committed(), "N03") == numbers_of(0)["N03"]
