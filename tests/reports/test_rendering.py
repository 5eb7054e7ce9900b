import gc
import re
import unicodedata
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from reports.rendering import (
    AgencyHeader,
    Annex,
    Cell,
    Chart,
    FootnotesDoNotFit,
    Item,
    Note,
    NoteCall,
    NotesDoNotMatch,
    Paragraph,
    RefusedResource,
    Table,
    Text,
    UnfitDrawing,
    UnprintableCharacters,
    preview_html,
    render_pdf,
)
from reports.rendering.drawings import assets_of
from reports.rendering.inlines import content_html
from reports.rendering.layout import lay_out
from tests.reports.printed_sample import SIGNATURE, sample_report, sample_words
from tests.reports.signed_sample import EVIDENCE, SIGNED_AT, TITLE, rendered_sample, tool

pytestmark = pytest.mark.slow

NUMBER_BROKEN = re.compile(r"(?:\d\S*/|/\S*[-/])\s*$|\d-\s*$")


def rendered(report, **options):
    return render_pdf(report, evidence={}, title="Thử", now=SIGNED_AT, **options)


def text_of(report, **options):
    return tool("pdftotext", rendered(report, **options).pdf, "-layout")


def with_paragraphs(*texts):
    blocks = tuple(Paragraph((Text(text),)) for text in texts)
    return replace(sample_report(), blocks=blocks, notes=())


def test_each_of_the_five_notes_stands_on_the_page_of_its_call():
    pages = tool("pdftotext", rendered_sample().pdf, "-layout").split("\f")
    for number, opening in enumerate(
        ("527/KH-BDT", "642/KH-BDT", "63/KH-BDT", "459/KH-BDT", "124/KH-UBND"), 1
    ):
        calls = [n for n, page in enumerate(pages) if re.search(rf"\w{number}\b[;. ]", page)]
        homes = [n for n, page in enumerate(pages) if opening in page]
        assert len(homes) == 1
        assert homes[0] in calls


def test_nearly_all_words_of_the_sample_are_on_the_pages():
    shown = set(re.findall(r"\w+", text_of(sample_report(), blanks=True)))
    words = [word for text in sample_words() for word in re.findall(r"\w+", text)]
    missing = {word for word in words if unicodedata.normalize("NFC", word) not in shown}
    assert len(missing) <= len(set(words)) * 0.02, missing


def test_no_document_number_breaks_at_the_end_of_a_line():
    for report in (sample_report(), shifted(3), shifted(11), shifted(29)):
        for line in text_of(report).splitlines():
            assert not NUMBER_BROKEN.search(line), line


def shifted(words):
    """The sample with every paragraph pushed along by a few words."""
    blocks = tuple(
        replace(block, content=(Text("thêm " * words), *block.content))
        if isinstance(block, Paragraph)
        else block
        for block in sample_report().blocks
    )
    return replace(sample_report(), blocks=blocks)


def test_a_number_in_two_styles_stays_whole():
    content = (Text("số 17/QĐ"), Text("UBQGCDĐT/2023", bold=True), Text("-X1 tiếp theo"))
    report = replace(sample_report(), blocks=(Paragraph(content),), notes=())
    html = rendered(report).html
    assert '<span class="whole">17/QĐ<strong>UBQGCDĐT/2023</strong>-X1</span>' in html


def test_dates_and_spans_of_years_stay_whole_without_a_span():
    words = "(05/7/2023), 2021-2025; 24/7. 1.234,5 3.5.2"
    report = replace(sample_report(), blocks=(Paragraph((Text(words),)),), notes=())
    assert words in rendered(report).html
    narrow = "".join(f'<p style="width: 1px">{word}</p>' for word in words.split())
    page = f"<html><body style='overflow-wrap: normal'>{narrow}</body></html>"
    document, _ = lay_out(page, assets={}, line_height=1.25)
    lines = [
        box.text
        for page in document.pages
        for box in page._page_box.descendants()
        if hasattr(box, "text")
    ]
    assert lines == words.split()


def lines_of(html, width):
    page = f"<html><body><p style='width: {width}px'>{html}</p></body></html>"
    document, _ = lay_out(page, assets={}, line_height=1.25)
    return [
        "".join(box.text for box in line.descendants() if hasattr(box, "text"))
        for page in document.pages
        for line in page._page_box.descendants()
        if type(line).__name__ == "LineBox"
    ]


