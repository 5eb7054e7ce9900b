"""What a template left to be written and nobody wrote: it keeps a report from going up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.linter.rules.sentences import blanks_in
from reports.printing import nodes_of
from reports.text import richtext

from .refusals import ReportRefusal

if TYPE_CHECKING:
    from reports.models import Report

#: A name of a template that nothing was put in place of.
_NAME = re.compile(r"\{\w+\}")
_SHOWN = 60


class PartsUnfinished(ReportRefusal):
    """Places that are still to be written; `missing` are their sections and words."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        self.missing = missing
        lines = "; ".join(f"{where}: “{words}”" for where, words in missing)
        super().__init__(
            f"Chưa trình được: còn {len(missing)} chỗ chưa viết ({lines}). "
            "Hãy viết nội dung hoặc xoá dòng ấy."
        )


def unfinished_parts(report: Report) -> list[tuple[str, str]]:
    """Every place still to be written: the name of its section, the end of its line."""
    found = []
    for node in nodes_of(report):
        where = f"{node.label} {node.row.title}".strip() or "Đoạn văn"
        if _NAME.search(node.row.title):
            found.append((where, node.row.title))
        found += [(where, _end(line)) for line in node.row.lines if _is_blank(line)]
    return found


def check_finished(report: Report) -> None:
    """Raise PartsUnfinished unless every place of the template was written."""
    if missing := unfinished_parts(report):
        raise PartsUnfinished(missing)


def _is_blank(line: richtext.Line) -> bool:
    words = _words(line)
    return any(blanks_in(words)) or _NAME.search(words) is not None


def _end(line: richtext.Line) -> str:
    words = _words(line)
    return words if len(words) <= _SHOWN else f"… {words[-_SHOWN:].split(' ', 1)[-1]}"


def _words(line: richtext.Line) -> str:
    """The line with each figure, table or note as one sign: whether it has a value is asked
    elsewhere.
    """
    return "".join(
        piece.text if isinstance(piece, richtext.Run) else "□" for piece in line.pieces
    ).strip()
