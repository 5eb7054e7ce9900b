import pytest

from reports.rendering import (
    Item,
    LineBreak,
    NoteCall,
    Paragraph,
    RefusedResource,
    Table,
    Text,
    UnknownCitation,
    UnknownFigure,
    UnreadableText,
    blocks_from_html,
)


def read(html, **known):
    known = {"figures": {"14": "02"}, "citations": {"3": "Kế hoạch số 63/KH-BDT"}, **known}
    return blocks_from_html(html, **known)


def test_paragraphs_keep_bold_italic_and_breaks():
    (block,) = read("<p>Một <strong>hai <em>ba</em></strong><br>bốn</p>").blocks
    assert block == Paragraph(
        (
            Text("Một "),
            Text("hai ", bold=True),
            Text("ba", bold=True, italic=True),
            LineBreak(),
            Text("bốn"),
        )
    )


def test_a_figure_prints_its_value_and_not_what_the_editor_showed():
    (block,) = read('<p>có <span data-figure="14">99</span> video</p>').blocks
    assert block.content == (Text("có "), Text("02", figure="14"), Text(" video"))


def test_a_figure_keeps_the_style_around_it():
    (block,) = read('<p><strong><span data-figure="14"></span></strong></p>').blocks
    assert block.content == (Text("02", bold=True, figure="14"),)


def test_citations_become_notes_numbered_in_the_order_of_their_calls():
    found = read(
        '<p>a<span data-citation="3">¹</span></p><p>b<span data-citation="3"></span></p>',
        first_note=4,
    )
    assert [note.number for note in found.notes] == [4, 5]
    assert found.blocks[1].content == (Text("b"), NoteCall(5))
    assert found.notes[0].content == (Text("Kế hoạch số 63/KH-BDT"),)


def test_unknown_figures_and_citations_are_named():
    with pytest.raises(UnknownFigure, match="“77”"):
        read('<p><span data-figure="77">5</span></p>')
    with pytest.raises(UnknownCitation, match="“77”"):
        read('<p><span data-citation="77"></span></p>')


def test_lists_become_points_with_the_labels_of_the_decree():
    blocks = read("<ul><li>một<ol><li>con</li></ol></li></ul><ol><li>a</li><li>b</li></ol>").blocks
    assert [(block.label, block.depth) for block in blocks] == [
        ("-", 0),
        ("a)", 1),
        ("1.", 0),
        ("2.", 0),
    ]


def test_the_second_paragraph_of_a_point_has_no_label_of_its_own():
    blocks = read("<ul><li><p>một</p><p>hai</p></li></ul>").blocks
    assert [block.label for block in blocks] == ["-", ""]
    assert all(isinstance(block, Item) for block in blocks)


def test_a_table_keeps_headings_spans_and_numbers_at_the_right():
    (table,) = read(
        "<table><caption>Bảng 1</caption><tr><th colspan=2>Xã</th></tr>"
        "<tr><td>An Lạc</td><td>1.234,5</td></tr></table>"
    ).blocks
    assert isinstance(table, Table)
    assert table.head_rows == 1
    assert table.caption == "Bảng 1"
    assert table.rows[0][0].colspan == 2
    assert [cell.align for cell in table.rows[1]] == ["left", "right"]


def test_a_note_inside_a_table_keeps_counting():
    found = read('<table><tr><td>x<span data-citation="3"></span></td></tr></table><p>y</p>')
    assert [note.number for note in found.notes] == [1]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/passwd">',
        '<p>a<img src="http://127.0.0.1/"></p>',
        '<p style="background: url(http://x)">a</p>',
        '<link rel="stylesheet" href="http://x">',
        "<style>@import 'http://x'</style>",
        "<script>alert(1)</script>",
        '<iframe src="//x"></iframe>',
        '<object data="file:///etc/passwd"></object>',
        '<svg><image href="http://x"/></svg>',
        '<table><tr><td><img src="http://x"></td></tr></table>',
        '<table background="http://x"><tr><td>a</td></tr></table>',
        '<video poster="http://x"></video>',
        '<input type="image" src="http://x">',
    ],
)
def test_markup_that_would_load_something_is_refused(html):
    with pytest.raises(RefusedResource, match="đòi tải"):
        read(html)


def test_escaped_markup_stays_words():
    (block,) = read("<p>&lt;img src=file:///etc/passwd&gt; &amp; ]]&gt;</p>").blocks
    assert block.content == (Text("<img src=file:///etc/passwd> & ]]>"),)


def test_unknown_elements_lose_their_tags_and_keep_their_words():
    (block,) = read('<p>xem <a href="javascript:x">đây</a> <font color=red>đỏ</font></p>').blocks
    assert "".join(piece.text for piece in block.content) == "xem đây đỏ"


@pytest.mark.parametrize("html", ["", "   ", "<p></p>", "<p><br></p>", "\x00", "<", "<!-- x -->"])
def test_nothing_gives_no_blocks(html):
    assert all(isinstance(block, Paragraph) for block in read(html).blocks)
    assert read(html).notes == ()


@pytest.mark.slow
@pytest.mark.parametrize("html", ["<div>" * 5000, "x" * 2_000_001, "<ul><li>" * 200])
def test_a_text_of_monstrous_shape_is_refused(html):
    with pytest.raises(UnreadableText):
        read(html)
