"""The sender agrees, and the rows become records: all of them or none."""

from __future__ import annotations

from django.db import transaction

from portal.collection.lists.resource import ListResource
from portal.collection.lists.tables import ListTable
from portal.collection.models import ListFile, ListState
from portal.jobs import services as jobs

from .receiving import APPLY_JOB, locked

CHANGED_MEANWHILE = "Danh sách vừa thay đổi nên tệp không còn khớp. Hãy tải tệp lên lại để so sánh."


@transaction.atomic
def confirm_list(*, one: ListFile, job: str = APPLY_JOB) -> bool:
    """False when there is nothing to agree to (any more)."""
    one = locked(one)
    if not one.is_ready:
        return False
    one.state = ListState.CONFIRMED
    one.save(update_fields=["state"])
    jobs.ask(job, one.pk)
    return True


@transaction.atomic
def apply_list(*, one: ListFile, resource: ListResource) -> bool:
    """Take the confirmed rows over; False when nothing was stored. The caller ends the file.

    What changed meanwhile and no longer fits sends the file back to its sender. `made` keeps
    which records came of it, for an undo.
    """
    one = locked(one)
    if one.state != ListState.CONFIRMED:
        return False
    try:
        with transaction.atomic():
            one.made = _taken_over(ListTable(**one.rows), resource)
    except Exception as error:
        one.problems = [{"cell": "", "name": "", "text": CHANGED_MEANWHILE}]
        one.rows, one.state = {}, ListState.READ
        one.counts = one.counts | {"problems": 1, "cause": type(error).__name__}
        one.save()
        return False
    one.save(update_fields=["made"])
    return True


@transaction.atomic
def take_over_list(*, one: ListFile, resource: ListResource) -> bool:
    """`apply_list`, and the end of the file."""
    if not apply_list(one=one, resource=resource):
        return False
    locked(one).end(ListState.DONE)
    return True


def _taken_over(table: ListTable, resource: ListResource) -> list[dict[str, object]]:
    result = resource.import_data(
        table.as_dataset(), dry_run=False, use_transactions=False, raise_errors=True
    )
    made: list[dict[str, object]] = []
    for row in result.rows:
        if row.import_type not in (row.IMPORT_TYPE_NEW, row.IMPORT_TYPE_UPDATE):
            continue
        is_new = row.import_type == row.IMPORT_TYPE_NEW
        kept = None if is_new or not resource.keeps_before else resource.before(row.original)
        stamp = resource.stamp(row.instance)
        made.append({"pk": row.instance.pk, "new": is_new, "before": kept, "stamp": stamp})
    return made
