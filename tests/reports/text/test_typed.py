"""Words typed or pasted into plain fields."""

import unicodedata

import pytest

from reports.text import richtext, typed


@pytest.mark.parametrize(
    "written",
    [
        "Ban\u200b Dân tộc\u200d",
        "\ufeffBan\u00ad Dân\u2060 tộc",
        "\u202eBan Dân tộc\u202c\u2069",
        "Ban\u2028Dân\x0btộc",
        unicodedata.normalize("NFD", "Ban  Dân tộc"),
        "Ban\x00 Dân\ud800 tộc",
    ],
)
def test_what_nobody_sees_is_not_kept(written):
    assert typed.one_line(written) == "Ban Dân tộc"
    assert richtext.clean(f"<p>{written}</p>") == "<p>Ban Dân tộc</p>"


def test_lines_stay_lines_whatever_ends_them():
    assert typed.some_lines("một\x0bhai\u2028ba\r\nbốn") == "một\nhai\nba\nbốn"


def test_composing_makes_no_text_longer_than_its_field_takes():
    assert len(typed.one_line("\u0958" * 400)) == 400
