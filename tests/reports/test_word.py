"""The Word file: what its XML says, and that another office program reads the same report."""

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from reports.rendering import (
    Annex,
    Cell,
    Chart,
    Heading,
    Note,
    NoteCall,
    Paragraph,
    Table,
    Text,
    render_pdf,
)
from reports.rendering.layout import FONT_DIRECTORY
from reports.word import WordFacts, word_file
from tests.reports.printed_sample import sample_report
from tests.reports.signed_sample import SIGNED_AT, tool

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FACTS = WordFacts("Báo cáo thử", "Ban Dân tộc", SIGNED_AT, SIGNED_AT.date(), mark="Dự thảo 2")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20">'
    '<rect width="9" height="9"/></svg>'
)
REFERENCE = "(Kèm theo Báo cáo số        /BC-BDT)"


def cells(*texts, **look):
    return tuple(Cell((Text(text),), **look) for text in texts)


def table(rows=3, **look):
    head = (
        (Cell((Text("Xã"),), True, rowspan=2), Cell((Text("Hộ"),), True, colspan=2)),
        cells("Nghèo", "Cận nghèo", heading=True),
    )
    body = tuple(cells(f"Xã {n}", f"{n}.000", "Không công bố") for n in range(rows))
    return Table((*head, *body), 2, caption="Bảng 1. Hộ", unit="hộ", source="Biểu 05", **look)


def parts(report, facts=FACTS):
    with zipfile.ZipFile(BytesIO(word_file(report, facts))) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


def xml(content):
    return etree.fromstring(content)


def document(report, facts=FACTS):
    return xml(parts(report, facts)["word/document.xml"])


def values(root, path, name="val"):
    return [found.get(f"{W}{name}") for found in root.iter(f"{W}{path}")]


def words(root):
    """The words of a part in order, as somebody reads them."""
    out = []
    for found in root.iter(f"{W}t", f"{W}noBreakHyphen", f"{W}p", f"{W}br"):
        kind = etree.QName(found).localname
        out.append(found.text if kind == "t" else "-" if kind == "noBreakHyphen" else " ")
    return "".join(out).replace("\u00a0", " ").split()


def with_blocks(*blocks, **more):
    return replace(sample_report(), **({"blocks": blocks, "notes": ()} | more))


def test_notes_are_real_footnotes_called_where_they_belong():
    found = parts(sample_report())
    notes = xml(found["word/footnotes.xml"])
    kinds = [note.get(f"{W}type") for note in notes]
    assert kinds[:2] == ["separator", "continuationSeparator"]
    assert [note.get(f"{W}id") for note in notes] == ["-1", "0", "1", "2", "3", "4", "5"]
    assert "527/KH-BDT" in " ".join(words(notes[2]))
    calls = values(xml(found["word/document.xml"]), "footnoteReference", "id")
    assert calls == ["1", "2", "3", "4", "5"]
    settings = xml(found["word/settings.xml"])
    assert values(settings, "footnote", "id") == ["-1", "0"]
    assert b"footnotes+xml" in found["[Content_Types].xml"]
    assert {"FootnoteText", "FootnoteReference"} <= set(
        values(xml(found["word/styles.xml"]), "style", "styleId")
    )


def test_a_report_without_notes_has_no_part_for_them():
    assert "word/footnotes.xml" not in parts(with_blocks(Paragraph((Text("Chữ."),))))


def test_every_word_stands_in_the_order_of_the_report():
    report = sample_report()
    said = [word for block in report.blocks for word in _block_words(block)]
    shown = words(document(report))
    start = next(n for n in range(len(shown)) if shown[n : n + 12] == said[:12])
    assert shown[start : start + len(said)] == said


def _block_words(block):
    title = block.title.upper() if isinstance(block, Heading) and block.level == 1 else None
    if isinstance(block, Heading):
        return f"{block.label} {title or block.title}".split()
    text = "".join(inline.text for inline in block.content if isinstance(inline, Text))
    return f"{getattr(block, 'label', '')} {text}".split()


