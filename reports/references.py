"""A report's text in reading order: its sections, and what their atoms stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from reports.text import richtext
from reports.text.numbering import Node, in_order

from .models import Citation, Exhibit, Figure, RepeatedNotes, Report, Section

#: What a draft shows for a figure that has no value yet.
NO_VALUE = "…"

#: How each kind of atom is called, and what a section does with it.
_CALLED = {
    "figure": ("số liệu", "dùng"),
    "citation": ("văn bản", "dẫn"),
    "exhibit": ("bảng, biểu đồ", "có"),
}


class UnknownReference(Exception):
    """A section quotes a figure, cites a document or shows a table that is not of this report."""

    def __init__(self, atom: richtext.Atom, where: str) -> None:
        self.atom = atom
        what, verb = _CALLED[atom.kind]
        super().__init__(
            f"Mục “{where}” {verb} {what} “{atom.text or atom.key}” không có trong báo cáo này. "
            f"Hãy xoá chỗ đó rồi chèn lại {what} từ danh sách."
        )


@dataclass(frozen=True)
class References:
    """What the atoms of a report stand for, by the text of their identifiers."""

    report: Report
    figures: dict[str, Figure]
    citations: dict[str, Citation]
    exhibits: dict[str, Exhibit] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report, *, with_data: bool = False) -> References:
        """`with_data` also reads the rows and drawings of tables and charts."""
        exhibits = report.exhibits.all() if with_data else report.exhibits.defer("data", "drawing")
        return cls(
            report,
            {str(figure.pk): figure for figure in report.figures.all()},
            {
                str(citation.pk): citation
                for citation in report.citations.select_related(
                    "document__issuer", "document__document_type"
                )
            },
            {str(exhibit.pk): exhibit for exhibit in exhibits},
        )

    def knows(self, atom: richtext.Atom) -> bool:
        if atom.kind == "exhibit":
            return atom.key in self.exhibits
        return atom.key in (self.figures if atom.kind == "figure" else self.citations)

    @cached_property
    def labels(self) -> dict[str, str]:
        """ "Bảng 1", "Biểu đồ 2" of each exhibit in the text, counted as they are read."""
        return exhibit_labels(self.report, self.exhibits) if self.exhibits else {}

    def named(self, key: str) -> str:
        """ "Bảng 1. Dân số theo huyện"; without number while it is not in the text."""
        label = self.labels.get(key, "")
        return f"{label}. {self.exhibits[key].title}" if label else self.exhibits[key].title

    def check(self, lines: tuple[richtext.Line, ...], where: str) -> None:
        """Raise UnknownReference for the first atom that stands for nothing."""
        for atom in richtext.atoms(lines):
            if not self.knows(atom):
                raise UnknownReference(atom, where)

    def words_of(self, key: str) -> str:
        """What a citation prints: in notes on request short after the first."""
        return self._short_notes.get(key, self.citations[key].printed)

    @cached_property
    def _short_notes(self) -> dict[str, str]:
        """The notes that name a document again, in the order they are read. What somebody wrote
        by hand stays as it is written."""
        if self.report.repeated_notes != RepeatedNotes.SHORT:
            return {}
        named: set[int] = set()
        found: dict[str, str] = {}
        for atom in used_atoms(self.report):
            if not (atom.kind == "citation" and self.knows(atom) and self.is_note(atom)):
                continue
            citation = self.citations[atom.key]
            is_own = citation.printed == capitalised(citation.document.citation())
            if citation.document_id in named and is_own:
                found[atom.key] = capitalised(citation.document.citation(full=False))
            named.add(citation.document_id)
        return found

    def is_note(self, atom: richtext.Atom) -> bool:
        return atom.kind == "citation" and self.citations[atom.key].place == Citation.Place.NOTE


def capitalised(words: str) -> str:
    """A note begins with a capital letter."""
    return f"{words[:1].upper()}{words[1:]}"


def exhibit_labels(report: Report, exhibits: dict[str, Exhibit]) -> dict[str, str]:
    """The label of each exhibit that stands in the text; tables and charts have series apart."""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for atom in used_atoms(report):
        if atom.kind != "exhibit" or atom.key not in exhibits or atom.key in labels:
            continue
        word = exhibits[atom.key].get_kind_display().capitalize()
        counts[word] += 1
        labels[atom.key] = f"{word} {counts[word]}"
    return labels


def nodes_of(report: Report, only: Collection[int] | None = None) -> list[Node[Section]]:
    """The report's sections that were not taken out, in reading order, with their labels.

    `only`: keys of sections to keep, each with all that stands below it; labels stay.
    """
    nodes = in_order(present(report))
    if only is None:
        return nodes
    kept = set(only)
    for node in nodes:  # in reading order, so that a parent is known before its children
        if node.row.parent_id in kept:
            kept.add(node.row.pk)
    return [node for node in nodes if node.row.pk in kept]


def present(report: Report) -> list[Section]:
    """Sections that stand in the text: neither they nor what they are below was taken out."""
    sections = {section.pk: section for section in report.sections.present()}

    def stands(section: Section) -> bool:
        while section.parent_id is not None:
            if section.parent_id not in sections:
                return False
            section = sections[section.parent_id]
        return True

    return [section for section in sections.values() if stands(section)]


def used_atoms(report: Report) -> Iterator[richtext.Atom]:
    """Every figure and citation in the order it is read."""
    for node in nodes_of(report):
        yield from richtext.atoms(node.row.lines)


def shown_body(body: str, references: References, *, first_note: int = 1) -> tuple[str, int]:
    """The text with each atom saying what it stands for now, and the number of the next note."""
    number = first_note

    def say(atom: richtext.Atom) -> richtext.Atom:
        nonlocal number
        if not references.knows(atom):
            return atom
        if atom.kind == "figure":
            return replace(atom, text=references.figures[atom.key].printed or NO_VALUE)
        if atom.kind == "exhibit":
            return replace(atom, text=references.named(atom.key))
        if references.is_note(atom):
            number += 1
            return replace(atom, text=str(number - 1))
        return replace(atom, text=references.citations[atom.key].printed)

    html = richtext.write(richtext.with_atoms(richtext.read(body, is_trusted=True), say))
    return html, number
