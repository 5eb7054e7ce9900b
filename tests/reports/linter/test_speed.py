"""A body of 200 pages is checked while somebody waits for a page."""

import pytest

from reports.linter import lint
from tests.reports.linter.known import TEXTS, catalogue, read
from tests.reports.printed_sample import TEXT_FILE
from tests.timing import least

PAGE = 2600  # characters of a printed page of text


def long_text() -> str:
    """200 pages: the sample and the clean texts over and over, one heading a round."""
    bodies = [TEXT_FILE.read_text(encoding="utf-8")]
    bodies += [path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("bao-cao*.txt"))]
    inner = "\n\n".join(body.split("Nơi nhận")[0].split("như sau:", 1)[-1] for body in bodies)
    head = "Số: 12/BC-BDT\n\nBÁO CÁO\n\nKết quả\n\nThực hiện nhiệm vụ, Ban báo cáo như sau:\n\n"
    rounds = 220 * PAGE // len(inner) + 1
    return head + "\n\n".join([inner] * rounds)


@pytest.mark.slow
@pytest.mark.machine
def test_two_hundred_pages_take_two_seconds():
    text = read(long_text(), is_markdown=True)
    assert sum(len(line.text) for line in text.lines) >= 200 * PAGE
    assert least(lambda: lint(text, catalogue())) <= 2


@pytest.mark.slow
@pytest.mark.machine
def test_a_longer_text_takes_longer_only_in_proportion():
    """Nothing grows with the square of the text: four times the text in less than eight times."""
    text = long_text()
    short, long = (read(text[: len(text) // part], is_markdown=True) for part in (8, 2))
    seconds = least(lambda: lint(short, catalogue()))
    assert least(lambda: lint(long, catalogue())) < 8 * seconds + 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "1", "a", "A", "1.", "1/A-", "1/1/", "ngày 1/1/", "(", "“", "I", "x/", "&A", "của ", "số ",
        "Quyết định số 1/QĐ-TTg ", "của Ban Dân tộc, ", "Ủy ban nhân dân ", "năm 2023, ", "… ", " ",
        "hiện đang ", "đang xây dựng Kế hoạch số 1/KH-BDT ", "ab(", "Ab ab ", "Luật a ", "Để ",
    ],
)  # fmt: skip
def test_a_line_of_one_piece_over_and_over_is_checked_in_time(unit):
    line = unit * (60_000 // len(unit))
    text = read(f"Số: 12/BC-BDT\n\nBÁO CÁO\n\nKết quả\n\nBan báo cáo như sau:\n\n{line}.")
    assert least(lambda: lint(text, catalogue()), rounds=1) <= 4
