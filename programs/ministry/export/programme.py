"""The programme and its changes."""

from __future__ import annotations

import datetime
from collections import defaultdict

from portal.formats import day as written_day
from programs.ministry.tables import Column
from programs.models import (
    Applicability,
    Component,
    DocumentRole,
    Programme,
)

from .sheets import Sheets, documents, table_of


def sheets_of(programme: Programme, components: dict[int, Component]) -> Sheets:
    facts = [
        ("Mã", programme.code),
        ("Tên chương trình", programme.name),
        ("Quyết định", programme.decision),
        ("Cơ quan chủ chương trình", programme.owner),
        ("Thời gian thực hiện", _span(programme.valid)),
        *((f"Giai đoạn {phase.name}", _span(phase.valid)) for phase in programme.phases.all()),
        ("Ghi chú", programme.note),
    ]
    two = [Column("name", "Thông tin"), Column("value", "Nội dung")]
    tree = [
        Column("code", "Mã"), Column("kind", "Loại"), Column("name", "Tên"),
        Column("above", "Thuộc"), Column("agency", "Cơ quan chủ trì"),
        Column("applies", "Không thực hiện tại"),
    ]  # fmt: skip
    excluded: dict[int, list[str]] = defaultdict(list)
    for rule in Applicability.objects.filter(
        component__in=components, applies=False
    ).select_related("unit"):
        excluded[rule.component_id].append(f"{rule.unit.full_name} ({_span(rule.valid)})")
    return [
        ("1.1 Chương trình", table_of(
            "Thông tin Chương trình", two,
            ({"name": name, "value": value} for name, value in facts),
        )),
        ("1.2 Dự án, tiểu dự án", table_of(
            "Dự án, tiểu dự án, nội dung", tree,
            (
                {
                    "code": one.code, "kind": one.get_kind_display(), "name": one.name,
                    "above": components[one.parent_id].code if one.parent_id else "",
                    "agency": one.lead_agency, "applies": "; ".join(excluded[one.pk]),
                }
                for one in components.values()
            ),
        )),
        ("1.3 Văn bản, điều chỉnh", documents(programme, [DocumentRole.PROGRAMME],
                                               "Văn bản phê duyệt, điều chỉnh Chương trình")),
    ]  # fmt: skip


def _span(valid: object) -> str:
    lower, upper = valid.lower, valid.upper  # type: ignore[attr-defined]
    last = upper - datetime.timedelta(days=1) if upper else None
    return f"{written_day(lower) if lower else '…'} – {written_day(last) if last else '…'}"
