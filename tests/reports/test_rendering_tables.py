"""Tables wide and long, turned pages, annexes: where they stand and what they leave alone."""

import re
from dataclasses import replace

import pytest

from reports.rendering import Annex, Cell, Paragraph, Table, Text, render_pdf
from reports.rendering.measures import LANDSCAPE_MM, PORTRAIT_MM, columns_of, width_em
from tests.reports.printed_sample import sample_report
from tests.reports.signed_sample import SIGNED_AT, tool
from tests.timing import least

pytestmark = pytest.mark.slow

REFERENCE = "(Kèm theo Báo cáo số\u00a0\u00a0\u00a0/BC-BDT của Ban Dân tộc)"


def cells(*texts, **look):
    return tuple(Cell((Text(text),), **look) for text in texts)


def table(rows, columns, **look):
    head = cells(*(f"Cột {n}" for n in range(columns)), heading=True)
    body = (
        cells(f"Xã {row}", *(f"{row}.{n:03}" for n in range(1, columns))) for row in range(rows)
    )
    return Table((head, *body), caption="Bảng 1. Thử", **look)


def rendered(report):
    return render_pdf(report, evidence={}, title="Thử", now=SIGNED_AT)


def pages_of(pdf):
    return tool("pdftotext", pdf, "-layout").split("\f")[:-1]


def sizes_of(pdf, last):
    told = tool("pdfinfo", pdf, "-f", "1", "-l", str(last))
    found = re.findall(r"size:\s+([\d.]+) x ([\d.]+)", told)
    return ["turned" if float(width) > float(height) else "upright" for width, height in found]


def test_marks_stand_on_the_last_page_of_the_main_text_whatever_annexes_follow():
    annexes = (
        Annex("Phụ lục I", "Số liệu", (table(60, 12),), True, REFERENCE),
        Annex("Phụ lục II", "Danh mục", (Paragraph((Text("Một."),)),), False, REFERENCE),
    )
    done = rendered(replace(sample_report(), annexes=annexes))
    pages = pages_of(done.pdf)
    signed = next(n for n, page in enumerate(pages) if "Nhữ Văn Nam" in page)
    assert done.signature_box.page == done.seal_box.page == signed
    assert done.number_box.page == 0
    first = signed + 1
    assert sizes_of(done.pdf, done.pages)[first:] == ["turned"] * (done.pages - first - 1) + [
        "upright"
    ]
    assert pages[first].split("\n", 1)[0].strip() == "Phụ lục I"
    assert "SỐ LIỆU" in pages[first]
    assert "(Kèm theo Báo cáo số" in pages[first]
    assert pages[first + 1].strip().split()[0] == "2"
    assert "Cột 3" in pages[first + 1]
    assert pages[-1].split("\n", 1)[0].strip() == "Phụ lục II"


def test_a_wide_table_of_the_text_stands_on_a_turned_page_and_pages_go_on():
    blocks = (
        Paragraph((Text("Trước."),)),
        table(5, 14, landscape=True),
        Paragraph((Text("Sau."),)),
    )
    done = rendered(replace(sample_report(), blocks=blocks, notes=()))
    assert sizes_of(done.pdf, done.pages) == ["upright", "turned", "upright"]
    pages = pages_of(done.pdf)
    assert [page.strip().split()[0] for page in pages[1:]] == ["2", "3"]


def test_letters_become_smaller_where_there_are_many_columns():
    few, many = (
        columns_of(table(3, 4), width_mm=PORTRAIT_MM),
        columns_of(table(3, 16), width_mm=PORTRAIT_MM),
    )
    assert few.size == 12
    assert many.size < 12
    assert columns_of(table(3, 16), width_mm=LANDSCAPE_MM).size > many.size
    for found in (few, many):
        assert sum(found.parts) == pytest.approx(100, abs=0.2)


def test_every_column_has_room_for_its_longest_word():
    words = "Không công bố"
    wide = Table((cells("Xã", "Hộ", heading=True), cells("Xã rất dài " * 9, words)))
    found = columns_of(wide, width_mm=PORTRAIT_MM)
    room = PORTRAIT_MM * found.parts[1] / 100 / (found.size * 25.4 / 72)
    assert room > width_em("Không")


def test_the_title_of_a_table_keeps_with_its_first_row():
    for lines in range(22, 28):
        blocks = (*(Paragraph((Text("Dòng."),)) for _ in range(lines)), table(5, 4))
        done = rendered(replace(sample_report(), blocks=blocks, notes=()))
        pages = pages_of(done.pdf)
        (titled,) = (n for n, page in enumerate(pages) if "Bảng 1. Thử" in page)
        assert "Xã 0" in pages[titled]


def test_letters_become_smaller_before_a_column_of_words_becomes_a_tower():
    words = "Phát triển sản xuất nông, lâm nghiệp bền vững, phát huy tiềm năng các vùng miền"
    amounts = ("159.400,164",) * 5
    few = columns_of(Table((cells("Dự án"), cells(words))), width_mm=PORTRAIT_MM)
    many = columns_of(
        Table((cells("Dự án", *"abcde"), cells(words, *amounts))), width_mm=PORTRAIT_MM
    )
    assert few.size == 12
    assert many.size in (10, 11)


def test_rows_of_unequal_length_are_left_to_the_engine():
    assert columns_of(Table((cells("a", "b", heading=True), cells("1"))), width_mm=160) is None


@pytest.mark.parametrize("rows", [(), (cells("a", heading=True),)])
def test_a_table_without_rows_is_no_trouble(rows):
    blocks = (Paragraph((Text("Chữ."),)), Table(tuple(rows)))
    assert rendered(replace(sample_report(), blocks=blocks, notes=())).pages == 1


def test_a_table_of_many_pages_keeps_every_number():
    blocks = (Paragraph((Text("Chữ."),)), table(300, 6))
    text = tool("pdftotext", rendered(replace(sample_report(), blocks=blocks, notes=())).pdf)
    assert {f"{row}.005" for row in range(300)} <= set(text.split())


def seconds_for(*blocks):
    report = replace(sample_report(), blocks=(Paragraph((Text("Chữ."),)), *blocks), notes=())
    return least(lambda: rendered(report))


def test_the_time_of_a_table_grows_with_its_rows():
    """The square of it would be nine times as much."""
    assert seconds_for(table(600, 6)) < 5 * seconds_for(table(200, 6))


def test_the_time_of_a_text_grows_with_its_pages():
    words = Paragraph((Text(" ".join(f"từ{n}" for n in range(150)) + "."),))
    seconds_for(words)
    assert seconds_for(*[words] * 150) < 5 * seconds_for(*[words] * 50)
