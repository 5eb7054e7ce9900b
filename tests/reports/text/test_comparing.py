"""Two texts compared word by word."""

from reports.text.comparing import paragraphs, word_changes


def told(old, new):
    return [(change.kind, change.text) for change in word_changes(old, new)]


def test_the_same_text_is_one_stretch():
    assert told("Ban Dân tộc", "Ban Dân tộc") == [("same", "Ban Dân tộc")]


def test_a_blank_between_two_changes_belongs_to_them():
    assert told("năm cũ kỹ qua", "năm rất mới qua") == [
        ("same", "năm "),
        ("removed", "cũ kỹ"),
        ("added", "rất mới"),
        ("same", " qua"),
    ]


def test_old_and_new_can_be_read_out_of_the_changes():
    old, new = "Số 43/2011/NĐ-CP, ngày 13/6/2011.", "Số 42/2022/NĐ-CP; ngày 24/6/2022."
    changes = word_changes(old, new)
    assert "".join(one.text for one in changes if one.kind != "added") == old
    assert "".join(one.text for one in changes if one.kind != "removed") == new


def test_a_very_long_text_is_told_as_a_whole():
    old, new = "một " * 5000, "hai " * 5000
    assert told(old, new) == [("removed", old), ("added", new)]
    assert told(old, old) == [("same", old)]


def test_paragraphs_stand_apart_and_a_new_end_is_shown():
    lines = paragraphs(word_changes("Một hai.\nBa.", "Một.\nHai.\nBa."))
    told = ["".join(change.text for change in line if change.kind != "removed") for line in lines]
    assert told == ["Một.¶", "Hai.", "Ba."]
    same = paragraphs(word_changes("Một.\nHai.", "Một.\nHai."))
    assert [[change.text for change in line] for line in same] == [["Một."], ["Hai."]]
