"""The disk is full: each step ends, says so, leaves nothing half done and can be done again."""

from __future__ import annotations

import errno
import gc
import os
import resource
import subprocess
from pathlib import Path

import psycopg2.errors
import pytest
from django.core.files.storage import filesystem
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from portal.collection.models import Submission, Upload
from portal.collection.services import committing, reading, taking
from portal.collection.services.uploading import READ_JOB
from portal.collection.stores import store_of
from portal.collection.workbooks import source
from portal.jobs import services as jobs
from portal.jobs.models import Job
from portal.room import WORDS, is_out_of_room
from tests.cast import member
from tests.collection.workbooks_of_units import form_05

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SMALL = 2**20


@pytest.fixture(autouse=True)
def silent_doorbell(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda job_id: None)


@pytest.fixture
def mounted(tmp_path):
    """A file system of 1 MB where the machine lets us mount one, else None."""
    place = tmp_path / "mounted"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)]
    is_mounted = os.geteuid() == 0 and not subprocess.call(mount, stderr=subprocess.DEVNULL)
    yield place if is_mounted else None
    gc.collect()  # a file left to the collector would be an error that nobody can raise
    if is_mounted:
        subprocess.check_call(["umount", str(place)])


@pytest.fixture
def tiny_disk(mounted, tmp_path):
    """A place where no file of this process grows beyond 1 MB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if mounted is None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))
    place = mounted or tmp_path / "tiny"
    place.mkdir(exist_ok=True)
    yield place
    gc.collect()
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def full_media(mounted, settings, monkeypatch):
    """The folder of uploads, without room for what comes."""
    if mounted is None:
        monkeypatch.setattr(filesystem, "file_move_safe", no_room)
    else:
        settings.MEDIA_ROOT = str(mounted)
    return Path(settings.MEDIA_ROOT)


def no_room(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def full_database(*args, **kwargs):
    raise OperationalError("could not extend file") from psycopg2.errors.DiskFull("full")


def send(client, submission, content, name="bieu05.xlsx"):
    return client.post(
        f"/so-lieu/bo/{submission.pk}/tai-len", {"files": SimpleUploadedFile(name, content)}
    )


@pytest.fixture
def officer(client):
    client.force_login(member("son_dong_officer"))
    client.raise_request_exception = False
    return client


def test_a_full_disk_is_told_from_our_own_mistakes():
    for raised in (no_room, full_database):
        with pytest.raises((OSError, OperationalError)) as caught:
            raised()
        assert is_out_of_room(caught.value)
    assert not is_out_of_room(OSError(errno.EACCES, "no"))
    assert not is_out_of_room(OperationalError("server closed the connection"))
    assert not is_out_of_room(None)


def big_csv():
    return b"a,b\n" + b"1,2\n" * 500_000


def test_a_file_that_finds_no_room_leaves_nothing(officer, opened, full_media):
    submission = opened()
    before = {path for path in full_media.rglob("*") if path.is_file()}
    answer = send(officer, submission, big_csv(), "lon.csv")
    assert answer.status_code == 302
    assert WORDS in officer.get(answer.url).content.decode()
    assert {path for path in full_media.rglob("*") if path.is_file()} == before
    assert not submission.uploads.exists()


def test_a_file_that_found_no_room_is_taken_later(officer, opened, monkeypatch):
    submission = opened()
    with monkeypatch.context() as patch:
        patch.setattr(filesystem, "file_move_safe", no_room)
        send(officer, submission, big_csv(), "lon.csv")
    assert send(officer, submission, big_csv(), "lon.csv").status_code == 302
    assert submission.uploads.count() == 1


def test_no_room_for_the_request_itself_is_a_page(officer, opened, tiny_disk, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tiny_disk)
    submission = opened()
    answer = send(officer, submission, big_csv(), "lon.csv")
    assert answer.status_code == 507
    assert WORDS in answer.content.decode()
    assert not list(tiny_disk.iterdir())
    assert not submission.uploads.exists()


def read_until_the_end(upload):
    job = Job.objects.filter(name=READ_JOB, subject_id=upload.pk).latest("pk")
    while job.is_open:
        jobs.run(job.pk)
        job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("room", "name", "raised"),
    [
        (source, "_run", no_room),
        (reading, "stage", full_database),
        (reading, "keep_rows", full_database),
    ],
)
def test_a_reading_without_room_is_given_up_whole_and_begun_anew_when_sent_again(
    officer, opened, monkeypatch, room, name, raised
):
    submission, content = opened(), form_05()
    send(officer, submission, content)
    upload = submission.uploads.get()
    with monkeypatch.context() as patch:
        patch.setattr(room, name, raised)
        assert read_until_the_end(upload).state == Job.State.FAILED
    upload.refresh_from_db()
    assert (upload.state, upload.staged.count(), upload.issues) == ("received", 0, [])
    assert "Bỏ tệp rồi tải lên lại" in officer.get(upload.get_absolute_url()).content.decode()
    assert send(officer, submission, content).status_code == 302
    assert read_until_the_end(submission.uploads.get()).state == Job.State.DONE
    assert submission.uploads.get().staged.count() == 119


def test_what_a_reader_prints_into_a_full_disk_is_no_fault_of_the_file(tmp_path, monkeypatch):
    path = tmp_path / "lon.csv"
    path.write_bytes("\n".join(f"{n},Xã {n},{n * 7}" for n in range(90_000)).encode())
    with open("/dev/full", "r+b") as full:  # every write to it finds no room
        monkeypatch.setattr(source.tempfile, "TemporaryFile", lambda: full)
        monkeypatch.setattr(source, "Lines", lambda stream: ())  # zeros without an end
        with pytest.raises(OSError, match="no room") as caught:
            source.open_source(path)
    assert is_out_of_room(caught.value)


def test_a_taking_over_without_room_changes_nothing_and_is_done_later(officer, sent, monkeypatch):
    upload = sent()
    submission = upload.submission
    address = f"/so-lieu/bo/{submission.pk}/ghi-nhan"
    with monkeypatch.context() as patch:
        patch.setattr(committing, "judge_after", full_database)
        answer = officer.post(address)
        assert answer.status_code == 302
        assert WORDS in officer.get(answer.url).content.decode()
    assert store_of(submission.dataset).current(submission) == {}
    assert Upload.objects.get(pk=upload.pk).state == Upload.State.READ
    assert officer.post(address).status_code == 302
    assert len(store_of(submission.dataset).current(submission)) == 119


def test_a_large_taking_over_without_room_ends_with_a_sentence(officer, sent, monkeypatch):
    submission = sent().submission
    by = member("son_dong_officer")
    taking_over = taking.ask_takeover(submission=submission, by=by)
    job = Job.objects.get(name=taking.COMMIT_JOB, subject_id=taking_over.pk)
    with monkeypatch.context() as patch:
        patch.setattr(committing, "judge_after", full_database)
        while job.is_open:
            jobs.run(job.pk)
            job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert store_of(submission.dataset).current(submission) == {}
    page = officer.get(submission.get_absolute_url()).content.decode()
    assert "không có số liệu nào thay đổi" in page
    taking.ask_takeover(submission=Submission.objects.get(pk=submission.pk), by=by)
    assert jobs.drain() == 1
    assert len(store_of(submission.dataset).current(submission)) == 119
