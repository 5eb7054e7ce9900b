"""Changing the draft of a template: what stands around the text, sections, figures, citations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.documents.models import Document
from portal.units.names import fold
from reports import figures as registry
from reports.models import Citation, Level, Relation, ReportTemplate, Style
from reports.services.refusals import ReportRefusal
from reports.services.trail import need
from reports.text import richtext, typed

from .outline import Row, find, mark_of, placed_exhibits, places, with_keys
from .versions import EDIT, draft_of

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_SECTIONS = 200
MOST_REFERENCES = 300
FACTS = (
    "title", "subject", "document_type", "authority", "rhythm", "unit_level", "division",
    "signatory",
)  # fmt: skip


class SectionChanged(ReportRefusal):
    message = (
        "Mục này vừa được người khác sửa. Nội dung của anh, chị vẫn ở dưới đây, chưa lưu; "
        "mở mục ở cửa sổ khác để so rồi lưu lại."
    )


class SectionGone(ReportRefusal):
    message = "Mục này không còn trong đề cương. Hãy tải lại trang."


class SectionHasMore(ReportRefusal):
    message = "Mục này còn các mục bên dưới. Hãy bỏ hoặc chuyển các mục ấy trước."


class UnknownInTemplate(ReportRefusal):
    message = (
        "Nội dung có số liệu, bảng hoặc văn bản không có trong đề cương này. "
        "Hãy xoá chỗ đó rồi chèn lại từ danh sách."
    )


class TooMuch(ReportRefusal):
    message = "Đề cương đã có quá nhiều mục, số liệu, bảng hoặc văn bản dẫn."


class NoTablesInSheets(ReportRefusal):
    message = (
        "Phiếu lập cho từng đơn vị chưa nhận bảng, biểu đồ. Hãy bỏ bảng khỏi các mục, hoặc chọn "
        "lập một báo cáo chung."
    )


@transaction.atomic
def edit_facts(
    *,
    template: ReportTemplate,
    by: User,
    facts: Mapping[str, Any],
    recipients: Sequence[Row] | None = None,
) -> ReportTemplate:
    """Store what stands around the text (FACTS) and "Nơi nhận"; "Lưu" stands last.

    Raises:
        NotAllowed, TemplatePublished
        ValidationError: a value that cannot be.
    """
    template = for_change(template, by)
    for name in FACTS:
        if name in facts:
            value = facts[name]
            setattr(template, name, typed.one_line(value) if isinstance(value, str) else value)
    if recipients is not None:
        rows = [_recipient(row) for row in recipients]
        rows.sort(key=lambda row: row["relation"] == Relation.FILE)
        template.recipients = rows
    return saved(template)


def _recipient(row: Row) -> Row:
    told = {"text": typed.one_line(row["text"])[:200], "relation": row["relation"]}
    if row.get("email"):
        told |= {"email": row["email"], "prints_email": bool(row.get("prints_email"))}
    return told


@transaction.atomic
def add_section(
    *, template: ReportTemplate, by: User, title: str, level: str, parent: str = ""
) -> str:
    """Put a new section last below `parent` (a key; empty: at the highest level); returns its key.

    Raises:
        NotAllowed, TemplatePublished, SectionGone, TooMuch
    """
    template = for_change(template, by)
    outline = with_keys(template.outline)
    rows = outline
    if parent:
        rows = _found(outline, parent)[0].setdefault("children", [])
    key = f"muc-{template.revision}-{len(rows) + 1}"
    rows.append({"key": key, "level": _level(level), "title": typed.one_line(title)[:400]})
    template.outline = outline
    saved(template)
    return key


@transaction.atomic
def edit_section(
    *,
    template: ReportTemplate,
    by: User,
    key: str,
    title: str,
    body: str,
    level: str,
    seen: str | None = None,
) -> ReportTemplate:
    """Store one section in canonical form. `seen` is the mark of the state the person began from.

    Raises:
        NotAllowed, TemplatePublished, SectionGone, SectionChanged, UnknownInTemplate
        RefusedContent: the text would load something.
    """
    template = for_change(template, by)
    outline = deepcopy(template.outline)
    row, _ = _found(outline, key)
    if seen is not None and seen != mark_of(row):
        raise SectionChanged
    lines = richtext.read(body)
    known = {
        "figure": template.figures,
        "citation": template.citations,
        "exhibit": template.exhibits,
    }
    if any(atom.key not in known.get(atom.kind, {}) for atom in richtext.atoms(lines)):
        raise UnknownInTemplate
    row |= {
        "title": typed.one_line(title)[:400],
        "level": _level(level),
        "body": richtext.write(lines),
    }
    template.outline = outline
    return saved(template)


@transaction.atomic
def move_section(*, template: ReportTemplate, by: User, key: str, up: bool) -> bool:
    """Change places with the sibling before (or after); False at the end of the row."""
    template = for_change(template, by)
    outline = deepcopy(template.outline)
    found = find(outline, key)
    if found is None:
        raise SectionGone
    rows, place = found
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    template.outline = outline
    saved(template)
    return True


@transaction.atomic
def remove_section(*, template: ReportTemplate, by: User, key: str) -> None:
    """Take a section out. Raises NotAllowed, TemplatePublished, SectionGone, SectionHasMore."""
    template = for_change(template, by)
    outline = deepcopy(template.outline)
    row, rows = _found(outline, key)
    if row.get("children"):
        raise SectionHasMore
    rows.remove(row)
    template.outline = outline
    saved(template)


@transaction.atomic
def insert_figure(
    *,
    template: ReportTemplate,
    by: User,
    query: str,
    style: str = "",
    parameters: Row | None = None,
) -> str:
    """Let the template's text quote a figure; returns the name that its atom carries.

    Raises:
        NotAllowed, TemplatePublished, UnknownFigure, TooMuch
    """
    template = for_change(template, by)
    found = registry.find(query)
    chosen = style if style in Style.values else found.style
    row = {"query": found.key, "style": str(chosen)}
    if told := registry.fitting(found, parameters or {}):
        row["parameters"] = told  # type: ignore[assignment]
    name = name_of(template.figures, row, found.key)
    template.figures = {**template.figures, name: row}
    saved(template)
    return name


@transaction.atomic
def insert_citation(
    *, template: ReportTemplate, by: User, document: Document, place: str = Citation.Place.NOTE
) -> str:
    """Let the template's text cite a document of the register; returns the name of its atom.

    Raises:
        NotAllowed, TemplatePublished, TooMuch
    """
    template = for_change(template, by)
    is_note = place != Citation.Place.TEXT
    words = document.citation(full=is_note)
    row = {
        "number": document.number,
        "symbol": document.symbol,
        "date": document.date.isoformat(),
        "printed": f"{words[:1].upper()}{words[1:]}" if is_note else words,
        "place": str(Citation.Place.NOTE if is_note else Citation.Place.TEXT),
    }
    name = name_of(template.citations, row, document.number_and_symbol or "van-ban")
    template.citations = {**template.citations, name: row}
    saved(template)
    return name


def name_of(known: Mapping[str, Row], row: Row, words: str) -> str:
    """The name under which the same row is known, or a free one made of `words`."""
    for name, other in known.items():
        if other == row:
            return name
    base = re.sub(r"[^\w.-]+", "-", fold(words)).strip("-")[:40] or "so"
    name, number = base, 2
    while name in known:
        name, number = f"{base}-{number}", number + 1
    return name


def for_change(template: ReportTemplate, by: User) -> ReportTemplate:
    need(by, EDIT)
    return draft_of(template)


def saved(template: ReportTemplate) -> ReportTemplate:
    references = (template.figures, template.citations, template.exhibits)
    too_many = len(places(template.outline)) > MOST_SECTIONS
    if too_many or sum(map(len, references)) > MOST_REFERENCES:
        raise TooMuch
    if template.unit_level and placed_exhibits(template):
        raise NoTablesInSheets
    template.revision += 1
    template.full_clean(exclude=["outline"])
    template.clean()
    template.save()
    return template


def section_of(template: ReportTemplate, key: str) -> Row:
    """One section's row. Raises SectionGone."""
    return _found(template.outline, key)[0]


def _found(outline: list[Row], key: str) -> tuple[Row, list[Row]]:
    found = find(outline, key)
    if found is None:
        raise SectionGone
    rows, place = found
    return rows[place], rows


def _level(level: str) -> str:
    return level if level in Level.values else str(Level.PLAIN)
