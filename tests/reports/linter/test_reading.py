"""Plain text and Word files as paragraphs; strangers' files are refused with a sentence."""

import io
import re
import zipfile
from xml.sax.saxutils import escape

import pytest

from reports.linter.reading import word
from reports.linter.reading.files import MOST_CHARACTERS, Unreadable, read_file, read_text
from reports.linter.reading.frame import understood
from reports.linter.reading.plain import pages
from reports.linter.text import Part
from tests.reports.linter.known import TEXTS, TODAY, catalogue, departures, read
from tests.reports.printed_sample import TEXT_FILE

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, **parts: str) -> bytes:
    """A Word file with that body and further parts (footnotes, numbering)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def paragraph(text: str, inner: str = "", properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r>{inner}</w:p>"


def as_word(text: str) -> bytes:
    return docx("".join(paragraph(escape(line)) for line in text.splitlines() if line.strip()))


class TestPlain:
    def test_the_samples_parts_are_told_apart(self):
        text = read(TEXT_FILE.read_text(encoding="utf-8"), is_markdown=True)
        assert (text.type_name, text.number, text.symbol) == ("Báo cáo", "", "BC-BDT")
        assert (text.day.year, text.day.month) == (2023, 11)
        assert text.signer == "Nhữ Văn Nam"
        assert [line.label for _, line in text.of(Part.HEADING)] == [
            "I.", "1.", "2.", "2.1.", "2.2.", "2.2.1.", "2.2.2.", "2.2.3.4.",
            "II.", "1.", "2.", "III.",
        ]  # fmt: skip
        assert [line.text for _, line in text.of(Part.SIGNATURE)][:2] == [
            "KT. TRƯỞNG BAN",
            "PHÓ TRƯỞNG BAN",
        ]

    def test_notes_stand_behind_the_paragraph_that_calls_them(self):
        text = read(TEXT_FILE.read_text(encoding="utf-8"), is_markdown=True)
        kinds = [(line.part, line.note) for line in text.lines]
        place = kinds.index((Part.NOTE, 3))
        assert [one.note for one in text.lines[place - 1].calls] == [3, 4, 5]

    def test_lines_broken_by_hand_are_put_together(self):
        found = pages("Ban Dân tộc đã triển khai\nnhiệm vụ năm 2023.\n- Một là;\n- Hai là.")
        assert [one.text for one in found.paragraphs] == [
            "Ban Dân tộc đã triển khai nhiệm vụ năm 2023.",
            "- Một là;",
            "- Hai là.",
        ]

    @pytest.mark.parametrize("name", ["bao-cao-quy", "chi-thi"])
    def test_spaces_that_do_not_break_are_spaces(self, name):
        text = (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
        assert departures(text.replace(" ", "\u00a0")) == []

    def test_a_joint_text_has_a_second_signature(self):
        text = (TEXTS / "ke-hoach.txt").read_text(encoding="utf-8")
        second = "SỞ TƯ PHÁP\n\nKT. GIÁM ĐỐC\n\nPHÓ GIÁM ĐỐC\n\nTrần Văn Cường"
        assert departures(f"{text}\n\n{second}") == []

    def test_a_text_of_the_party_has_its_own_number(self):
        text = (TEXTS / "thong-bao.txt").read_text(encoding="utf-8")
        text = re.sub(r"Số: (\d+)/TB-\S+", r"Số: \1-TB/BCSĐ", text)
        assert "-TB/BCSĐ" in text
        assert departures(text) == []
        assert read(text).symbol == "TB/BCSĐ"

    def test_characters_that_nobody_sees_hide_no_fault(self):
        assert pages("\ufeffUBND T\u200bỉnh\u00ad họp").paragraphs[0].text == "UBND Tỉnh họp"
        found = word.pages(docx(paragraph("UBND T\u200bỉnh họp")))
        assert found.paragraphs[0].text == "UBND Tỉnh họp"

    def test_square_metres_call_no_note(self):
        found = pages("Diện tích 50 m² và 3 km².")
        assert found.paragraphs[0].calls == ()
        assert "m²" in found.paragraphs[0].text

    def test_annexes_behind_the_signature_are_not_read(self):
        text = (TEXTS / "bao-cao-quy.txt").read_text(encoding="utf-8")
        assert departures(f"{text}\n\nPHỤ LỤC\n\nBiểu số liệu ,, kèm theo\n\nDòng dở dang") == []


class TestWord:
    @pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
    def test_a_clean_text_is_clean_as_a_word_file_too(self, path):
        found = word.pages(as_word(path.read_text(encoding="utf-8")))
        lines = [one for one in found.paragraphs if not one.text.startswith(("¹", "²"))]
        if len(lines) == len(found.paragraphs):
            text = understood(found, catalogue(), today=TODAY)
            assert [one.rule.code for one in departures(text)] == []

    def test_footnotes_are_called_and_read(self):
        call = '<w:r><w:footnoteReference w:id="7"/></w:r><w:r><w:t> đã ban hành.</w:t></w:r>'
        notes = (
            f'<w:footnotes {NS}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
            '<w:footnote w:id="7"><w:p><w:r><w:t>Kế hoạch số 63/KH-BDT.</w:t></w:r></w:p>'
            "</w:footnote></w:footnotes>"
        )
        found = word.pages(docx(paragraph("Ban có kế hoạch", call), footnotes=notes))
        assert found.notes == {1: "Kế hoạch số 63/KH-BDT."}
        assert [(one.at, one.note) for one in found.paragraphs[0].calls] == [(15, 1)]
        assert found.paragraphs[0].text == "Ban có kế hoạch đã ban hành."

    def test_numbers_that_word_counts_are_labels(self):
        numbering = (
            f'<w:numbering {NS}><w:abstractNum w:abstractNumId="1">'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>'
            '<w:lvlText w:val="%1."/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            '<w:lvlText w:val="%2."/></w:lvl>'
            '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
        )

        def item(text, level):
            told = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>'
            return paragraph(text, properties=f"<w:pPr>{told}</w:pPr>")

        body = item("Một", 0) + item("Hai", 1) + item("Ba", 1) + item("Bốn", 0) + item("Năm", 1)
        found = word.pages(docx(body, numbering=numbering))
        assert [one.text for one in found.paragraphs] == [
            "I. Một", "1. Hai", "2. Ba", "II. Bốn", "1. Năm",
        ]  # fmt: skip

    def test_what_was_removed_and_drawn_is_no_text(self):
        inner = (
            "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t> mới</w:t></w:r></w:ins>"
            "<w:r><w:pict><w:p><w:r><w:t>hình</w:t></w:r></w:p></w:pict></w:r>"
        )
        found = word.pages(docx(paragraph("Lời", inner)))
        assert [one.text for one in found.paragraphs] == ["Lời mới"]

    def test_a_table_of_figures_is_not_read_as_text(self):
        cell = "<w:tc>{}</w:tc>"
        table = f"<w:tbl><w:tr>{cell.format(paragraph('dòng ,, dở'))}</w:tr></w:tbl>"
        text = (TEXTS / "bao-cao-quy.txt").read_text(encoding="utf-8")
        first, rest = text.split("II. KẾT QUẢ", 1)
        body = "".join(paragraph(line) for line in first.splitlines() if line.strip()) + table
        body += "".join(
            paragraph(line) for line in f"II. KẾT QUẢ{rest}".splitlines() if line.strip()
        )
        found = understood(word.pages(docx(body)), catalogue(), today=TODAY)
        assert departures(found) == []


class TestFiles:
    @pytest.mark.slow
    def test_a_word_file_is_read_in_a_process_of_its_own(self):
        text = (TEXTS / "cong-van.txt").read_text(encoding="utf-8")
        found = read_file("cong-van.docx", as_word(text))
        assert departures(understood(found, catalogue(), today=TODAY)) == []

    def test_text_files_are_read(self):
        content = (TEXTS / "ke-hoach.txt").read_bytes()
        found = read_file("ke-hoach.txt", b"\xef\xbb\xbf" + content)
        assert departures(understood(found, catalogue(), today=TODAY)) == []

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"PK\x03\x04 and nothing more", "corrupt"),
            (docx("<w:p>"), "corrupt"),
            (docx("", footnotes="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "corrupt"),
            (docx(""), "empty"),
        ],
    )
    def test_broken_word_files(self, content, code):
        with pytest.raises(Unreadable) as refused:
            read_file("a.docx", content)
        assert refused.value.code == code

    @pytest.mark.slow
    def test_a_bomb_is_not_unpacked(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("word/document.xml", b" " * (60 * 2**20))
        assert len(stream.getvalue()) < 100_000
        with pytest.raises(Unreadable) as refused:
            read_file("a.docx", stream.getvalue())
        assert refused.value.code == "bomb"

    @pytest.mark.slow
    def test_tables_within_tables_without_end(self):
        deep = "<w:tbl><w:tr><w:tc>" * 200 + "</w:tc></w:tr></w:tbl>" * 200
        with pytest.raises(Unreadable) as refused:
            read_file("a.docx", docx(deep))
        assert refused.value.code == "corrupt"

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.pdf", b"%PDF-1.7", "kind"),
            ("a.exe", b"MZ", "kind"),
            ("a.txt", "Báo cáo".encode("cp1258", "replace"), "not_unicode"),
            ("a.txt", b"", "empty"),
            ("a", b"", "empty"),
            ("a.txt", b"x" * (MOST_CHARACTERS + 1), "too_large"),
        ],
    )
    def test_what_cannot_be_read_is_said_so(self, name, content, code):
        with pytest.raises(Unreadable) as refused:
            read_file(name, content)
        assert refused.value.code == code
        assert str(refused.value).endswith(".")

    def test_zero_bytes_are_left_out(self):
        assert read_text("Ban\0 Dân tộc").paragraphs[0].text == "Ban Dân tộc"
