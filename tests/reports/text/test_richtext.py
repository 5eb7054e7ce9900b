"""The text of a section: one canonical form, whatever came in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text import richtext
from tests.timing import least


@pytest.mark.parametrize(
    ("given_html", "stored"),
    [
        ("", ""),
        ("chữ trần", "<p>chữ trần</p>"),
        ("<div>một</div><div>hai</div>", "<p>một</p><p>hai</p>"),
        ("<p>một<br>hai<br></p>", "<p>một<br>hai</p>"),
        ("<b>đậm</b> và <i>nghiêng</i>", "<p><strong>đậm</strong> và <em>nghiêng</em></p>"),
        ('<p style="color:red" class="x">chữ</p>', "<p>chữ</p>"),
        ("<ul><li>một</li><li>hai</li></ul>", "<ul><li><p>một</p></li><li><p>hai</p></li></ul>"),
        ("<ol><li>một</li></ol>sau", "<ol><li><p>một</p></li></ol><p>sau</p>"),
        (
            "<ul><li>một<ul><li>trong</li></ul></li></ul>",
            "<ul><li><p>một</p><ul><li><p>trong</p></li></ul></li></ul>",
        ),
        (
            '<p>có <span data-figure="3" class="atom" title="x">0<b>2</b></span> phim</p>',
            '<p>có <span data-figure="3">02</span> phim</p>',
        ),
        (
            '<p>Kế hoạch<span data-citation="4"></span></p>',
            '<p>Kế hoạch<span data-citation="4"></span></p>',
        ),
        ('<p><span data-figure="3 x">02</span></p>', "<p>02</p>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p> nhiều \n\t chỗ  trống </p>", "<p>nhiều chỗ trống</p>"),
        ('<a href="https://vidu.vn">liên kết</a>', "<p>liên kết</p>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p>a</p><p>b</p>"),
    ],
)
def test_every_text_is_brought_into_one_form(given_html, stored):
    assert richtext.clean(given_html) == stored


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://169.254.169.254/latest/meta-data">',
        "<IMG SRC=x>",
        '<iframe src="file:///etc/hostname"></iframe>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="x.pdf">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://vidu.vn/a.css">',
        '<p style="background: url(http://vidu.vn/a.png)">x</p>',
        '<p style="list-style-image:URL (file:///etc/passwd)">x</p>',
        "<style>@import url(http://vidu.vn)</style>",
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" file:///etc/passwd">x</a>',
        '<svg><image href="file:///etc/passwd"/></svg>',
        '<video poster="http://vidu.vn/a.jpg"></video>',
        '<input type="image" src="x">',
        '<td background="http://vidu.vn/a.png">x</td>',
    ],
)
def test_what_would_load_or_run_is_refused_with_a_sentence(hostile):
    with pytest.raises(richtext.RefusedContent) as refusal:
        richtext.clean(f"<p>trước</p>{hostile}<p>sau</p>")
    assert "Báo cáo chỉ nhận chữ" in str(refusal.value)


def test_words_that_only_speak_of_addresses_are_welcome():
    words = "<p>Xem file:///etc/passwd và http://vidu.vn/a.png</p>"
    assert richtext.clean(words) == words


def test_what_is_stored_already_is_shown_without_what_would_load():
    lines = richtext.read('<p>a<img src="file:///etc/passwd">b</p>', is_trusted=True)
    assert richtext.write(lines) == "<p>ab</p>"


@given(st.text(alphabet="ab <>/&\"'=pulisrcdatfgoenm0123456789-é\n", max_size=120))
def test_the_canonical_form_is_its_own_canonical_form(text):
    try:
        once = richtext.clean(text)
    except richtext.RefusedContent:
        return
    assert richtext.clean(once) == once


def test_decomposed_letters_are_composed():
    assert richtext.clean("<p>Tiê\u0301ng Viê\u0323t</p>") == "<p>Tiếng Việt</p>"


def test_atoms_are_found_in_the_order_they_are_read():
    lines = richtext.read(
        '<p><span data-citation="7"></span> và <span data-figure="2">02</span></p>'
        '<ul><li><span data-figure="9">1</span></li></ul>'
    )
    assert [(atom.kind, atom.key) for atom in richtext.atoms(lines)] == [
        ("citation", "7"),
        ("figure", "2"),
        ("figure", "9"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["&", "&x", "\u00a0", "<b>a</b>", "<br>", "<"])
def test_the_time_to_read_a_text_grows_with_its_length(piece):
    """The square of it would be sixteen times as much."""

    def seconds(length: int) -> float:
        html = f"<p>{piece * (length // len(piece))}</p>"
        return least(lambda: richtext.clean(html))

    assert seconds(400_000) < 9 * seconds(100_000) + 0.02


@pytest.mark.parametrize(
    ("given_html", "stored"),
    [
        ("<p>A & B &amp; C</p>", "<p>A &amp; B &amp; C</p>"),
        ("<p>&xyz; &amp;lt; &eacute; &#233; &copy</p>", "<p>&amp;xyz; &amp;lt; é é &amp;copy</p>"),
        ("<p>a\u00a0b&nbsp;c</p>", "<p>a\u00a0b\u00a0c</p>"),
        ("<p>a\ufdd0b\ufdd1c</p>", "<p>abc</p>"),
    ],
)
def test_signs_and_hard_spaces_stay_what_they_are(given_html, stored):
    assert richtext.clean(given_html) == stored
