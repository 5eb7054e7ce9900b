"""Take files in, and put them aside."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from portal.collection.models import RememberedAnswer, Submission, SubmissionEvent, Upload
from portal.collection.models.uploads import kept_as
from portal.collection.stores import store_of
from portal.jobs import services as jobs
from portal.room import is_out_of_room

from .mending import NotKept, mend, unmend
from .owning import check_own_file, own_rows_of
from .reading import plain
from .refusals import (
    AnswerUnknown,
    FileEmpty,
    FileTooLarge,
    NoRoom,
    NotAllowed,
    NotEditable,
    NothingToCorrect,
)
from .staging import unstage
from .trail import editable, may, moment, note

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

    from portal.accounts.models import User
    from portal.collection.models import Archive

log = logging.getLogger(__name__)
READ_JOB = "read_upload"
LONGEST_CELL = 100
# what a heading or a name means holds for the next file; how one file writes its numbers does not
REMEMBERED = ("column:", "row:", "unit:", "group:", "encoding")
NOT_REMEMBERED = ("no",)


def receive_upload(
    *,
    submission: Submission,
    file: File,
    name: str,
    by: User,
    read_later: bool = True,
    archive: Archive | None = None,
    shown: str = "",
    together: Collection[int] = (),
    now: datetime.datetime | None = None,
) -> Upload:
    """Keep one file as it came and ask for it to be read.

    `archive` is the zip it came in, `shown` the name to show when it is a path inside. `together`
    are the uploads that came with it: one of the same name is another file, not an older one.

    Raises:
        NotAllowed, NotEditable, FileEmpty, FileTooLarge, NoRoom
    """
    if not may(by, "collection.enter", submission):
        raise NotAllowed
    if not Submission.objects.get(pk=submission.pk).is_editable:
        raise NotEditable
    if file.size == 0:
        raise FileEmpty(f"{shown_name(name)}: {FileEmpty.message}")
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(f"{shown_name(name)}: {FileTooLarge.message}")
    digest = hash_of(file)
    upload = Upload(
        original_name=shown or shown_name(name),
        sha256=digest,
        size=file.size,
        uploaded_by=by,
        archive=archive,
    )
    kept = keep_file(kept_as(upload, name), file)
    try:
        stored = _record(submission, upload, kept, by, read_later, moment(now), together)
    except BaseException:
        default_storage.delete(kept)
        raise
    if stored.file.name != kept:
        default_storage.delete(kept)
    return stored


def keep_file(place: str, file: File) -> str:
    """The name under which the file is kept, whole; nothing of it stays when there is no room.

    Raises:
        NoRoom
    """
    try:
        return default_storage.save(place, file)
    except OSError as error:
        if not is_out_of_room(error):
            raise
        log.critical("no room left to keep a file", exc_info=error)
        with contextlib.suppress(OSError):
            default_storage.delete(place)
        raise NoRoom(f"{shown_name(file.name or '')}: {NoRoom.message}") from error


@transaction.atomic
def _record(
    submission: Submission,
    upload: Upload,
    kept: str,
    by: User,
    read_later: bool,
    at: datetime.datetime,
    together: Collection[int],
) -> Upload:
    submission = editable(submission, by=by)
    theirs = submission.uploads.open()
    if own_rows_of(submission, by) is not None:
        theirs = theirs.filter(uploaded_by=by)
    if same := theirs.filter(sha256=upload.sha256).first():
        if same.pk in together:
            same.twins = [*same.twins, upload.original_name]
            same.save(update_fields=["twins"])
        if same.state == Upload.State.READ and store_of(submission.dataset).guards:
            read_again(same, read_later=read_later)  # what the domain said may hold no longer
        elif same.state == Upload.State.RECEIVED and read_later:
            jobs.ask(READ_JOB, same.pk)  # a reading that failed is begun anew
        return same
    _put_aside_older(theirs, upload, together)
    upload.submission, upload.uploaded_at, upload.file.name = submission, at, kept
    upload.answers = _remembered(submission)
    upload.save()
    note(submission, SubmissionEvent.What.UPLOADED, by=by, at=at, text=upload.original_name)
    if read_later:
        jobs.ask(READ_JOB, upload.pk)
    return upload


def _put_aside_older(waiting: QuerySet[Upload], upload: Upload, together: Collection[int]) -> None:
    """A waiting file of the same name was corrected and is sent again: the new one stands."""
    older = waiting.filter(original_name=upload.original_name)
    older = older.exclude(pk__in=together)
    for one in older.select_for_update():
        put_aside(one)


def put_aside(upload: Upload) -> None:
    unstage(upload)
    upload.rows.all().delete()
    upload.state = Upload.State.DISCARDED
    upload.save(update_fields=["state"])


def _remembered(submission: Submission) -> dict[str, str]:
    kept = RememberedAnswer.objects.filter(dataset=submission.dataset, unit=submission.unit)
    return dict(kept.values_list("question", "answer"))


def hash_of(file: File) -> str:
    """SHA-256 of the content, read a piece at a time; the file stands at its beginning after."""
    digest = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def shown_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 200 letters."""
    bare = PurePath(name.replace("\\", "/")).name
    clean = "".join(letter for letter in bare if letter.isprintable()).strip()
    if len(clean) > 200:
        suffix = PurePath(clean).suffix[:10]
        clean = clean[: 200 - len(suffix)] + suffix
    return clean or "tep"


def shown_path(name: str) -> str:
    """The path of a file inside its zip: its last folders and its own name."""
    *folders, last = name.replace("\\", "/").split("/")
    shown = [shown_name(folder)[:60] for folder in folders if folder][-2:]
    return "/".join([*shown, shown_name(last)])[:255]