def test_letters_and_paper_follow_the_decree():
    found = parts(sample_report())
    styles = xml(found["word/styles.xml"])
    body = next(one for one in styles if one.get(f"{W}styleId") == "BodyText")
    assert values(body, "rFonts", "ascii") == ["Times New Roman"]
    assert values(body, "sz") == ["28"]
    assert values(body, "jc") == ["both"]
    root = xml(found["word/document.xml"])
    (margins,) = root.iter(f"{W}pgMar")
    assert [margins.get(f"{W}{side}") for side in ("top", "right", "bottom", "left")] == [
        "1134",
        "1134",
        "1134",
        "1701",
    ]
    assert values(styles, "lang")[0] == "vi-VN"
    assert b"<dc:language>vi-VN</dc:language>" in found["docProps/core.xml"]


def test_page_numbers_stand_in_the_top_margin_and_not_on_the_first_page():
    found = parts(sample_report())
    root = xml(found["word/document.xml"])
    assert list(root.iter(f"{W}titlePg"))
    headers = {n: body for n, body in found.items() if n.startswith("word/header")}
    assert sum(b" PAGE " in body for body in headers.values()) == 1
    assert len(headers) == 2


def test_heads_of_tables_are_repeated_and_merged_cells_add_up():
    root = document(with_blocks(table()))
    made = [one for one in root.iter(f"{W}tbl") if list(one.iter(f"{W}tblHeader"))]
    (only,) = made
    rows = list(only.iter(f"{W}tr"))
    assert [len(list(row.iter(f"{W}tblHeader"))) for row in rows] == [1, 1, 0, 0, 0]
    assert all(list(row.iter(f"{W}cantSplit")) for row in rows)
    assert [one.get(f"{W}val") for one in only.iter(f"{W}vMerge")] == ["restart", None]
    for row in rows:
        spans = [
            int(cell.find(f".//{W}gridSpan").get(f"{W}val"))
            if cell.find(f".//{W}gridSpan") is not None
            else 1
            for cell in row.iter(f"{W}tc")
        ]
        assert sum(spans) == 3
    grid = sum(map(int, values(only, "gridCol", "w")))
    assert grid == pytest.approx(160 / 25.4 * 1440, abs=5)


def test_annexes_are_sections_of_their_own_counted_from_one():
    report = with_blocks(
        Paragraph((Text("Xem Phụ lục I, Phụ lục II."),)),
        annexes=(
            Annex("Phụ lục I", "Số liệu", (table(landscape=True),), True, REFERENCE),
            Annex("Phụ lục II", "Danh mục", (Paragraph((Text("Một."),)),), False, REFERENCE),
        ),
    )
    root = document(report)
    sections = list(root.iter(f"{W}sectPr"))
    assert [one.find(f"{W}pgSz").get(f"{W}orient") for one in sections] == [
        None,
        "landscape",
        None,
    ]
    assert [one.find(f"{W}pgNumType").get(f"{W}start") for one in sections] == ["1", "1", "1"]
    text = " ".join(words(root))
    assert text.index("Nơi nhận:") < text.index("SỐ LIỆU") < text.index("DANH MỤC")


def test_a_wide_table_of_the_text_goes_on_counting():
    blocks = (Paragraph((Text("Trước."),)), table(landscape=True), Paragraph((Text("Sau."),)))
    sections = list(document(with_blocks(*blocks)).iter(f"{W}sectPr"))
    assert [one.find(f"{W}pgSz").get(f"{W}orient") for one in sections] == [
        None,
        "landscape",
        None,
    ]
    assert [one.find(f"{W}pgNumType") is not None for one in sections] == [True, False, False]


def test_a_chart_is_a_picture_with_its_words():
    found = parts(with_blocks(Chart(SVG, "Biểu đồ 1. Hộ nghèo", "Biểu 05")))
    pictures = [body for name, body in found.items() if name.startswith("word/media/")]
    assert pictures[0].startswith(b"\x89PNG")
    assert 'descr="Biểu đồ 1. Hộ nghèo"' in found["word/document.xml"].decode()


