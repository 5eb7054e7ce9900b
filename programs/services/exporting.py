"""The workbook of the five data groups: asked for, made by a worker, kept for a while."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction

from portal.accounts.models import User
from portal.formats import number
from portal.jobs import services as jobs
from portal.jobs.models import is_given_up
from programs.ministry.export import exported, sheets
from programs.models import GroupsExport, Programme

EXPORT_JOB = "export_groups"
KEPT = 5  # of a programme; older ones go when a new one is asked for


@transaction.atomic
def ask_export(*, programme: Programme, today: datetime.date, by: User) -> GroupsExport:
    """Ask for the workbook as of today; the one that is being made already is enough."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    there = GroupsExport.objects.filter(programme=programme, state=GroupsExport.State.ASKED).first()
    if there is not None:
        if not is_given_up(EXPORT_JOB, there.pk):
            return there
        there.delete()
    asked = GroupsExport.objects.create(programme=programme, day=today, by=by)
    _forget_old(programme)
    jobs.ask(EXPORT_JOB, asked.pk)
    return asked


def _forget_old(programme: Programme) -> None:
    for old in GroupsExport.objects.ready().filter(programme=programme)[KEPT - 1 :]:
        file = old.file
        old.delete()
        transaction.on_commit(lambda file=file: file.delete(save=False))  # type: ignore[misc]


def make_export(asked: GroupsExport, say: Callable[[str], None]) -> tuple[BytesIO, int]:
    """The workbook and how many rows it has; writes nothing."""
    say("Đang lấy số liệu")
    found = sheets(asked.programme, today=asked.day)
    count = sum(len(table.rows) for _, table in found)

    def told(sheet: int, rows: int) -> None:
        say(f"Đã ghi {sheet} / {len(found)} trang, {number(rows)} / {number(count)} dòng")

    return exported(asked.programme, found, today=asked.day, told=told), count


@transaction.atomic
def keep_export(*, asked: GroupsExport, content: BytesIO, rows: int) -> None:
    """Keep the workbook, once. A file that an attempt before this one left is written over."""
    asked = GroupsExport.objects.select_for_update().get(pk=asked.pk)
    if not asked.is_open:
        return
    asked.file.storage.delete(f"programs/exports/{asked.pk}.xlsx")
    asked.file.save("x.xlsx", ContentFile(content.getvalue()), save=False)
    asked.state, asked.rows = GroupsExport.State.DONE, rows
    asked.size = len(content.getvalue())
    asked.save(update_fields=["file", "state", "rows", "size"])
