"""Which dataset a file is of, when several are thrown in together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import repair as old_fonts
from .claims import mark_of_source
from .finding import Finding
from .layout import Layout
from .names import GroupNames, fold
from .records import names_of
from .source import Source


def recognise(source: Source, layouts: Sequence[Layout]) -> str | None:
    """The dataset's code by version mark, by columns, then by title; None when it stays open.

    At least half of a layout's required columns must be there.
    """
    mark = mark_of_source(source)
    if mark is not None:
        return mark.dataset if any(layout.dataset == mark.dataset for layout in layouts) else None
    _, repairs = old_fonts.repair(source)  # only to look at; consent is asked when it is read
    try:
        return _by_content(source, layouts)
    finally:
        old_fonts.undo(source, repairs)


def _by_content(source: Source, layouts: Sequence[Layout]) -> str | None:
    shares = {layout.dataset: _share(source, layout) for layout in layouts}
    best = max(shares.values(), default=0.0)
    if best < 0.5:
        return None
    rivals = [layout for layout in layouts if shares[layout.dataset] == best]
    titled = [layout for layout in rivals if _is_titled(source, layout)]
    chosen = titled if len(rivals) > 1 else rivals
    return chosen[0].dataset if len(chosen) == 1 else None


def _share(source: Source, layout: Layout) -> float:
    """How much of a layout's required columns the file has."""
    answers: Mapping[str, str] = {}
    units, groups = names_of(layout), GroupNames(layout.groups)
    found = Finding(source, layout, answers, units, groups).keys
    required = {column.key for column in layout.entered if column.required}
    return len(found & required) / len(required) if required else 0.0


def _is_titled(source: Source, layout: Layout) -> bool:
    names = [fold(name) for name in (layout.dataset, layout.title, *layout.aliases)]
    texts = [sheet.name for sheet in source.sheets]
    for sheet in source.sheets:
        texts += [cell for row in sheet.rows[:12] for cell in row if isinstance(cell, str)]
    return any(name in fold(text) for text in texts for name in names)
