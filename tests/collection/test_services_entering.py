"""Values typed in the browser obey the rules of the file."""

from __future__ import annotations

import pytest

from portal.collection import services
from portal.collection.services.grids import grid_of
from portal.collection.stores import ValueKey
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import codes, numbers_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def typed_rows(submission, **texts):
    form = services.layout_of(submission)
    grid = grid_of(form, values_of(submission))
    return form, grid[:], texts


def test_typed_values_obey_the_rules_of_the_file(opened, son_dong_officer):
    submission = opened()
    form, rows, _ = typed_rows(submission)
    good = {f"o~{codes()[0]}~~{key}": str(n) for key, n in numbers_of(0).items()}
    bad = {f"o~{codes()[1]}~~{key}": str(n) for key, n in numbers_of(1).items()}
    bad[f"o~{codes()[1]}~~D02"] = "99999"
    checked, written = services.keep_typed(
        submission=submission, layout=form, rows=rows, texts=good | bad, by=son_dong_officer
    )
    assert [issue.rule for issue in checked.issues] == ["D02-khong-qua-D01"]
    assert written.new == 7
    submission.refresh_from_db()
    assert submission.typed[f"o~{codes()[1]}~~D02"] == "99999"
    assert {key.unit for key in values_of(submission)} == {codes()[0]}


def test_typing_over_a_value_keeps_the_sources_of_the_others(committed, son_dong_officer):
    submission = committed()
    form = services.layout_of(submission)
    grid = grid_of(form, values_of(submission))
    row = grid[:1]
    texts = {f"o~{codes()[0]}~~{key}": str(n) for key, n in numbers_of(0).items()}
    texts[f"o~{codes()[0]}~~N03"] = "61"
    _, written = services.keep_typed(
        submission=submission, layout=form, rows=row, texts=texts, by=son_dong_officer
    )
    assert written._asdict() == {"new": 0, "changed": 1, "same": 6, "removed": 0}
    values = values_of(submission)
    assert values[ValueKey(codes()[0], "N03")][:3] == (61, "", None)
    assert values[ValueKey(codes()[0], "D01")].upload is not None


def test_an_emptied_row_loses_its_values(committed, son_dong_officer):
    submission = committed()
    form = services.layout_of(submission)
    rows = grid_of(form, values_of(submission))[:1]
    _, written = services.keep_typed(
        submission=submission, layout=form, rows=rows, texts={}, by=son_dong_officer
    )
    assert written.removed == 7
