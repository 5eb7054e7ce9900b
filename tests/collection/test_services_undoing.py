"""Undo of a file: everything as it was, and a sentence when something stands on it."""

from __future__ import annotations

import pytest

from portal.collection import services
from portal.collection.models import Submission, SubmissionEvent, Upload
from portal.collection.services import refusals
from portal.collection.services.beside import layout_of
from portal.collection.services.entering import keep_typed
from portal.collection.services.grids import grid_of
from portal.collection.services.judging import as_typed
from portal.collection.stores import store_of
from tests.cast import member
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def commit(upload: Upload) -> Upload:
    services.commit_uploads(submission=upload.submission, by=member("son_dong_officer"))
    return Upload.objects.get(pk=upload.pk)


def undo(upload: Upload):
    return services.undo_upload(upload=upload, by=member("son_dong_officer"))


def test_undo_of_the_first_file_leaves_nothing(sent):
    upload = commit(sent())
    written = undo(upload)
    assert values_of(upload.submission) == {}
    assert written.removed == 7 * len(codes())
    upload.refresh_from_db()
    assert upload.state == Upload.State.UNDONE
    assert upload.submission.events.filter(what=SubmissionEvent.What.UNDONE).count() == 1


def test_undo_puts_changed_and_removed_values_back_with_their_sources(committed, sent):
    submission = committed()
    before = values_of(submission)
    changes = {(codes()[0], "N03"): 61, (codes()[1], "N03"): 62}
    upload = commit(sent(form_05(changes=changes), into=submission, name="b.xlsx"))
    assert values_of(submission) != before
    undo(upload)
    assert values_of(submission) == before
    assert not undo(upload).touched


def test_the_reconciliation_follows_an_undo(committed, sent):
    submission = committed()
    sums = submission.reconciliation["sums"]
    upload = commit(
        sent(form_05(changes={(codes()[0], "N03"): 61}), into=submission, name="b.xlsx")
    )
    undo(upload)
    assert Submission.objects.get(pk=submission.pk).reconciliation["sums"] == sums


def test_a_later_file_of_the_same_unit_stands_in_the_way(committed, sent):
    submission = committed()
    first = submission.uploads.get()
    later = commit(sent(form_05(only=codes()[:1]), into=submission, name="lan2.xlsx"))
    with pytest.raises(refusals.StillNeeded, match=r"lan2\.xlsx"):
        undo(first)
    undo(later)
    undo(first)
    assert values_of(submission) == {}


def test_a_later_file_of_other_units_does_not_matter(opened, sent):
    submission = opened()
    first = commit(sent(form_05(only=codes()[:1]), into=submission, name="a.xlsx"))
    commit(sent(form_05(only=codes()[1:]), into=submission, name="b.xlsx"))
    undo(first)
    assert {key.unit for key in values_of(submission)} == set(codes()[1:])


def test_typing_over_a_cell_stands_in_the_way(committed, son_dong_officer):
    submission = committed()
    upload = submission.uploads.get()
    layout = layout_of(submission)
    grid = grid_of(layout, store_of(submission.dataset).current(submission))
    rows = grid[:1]
    texts = {cell.name: as_typed(cell.stored, cell.column) for cell in rows[0].cells}
    name = next(cell.name for cell in rows[0].cells if cell.column.key == "N03")
    keep_typed(
        submission=submission,
        layout=layout,
        rows=rows,
        texts={**texts, name: "59"},
        by=son_dong_officer,
    )
    with pytest.raises(refusals.StillNeeded, match=son_dong_officer.full_name):
        undo(upload)


def test_what_is_submitted_is_not_undone(submitted):
    upload = submitted().uploads.get()
    with pytest.raises(refusals.NotEditable):
        undo(upload)


def test_a_stranger_undoes_nothing(committed, luc_ngan_officer):
    upload = committed().uploads.get()
    with pytest.raises(refusals.NotAllowed):
        services.undo_upload(upload=upload, by=luc_ngan_officer)
