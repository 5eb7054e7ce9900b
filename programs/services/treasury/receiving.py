"""An extract at the door: the same file comes once."""

from __future__ import annotations

import datetime

from django.core.files.base import File
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.collection.services.lists import FileNotTaken
from portal.collection.services.lists.receiving import refuse_at_door, shown_name
from portal.documents.files import sha256_of
from portal.formats import moment
from portal.jobs import services as jobs
from portal.jobs.models import Job
from programs.ledger import LedgerRefused
from programs.models import Programme, TreasuryExtract, TreasuryRow

from .entering import ENTER_JOB
from .matching import match_extract
from .reading import READ_JOB, scaled

State = TreasuryExtract.State
JOBS = {State.RECEIVED.value: READ_JOB, State.ENTERING.value: ENTER_JOB}


def receive_extract(
    *, programme: Programme, file: File, name: str, by: User, now: datetime.datetime
) -> TreasuryExtract:
    """Keep the file and ask for it to be read.

    Raises:
        FileNotTaken: empty, too large, or it came before: when, and who sent it.
    """
    refuse_at_door(file)
    digest = sha256_of(file)
    file.seek(0)
    _refuse_twice(digest)
    extract = TreasuryExtract(
        programme=programme, original_name=shown_name(name), sha256=digest, by=by, at=now
    )
    try:
        with transaction.atomic():
            extract.file.save("tep", file, save=True)
            jobs.ask(READ_JOB, extract.pk)
    except IntegrityError:
        extract.file.delete(save=False)
        _refuse_twice(digest)
        raise
    return extract


def _refuse_twice(digest: str) -> None:
    there = TreasuryExtract.objects.filter(sha256=digest).select_related("by").first()
    if there is not None:
        who = there.by.full_name or there.by.get_username()
        raise FileNotTaken(
            f"Tệp này đã tải lên lúc {moment(there.at)}, người tải {who} "
            f"(tên tệp “{there.original_name}”). Không ghi lần thứ hai."
        )


@transaction.atomic
def answer_scale(*, extract: TreasuryExtract, scale: int) -> None:
    """What the amounts are counted in: 1, 1 000 or 1 000 000 đồng; then the rows are matched.

    Raises:
        LedgerRefused: it is not asked (any more).
    """
    extract = TreasuryExtract.objects.select_for_update().get(pk=extract.pk)
    if extract.state != State.ASKED or scale not in TreasuryExtract.SCALES:
        raise LedgerRefused("Bảng kê này không còn chờ trả lời.")
    rows = list(extract.rows.all())
    scaled(rows, scale)
    TreasuryRow.objects.bulk_update(rows, ["amount", "outcome", "reason"], batch_size=500)
    extract.scale, extract.question, extract.state = scale, "", State.READ
    extract.save(update_fields=["scale", "question", "state"])
    match_extract(extract=extract)


@transaction.atomic
def rematch(*, extract: TreasuryExtract) -> None:
    """Look again at rows that are not entered: lines and works may have come since.

    Raises:
        LedgerRefused: a job works on it.
    """
    extract = TreasuryExtract.objects.select_for_update().get(pk=extract.pk)
    if extract.state not in (State.READ, State.ENTERED):
        raise LedgerRefused("Bảng kê này đang được xử lý. Hãy đợi rồi làm lại.")
    match_extract(extract=extract)
    extract.state = State.READ
    extract.save(update_fields=["state"])


@transaction.atomic
def discard_extract(*, extract: TreasuryExtract) -> None:
    """Take an extract away of which nothing was entered; its file may be sent again then.

    Raises:
        LedgerRefused: payments came of it, or a job works on it.
    """
    extract = TreasuryExtract.objects.select_for_update().get(pk=extract.pk)
    if extract.rows.filter(outcome=TreasuryRow.Outcome.ENTERED).exists():
        raise LedgerRefused("Bảng kê đã có khoản ghi nhận nên được giữ lại.")
    job = Job.objects.last_of(JOBS[extract.state], extract.pk) if extract.is_working else None
    if job is not None and job.is_open:
        raise LedgerRefused("Bảng kê này đang được xử lý. Hãy đợi rồi làm lại.")
    storage, name = extract.file.storage, extract.file.name
    extract.delete()
    transaction.on_commit(lambda: storage.delete(str(name)))
