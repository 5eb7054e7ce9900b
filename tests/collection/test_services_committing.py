"""Taking files over: all or nothing, and only once."""

from __future__ import annotations

import pytest

from portal.collection import services
from portal.collection.models import SubmissionEvent
from portal.collection.services import refusals
from portal.collection.stores import ValueKey
from tests.cast import member
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import codes, form_05, layout

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_value_is_linked_to_its_file_sheet_and_cell(committed):
    submission = committed()
    upload = submission.uploads.get()
    stored = values_of(submission)
    assert len(stored) == 7 * len(codes())
    assert {value.upload for value in stored.values()} == {upload.pk}
    assert stored[ValueKey(codes()[2], "N11")].cell == "I5"
    assert upload.outcome == {"new": len(stored), "changed": 0, "same": 0, "removed": 0}


def test_committing_again_writes_nothing(committed):
    submission = committed()
    before = SubmissionEvent.objects.count()
    written = services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert not written.touched
    assert SubmissionEvent.objects.count() == before


def test_the_same_file_twice_changes_nothing_and_keeps_the_first_source(committed, sent):
    submission = committed()
    before = values_of(submission)
    sent(into=submission)
    written = services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert written._asdict() == {"new": 0, "changed": 0, "same": len(before), "removed": 0}
    assert values_of(submission) == before


def test_a_file_with_errors_is_not_committed(sent):
    upload = sent(form_05(changes={(codes()[0], "N03"): "hai"}))
    with pytest.raises(refusals.NothingToCommit):
        services.commit_uploads(submission=upload.submission, by=member("son_dong_officer"))
    assert values_of(upload.submission) == {}


def test_the_preview_tells_new_changed_same_and_removed(committed, sent):
    submission = committed()
    one = form_05(only=codes()[:1], changes={(codes()[0], "N03"): 61})
    sent(one, into=submission, name="a.xlsx")
    comparison = services.compare(submission)
    assert dict(comparison.counts) == {"changed": 1, "same": 6}
    assert comparison.after["N03"] - comparison.before["N03"] == 1
    (difference,) = comparison.of_kind("changed")
    assert (difference.old.value, difference.new.value) == (60, 61)


def test_a_commune_s_file_replaces_only_that_commune(committed, sent):
    submission = committed()
    one = form_05(only=codes()[:1], changes={(codes()[0], "N03"): 61})
    sent(one, into=submission, name="a.xlsx")
    written = services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert (written.changed, written.removed) == (1, 0)
    assert len(values_of(submission)) == 7 * len(codes())


def test_one_file_for_each_commune_makes_the_district_s_submission(opened, sent):
    submission = opened()
    for code in codes()[:-1]:
        sent(form_05(only=[code]), into=submission, name=f"{code}.xlsx")
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    submission.refresh_from_db()
    missing = layout().unit_by_code[codes()[-1]]
    assert services.shortcomings(submission) == [f"Còn thiếu 1 đơn vị: {missing.label}."]
    with pytest.raises(refusals.NotComplete, match=missing.label):
        services.submit(submission=submission, by=member("son_dong_officer"))


def test_a_commune_told_differently_by_two_files_stops_the_commit(opened, sent):
    submission = opened()
    sent(form_05(only=codes()[:2]), into=submission, name="a.xlsx")
    sent(
        form_05(only=codes()[1:], changes={(codes()[1], "D01"): 999}),
        into=submission,
        name="b.xlsx",
    )
    with pytest.raises(refusals.FilesOverlap, match=r"a\.xlsx, b\.xlsx"):
        services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert values_of(submission) == {}


def test_a_stranger_does_not_commit(sent, luc_ngan_officer):
    upload = sent()
    with pytest.raises(refusals.NotAllowed):
        services.commit_uploads(submission=upload.submission, by=luc_ngan_officer)
