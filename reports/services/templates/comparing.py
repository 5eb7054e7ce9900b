"""What one version of a template says otherwise than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reports.exhibits.words import asked_words
from reports.models import Exhibit, ReportTemplate
from reports.text import richtext
from reports.text.comparing import Difference, word_changes

from .outline import nodes


def differences(old: ReportTemplate, new: ReportTemplate) -> list[Difference]:
    """Facts first, then sections in the order of the newer version, those taken out last."""
    found = [
        Difference(name, "changed", [], word_changes(before, after))
        for name, before, after in _facts(old, new)
        if before != after
    ]
    before_rows = {node.row.key: node for node in nodes(old.outline) if node.row.row.get("key")}
    seen = set()
    for node in nodes(new.outline):
        key = node.row.row.get("key")
        seen.add(key)
        found += _section(new, node, before_rows.get(key), old)
    for key, node in before_rows.items():
        if key not in seen:
            title, body = _texts(old, node)
            gone = word_changes(title, ""), word_changes(body, "")
            found.append(Difference(_name(node), "removed", *gone))
    return found


def _facts(old: ReportTemplate, new: ReportTemplate) -> list[tuple[str, str, str]]:
    def told(template: ReportTemplate) -> list[tuple[str, str]]:
        return [
            ("Tên đề cương", template.title),
            ("Trích yếu", template.subject),
            ("Loại văn bản", str(template.document_type)),
            ("Loại kỳ", template.get_rhythm_display()),
            ("Thẩm quyền ký", template.get_authority_display()),
            ("Phòng soạn thảo", str(template.division or "")),
            ("Người ký thường lệ", str(template.signatory or "")),
            ("Nơi nhận", "\n".join(str(row["text"]) for row in template.recipients)),
            ("Bảng, biểu đồ", "\n".join(map(_exhibit, template.exhibits.values()))),
        ]

    return [
        (name, before, after)
        for (name, before), (_, after) in zip(told(old), told(new), strict=True)
    ]


def _exhibit(row: Mapping[str, Any]) -> str:
    told = (row.get("title", ""), asked_words(row["source"], row["query"]), row.get("caption", ""))
    return f"{Exhibit.Kind(row['kind']).label}: {'; '.join(filter(None, told))}"


def _section(new: ReportTemplate, node: Any, before: Any, old: ReportTemplate) -> list[Difference]:
    title, body = _texts(new, node)
    if before is None:
        return [Difference(_name(node), "added", word_changes("", title), word_changes("", body))]
    old_title, old_body = _texts(old, before)
    if (old_title, old_body) == (title, body):
        return []
    changes = word_changes(old_title, title), word_changes(old_body, body)
    return [Difference(_name(node), "changed", *changes)]


def _name(node: Any) -> str:
    return f"{node.label} {node.row.row.get('title', '')}".strip() or "Đoạn văn"


def _texts(template: ReportTemplate, node: Any) -> tuple[str, str]:
    """Title and plain words of a section, figures and citations by their names."""
    row = node.row.row
    lines = richtext.with_pieces(
        richtext.read(row.get("body", ""), is_trusted=True),
        lambda piece: (
            replace(piece, text=f"⟦{piece.key}⟧") if isinstance(piece, richtext.Atom) else piece
        ),
    )
    return row.get("title", ""), "\n".join(line.text for line in lines)
