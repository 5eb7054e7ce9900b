"""What Word puts on the clipboard, in the form a report keeps."""

from contextlib import suppress
from pathlib import Path

import pytest

from reports.text import pasted, richtext
from tests.timing import least

CLIPBOARD = (Path(__file__).parent.parent / "data" / "word-clipboard.html").read_text(
    encoding="utf-8"
)


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


@pytest.mark.parametrize(
    "unit",
    [
        "<!--[if ", "<head ", "<!--StartFragment-->", "<!--", "<![CDATA[", "<!", "<?", "</", "<",
        "<p ", "<ul><li>", "<b>", "<div>", "<table>", "<p style='mso-list:", "mso-list:", "&",
        "<p style='mso-list:l0 level1'>x", "</p", "<li>", "<p>", '<span data-figure="1">',
    ],
)  # fmt: skip
@pytest.mark.parametrize("lead", ["mso-", "<p style='"])
def test_a_text_of_one_piece_over_and_over_is_read_in_time(unit, lead):
    def read():
        with suppress(richtext.RefusedContent):
            richtext.clean(lead + unit * (150_000 // len(unit)))

    assert least(read, rounds=1) < 5


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a<!-- b --> c</p>", "<p>a c</p>"),
        ("<p>a</p><!-- không hết <p>b</p>", "<p>a</p>"),
        ("<p>a</p><![if !supportLists]><p>b</p><![endif]>", "<p>a</p><p>b</p>"),
        ("<p>3 < 5</p>", "<p>3 &lt; 5</p>"),
        ("<p>a</p><b", "<p>a</p><p>&lt;b</p>"),
    ],
)
def test_comments_and_declarations_are_no_words(html, kept):
    assert richtext.clean(html) == kept


@pytest.mark.parametrize("html", ["<!--><img src=x>-->", "<!-- --><img src=x><!-- -->"])
def test_nothing_hides_behind_a_comment(html):
    with suppress(richtext.RefusedContent):
        assert "img" not in richtext.clean(html)


def test_what_is_nested_too_deep_is_refused_in_words():
    assert richtext.clean("<b>" * 150 + "x") == "<p><strong>x</strong></p>"
    with pytest.raises(richtext.RefusedContent, match="200 lớp định dạng lồng nhau"):
        richtext.clean("<ul><li>" * 250 + "x")


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