def test_a_line_is_filled_before_what_is_kept_whole():
    """At some widths the engine would leave "III." alone on the first line."""
    words = "III. CHƯƠNG TRÌNH MỤC TIÊU QUỐC GIA PHÁT TRIỂN KINH TẾ - XÃ HỘI VÙNG DÂN TỘC THIỂU SỐ"
    html = content_html((Text(words),), {})
    assert html.count('<span class="whole">') == 1
    first = {width: lines_of(html, width)[0] for width in range(520, 760, 4)}
    assert all(line.startswith("III. CHƯƠNG TRÌNH MỤC TIÊU QUỐC GIA") for line in first.values())
    assert any(line.endswith("KINH") for line in first.values())
    assert any(line.endswith("TẾ - XÃ") for line in first.values())


def test_the_engine_reads_our_markup_as_its_own_reader_would():
    html = rendered_sample().html
    ours, theirs = (_elements(text) for text in (html, f"{html}<p>"))
    assert len(ours) > 100
    assert theirs[: len(ours)] == ours  # the unclosed paragraph sends it to the other reader


def _elements(html):
    _, tree = lay_out(html, assets=assets_of(sample_report()), line_height=1.25)
    return [
        (element.tag, element.get("class"), (element.text or "").strip()) for element in tree.iter()
    ]


def test_no_layout_is_left_in_memory():
    rendered(sample_report())
    gc.collect()
    before = _kept_boxes()
    rendered(sample_report())
    assert _kept_boxes() == before


def _kept_boxes():
    """What a collection of everything would still find of laid-out pages; none is run here."""
    return sum(type(thing).__name__.endswith("Box") for thing in gc.get_objects())


def test_the_file_is_tagged_vietnamese_and_carries_its_evidence():
    with pikepdf.open(BytesIO(rendered_sample().pdf)) as pdf:
        assert str(pdf.Root.Lang) == "vi"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == TITLE
        (attached,) = pdf.attachments.values()
        assert b'"C15"' in attached.get_file().read_bytes()
        assert pdf.Root.AF[0].AFRelationship == pikepdf.Name.Data
        metadata = bytes(pdf.Root.Metadata.read_bytes())
    assert b'pdfaid:part="3"' in metadata
    assert EVIDENCE["figures"][0]["cell"] == "C15"


def test_only_embedded_fonts_of_the_times_family_are_used():
    lines = tool("pdffonts", rendered_sample().pdf).splitlines()[2:]
    assert len(lines) >= 3
    for line in lines:
        assert re.match(r"[A-Z]{6}\+Tinos", line)
        assert re.search(r"Identity-H\s+yes yes yes", line)


def test_the_page_number_is_hidden_on_the_first_page_and_on_top_of_the_others():
    first, second, *_ = tool("pdftotext", rendered_sample().pdf, "-layout").split("\f")
    assert first.strip().startswith("UBND TỈNH BẮC GIANG")
    assert second.strip().splitlines()[0].strip() == "2"


def test_measures_follow_the_decree():
    pdf = rendered_sample().pdf
    boxes = tool("pdftotext", pdf, "-bbox", "-f", "1", "-l", "2")
    left = min(float(value) for value in re.findall(r'<word xMin="([\d.]+)"', boxes))
    right = max(float(value) for value in re.findall(r'xMax="([\d.]+)"', boxes))
    assert 29.9 <= left * 25.4 / 72 <= 35
    assert 15 <= 210 - right * 25.4 / 72 <= 20.1
    assert "Page size:       595.276 x 841.89" in tool("pdfinfo", pdf)


def test_the_national_name_stays_on_one_line_beside_a_long_agency_name():
    agency = AgencyHeader(
        "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "SỞ DÂN TỘC VÀ TÔN GIÁO", "Bắc Ninh", "BC-SDTTG"
    )
    text = text_of(replace(sample_report(), agency=agency), blanks=True)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert re.search(r"Số: +/BC-SDTTG +Bắc Ninh, ngày +tháng 11 năm 2023", text)


