"""What came of a batch: sheets stored, how far it is, all of them in one zip."""

from __future__ import annotations

import datetime
import hashlib
import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.db.models import Count, Q
from django.utils import timezone

from portal.jobs.models import Job
from portal.units.names import fold
from reports.models import Batch, BatchSheet

from .requesting import SHEET_JOB
from .sheet import MadeSheet

#: A zip up to this size stays in memory while it is made.
_IN_MEMORY = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is; `stuck` counts sheets whose job gave up."""

    total: int
    done: int
    refused: int
    stuck: int

    @property
    def is_running(self) -> bool:
        return self.done + self.refused + self.stuck < self.total


def store_sheet(
    sheet: BatchSheet, made: MadeSheet, *, now: datetime.datetime | None = None
) -> BatchSheet:
    """Keep the file; inside the job's effect."""
    content = made.rendered.pdf
    sheet.file.save("phieu.pdf", ContentFile(content), save=False)
    sheet.sha256, sheet.size = hashlib.sha256(content).hexdigest(), len(content)
    sheet.pages, sheet.missing = made.rendered.pages, made.missing
    sheet.state, sheet.problem = BatchSheet.State.DONE, ""
    sheet.finished_at = now or timezone.now()
    sheet.save()
    return sheet


def refuse_sheet(sheet: BatchSheet, *, problem: str, now: datetime.datetime | None = None) -> None:
    """Keep why a sheet could not be made."""
    sheet.state, sheet.problem = BatchSheet.State.REFUSED, problem
    sheet.finished_at = now or timezone.now()
    sheet.save(update_fields=["state", "problem", "finished_at"])


def progress_of(batch: Batch) -> Progress:
    """Two queries."""
    counts = batch.sheets.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=BatchSheet.State.DONE)),
        refused=Count("pk", filter=Q(state=BatchSheet.State.REFUSED)),
    )
    return Progress(**counts, stuck=len(failed_sheets(batch)))


def failed_sheets(batch: Batch) -> dict[int, Job]:
    """Sheets that wait although their job has given up, with that job."""
    waiting = batch.sheets.filter(state=BatchSheet.State.WAITING).values("pk")
    found = Job.objects.filter(name=SHEET_JOB, subject_id__in=waiting).order_by("pk")
    last = {job.subject_id: job for job in found}
    return {pk: job for pk, job in last.items() if job.state == Job.State.FAILED}


def zipped(batch: Batch) -> IO[bytes]:
    """Every sheet that is made, in one zip; the caller closes it. Files that the store has lost are
    left out."""
    archive = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed on
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as into:
        done = batch.sheets.filter(state=BatchSheet.State.DONE).select_related("unit")
        for sheet in done.order_by("position"):
            if sheet.file.storage.exists(str(sheet.file.name)):
                with sheet.file.open("rb") as file:
                    into.writestr(file_name(sheet), file.read())
    archive.seek(0)
    return archive


def file_name(sheet: BatchSheet) -> str:
    """ "07-xa-an-lac.pdf": in the order of the list, readable everywhere."""
    return f"{sheet.position:02}-{fold(sheet.unit.full_name).replace(' ', '-')}.pdf"


def zip_name(batch: Batch) -> str:
    return f"{fold(batch.template.title).replace(' ', '-')}-{batch.period.code}.zip"
