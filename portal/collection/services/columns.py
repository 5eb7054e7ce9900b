"""Which column of a file is which of the dataset: as it was read, and as the sender says."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from portal.collection.models import Upload
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.names import fold
from portal.collection.workbooks.tables import ASIDE

from .owning import check_own_file
from .refusals import AnswerUnknown
from .trail import editable, moment
from .uploading import read_again, remember

if TYPE_CHECKING:
    from portal.accounts.models import User

STUBS = {
    "index": "Số thứ tự",
    "unit": "Tên đơn vị",
    "group": "Dân tộc",
    "district": "Tên huyện",
}
HOW = {"answer": "theo trả lời", "exact": "đúng tên"}


class ShownColumn(NamedTuple):
    """One column of a file as the person looks it over; `key` is empty when it is left aside."""

    question: str
    letter: str
    heading: str
    key: str
    meaning: str
    is_label: bool
    how: str


def columns_of(sheet: Mapping, layout: Layout) -> Iterator[ShownColumn]:
    """The columns of one sheet of `Upload.understood`, in words."""
    for column in sheet["columns"]:
        declared = layout.by_key.get(column["key"] or "")
        meaning = name_of(declared.key, layout) if declared else ""
        group = layout.group_by_code.get(column.get("group") or "")
        if declared and group:
            meaning = f"{meaning}, dân tộc {group.name}"
        yield ShownColumn(
            question=f"column:{fold(column['heading'])}",
            letter=column["letter"],
            heading=column["heading"],
            key=column["key"] or "",
            meaning=meaning,
            is_label=column["how"] == "stub",
            how=HOW.get(column["how"], "") if declared else "",
        )


def name_of(key: str, layout: Layout) -> str:
    """A layout column's heading, with what stands above it where that tells it apart."""
    column = layout.by_key[key]
    twins = [other for other in layout.columns if other.heading == column.heading]
    above = f"{column.parents[-1]} / " if column.parents and column.parents[-1] else ""
    is_short = len(column.heading) < 8
    return f"{above}{column.heading}" if len(twins) > 1 or is_short else column.heading


def mappable(upload: Upload, layout: Layout) -> list[ShownColumn]:
    """Columns that the sender may choose anew: each heading once, columns of labels not."""
    found: dict[str, ShownColumn] = {}
    for sheet in upload.understood.get("sheets", []):
        for column in columns_of(sheet, layout):
            if not column.is_label and column.heading:
                found.setdefault(column.question, column)
    return list(found.values())


@transaction.atomic
def map_columns(
    *,
    upload: Upload,
    layout: Layout,
    chosen: Mapping[str, str],
    by: User,
    read_later: bool = True,
    now: datetime.datetime | None = None,
) -> bool:
    """Take the sender's own choice of columns and have the file read again; False when nothing is
    different from what was read.

    `chosen` maps a column's question to a key of the layout, or to "-" for leaving it aside. The
    choice is remembered for the sender's next files of this dataset.

    Raises:
        NotAllowed, NotEditable
        AnswerUnknown: no column of this file, or none of this dataset.
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return False
    known = {column.question: column for column in mappable(upload, layout)}
    for question, key in chosen.items():
        if question not in known or (key != ASIDE and key not in layout.by_key):
            raise AnswerUnknown
    new = {
        question: key
        for question, key in chosen.items()
        if (key if key != ASIDE else "") != known[question].key
    }
    if not new:
        return False
    remember(submission, new, by, moment(now))
    upload.answers = {**upload.answers, **new}
    read_again(upload, read_later=read_later)
    return True
