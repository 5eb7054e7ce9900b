"""The line under an annex's title: number and day stand in it once they are given."""

import functools
import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from reports import signing
from reports.rendering import (
    Annex,
    Paragraph,
    Text,
    blank_reference,
    filled_reference,
    render_pdf,
)
from reports.rendering.references import broken_reference
from reports.signing import authority, signatures
from reports.signing.takeaway import SignatureNotValid
from tests.reports.printed_sample import sample_report
from tests.reports.signed_sample import (
    ISSUED_ON,
    NUMBER,
    SEALED_AT,
    SIGNED_AT,
    authorities,
    facts_of,
    tool,
)
from tests.reports.test_rendering_tables import table
from tests.reports.test_signing_takeaway import accept, signed_elsewhere

pytestmark = pytest.mark.slow

LINE = blank_reference("Báo cáo", "BC-BDT", "Ban Dân tộc tỉnh Bắc Giang")
LONG = blank_reference("Báo cáo “chuyên đề” & kiến nghị", "BC-BCĐ", "Ban Chỉ đạo " * 9)
ANNEXES = (
    Annex("Phụ lục I", "Số liệu", (table(6, 12),), True, LINE),
    Annex("Phụ lục II", "Danh mục", (Paragraph((Text("Một."),)),), False, LINE),
    Annex("Phụ lục III", "Danh sách", (Paragraph((Text("Hai."),)),), False, LONG),
)
REASON = "Dòng “Kèm theo” dưới tên phụ lục khác với sổ đăng ký."


def rendered(*annexes):
    return render_pdf(
        replace(sample_report(), annexes=annexes), evidence={}, title="Thử", now=SIGNED_AT
    )


@functools.cache
def prepared():
    return signing.prepare(rendered(*ANNEXES))


def certified(pdf):
    return signing.certify(
        pdf,
        key=authorities().key(authority.LEADER_FILE),
        authority=authorities().allowing(authority.LEADER_FILE),
        mark=signing.demonstration_handwriting(),
        now=SIGNED_AT,
    )


@functools.cache
def filled():
    return signing.fill_number_and_date(certified(prepared()), number=NUMBER, issued_on=ISSUED_ON)


def sealed(pdf):
    return signing.seal(
        pdf,
        key=authorities().key(authority.AGENCY_FILE),
        authority=authorities().allowing(authority.AGENCY_FILE),
        mark=signing.demonstration_seal(),
        now=SEALED_AT,
    )


def judged(pdf):
    return signing.verify(pdf, trust_roots=authorities().roots(), expected=facts_of(pdf))


def words_at(pdf, pages):
    """Each word of the pages' italic lines with its place."""
    told = tool("pdftotext", pdf, "-bbox", "-f", str(pages[0]), "-l", str(pages[-1]))
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)".*?>([^<]*)</word>', told)
    return [(word, float(x), float(y)) for x, y, word in found]


def test_every_line_says_number_and_day_and_the_file_holds_for_everybody():
    pdf = sealed(filled())
    text = tool("pdftotext", pdf, "-layout")
    assert text.count("(Kèm theo Báo cáo số 124/BC-BDT ngày 06 tháng 11 năm 2023") == 2
    assert "số 124/BC-BCĐ ngày 06 tháng 11 năm 2023\n" in text
    assert tool("pdfsig", pdf, "-nocert").count("Signature is Valid") == 2
    context = ValidationContext(trust_roots=list(authorities().roots()), moment=SEALED_AT)
    for signature in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures:
        assert validate_pdf_signature(signature, context).bottom_line
    verdict = judged(pdf)
    assert verdict.genuine, verdict.reasons


def test_a_filled_line_stands_like_the_text_that_would_say_it():
    values = ("124", "06", "11", "2023")
    as_text = [replace(one, reference=filled_reference(one.reference, *values)) for one in ANNEXES]
    text = rendered(*as_text)
    pages = (text.pages - 2, text.pages)
    fields, printed = words_at(filled(), pages), words_at(text.pdf, pages)
    assert sorted(word for word, _, _ in fields) == sorted(word for word, _, _ in printed)
    for found, wanted in zip(sorted(fields), sorted(printed), strict=True):
        assert found[0] == wanted[0]
        assert abs(found[1] - wanted[1]) < 1.2
        assert abs(found[2] - wanted[2]) < 0.1


