"""Changing a draft, section by section; every version of a text is kept."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from reports.models import Citation, Exhibit, Report, Section, SectionVersion, Status
from reports.references import References
from reports.text import richtext, typed
from reports.text.numbering import ANNEXES

from .exhibits import copied_exhibit
from .outline import AnnexInside
from .refusals import ReportRefusal
from .sharing import need_section
from .trail import at_step, keep_version, need

if TYPE_CHECKING:
    from portal.accounts.models import User


class EditedMeanwhile(ReportRefusal):
    """Somebody saved the section after this person opened it."""

    def __init__(self, latest: SectionVersion | None) -> None:
        self.latest = latest
        who = f"{latest.author} vừa sửa mục này" if latest else "Mục này vừa được sửa"
        super().__init__(
            f"{who} trong lúc anh, chị đang soạn. Nội dung của anh, chị vẫn ở dưới đây, chưa lưu; "
            "hãy so với bản mới rồi lưu lại."
        )


@transaction.atomic
def edit_section(
    *,
    section: Section,
    title: str,
    body: str,
    by: User,
    now: datetime.datetime,
    revision: int | None = None,
    level: str | None = None,
    manual_label: str | None = None,
) -> Section:
    """Store a section's words in canonical form and keep the version; equal words change nothing.

    `revision` is the one the person saw; None takes whatever is there.

    Raises:
        NotAllowed, NotNow
        NotYourSection: the section was given to somebody else.
        EditedMeanwhile: another version was saved since.
        RefusedContent: the text would load something.
        UnknownReference: it quotes a figure or citation of another report.
        AnnexInside: an annex that belongs to another section.
    """
    need(by, "reports.draft")
    report = at_step(section.report, Status.DRAFT)
    need_section(report, section.pk, by)
    section = Section.objects.select_for_update().get(pk=section.pk)
    if revision is not None and revision != section.revision:
        raise EditedMeanwhile(section.versions.select_related("author").first())
    lines = richtext.read(body)
    references = References.of(report)
    references.check(lines, title or section.title or section.excerpt)
    lines = _own_notes(report, section, lines, references)
    told = {
        "title": typed.one_line(title),
        "body": richtext.write(lines),
        "level": section.level if level is None else level,
        "manual_label": section.manual_label
        if manual_label is None
        else typed.one_line(manual_label),
    }
    if told["level"] in ANNEXES and section.parent_id is not None:
        raise AnnexInside
    if all(_bare(name, getattr(section, name)) == _bare(name, told[name]) for name in told):
        return section
    for name, value in told.items():
        setattr(section, name, value)
    section.revision += 1
    section.report = report
    section.full_clean(exclude=["report", "parent"])
    section.save()
    keep_version(section, author=by, now=now)
    return section


@transaction.atomic
def place_exhibit(
    *, exhibit: Exhibit, section: Section, by: User, now: datetime.datetime
) -> Section:
    """Put the exhibit at the end of a section's text. Raises as `edit_section`."""
    atom = richtext.Atom("exhibit", str(exhibit.pk), exhibit.title)
    lines = (*section.lines, richtext.Line((atom,)))
    return edit_section(
        section=section, title=section.title, body=richtext.write(lines), by=by, now=now
    )


def _bare(name: str, text: str) -> str:
    """The words without what the atoms in them show, which is not the writer's."""
    if name != "body":
        return text
    lines = richtext.with_atoms(
        richtext.read(text, is_trusted=True), lambda atom: replace(atom, text="")
    )
    return richtext.write(lines)


def _own_notes(
    report: Report,
    section: Section,
    lines: tuple[richtext.Line, ...],
    references: References,
) -> tuple[richtext.Line, ...]:
    """Atoms say what they stand for; a note, table or chart pasted a second time becomes one of
    its own."""
    elsewhere = {
        (atom.kind, atom.key)
        for other in report.sections.present().exclude(pk=section.pk)
        for atom in richtext.atoms(other.lines)
    }

    def own(atom: richtext.Atom) -> richtext.Atom:
        if atom.kind == "figure":
            return replace(atom, text=references.figures[atom.key].printed)
        if atom.kind == "citation" and not references.is_note(atom):
            return replace(atom, text=references.citations[atom.key].printed)
        is_first = (atom.kind, atom.key) not in elsewhere
        elsewhere.add((atom.kind, atom.key))
        if atom.kind == "exhibit":
            exhibit = references.exhibits[atom.key]
            key = atom.key if is_first else str(copied_exhibit(exhibit, report).pk)
            return richtext.Atom(atom.kind, key, exhibit.title)
        if is_first:
            return replace(atom, text="")
        copy = references.citations[atom.key]
        copy = Citation.objects.create(
            report=report, document=copy.document, place=copy.place, printed=copy.printed
        )
        return richtext.Atom(atom.kind, str(copy.pk), "", atom.bold, atom.italic)

    return richtext.with_atoms(lines, own)