@transaction.atomic
def discard_upload(*, upload: Upload, by: User, now: datetime.datetime | None = None) -> None:
    """Put a file aside that was not taken over; nothing of it is used.

    Raises:
        NotAllowed, NotEditable, NotOwn
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == Upload.State.COMMITTED:
        raise NotEditable("Tệp đã được ghi nhận. Muốn sửa, hãy tải lên tệp mới.")
    if upload.state == Upload.State.DISCARDED:
        return
    put_aside(upload)
    what = SubmissionEvent.What.DISCARDED
    note(submission, what, by=by, at=moment(now), text=upload.original_name)


@transaction.atomic
def answer_questions(
    *,
    upload: Upload,
    answers: Mapping[str, str],
    by: User,
    read_later: bool = True,
    now: datetime.datetime | None = None,
) -> Upload:
    """Take answers to what the file left open and have it read again with them.

    Answers about columns are remembered for the unit's next files of this dataset.

    Raises:
        NotAllowed, NotEditable
        AnswerUnknown: an answer that was not among the options.
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return upload
    asked = {question["id"]: question for question in upload.questions}
    for question, answer in answers.items():
        options = [option["value"] for option in asked.get(question, {}).get("options", [])]
        if answer not in options:
            raise AnswerUnknown
    at = moment(now)
    remember(submission, answers, by, at)
    upload.answers = {**upload.answers, **answers}
    read_again(upload, read_later=read_later)
    return upload


@transaction.atomic
def correct_cells(
    *,
    upload: Upload,
    texts: Mapping[tuple[str, str], str],
    by: User,
    read_later: bool = True,
    now: datetime.datetime | None = None,
) -> Upload:
    """Put single cells of a waiting file right, by (sheet, cell); the file itself stays as sent.

    What was typed, by whom and when is kept beside the file. What a cell touches is checked at
    once; where that is not possible (the cell of a name, an open question), the file is read
    again.

    Raises:
        NotAllowed, NotEditable
        NothingToCorrect: nothing was typed for such a cell.
    """
    filled = {place: text for place, text in texts.items() if plain(text).strip()}
    with contextlib.suppress(NotKept):
        return mend(upload=upload, texts=filled, by=by, now=now)
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return upload
    wrong = {(issue["sheet"], issue["cell"]): issue["value"] for issue in upload.issues}
    typed = {
        place: text
        for place, given in texts.items()
        if place in wrong and place[1] and (text := plain(given).strip()[:LONGEST_CELL])
    }
    if not typed:
        raise NothingToCorrect
    at = moment(now)
    kept = [item for item in upload.corrections if (item["sheet"], item["cell"]) not in typed]
    for (sheet, cell), text in typed.items():
        before = wrong[sheet, cell]
        kept.append(
            {
                "sheet": sheet,
                "cell": cell,
                "before": before,
                "text": text,
                "by": by.full_name,
                "at": at.isoformat(),
            }
        )
        words = f"{upload.original_name}, ô {cell}: “{before}” → “{text}”"
        note(submission, SubmissionEvent.What.TYPED, by=by, at=at, text=words)
    upload.corrections = kept
    read_again(upload, read_later=read_later)
    return upload


@transaction.atomic
def undo_correction(
    *,
    upload: Upload,
    sheet: str,
    cell: str,
    by: User,
    read_later: bool = True,
    now: datetime.datetime | None = None,
) -> Upload:
    """Take one mended cell back to what the file says.

    Raises:
        NotAllowed, NotEditable, NothingToCorrect
    """
    with contextlib.suppress(NotKept):
        return unmend(upload=upload, sheet=sheet, cell=cell, by=by, now=now)
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    for item in upload.corrections:
        if (item["sheet"], item["cell"]) == (sheet, cell):
            words = f"{upload.original_name}, ô {cell}: “{item['text']}” trả về “{item['before']}”"
            note(submission, SubmissionEvent.What.TYPED, by=by, at=moment(now), text=words)
    upload.corrections = [
        item for item in upload.corrections if (item["sheet"], item["cell"]) != (sheet, cell)
    ]
    read_again(upload, read_later=read_later)
    return upload


@transaction.atomic
def forget_answers(*, upload: Upload, by: User, read_later: bool = True) -> Upload:
    """ "Chưa đúng?": read the file again without any earlier answer.

    Raises:
        NotAllowed, NotEditable, NotOwn
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return upload
    RememberedAnswer.objects.filter(
        dataset=submission.dataset, unit=submission.unit, question__in=list(upload.answers)
    ).delete()
    upload.answers = {}
    read_again(upload, read_later=read_later)
    return upload


def read_again(upload: Upload, *, read_later: bool) -> None:
    upload.state = Upload.State.RECEIVED
    upload.save(update_fields=["state", "answers", "corrections"])
    unstage(upload)
    if read_later:
        jobs.ask(READ_JOB, upload.pk)


def remember(
    submission: Submission, answers: Mapping[str, str], by: User, at: datetime.datetime
) -> None:
    RememberedAnswer.objects.bulk_create(
        [
            RememberedAnswer(
                dataset=submission.dataset,
                unit=submission.unit,
                question=question,
                answer=answer,
                answered_by=by,
                answered_at=at,
            )
            for question, answer in answers.items()
            if question.startswith(REMEMBERED) and answer not in NOT_REMEMBERED
        ],
        update_conflicts=True,
        unique_fields=["dataset", "unit", "question"],
        update_fields=["answer", "answered_by", "answered_at"],
    )
