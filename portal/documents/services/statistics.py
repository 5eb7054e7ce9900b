"""How many documents there were in a year: by type, issuer, month, division, on time or late."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, DateField, F, Q, QuerySet, When
from django.db.models.functions import ExtractMonth, TruncDate

from portal.documents.models import Assignment, Direction, Document, DocumentType

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_ISSUERS = 20


@dataclass(frozen=True)
class Table:
    """One count: headings and lines, the first of each a word."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str | int, ...]]
    note: str = ""


def of_year(user: User, year: int, *, today: datetime.date) -> list[Table]:
    """Counts over what this person may read; five queries. Incoming ones count by arrival.

    Copies have a book and a series of their own and are no documents issued.
    """
    visible = Document.objects.visible_to(user).order_by()
    outgoing = visible.filter(direction=Direction.OUTGOING, date__year=year).exclude(
        document_type__group=DocumentType.Group.COPY
    )
    incoming = visible.filter(direction=Direction.INCOMING, arrival_date__year=year)
    return [
        _by_month(outgoing, incoming),
        _by_type(outgoing, incoming),
        _by_issuer(incoming),
        _by_division(user, year, today),
    ]


def _by_month(outgoing: QuerySet[Document], incoming: QuerySet[Document]) -> Table:
    sent = dict(
        outgoing.annotate(month=ExtractMonth("date")).values_list("month").annotate(n=Count("pk"))
    )
    came = dict(
        incoming.annotate(month=ExtractMonth("arrival_date"))
        .values_list("month")
        .annotate(n=Count("pk"))
    )
    rows: list[tuple[str | int, ...]] = [
        (f"Tháng {month}", sent.get(month, 0), came.get(month, 0)) for month in range(1, 13)
    ]
    rows.append(("Cả năm", sum(sent.values()), sum(came.values())))
    return Table("Theo tháng", ("Tháng", "Văn bản đi", "Văn bản đến"), rows)


def _by_type(outgoing: QuerySet[Document], incoming: QuerySet[Document]) -> Table:
    both = (outgoing | incoming).values("document_type__name")
    counted = both.annotate(
        sent=Count("pk", filter=Q(direction=Direction.OUTGOING)),
        came=Count("pk", filter=Q(direction=Direction.INCOMING)),
    ).order_by("document_type__position", "document_type__name")
    rows: list[tuple[str | int, ...]] = [
        (row["document_type__name"], row["sent"], row["came"]) for row in counted
    ]
    return Table("Theo tên loại", ("Tên loại", "Văn bản đi", "Văn bản đến"), rows)


def _by_issuer(incoming: QuerySet[Document]) -> Table:
    counted = list(
        incoming.values("issuer__name")
        .annotate(came=Count("pk"))
        .order_by("-came", "issuer__name")[: MOST_ISSUERS + 1]
    )
    rows: list[tuple[str | int, ...]] = [
        (row["issuer__name"], row["came"]) for row in counted[:MOST_ISSUERS]
    ]
    note = f"{MOST_ISSUERS} cơ quan gửi nhiều nhất." if len(counted) > MOST_ISSUERS else ""
    return Table("Theo cơ quan gửi đến", ("Cơ quan", "Văn bản đến"), rows, note)


def _by_division(user: User, year: int, today: datetime.date) -> Table:
    """Of the divisions in the lead: how many, still open, answered in time or late."""
    given = Assignment.objects.visible_to(user).filter(
        part=Assignment.Part.LEAD, document__arrival_date__year=year
    )
    ended = given.annotate(
        ended=Case(
            When(answer__isnull=False, then=F("answer__date")),
            default=TruncDate("closed_at"),
            output_field=DateField(),
        )
    )
    done = Q(state=Assignment.State.DONE)
    late = done & Q(ended__gt=F("due_date"))
    counted = (
        ended.values("division__name")
        .annotate(
            all=Count("pk"),
            late=Count("pk", filter=late),
            open=Count("pk", filter=~done),
            overdue=Count("pk", filter=~done & Q(due_date__lt=today)),
        )
        .order_by("division__name")
    )
    rows: list[tuple[str | int, ...]] = [
        (
            row["division__name"], row["all"], row["all"] - row["late"] - row["open"],
            row["late"], row["open"], row["overdue"],
        )
        for row in counted
    ]  # fmt: skip
    headings = (
        "Đơn vị chủ trì", "Được giao", "Xong đúng hạn", "Xong chậm", "Đang giải quyết",
        "Trong đó quá hạn",
    )  # fmt: skip
    note = "Việc không đặt hạn mà đã xong được tính là đúng hạn."
    return Table("Giải quyết văn bản đến theo đơn vị", headings, rows, note)
