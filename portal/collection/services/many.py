"""Many files at once: several workbooks or a zip of them, for one submission."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from portal.collection.models import Archive, Submission, SubmissionEvent, Upload
from portal.collection.models.archives import archive_kept_as
from portal.collection.workbooks.unpacking import NotUnpacked, Unpacked, is_archive, unpack
from portal.jobs import services as jobs

from .reading import local_file
from .refusals import FileEmpty, FileTooLarge, NoRoom, NotAllowed, NotEditable, Refused
from .trail import editable, may, moment, note
from .uploading import (
    answer_questions,
    correct_cells,
    hash_of,
    keep_file,
    receive_upload,
    shown_name,
    shown_path,
)

if TYPE_CHECKING:
    from portal.accounts.models import User

UNPACK_JOB = "unpack_archive"


@dataclass
class Received:
    """What came of one drop: files that wait to be read, zips, and what could not be kept."""

    uploads: list[Upload] = field(default_factory=list)
    archives: list[Archive] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def receive_files(
    *,
    submission: Submission,
    files: Iterable[tuple[str, File]],
    by: User,
    now: datetime.datetime | None = None,
) -> Received:
    """Keep each file, by (name, file); one that cannot be kept does not hold up the others.

    Files of one name that come together are different files; the same content twice is taken once.

    Raises:
        NotAllowed, NotEditable
    """
    received = Received()
    for name, file in files:
        try:
            if is_zip_of_files(file):
                archive = receive_archive(
                    submission=submission, file=file, name=name, by=by, now=now
                )
                received.archives.append(archive)
            else:
                upload = receive_upload(
                    submission=submission,
                    file=file,
                    name=name,
                    by=by,
                    together={found.pk for found in received.uploads},
                    now=now,
                )
                received.uploads.append(upload)
        except (FileEmpty, FileTooLarge, NoRoom) as refusal:
            received.problems.append(refusal.message)
    return received


def is_zip_of_files(file: File) -> bool:
    """By its content: an upload on the disk is looked at where it lies."""
    place = getattr(file, "temporary_file_path", None)
    if place is not None:
        return is_archive(place())
    with tempfile.NamedTemporaryFile(suffix=Path(file.name or "").suffix) as copy:
        for piece in file.chunks():
            copy.write(piece)
        copy.flush()
        file.seek(0)
        return is_archive(copy.name)


def receive_archive(
    *,
    submission: Submission,
    file: File,
    name: str,
    by: User,
    now: datetime.datetime | None = None,
) -> Archive:
    """Keep a zip as it came and ask for it to be opened.

    Raises:
        NotAllowed, NotEditable, FileTooLarge
    """
    if not may(by, "collection.enter", submission):
        raise NotAllowed
    if not Submission.objects.get(pk=submission.pk).is_editable:
        raise NotEditable
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(f"{shown_name(name)}: {FileTooLarge.message}")
    archive = Archive(
        submission=submission,
        original_name=shown_name(name),
        sha256=hash_of(file),
        size=file.size,
        uploaded_by=by,
        uploaded_at=moment(now),
    )
    kept = keep_file(archive_kept_as(archive, name), file)
    try:
        with transaction.atomic():
            submission = editable(submission, by=by)
            archive.file.name = kept
            archive.save()
            what = SubmissionEvent.What.UPLOADED
            note(submission, what, by=by, at=archive.uploaded_at, text=archive.original_name)
            jobs.ask(UNPACK_JOB, archive.pk)
    except BaseException:
        default_storage.delete(kept)
        raise
    return archive


@dataclass
class Contents:
    """The files of an opened zip, not yet anybody's: `folder` goes when they are kept."""

    unpacked: Unpacked
    problem: str = ""


def open_archive(archive: Archive, folder: Path, say: Callable[[str], None]) -> Contents:
    """The files of the zip on the disk; writes nothing to the database."""
    try:
        with local_file(archive) as path:
            unpacked = unpack(
                path,
                folder,
                name=archive.original_name,
                most_bytes=settings.UPLOAD_MAX_BYTES,
                tick=lambda count: say(f"Đã mở {count} tệp trong {archive.original_name}"),
            )
    except NotUnpacked as refusal:
        return Contents(Unpacked(), refusal.message)
    return Contents(unpacked)


def store_contents(*, archive: Archive, contents: Contents) -> None:
    """Keep the files of a zip as uploads that wait to be read; inside the job's effect."""
    archive = Archive.objects.select_for_update().get(pk=archive.pk)
    if archive.state != Archive.State.RECEIVED:
        return
    taken: set[int] = set()
    problem = contents.problem
    try:
        for member in contents.unpacked.members:
            with member.path.open("rb") as handle:
                upload = receive_upload(
                    submission=archive.submission,
                    file=File(handle, name=member.path.name),
                    name=member.name,
                    by=archive.uploaded_by,
                    archive=archive,
                    shown=shown_path(member.name),
                    together=taken,
                )
            taken.add(upload.pk)
    except Refused as refusal:
        problem = refusal.message
    archive.state = Archive.State.REFUSED if problem else Archive.State.UNPACKED
    archive.problem, archive.taken = problem[:500], len(taken)
    archive.left_out = [[item.name, item.reason] for item in contents.unpacked.left_out[:500]]
    archive.save()


@transaction.atomic
def answer_all(
    *,
    submission: Submission,
    answers: Mapping[str, str],
    by: User,
    now: datetime.datetime | None = None,
) -> int:
    """Give the same answers to every waiting file that asks; returns how many are read again.

    Raises:
        NotAllowed, NotEditable, AnswerUnknown
    """
    asking = [
        upload
        for upload in editable(submission, by=by).uploads.filter(state=Upload.State.READ)
        if any(question["id"] in answers for question in upload.questions)
    ]
    for upload in asking:
        own = {question["id"] for question in upload.questions}
        given = {key: value for key, value in answers.items() if key in own}
        answer_questions(upload=upload, answers=given, by=by, now=now)
    return len(asking)


@transaction.atomic
def correct_all(
    *,
    submission: Submission,
    texts: Mapping[tuple[int, str, str], str],
    by: User,
    now: datetime.datetime | None = None,
) -> None:
    """Mend cells of several waiting files, by (upload, sheet, cell).

    Raises:
        NotAllowed, NotEditable, NothingToCorrect
    """
    submission = editable(submission, by=by)
    filled = {place: text for place, text in texts.items() if text.strip()}
    uploads = submission.uploads.filter(pk__in={pk for pk, _, _ in filled})
    for upload in uploads:
        own = {(sheet, cell): text for (pk, sheet, cell), text in filled.items() if pk == upload.pk}
        correct_cells(upload=upload, texts=own, by=by, now=now)
