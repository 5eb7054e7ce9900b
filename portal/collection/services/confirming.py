"""The reconciliation of a submission, and the sender's word that it was looked at."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import TYPE_CHECKING, Any

from portal.collection.models import Confirmation, Submission, SubmissionEvent, Upload

if TYPE_CHECKING:
    from portal.accounts.models import User

CHANGING = (
    SubmissionEvent.What.COMMITTED,
    SubmissionEvent.What.TYPED,
    SubmissionEvent.What.UNDONE,
)
READ = ("rows_read", "stored", "skipped", "refused")


def statement_of(submission: Submission) -> dict[str, Any]:
    """What a sender confirms: rows read = stored + skipped + refused, control totals, files.

    `before` are the totals of the revision before, `sums` those of this one. `changes` counts how
    often its values were changed: two values exchanged leave every total as it was.
    """
    found = submission.reconciliation
    files = [_file(upload) for upload in taken_over(submission)]
    return {
        "dataset": submission.dataset.code,
        "unit": submission.unit.code,
        "period": submission.period.code,
        "revision": submission.revision,
        "changes": submission.events.filter(what__in=CHANGING).count(),
        **{key: found.get(key, 0) for key in ("rows", "value_count", "warnings")},
        "units_expected": found.get("units_expected", 0),
        "units_there": found.get("units_there", 0),
        "read": {key: sum(file[key] for file in files) for key in READ},
        "before": _sums_before(submission),
        "sums": found.get("sums", {}),
        "files": files,
    }


def taken_over(submission: Submission):  # type: ignore[no-untyped-def]
    return submission.uploads.filter(state=Upload.State.COMMITTED).order_by("pk")


def _file(upload: Upload) -> dict[str, Any]:
    counts = {key: upload.reconciliation.get(key, 0) for key in READ}
    return {"name": upload.original_name, "sha256": upload.sha256, **counts}


def _sums_before(submission: Submission) -> dict[str, Any]:
    before = Submission.objects.filter(
        dataset=submission.dataset,
        unit=submission.unit,
        period=submission.period,
        revision__lt=submission.revision,
    )
    last = before.order_by("-revision").first()
    return last.reconciliation.get("sums", {}) if last else {}


def digest_of(statement: dict[str, Any]) -> str:
    """SHA-256 of the statement in its one canonical form."""
    text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def confirm(*, submission: Submission, by: User, at: datetime.datetime) -> Confirmation:
    """Keep what `by` confirmed of `submission` as it stands."""
    statement = statement_of(submission)
    return Confirmation.objects.create(
        submission=submission, by=by, at=at, statement=statement, digest=digest_of(statement)
    )


def confirmation_of(submission: Submission) -> Confirmation | None:
    """What was confirmed when the submission was sent last; None for those of earlier days."""
    if submission.submitted_at is None:
        return None
    return submission.confirmations.filter(at=submission.submitted_at).select_related("by").first()


def totals_of(statement: dict[str, Any], found: Submission) -> list[dict[str, Any]]:
    """The control totals of a statement, before and after, in the order of the columns."""
    before, after = statement["before"], statement["sums"]
    columns = [column.as_layout() for column in found.dataset.columns.all()]
    return [
        {"column": column, "before": before.get(column.key), "after": after.get(column.key)}
        for column in columns
        if column.key in before or column.key in after
    ]
