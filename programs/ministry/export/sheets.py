"""What the sheets of all groups share: a table from rows, the documents of a programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from programs.ministry.tables import Column, Row, Table
from programs.models import Programme, ProgrammeDocument

Sheets = list[tuple[str, Table]]
POINT = Decimal("0.01")


def table_of(title: str, columns: Sequence[Column], told: Iterator[dict]) -> Table:
    rows = [Row(str(number), cells) for number, cells in enumerate(told, start=1)]
    return Table(title, title, columns, rows)


def documents(programme: Programme, roles: Sequence[str], title: str) -> Table:
    columns = [
        Column("number", "Số, ký hiệu"), Column("day", "Ngày", "day"), Column("type", "Loại"),
        Column("issuer", "Cơ quan ban hành"), Column("subject", "Trích yếu"),
        Column("role", "Nội dung"),
    ]  # fmt: skip
    found = ProgrammeDocument.objects.filter(programme=programme, role__in=roles)
    return table_of(
        title,
        columns,
        (
            {
                "number": one.document.number_and_symbol, "day": one.document.date,
                "type": one.document.document_type.name, "issuer": one.document.issuer.name,
                "subject": one.document.subject, "role": one.get_role_display(),
            }
            for one in found.select_related("document__issuer", "document__document_type")
        ),
    )  # fmt: skip
