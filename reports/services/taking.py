"""Records of the committee's own work go into a section as lines, their documents as notes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from reports.models import Section
from reports.office.wording import Told
from reports.text import richtext

from .editing import edit_section
from .facts import insert_citation
from .refusals import ReportRefusal

if TYPE_CHECKING:
    from portal.accounts.models import User


class NothingChosen(ReportRefusal):
    message = "Chưa chọn mục nào. Đánh dấu những mục cần đưa vào báo cáo."


@transaction.atomic
def take_records(
    *, section: Section, told: Sequence[Told], by: User, now: datetime.datetime
) -> Section:
    """Add one line for each of `told` at the end of the section, citing its document in a note.

    The records stay what they are: the lines are the report's own from now on.

    Raises:
        NothingChosen, NotAllowed, NotNow
    """
    if not told:
        raise NothingChosen
    section = Section.objects.select_for_update().select_related("report").get(pk=section.pk)
    lines = [*section.lines, *(_line(section, one, by) for one in told)]
    return edit_section(
        section=section, title=section.title, body=richtext.write(lines), by=by, now=now
    )


def _line(section: Section, one: Told, by: User) -> richtext.Line:
    pieces: list[richtext.Piece] = [richtext.Run(one.sentence)]
    if one.document is not None:
        stop = one.sentence[-1] if one.sentence.endswith(".") else ""
        citation = insert_citation(report=section.report, document=one.document, by=by)
        pieces = [
            richtext.Run(one.sentence.removesuffix(".")),
            richtext.Atom("citation", str(citation.pk)),
            *([richtext.Run(stop)] if stop else []),
        ]
    return richtext.Line(tuple(pieces), mark="-")
