"""Rows on their way into the database by COPY, in PostgreSQL's text format."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

LINES_AT_ONCE = 500
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


def escaped(field: object) -> str:
    r"""One field; None is \N."""
    return r"\N" if field is None else str(field).translate(ESCAPES)


class Pieces:
    """Lines as the file that COPY reads from: a few hundred of them at a time.

    What UTF-8 cannot say, half of a pair of surrogates, becomes a question mark.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)

    def read(self, size: int = -1) -> bytes:
        return "".join(islice(self.lines, LINES_AT_ONCE)).encode("utf-8", "replace")