def test_the_lines_are_fields_of_their_own_tagged_and_closed_when_filled():
    with pikepdf.open(BytesIO(filled())) as pdf:
        lines = [one for one in pdf.Root.AcroForm.Fields if str(one.T).startswith("dong_phu_luc")]
        assert [str(one.T)[-1] for one in lines] == ["1", "2", "3"]
        assert [int(one.Ff) for one in lines] == [1, 1 | 1 << 12, 1 | 1 << 12]
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        owners = {int(nums[n]): nums[n + 1] for n in range(0, len(nums), 2)}
        for one in lines:
            element = owners[int(one.StructParent)]
            assert (element.S, element.P.S, element.P.P.S) == ("/Form", "/P", "/Sect")
    for number, day in (("8888a", date(2024, 2, 29)), (5, date(2023, 12, 31))):
        pdf = signing.fill_number_and_date(certified(prepared()), number=number, issued_on=day)
        said = signing.number_text(number), signing.date_text(day)
        text = " ".join(tool("pdftotext", pdf, "-layout").split())
        assert text.count(f"{said[0]}/BC-BDT {said[1]} của Ban Dân tộc tỉnh Bắc Giang)") == 2


def line_of(writer, number=1):
    return next(
        found
        for found in (one.get_object() for one in writer.root["/AcroForm"]["/Fields"])
        if str(found["/T"]) == f"dong_phu_luc_{number}"
    )


def other_words(writer):
    line = line_of(writer)
    words = str(line["/V"]).replace("124", "421").replace("\u00a0" * 8, "421")
    line[pdf_name("/V")] = generic.TextStringObject(words)
    writer.update_container(line)


def other_picture(writer):
    line = line_of(writer, 2)
    drawing = generic.StreamObject(
        generic.DictionaryObject(line["/AP"]["/N"]),
        stream_data=line["/AP"]["/N"].data.replace(b"Td", b"Td 2 0 Td", 1),
    )
    line[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(drawing)})
    writer.update_container(line)


def drawn_away(writer):
    line = line_of(writer)
    away = generic.ArrayObject(map(generic.NumberObject, (1, 0, 0, 1, 900, 0)))
    drawing = generic.StreamObject(
        generic.DictionaryObject({**line["/AP"]["/N"], pdf_name("/Matrix"): away}),
        stream_data=line["/AP"]["/N"].data,
    )
    line[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(drawing)})
    writer.update_container(line)


def moved(writer):
    line = line_of(writer)
    line[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 728, 17)))
    writer.update_container(line)


def renamed(writer):
    line = line_of(writer, 3)
    line[pdf_name("/T")] = generic.TextStringObject("khac")
    writer.update_container(line)


def emptied(writer):
    line = line_of(writer)
    line[pdf_name("/V")] = generic.TextStringObject("")
    writer.update_container(line)


def left_out(writer):
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.remove(next(one for one in fields if one.get_object()["/T"] == "dong_phu_luc_1"))
    writer.update_container(fields)


CHANGES = [other_words, other_picture, drawn_away, moved, renamed, emptied, left_out]


def changed(pdf, change):
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_changed_before_the_seal_or_after_it_is_refused(change):
    """The digest is the changed file's own, so that it alone decides nothing."""
    before = judged(sealed(changed(filled(), change)))
    assert not before.genuine
    assert REASON in before.reasons
    after = judged(changed(sealed(filled()), change))
    assert not after.genuine
    assert REASON in after.reasons


def test_a_file_whose_lines_stayed_blank_or_name_another_document_is_refused(monkeypatch):
    other = signing.fill_number_and_date(certified(prepared()), number=125, issued_on=ISSUED_ON)
    assert REASON in judged(sealed(other)).reasons
    monkeypatch.setattr(signatures, "is_reference", lambda name: False)
    blank = signing.fill_number_and_date(certified(prepared()), number=NUMBER, issued_on=ISSUED_ON)
    assert judged(sealed(blank)).reasons == (REASON,)


@pytest.mark.parametrize("change", [other_words, other_picture, moved, left_out])
def test_a_file_taken_away_comes_back_with_its_lines_as_they_were(change):
    assert accept(prepared(), signed_elsewhere(prepared()))
    with pytest.raises(SignatureNotValid):
        accept(prepared(), signed_elsewhere(prepared(), change=change))


def test_number_and_day_stay_on_one_line_wherever_the_line_is_broken():
    values = ("8888m", "28", "12", "2028")
    for room in range(60, 300, 7):
        for line in (LINE, LONG):
            blank = broken_reference(line, room)
            words = filled_reference(blank, *values)
            assert words == broken_reference(filled_reference(line, *values), room)
            assert words.replace("\n", " ") == filled_reference(line, *values)
            assert re.search(r"số 8888m/\S+ ngày 28 tháng 12 năm 2028(\n| của|\Z)", words)
    assert "\n" not in broken_reference(LINE, 257)
    assert broken_reference("Một dòng khác", 5) == "Một\ndòng\nkhác"
