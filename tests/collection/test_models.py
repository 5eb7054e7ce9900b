"""What the database refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.collection import services
from portal.collection.models import Submission, SubmissionEvent, Upload
from tests.cast import member
from tests.collection.conftest import dataset, period
from tests.collection.workbooks_of_units import form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def refused(sql, *values):
    with (
        pytest.raises(IntegrityError) as found,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)
    return str(found.value)


def test_sql_does_not_change_an_approved_submission(approved):
    submission = approved()
    for change in ("status = 'draft'", "revision = 7", "reason = 'x'", "findings = '[1]'"):
        text = refused(
            f"UPDATE collection_submission SET {change} WHERE id = %s",  # noqa: S608
            submission.pk,
        )
        assert "khoá" in text


def test_sql_does_not_delete_what_was_submitted(submitted, approved):
    assert "không được xoá" in refused(
        "DELETE FROM collection_submission WHERE id = %s", submitted().pk
    )


def test_sql_does_not_touch_the_values_files_and_reasons_of_approved_data(approved):
    submission = approved()
    upload = submission.uploads.get()
    refused("UPDATE ethnic_data_observation SET value = 1 WHERE submission_id = %s", submission.pk)
    refused("DELETE FROM ethnic_data_observation WHERE submission_id = %s", submission.pk)
    refused("UPDATE collection_upload SET sha256 = 'x' WHERE id = %s", upload.pk)
    refused("DELETE FROM collection_upload WHERE id = %s", upload.pk)


def test_a_value_can_not_slip_into_an_approved_submission(approved):
    submission = approved()
    refused(
        """
        INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, sex, category,
            value, missing, reference_date, kind, sheet, cell, raw)
        SELECT submission_id, indicator_id, unit_id, 'male', '', 1, '', reference_date, kind,
            '', '', '' FROM ethnic_data_observation WHERE submission_id = %s LIMIT 1
        """,
        submission.pk,
    )


@pytest.mark.parametrize("status", ["submitted", "returned", "approved", "superseded"])
def test_a_submission_begins_as_a_draft(db, status):
    someone, other = member("son_dong_officer"), member("specialist")
    done = status in ("approved", "superseded")
    with pytest.raises(IntegrityError, match="bắt đầu từ bản đang nhập"), transaction.atomic():
        Submission.objects.create(
            dataset=dataset("BIEU-05"),
            unit=someone.area,
            period=period(),
            status=status,
            created_by=someone,
            submitted_by=someone,
            submitted_at=timezone.now(),
            approved_by=other if done else None,
            approved_at=timezone.now() if done else None,
        )


def test_steps_can_not_be_skipped(committed):
    submission = committed()
    officer, other = member("son_dong_officer"), member("specialist")
    text = refused(
        "UPDATE collection_submission SET status = 'approved', submitted_by_id = %s,"
        " submitted_at = now(), approved_by_id = %s, approved_at = now() WHERE id = %s",
        officer.pk,
        other.pk,
        submission.pk,
    )
    assert "draft" in text


def test_sql_does_not_approve_in_the_name_of_its_maker(opened, sent, specialist):
    submission = opened(by="specialist")
    sent(into=submission)
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    services.submit(submission=submission, by=member("son_dong_officer"))
    text = refused(
        "UPDATE collection_submission SET status = 'approved', approved_by_id = %s,"
        " approved_at = now() WHERE id = %s",
        specialist.pk,
        submission.pk,
    )
    assert "submission_not_approved_by_its_maker" in text


def test_sql_does_not_approve_in_the_name_of_who_sent_a_file(opened, sent, specialist):
    submission = opened()
    sent(into=submission, by="specialist")
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    services.submit(submission=submission, by=member("son_dong_officer"))
    text = refused(
        "UPDATE collection_submission SET status = 'approved', approved_by_id = %s,"
        " approved_at = now() WHERE id = %s",
        specialist.pk,
        submission.pk,
    )
    assert "tải tệp lên" in text


def test_a_submission_does_not_move_to_another_unit(opened, luc_ngan_officer):
    text = refused(
        "UPDATE collection_submission SET unit_id = %s WHERE id = %s",
        luc_ngan_officer.area_id,
        opened().pk,
    )
    assert "không đổi được" in text


def test_one_unit_has_one_open_submission_of_a_form_and_period(opened):
    submission = opened()
    with pytest.raises(IntegrityError, match="submission_one_open"), transaction.atomic():
        Submission.objects.create(
            dataset=submission.dataset,
            unit=submission.unit,
            period=submission.period,
            revision=2,
            reason="x",
            created_by=submission.created_by,
        )


def test_history_is_not_rewritten(submitted):
    event = submitted().events.filter(what=SubmissionEvent.What.SUBMITTED).get()
    assert "không sửa" in refused(
        "UPDATE collection_submissionevent SET note = 'x' WHERE id = %s", event.pk
    )
    assert "không sửa" in refused("DELETE FROM collection_submissionevent WHERE id = %s", event.pk)


def test_a_file_put_aside_may_go_even_after_approval(committed, sent, specialist):
    submission = committed()
    upload = sent(form_05(changes={("07660", "N03"): 61}), into=submission)
    services.discard_upload(upload=upload, by=member("son_dong_officer"))
    services.submit(submission=submission, by=member("son_dong_officer"))
    services.approve(submission=submission, by=specialist)
    Upload.objects.get(pk=upload.pk).delete()
    assert submission.uploads.count() == 1


def test_officers_see_their_own_area_and_the_rest_sees_all(opened, cast):
    own = opened()
    other = opened("219", by="luc_ngan_officer")
    seen = Submission.objects.visible_to
    assert list(seen(cast("son_dong_officer"))) == [own]
    assert list(seen(cast("luc_ngan_officer"))) == [other]
    assert seen(cast("leader")).count() == 2


@pytest.mark.parametrize(
    ("month", "day", "after", "expected"),
    [(9, 15, 0, "2023-09-15"), (4, 31, 0, "2023-04-30"), (2, 29, 1, "2024-02-29")],
)
def test_the_day_a_form_is_due_exists(db, month, day, after, expected):
    form = dataset("BIEU-05")
    form.due_month, form.due_day, form.due_years_after = month, day, after
    assert form.due_date(period()).isoformat() == expected
