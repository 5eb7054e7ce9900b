"""From an exhibit's source to what it says today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ethnic_data.services.saved_views import tidied as tidied_for_explorer
from reports.models import Exhibit

from . import explorer, programme
from .content import Content, Made, NotToBeMade

if TYPE_CHECKING:
    import datetime

    from portal.accounts.models import User


def tidied_query(source: str, query: str, *, user: User, today: datetime.date) -> str:
    """The address with only what the source reads, and with what it would choose by itself.

    Raises:
        NotToBeMade: there is no such source, or no such programme.
    """
    if source == Exhibit.Source.EXPLORER:
        return explorer.pinned(tidied_for_explorer(query), user)
    if source == Exhibit.Source.PROGRAMME:
        return programme.tidied(query, today=today)
    raise NotToBeMade("Không có nguồn bảng, biểu đồ này.")


def make(exhibit: Exhibit) -> Made:
    """What the exhibit says from today's approved data. Raises NotToBeMade."""
    if exhibit.source == Exhibit.Source.EXPLORER:
        drafter = exhibit.report.drafter
        return explorer.made(exhibit.query, drafter, with_chart=exhibit.is_chart)
    return programme.made(
        exhibit.query, today=exhibit.report.report_date, with_chart=exhibit.is_chart
    )


def make_again(exhibit: Exhibit) -> Content:
    """What a frozen exhibit's revisions say: exact, to be compared and not to be shown.

    Raises:
        NotToBeMade: its source is gone.
    """
    as_of = exhibit.frozen_at
    if as_of is None:
        raise NotToBeMade("Bảng, biểu đồ chưa chốt.")
    if exhibit.source == Exhibit.Source.EXPLORER:
        return explorer.made_again(exhibit.query, exhibit.report.drafter, as_of=as_of)
    today = exhibit.report.report_date
    return programme.made(exhibit.query, today=today, with_chart=False, as_of=as_of).content


def default_title(made: Made) -> str:
    """The title with what it is narrowed to, cut to what a title holds."""
    about = made.content.about
    return f"{made.title} ({about})"[:300] if about and len(about) < 120 else made.title[:300]
