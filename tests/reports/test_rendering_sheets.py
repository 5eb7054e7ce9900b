"""What is seen on a page, as a sheet of paper: the same numbers, heads on every page, pages n/m."""

from __future__ import annotations

import datetime
import io
import re

import pytest
from django.contrib.messages import get_messages
from openpyxl import load_workbook

from reports.exhibits.content import Content, Head, Line
from reports.exhibits.paper import tables_of
from reports.rendering.blocks import Chart, Heading, Paragraph, Text
from reports.rendering.sheets import (
    KeyFigure,
    KeyFigures,
    Sheet,
    SheetTooLarge,
    SideBySide,
    sheet_pdf,
)
from tests.cast import member
from tests.ethnic_data.filling import AN_LAC, HUU_SAN, VAN_SON, approved, value

from .signed_sample import tool

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime.datetime(2023, 11, 20, 9, 12, tzinfo=datetime.UTC)
PAPER, FILE, PAGE = "/kham-pha/pdf", "/dan-toc/kham-pha/tep.xlsx", "/dan-toc/kham-pha"
QUERY = {"ct": "D03", "hang": "don-vi", "cot": "dan-toc", "dv": "220", "cap": "xa", "ky": "2023"}


def words_of(pdf, *options):
    return tool("pdftotext", pdf, "-layout", *options)


def content(columns, lines, *, groups=1):
    """Rows of numbers under two rows of headings."""
    outer = tuple(Head(f"Nhóm {n + 1}", columns // groups) for n in range(groups))
    inner = tuple(Head(f"Cột số {n + 1}") for n in range(columns))
    rows = tuple(
        Line(f"Xã {row:03}", tuple((f"{row}.{n:03}", f"{row}{n:03}") for n in range(columns)))
        for row in range(1, lines + 1)
    )
    return Content(head=((Head("Địa bàn", 1, 2), *outer), inner), lines=rows, unit="người")


def sheet(*blocks, **told):
    return Sheet(title="Dân số theo xã", blocks=blocks, printed_at=NOW, **told)


@pytest.fixture
def people():
    groups = {"02": 1234, "07": 1, "18": 40}
    approved(
        [
            value(commune, "D03", count + at, group=group, sex=sex)
            for at, commune in enumerate((AN_LAC, HUU_SAN, VAN_SON))
            for group, count in groups.items()
            for sex in ("male", "female")
        ],
        dataset="DAN-SO",
    )


def numbers_of(text):
    return re.findall(r"(?<![\w/.,:])\d{1,3}(?:\.\d{3})*(?![\w/.,:])", text)


def test_the_sheet_says_what_the_workbook_says(client, people):
    client.force_login(member("specialist"))
    answer = client.get(PAPER, QUERY | {"bd": "khong"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="kham-pha.pdf"'
    text = words_of(answer.content)
    book = load_workbook(io.BytesIO(client.get(FILE, QUERY).content)).active
    told = [cell for row in book.iter_rows(values_only=True) for cell in row[1:]]
    expected = [f"{cell:,}".replace(",", ".") for cell in told if isinstance(cell, int)]
    body = text[text.index("Xã An Lạc") :]
    assert "Trang" in body
    assert [n for n in numbers_of(body) if n not in ("1/1",)][: len(expected)] == expected
    for words in ("Tổng số nhân khẩu (người)", "Huyện Sơn Động", "Nguồn: ", "In lúc", "Trang 1/1"):
        assert words in text
    assert "BAN DÂN TỘC" in text
    assert f'href="{PAPER}?' in client.get(PAGE, QUERY).content.decode()


def test_what_is_hidden_on_the_page_is_hidden_on_paper(client, people):
    client.force_login(member("administrator"))
    page = client.get(PAGE, QUERY)
    table = page.context["table"]
    shown = [cell.text for _, cells in table.lines(table.rows) for cell in cells]
    hidden = shown.count("Không công bố")
    text = words_of(client.get(PAPER, QUERY | {"bd": "khong"}).content, "-raw")
    assert hidden > 3
    assert len(re.findall(r"Không\s+công\s+bố", text)) == hidden


def test_a_chart_with_links_becomes_a_drawing(client, people):
    client.force_login(member("specialist"))
    answer = client.get(PAPER, QUERY | {"cot": "ky", "bd": "cot"})
    assert answer.status_code == 200
    assert "Xã Hữu Sản" in words_of(answer.content)


def test_a_table_that_is_too_large_is_told_plainly(client, monkeypatch):
    client.force_login(member("specialist"))
    whole = QUERY | {"dt": "54", "dv": "24", "cot2": "gioi-tinh"}
    answer = client.get(PAPER, whole)
    assert answer.status_code == 302
    assert answer["Location"].startswith(PAGE)
    (told,) = get_messages(answer.wsgi_request)
    assert "nhiều hơn 6.000 ô mà một tệp PDF nhận" in str(told)
    with pytest.raises(SheetTooLarge):
        sheet_pdf(sheet(*tables_of(content(8, 800), is_landscape=True)))


def test_long_tables_keep_their_head_and_wide_ones_go_on_beside_themselves():
    tall = sheet_pdf(sheet(*tables_of(content(4, 120, groups=2), is_landscape=False)))
    pages = words_of(tall).split("\f")[:-1]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "Nhóm 2" in page
        assert f"Trang {number}/{len(pages)}" in page
    assert "Dân số theo xã" in pages[-1]
    parts = list(tables_of(content(40, 5, groups=4), is_landscape=True))
    assert len(parts) > 1
    assert all(sum(cell.colspan for cell in part.rows[0]) == len(part.rows[-1]) for part in parts)
    wide = words_of(sheet_pdf(sheet(*parts, is_landscape=True)))
    assert "Cột 1–" in wide
    for row in range(1, 6):
        for n in range(40):
            assert wide.count(f"{row}.{n:03}") == 1


def test_figures_words_and_drawings_stand_side_by_side_on_one_page():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    )
    figures = KeyFigures((KeyFigure("Dân số", "1.234", "người"), KeyFigure("Hộ nghèo", "—")))
    both = SideBySide(
        (Heading("", "Bên trái"), *tables_of(content(3, 4), is_landscape=False)),
        (Heading("", "Bên phải"), Chart(drawing, "Hình vẽ")),
    )
    told = Paragraph((Text("Chưa có số liệu."),))
    text = words_of(
        sheet_pdf(
            sheet(
                *(figures, both, told),
                chosen=("Năm 2023",),
                source="Nguồn: Biểu 05.",
                is_demo=True,
                is_dense=True,
                is_landscape=True,
            )
        )
    )
    left, right = text.index("Bên trái"), text.index("Bên phải")
    assert "\n" not in text[left:right]
    for words in ("Dân số", "1.234", "Hình vẽ", "Chưa có số liệu.", "Trang 1/1"):
        assert words in text
    assert text.count("Số liệu minh hoạ") == 2