def test_room_for_number_and_date_is_found_on_the_first_page_and_marks_on_the_last():
    report = rendered_sample()
    assert report.number_box.page == report.date_box.page == 0
    assert report.signature_box.page == report.seal_box.page == report.pages - 1
    seal, signature = report.seal_box, report.signature_box
    assert seal.x1 - seal.x0 == pytest.approx(36 * 72 / 25.4)
    third = (signature.x1 - signature.x0) / 3
    assert seal.x1 == pytest.approx(signature.x0 + third)


def test_the_same_report_gives_the_same_file():
    again = render_pdf(sample_report(), evidence=EVIDENCE, title=TITLE, now=SIGNED_AT)
    assert again.pdf == rendered_sample().pdf


def test_notes_that_no_spacing_can_place_stop_the_report():
    long_note = Note(1, (Text("rất dài " * 2500),))
    content = (Text("Lời gọi"), NoteCall(1))
    report = replace(sample_report(), blocks=(Paragraph(content),), notes=(long_note,))
    with pytest.raises(FootnotesDoNotFit, match="chú thích 1"):
        rendered(report)


@pytest.mark.parametrize(
    ("calls", "notes"),
    [((1, 2), (1,)), ((1,), (1, 2)), ((2, 1), (1, 2)), ((1, 1), (1,)), ((), (1,))],
)
def test_calls_and_notes_must_match(calls, notes):
    report = replace(
        sample_report(),
        blocks=(Paragraph((Text("a"), *(NoteCall(n) for n in calls))),),
        notes=tuple(Note(n, (Text("ghi chú"),)) for n in notes),
    )
    with pytest.raises(NotesDoNotMatch):
        rendered(report)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="file:///etc/passwd">',
        "a & b &amp; c",
        "]]> --> <!-- <![CDATA[",
        "</body></html><h1>chiếm trang</h1>",
        "{{ settings.SECRET_KEY }} {% include 'x' %}",
        "url(file:///etc/passwd) @import 'http://x'",
    ],
)
def test_hostile_words_are_printed_as_words(hostile):
    text = "".join(text_of(with_paragraphs(f"Trước {hostile} sau.")).split())
    assert "".join(f"Trước {hostile} sau.".split()) in text
    assert "root:x:0" not in text


def test_direction_and_control_characters_do_not_reach_the_page():
    pdf = rendered(with_paragraphs("số \u202e321\u202c/KH\x00\x08-BDT\u2066\u200b\ufeff hết")).pdf
    assert "số 321/KH-BDT hết" in tool("pdftotext", pdf)


def test_decomposed_letters_are_printed_composed():
    text = text_of(with_paragraphs(unicodedata.normalize("NFD", "Đồng bào dân tộc thiểu số")))
    assert "Đồng bào dân tộc thiểu số" in text


@pytest.mark.parametrize("word", ["W" * 400, "a/" * 300, "0-" * 200, "Ậ" * 900])
def test_a_word_longer_than_the_line_breaks_and_is_not_lost(word):
    pdf = rendered(with_paragraphs(f"Trước {word} sau.")).pdf
    assert word in "".join(tool("pdftotext", pdf, "-layout").split())
    right = max(
        float(value) for value in re.findall(r'xMax="([\d.]+)"', tool("pdftotext", pdf, "-bbox"))
    )
    assert right <= (210 - 15) * 72 / 25.4


def test_two_hundred_words_in_each_of_many_places_are_printed():
    words = " ".join(f"từ{n}" for n in range(200))
    report = replace(
        with_paragraphs(words),
        subject=words,
        recipients=(words,),
        addressees=(words, words),
        signature=replace(SIGNATURE, name="Một cái tên rất dài " * 3),
    )
    assert text_of(report).count("từ199") == 5


