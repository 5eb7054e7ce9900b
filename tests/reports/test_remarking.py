"""Where a remark's paragraph is found again after it was edited, moved or cut."""

import pytest

from reports.models import Remark
from reports.remarking import Whereabouts, paragraphs, pinned

QUOTE = "Ban Dân tộc đã tổ chức hai lớp tập huấn cho cán bộ cấp xã trong năm."


def remark(paragraph=1, section=7, quote=QUOTE):
    return Remark(section_id=section, quote=quote, paragraph=paragraph, revision=1)


@pytest.mark.parametrize(
    ("texts", "where", "section", "paragraph"),
    [
        ({7: ("Đầu.", QUOTE)}, Whereabouts.SAME, 7, 1),
        ({7: ("Mới.", "Đầu.", QUOTE)}, Whereabouts.SAME, 7, 2),
        ({7: (QUOTE, "Giữa.", "Cuối.", QUOTE)}, Whereabouts.SAME, 7, 0),
        ({7: ("Đầu.", QUOTE.replace("hai lớp", "03 lớp"))}, Whereabouts.CHANGED, 7, 1),
        ({7: ("Đầu.",), 8: ("Khác.", QUOTE)}, Whereabouts.MOVED, 8, 1),
        ({7: ("Đầu.", "Câu chẳng liên quan gì."), 8: ()}, Whereabouts.GONE, 7, None),
        ({8: ("Khác.",)}, Whereabouts.GONE, None, None),
        ({7: ()}, Whereabouts.GONE, 7, None),
    ],
)
def test_the_paragraph_is_followed_by_its_words(texts, where, section, paragraph):
    pin = pinned(remark(), texts)
    assert (pin.where, pin.section, pin.paragraph) == (where, section, paragraph)


def test_of_several_that_are_alike_the_most_alike_is_taken():
    near = QUOTE.replace("trong năm", "trong quý")
    far = QUOTE.replace("hai lớp tập huấn cho cán bộ", "nhiều cuộc họp với người dân")
    assert pinned(remark(), {7: (far, "x", near)}).paragraph == 2


def test_a_remark_about_the_section_or_report_has_no_paragraph():
    assert pinned(remark(paragraph=None, quote=""), {7: ("a",)}).where == Whereabouts.WHOLE
    assert pinned(Remark(), {}).where == Whereabouts.WHOLE


def test_paragraphs_are_lines_of_the_text_with_atoms_as_words():
    body = '<p>Có <span data-figure="1">02</span> lớp;</p><ul><li><p>một</p></li></ul>'
    assert paragraphs(body) == ("Có 02 lớp;", "một")


def test_a_section_of_two_hundred_pages_is_searched_within_bounds():
    text = tuple(f"Đoạn {n} " + "chữ khác hẳn nhau " * 40 for n in range(3000))
    assert pinned(remark(), {7: text}).where == Whereabouts.GONE
