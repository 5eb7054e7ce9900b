"""Two people, or two workers, at the same moment: one effect."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections

from portal.collection import services
from portal.collection.models import Submission, SubmissionEvent, Upload
from portal.collection.services import reading, refusals
from portal.collection.services.uploading import READ_JOB
from portal.collection.stores import store_of
from portal.collection.tasks import read_upload
from portal.jobs.lease import Lease, LeaseLost
from portal.jobs.models import Job
from tests.at_once import together
from tests.cast import member
from tests.collection.workbooks_of_units import form_05

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def reference(transactional_db):
    """A transactional test leaves an empty database; the reference data come back before each."""
    call_command("load_reference", verbosity=0)
    yield
    connections.close_all()


def test_two_commits_at_once_write_once(sent, son_dong_officer):
    upload = sent()

    def commit():
        return services.commit_uploads(submission=upload.submission, by=son_dong_officer)

    written = together(commit, commit, commit)
    assert sorted(item.new for item in written) == [0, 0, 119]
    assert SubmissionEvent.objects.filter(what="committed").count() == 1


def test_two_people_open_the_same_submission_once(son_dong_officer, specialist, opened):
    def open_as(name):
        return lambda: opened(by=name).pk

    first, second = together(open_as("son_dong_officer"), open_as("specialist"))
    assert first == second
    assert Submission.objects.count() == 1


def test_two_approvals_at_once_count_once(submitted, cast):
    submission = submitted()
    people = [cast("specialist"), cast("head")]
    results = together(
        *[lambda by=by: services.approve(submission=submission, by=by) for by in people]
    )
    assert sum(isinstance(item, Submission) for item in results) == 1
    assert sum(isinstance(item, refusals.NotAwaitingReview) for item in results) == 1


def test_a_commit_and_a_submit_at_once_leave_nothing_half(committed, sent, son_dong_officer):
    submission = committed()
    sent(form_05(changes={("07660", "N03"): 61}), into=submission)
    results = together(
        lambda: services.commit_uploads(submission=submission, by=son_dong_officer),
        lambda: services.submit(submission=submission, by=son_dong_officer),
    )
    submission.refresh_from_db()
    waiting = submission.uploads.open().exists()
    assert not (submission.status == "submitted" and waiting), results


def received(submission):
    return services.receive_upload(
        submission=submission,
        file=ContentFile(form_05()),
        name="a.xlsx",
        by=member("son_dong_officer"),
    )


def test_a_reading_job_killed_halfway_leaves_nothing_half(opened, monkeypatch):
    upload = received(opened())
    job = Job.objects.get(name=READ_JOB, subject_id=upload.pk)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    lease = Lease.claim(job.pk)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "stage", killed)
        with pytest.raises(KeyboardInterrupt):
            read_upload(lease, upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.understood, upload.staged.count()) == ("received", {}, 0)
    Job.objects.filter(pk=job.pk).update(lease_until="2000-01-01T00:00Z")
    again = Lease.claim(job.pk)
    read_upload(again, upload.pk)
    assert Upload.objects.get(pk=upload.pk).staged.count() == 119


def test_a_worker_that_lost_its_job_leaves_no_reading(opened, monkeypatch):
    upload = received(opened())
    job = Job.objects.get(name=READ_JOB, subject_id=upload.pk)
    slow = Lease.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until="2000-01-01T00:00Z")
    read_upload(Lease.claim(job.pk), upload.pk)
    Upload.objects.filter(pk=upload.pk).update(state="received")
    with pytest.raises(LeaseLost):
        read_upload(slow, upload.pk)
    assert Upload.objects.get(pk=upload.pk).state == "received"


def test_a_commit_that_breaks_off_leaves_nothing_half(opened, sent, son_dong_officer, monkeypatch):
    submission = opened()
    codes = [unit.code for unit in services.layout_of(submission).valid_units()]
    sent(form_05(only=codes[:2]), into=submission, name="a.xlsx")
    second = sent(form_05(only=codes[2:4]), into=submission, name="b.xlsx")
    store = type(store_of(submission.dataset))
    write = store.write_staged

    def breaks(self, submission, upload):
        if upload.pk == second.pk:
            raise RuntimeError
        return write(self, submission, upload)

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_staged", breaks)
        with pytest.raises(RuntimeError):
            services.commit_uploads(submission=submission, by=son_dong_officer)
    assert store_of(submission.dataset).current(submission) == {}
    assert submission.uploads.open().count() == 2
