"""Mark an xlsx by editing only the parts of its zip that must change.

Charts, pictures, macros, conditional formats, column widths and everybody's comments stay: their
parts are copied as they are. What is edited: the sheets with marked cells, styles, comments with
their boxes, and the lists of parts. A file that is built in an unusual way raises `Unusual`; the
caller then marks a copy of its cells.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .package import OFFICE, Package, Unusual, tag
from .results import add_results
from .sheets import SheetPart, mark_sheet
from .styles import Styles

MOST_NOTES = 3_000

__all__ = ["Unusual", "graft"]


def graft(
    path: Path, out: Path, *, notes: list[dict], head: list[str], author: str, title: str
) -> None:
    """Write the marked twin of an xlsx or xlsm. Raises `Unusual` and what parsing raises."""
    package = Package(path)
    book = package.related("", "officeDocument") or "xl/workbook.xml"
    root = package.tree(book)
    if root.tag != tag("workbook"):
        raise Unusual(root.tag)  # strict OOXML has other namespaces
    styles_path = package.related(book, "styles")
    if styles_path is None:
        raise Unusual("styles")
    styles = Styles(package.tree(styles_path))
    parts = sheet_parts(package, book, root)
    by_cell: dict[str, dict[str, list[dict]]] = {}
    for note in notes[:MOST_NOTES]:
        if note["cell"] and note["sheet"] in parts and note["sheet"] != title:
            by_cell.setdefault(note["sheet"], {}).setdefault(note["cell"], []).append(note)
    for number, (name, where) in enumerate(parts.items(), start=1):
        has_comments = package.related(where, "comments") is not None
        if name == title or (name not in by_cell and not has_comments):
            continue
        mark_sheet(SheetPart(package, where, number, author), by_cell.get(name, {}), styles)
    add_results(package, book, root, parts, styles, notes=notes, head=head, title=title)
    package.save(out)


def sheet_parts(package: Package, book: str, root: Any) -> dict[str, str]:
    targets = {r.get("Id"): r.get("Target", "") for r in package.relations(book)}
    parts = {}
    for sheet in root.find(tag("sheets")):
        target = targets.get(sheet.get(f"{{{OFFICE}}}id"))
        path = package.resolved(book, target) if target else ""
        if path in package.names and package.archive.getinfo(path).file_size:
            parts[sheet.get("name", "")] = path
    return {name: path for name, path in parts.items() if "chartsheet" not in path}
