"""Guidance, steering, inspection."""

from __future__ import annotations

from programs.ministry.tables import Column
from programs.models import (
    DocumentRole,
    Inspection,
    Programme,
)

from .sheets import Sheets, documents, table_of


def sheets_of(programme: Programme) -> Sheets:
    columns = [
        Column("from", "Từ ngày", "day"), Column("to", "Đến ngày", "day"),
        Column("place", "Nơi được kiểm tra"), Column("unit", "Địa bàn"),
        Column("content", "Nội dung"), Column("finding", "Kết quả, kiến nghị"),
        Column("document", "Văn bản"),
    ]  # fmt: skip
    inspections = Inspection.objects.filter(programme=programme).select_related(
        "unit", "document__document_type"
    )
    return [
        ("2.1 Hướng dẫn, chỉ đạo", documents(
            programme, [DocumentRole.GUIDANCE, DocumentRole.OVERSIGHT],
            "Văn bản hướng dẫn, chỉ đạo, điều hành, kiểm tra, giám sát",
        )),
        ("2.2 Kiểm tra, giám sát", table_of(
            "Cuộc kiểm tra, giám sát, đánh giá", columns,
            (
                {
                    "from": one.first_day, "to": one.last_day, "place": one.place,
                    "unit": one.unit.full_name if one.unit else "", "content": one.content,
                    "finding": one.finding, "document": str(one.document or ""),
                }
                for one in inspections
            ),
        )),
    ]  # fmt: skip