def test_numbers_and_dates_do_not_break():
    root = document(with_blocks(Paragraph((Text("số 488/KH-UBND giai đoạn 2021 - 2025"),))))
    assert len(list(root.iter(f"{W}noBreakHyphen"))) >= 2
    assert "2021\u00a0" in "".join(root.itertext())


def test_the_signature_block_is_one_row_that_the_text_keeps_with():
    root = document(sample_report())
    frame = list(root.iter(f"{W}tbl"))[-1]
    assert list(frame.iter(f"{W}cantSplit"))
    before = frame.getprevious()
    assert before.find(f"{W}pPr/{W}keepNext") is not None
    text = " ".join(words(frame))
    assert text.startswith("Nơi nhận:")
    assert text.endswith("Nhữ Văn Nam")


def test_hostile_words_are_words():
    text = "</w:t></w:r> <script>&amp; ]]> \x00\x0b\ufffe"
    report = with_blocks(
        Paragraph((Text(text), NoteCall(1))), notes=(Note(1, (Text(text),)),), subject=text
    )
    assert "<script>&amp;" in " ".join(words(document(report)))


def test_a_large_table_is_made_in_one_go():
    rows = tuple(cells(*(f"{n * m}" for m in range(12))) for n in range(5000))
    root = document(with_blocks(Table((cells(*"abcdefghijkl", heading=True), *rows))))
    assert len(list(root.iter(f"{W}tr"))) == 5003


FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family>
<prefer><family>Tinos</family></prefer></alias>
</fontconfig>"""


def opened_elsewhere(content, folder):
    """The file as another office program prints it, with the typeface of Times' measures."""
    (folder / "fonts.conf").write_text(FONTS.format(fonts=FONT_DIRECTORY, cache=folder / "cache"))
    (folder / "bao-cao.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "bao-cao.docx"],
        cwd=folder,
        env={"FONTCONFIG_FILE": str(folder / "fonts.conf"), "HOME": str(folder), "PATH": PATH},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Path(folder / "bao-cao.pdf").read_bytes()


PATH = "/usr/bin:/bin"
needs_office = pytest.mark.skipif(
    shutil.which("soffice", path=PATH) is None, reason="LibreOffice is not installed here"
)


@needs_office
@pytest.mark.slow
@pytest.mark.machine
def test_libreoffice_prints_the_same_words_on_as_many_pages(tmp_path):
    ours = render_pdf(sample_report(), evidence={}, title="Thử", now=SIGNED_AT, blanks=True)
    theirs = opened_elsewhere(word_file(sample_report(), FACTS), tmp_path)
    pages = int(re.search(r"Pages:\s+(\d+)", tool("pdfinfo", theirs))[1])
    assert abs(pages - ours.pages) <= 1


@needs_office
@pytest.mark.slow
@pytest.mark.machine
def test_libreoffice_reads_the_words_in_our_order(tmp_path):
    blocks = tuple(
        replace(one, content=tuple(i for i in one.content if not isinstance(i, NoteCall)))
        if hasattr(one, "content")
        else one
        for one in sample_report().blocks
    )
    report = replace(sample_report(), blocks=blocks, notes=())
    ours = render_pdf(report, evidence={}, title="Thử", now=SIGNED_AT, blanks=True).pdf
    theirs = opened_elsewhere(word_file(report, replace(FACTS, mark="")), tmp_path)
    assert _read(theirs) == _read(ours)


def _read(pdf):
    """The words of the text, without page numbers; hyphens of every kind are one."""
    text = re.sub(r"(?m)^\f?\s*\d+\s*$", "", tool("pdftotext", pdf, "-raw"))
    body = text.split("Căn cứ", 1)[1].split("Nơi nhận", 1)[0]
    return re.sub("[\u2010\u2011]", "-", body).replace("\u00a0", " ").split()
