"""The help of `intake` knows every question that the engine may ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.collection import workbooks
from portal.collection.management.commands.intake import ANSWERS

QUESTIONS = [
    "encoding", "number_style", "scale:", "percent:", "measure:", "blank", "period", "whose_file",
    "whose", "sheet", "column:", "choose:", "value_column", "row:", "unit:", "group:", "add:",
    "derive:",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_asked_somewhere_and_explained_in_the_help(question):
    folder = Path(next(iter(workbooks.__path__)))
    written = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    assert f'"{question}' in written
    assert question in ANSWERS