def test_a_character_that_the_typeface_lacks_is_named():
    with pytest.raises(UnprintableCharacters, match="“😀”"):
        rendered(with_paragraphs("xin chào 😀"))


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.org/x", "data:image/png,x"],
)
def test_the_layout_engine_loads_nothing_from_outside(address):
    for html in (
        f'<html lang="vi"><body><img src="{address}" alt=""></body></html>',
        f'<html lang="vi"><body style="background:url({address})">x</body></html>',
        f'<html lang="vi"><link rel="stylesheet" href="{address}"><body>x</body></html>',
    ):
        with pytest.raises(RefusedResource, match="đòi tải"):
            lay_out(html, assets={}, line_height=1.25)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40">{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="file:///etc/passwd"/>',
        '<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://x/y.png"/>',
        "<style>@import url(http://x)</style>",
        '<rect style="fill:url(http://x#a)"/>',
        '<use href="http://x/y.svg#a"/>',
        "<script>alert(1)</script>",
        "<foreignObject><iframe/></foreignObject>",
    ],
)
def test_a_drawing_that_would_load_something_is_refused(inside):
    report = replace(sample_report(), blocks=(Chart(SVG.format(inside), "Biểu đồ"),), notes=())
    with pytest.raises(RefusedResource):
        rendered(report)


@pytest.mark.parametrize(
    "svg",
    [
        "không phải hình",
        "<svg",
        "",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        "<html/>",
    ],
)
def test_a_drawing_that_is_not_plain_svg_is_refused(svg):
    with pytest.raises(UnfitDrawing):
        rendered(replace(sample_report(), blocks=(Chart(svg, "Biểu đồ"),), notes=()))


def test_a_chart_is_drawn_in_the_reports_own_typeface_with_its_alternative_text():
    svg = SVG.format('<text x="5" y="20" font-family="Arial" font-size="12">Sơn Động</text>')
    report = replace(with_paragraphs("Xem biểu đồ."), annexes=())
    report = replace(report, blocks=(*report.blocks, Chart(svg, "Tỷ lệ hộ nghèo", "Biểu 05")))
    pdf = rendered(report).pdf
    assert "Sơn Động" in tool("pdftotext", pdf)
    assert "Arial" not in tool("pdffonts", pdf)
    assert "Tỷ lệ hộ nghèo" in tool("pdftotext", pdf)


def test_a_table_repeats_its_head_and_an_annex_counts_its_own_pages():
    head = (Cell((Text("Xã"),), heading=True), Cell((Text("Số hộ"),), heading=True))
    rows = tuple(
        (Cell((Text(f"Xã {n}"),)), Cell((Text(f"{n}"),), align="right")) for n in range(90)
    )
    table = Table((head, *rows), caption="Bảng 1")
    annex = Annex("Phụ lục I", "Danh sách xã", (table,))
    report = rendered(replace(sample_report(), annexes=(annex,)))
    pages = tool("pdftotext", report.pdf, "-layout").split("\f")
    own = [page for page in pages if "Số hộ" in page]
    assert len(own) >= 2
    assert "DANH SÁCH XÃ" in own[0]
    assert own[1].strip().splitlines()[0].strip() == "2"
    assert report.signature_box.page < report.pages - len(own) + 1


def test_a_point_of_a_list_keeps_its_label():
    report = replace(sample_report(), notes=(), blocks=(Item((Text("điểm một"),), "a)"),))
    assert "a) điểm một" in text_of(report)


def test_one_addressee_is_greeted_on_one_line_and_several_on_their_own():
    one = text_of(replace(sample_report(), addressees=("Sở Kế hoạch và Đầu tư",)))
    assert "Kính gửi: Sở Kế hoạch và Đầu tư" in one
    two = text_of(replace(sample_report(), addressees=("Ủy ban Dân tộc", "UBND tỉnh")))
    assert "- Ủy ban Dân tộc;" in two
    assert "- UBND tỉnh." in two


def test_the_verify_address_becomes_a_drawn_code():
    report = replace(sample_report(), verify_url="https://vi.du/xac-thuc/1234/")
    with pikepdf.open(BytesIO(rendered(report).pdf)) as pdf:
        alternatives = [str(obj.Alt) for obj in pdf.objects if _has_alternative(obj)]
    assert any("QR" in text for text in alternatives)


def _has_alternative(obj):
    return isinstance(obj, pikepdf.Dictionary) and "/Alt" in obj


def test_the_preview_shows_the_same_words_without_loading_anything():
    html = preview_html(
        sample_report(), title=TITLE, month=SIGNED_AT.date(), style_sheets=("/static/a.css",)
    )
    assert '<link rel="stylesheet" href="/static/a.css"/>' in html
    assert html.count("<li>") == 5
    assert "style=" not in html
    assert "asset:" not in html
    assert "tháng 11 năm 2023" in html
