"""What Word puts on the clipboard, in the form a report keeps."""

from pathlib import Path

import pytest

from reports import pasted, richtext

CLIPBOARD = (Path(__file__).parent / "data" / "word-clipboard.html").read_text(encoding="utf-8")


def test_lists_styles_and_words_own_elements():
    assert richtext.clean(CLIPBOARD) == (
        "<p><strong>Kết quả</strong></p>"
        "<ul><li><p>Một hộ</p><ul><li><p>bên <em>trong</em></p></li></ul></li>"
        "<li><p>Hai hộ</p></li></ul>"
        "<ol><li><p>Đánh số</p></li></ol>"
        "<p>Xem tại đây &amp; sau</p>"
    )


@pytest.mark.parametrize(
    "part",
    [
        '<img width=100 src="file:///C:/Temp/msohtmlclip1/01/clip_image001.png">',
        '<img src="https://vidu.vn/theo-doi.gif">',
        "<script>alert(1)</script>",
        '<p class=MsoListParagraph style="mso-list:l0 level1"><iframe src=x></iframe></p>',
        '<p class=MsoNormal style="background:url(http://vidu.vn/a.png)">x</p>',
    ],
)
def test_pictures_and_scripts_between_the_words_are_refused_all_the_same(part):
    with pytest.raises(richtext.RefusedContent):
        richtext.clean(CLIPBOARD.replace("<!--EndFragment-->", f"{part}<!--EndFragment-->"))


@pytest.mark.parametrize(
    "html",
    [
        "<p>mso</p>",
        "<p>- Không phải danh sách của Word</p>",
        '<p><span data-figure="3">02</span></p>',
    ],
)
def test_other_text_is_left_alone(html):
    assert pasted.from_word(html) == html


def test_atoms_inside_words_paragraphs_stay():
    html = '<p class="MsoNormal">có <span data-figure="3">02</span> phim</p>'
    assert richtext.clean(html) == '<p>có <span data-figure="3">02</span> phim</p>'


@pytest.mark.parametrize(
    "html",
    [
        "<p style='mso-list:l0 level99 x'>sâu",
        "<p style='mso-list:l0 level0 x'>a</p><p style='mso-list:l0 level3 x'>b</p>",
        "<p style='mso-list:l0 level1'><span style='mso-list:Ignore'>1.",
        "mso- <p><p style='mso-list:l0 level2'></p></span></b>",
    ],
)
def test_broken_lists_do_no_harm(html):
    once = richtext.clean(html)
    assert richtext.clean(once) == once
