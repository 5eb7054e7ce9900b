"""Texts nobody wrote: wherever paragraphs and notes happen to fall, the pages must be sound."""

import os
import random
from dataclasses import replace

import pytest

from reports.rendering import (
    Cell,
    Heading,
    Item,
    Note,
    NoteCall,
    Paragraph,
    ReportTooLong,
    Table,
    Text,
    pdf,
    render_pdf,
)
from reports.rendering.inspection import inspect
from reports.rendering.layout import lay_out
from reports.rendering.markup import report_html
from reports.rendering.pdf import LINE_HEIGHTS
from tests.reports.printed_sample import sample_report
from tests.reports.signed_sample import SIGNED_AT, tool

pytestmark = pytest.mark.slow

SENTENCE = (
    "Ban Dân tộc phối hợp với các sở, ngành triển khai Kế hoạch số 124/KH-UBND ngày 05/7/2023 của "
    "UBND tỉnh giai đoạn 2021-2025 trên địa bàn vùng đồng bào dân tộc thiểu số và miền núi"
)
WORDS = SENTENCE.split()
MOST_NOTES = 12
#: How many texts are tried; REPORTS=200 for all of them.
REPORTS = int(os.environ.get("REPORTS", "30"))


def some_words(chance, count):
    return " ".join(chance.choice(WORDS) for _ in range(count))


def random_report(seed):
    chance = random.Random(seed)  # noqa: S311
    paragraphs = chance.randint(2, 22)
    places = sorted(chance.randrange(paragraphs) for _ in range(chance.randint(0, MOST_NOTES)))
    blocks, number = [], 0
    for paragraph in range(paragraphs):
        if chance.random() < 0.2:
            blocks.append(Heading(f"{paragraph}.", some_words(chance, chance.randint(3, 14)), 2))
        content = [Text(some_words(chance, chance.randint(3, 110)))]
        for _ in range(places.count(paragraph)):
            number += 1
            content += [NoteCall(number), Text(" " + some_words(chance, chance.randint(1, 50)))]
        blocks.append(chance.choice((Paragraph, Item))(tuple(content)))
    notes = (Note(n + 1, (Text(f"N{n + 1}N {some_words(chance, 9)}"),)) for n in range(number))
    recipients = sample_report().recipients[: chance.randint(0, 5)]
    return replace(sample_report(), blocks=tuple(blocks), notes=tuple(notes), recipients=recipients)


@pytest.mark.parametrize("seed", range(REPORTS))
def test_no_note_is_lost_or_late_and_no_signature_block_stands_alone(seed):
    report = random_report(seed)
    done = render_pdf(report, evidence={}, title="Thử", now=SIGNED_AT)
    pages = tool("pdftotext", done.pdf, "-raw").split("\f")
    for note in report.notes:
        homes = [page for page in pages if f"N{note.number}N" in page]
        assert len(homes) == 1
        above_the_notes = homes[0].split("N1N" if note.number == 1 else f"{note.number} N")[0]
        assert str(note.number) in above_the_notes
    last = next(page for page in reversed(pages) if "Nhữ Văn Nam" in page)
    before_the_block = last.split("Nơi nhận:")[0].split("KT. TRƯỞNG BAN")[0]
    assert len(before_the_block.split()) >= 3


def test_the_guard_is_needed_because_some_spacings_lose_notes_of_the_sample():
    html = report_html(sample_report(), title="Thử", month=SIGNED_AT.date(), blanks=False)
    verdicts = [
        inspect(*lay_out(html, assets={}, line_height=height)).clean for height in LINE_HEIGHTS
    ]
    assert True in verdicts
    assert False in verdicts


def test_a_lost_note_and_a_late_one_are_seen():
    report = random_report(4)
    html = report_html(report, title="Thử", month=SIGNED_AT.date(), blanks=False)
    document, tree = lay_out(html, assets={}, line_height=1.25)
    assert inspect(document, tree).clean
    area = next(
        child
        for page in document.pages
        for child in page._page_box.children
        if type(child).__name__ == "FootnoteAreaBox"
    )
    number = int(area.children[0].element.get("data-number"))
    stolen, area.children = area.children[0], area.children[1:]
    assert number in inspect(document, tree).lost_notes
    other = document.pages[-1]._page_box
    area.children = [stolen]
    moved = [child for child in other.children if type(child).__name__ != "FootnoteAreaBox"]
    for page in document.pages:
        page._page_box.children = tuple(c for c in page._page_box.children if c is not area)
    other.children = (*moved, area)
    findings = inspect(document, tree)
    assert number in findings.late_notes + findings.lost_notes


def test_words_that_fall_off_the_pages_are_seen():
    html = report_html(sample_report(), title="Thử", month=SIGNED_AT.date(), blanks=False)
    document, tree = lay_out(html, assets={}, line_height=1.25)
    document.pages.pop(2)
    assert inspect(document, tree).lost_text


def test_where_no_spacing_suits_a_single_paragraph_is_moved(monkeypatch):
    monkeypatch.setattr(pdf, "LINE_HEIGHTS", (1.35,))
    html = report_html(sample_report(), title="Thử", month=SIGNED_AT.date(), blanks=False)
    assert inspect(*lay_out(html, assets={}, line_height=1.35)).late_notes == (5,)
    done = render_pdf(sample_report(), evidence={}, title="Thử", now=SIGNED_AT)
    assert "p:has(#note-5)" in done.html
    pages = tool("pdftotext", done.pdf, "-raw").split("\f")
    assert sum("124/KH-UBND" in page for page in pages) == 1


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (
            Table(tuple((Cell((Text("1"),)),) * 100 for _ in range(721))),
            "có 72.100 ô bảng, nhiều hơn 72.000",
        ),
        (Paragraph((Text("chữ " * 300_001),)), "có 1.200.004 chữ, nhiều hơn 1.200.000"),
    ],
)
def test_a_report_beyond_every_measure_is_refused_before_it_is_laid_out(block, what):
    report = replace(sample_report(), blocks=(block,), notes=())
    with pytest.raises(ReportTooLong, match=what):
        render_pdf(report, evidence={}, title="Thử", now=SIGNED_AT)
