"""TCVN3 and VNI text put into Unicode, with before and after."""

from __future__ import annotations

import pytest

from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.names import GroupNames
from portal.collection.workbooks.reader.vietnamese import (
    TCVN3,
    decode,
    from_tcvn3,
    from_vni,
    is_syllable,
)
from portal.collection.workbooks.recognising import recognise
from portal.collection.workbooks.repair import mended
from portal.collection.workbooks.source import Source
from tests.collection.files import books
from tests.collection.files.foreign import messages, sheet_of, understood
from tests.collection.files.forms import bieu_05_grid
from tests.collection.files.layouts import bieu_05, dan_so, groups
from tests.collection.files.mess import tcvn3, vni


def in_old_font(write) -> list[list]:
    return [
        [write(cell) if isinstance(cell, str) else cell for cell in row] for row in bieu_05_grid()
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nhµ xuÊt b¶n thèng kª - 2020", "nhà xuất bản thống kê - 2020"),
        ("Ban chØ ®¹o Tæng ®iÒu tra", "Ban chỉ đạo Tổng điều tra"),
    ],
)
def test_the_two_strings_that_were_seen_in_print(before, after):
    assert from_tcvn3(before) == after
    assert mended(before) == after


def test_vni_text():
    assert from_vni("Xin chaøo caùc baïn") == "Xin chào các bạn"
    assert mended("Hoä ngheøo daân toäc thieåu soá") == "Hộ nghèo dân tộc thiểu số"


@pytest.mark.parametrize(
    "text",
    ["Xã An Lạc", "Hộ nghèo", "Cà Mau", "La Hủ", "Ê Đê", "m²", "© 2023", "100 %", "Hoà", "Thèn"],
)
def test_unicode_text_is_left_alone(text):
    assert mended(text) == text


def test_signs_of_an_old_font_are_never_folded_away():
    """ "Br©u" is Brâu, and no other group's "Bru"."""
    assert not GroupNames(groups()).find("Br©u").codes
    assert mended("Br©u", main="TCVN3") == "Brâu"


def test_consent_to_one_old_encoding_is_no_consent_to_another():
    reading = understood(in_old_font(vni), bieu_05(), answers={"encoding": "TCVN3"})
    assert [question.id for question in reading.questions] == ["encoding"]
    assert "VNI" in reading.questions[0].text


def test_words_of_an_old_font_beside_words_in_unicode():
    assert mended("Huyện S¬n §éng", main="TCVN3") == "Huyện Sơn Động"
    assert mended("Tổng sè hộ thiÓu số") == "Tổng sè hộ thiểu số"


@pytest.mark.parametrize("text", ["5 µm", "µg/l", "µ", "Intel®", "®", "Café", "Müller", "10 µm²"])
def test_signs_and_foreign_words_are_no_old_font(text):
    assert mended(text) == text


LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"


@pytest.mark.parametrize("letter", LETTERS + "ĂÂĐÊÔƠƯ")
def test_every_letter_comes_back_from_the_old_encodings(letter):
    assert letter in TCVN3.values()
    assert from_tcvn3(tcvn3(letter)) == letter
    assert from_vni(vni(letter)) == letter


@pytest.mark.parametrize("letter", LETTERS.upper())
def test_every_capital_comes_back_from_vni_and_by_the_name_of_a_capital_font(letter):
    assert from_vni(vni(letter)) == letter
    assert from_tcvn3(tcvn3(letter.lower()), capitals=True) == letter


def test_a_font_settles_what_letters_leave_open():
    assert mended("Thèng", font=".VnTime") == "Thống"
    assert mended("huyÖn s¬n ®éng", font=".VnTimeH") == "HUYỆN SƠN ĐỘNG"
    assert mended("Huyện Sơn Động", font=".VnTime") == "Huyện Sơn Động"


@pytest.mark.parametrize(("write", "name"), [(tcvn3, "TCVN3"), (vni, "VNI")])
def test_a_whole_file_in_an_old_font_is_understood(write, name):
    asked = understood(in_old_font(write), bieu_05())
    assert [question.id for question in asked.questions] == ["encoding"]
    assert not asked.is_accepted
    assert "“Tổng số hộ”" in asked.questions[0].text
    reading = understood(in_old_font(write), bieu_05(), answers={"encoding": name})
    assert reading.is_accepted, messages(reading)
    assert len(reading.values) == 17 * 7
    sheet = reading.understood[0]
    assert sheet.encoding == name
    cell, before, after = sheet.repairs[0]
    assert cell
    assert before != after
    assert "Biểu" in after or "hộ" in after


def test_the_sender_may_say_that_the_text_was_right():
    reading = understood(in_old_font(tcvn3), bieu_05(), answers={"encoding": "Unicode"})
    assert not reading.is_accepted


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_an_old_font_in_a_workbook(suffix, tmp_path):
    build = {"xlsx": lambda p, r: books.xlsx(p, r, font=".VnTime"), "xls": books.xls}[suffix]
    path = build(tmp_path / f"a.{suffix}", in_old_font(tcvn3))
    reading = read_workbook(path, layout=bieu_05(), answers={"encoding": "TCVN3"})
    assert reading.is_accepted, messages(reading)
    assert reading.understood[0].encoding == "TCVN3"


@pytest.mark.slow
def test_an_old_encoding_in_a_text_file(tmp_path):
    path = books.delimited(tmp_path / "a.csv", in_old_font(tcvn3), encoding="latin-1")
    assert not read_workbook(path, layout=bieu_05()).is_accepted
    reading = read_workbook(path, layout=bieu_05(), answers={"encoding": "TCVN3"})
    assert reading.is_accepted, messages(reading)
    assert len(reading.values) == 17 * 7


def test_bytes_are_decoded_by_what_makes_words():
    text = "Số hộ nghèo của xã Vân Sơn"
    assert decode(text.encode()) == (text, "UTF-8")
    assert decode(text.encode("utf-16")) == (text, "UTF-16")
    assert decode(text.encode("utf-16-le")) == (text, "UTF-16")
    assert decode(tcvn3(text).encode("latin-1"))[1] == "TCVN3"
    assert decode(vni(text).encode("latin-1"))[1] == "VNI"


@pytest.mark.parametrize(
    "word",
    ["nghèo", "thiểu", "khuỷu", "quyết", "giếng", "gì", "uống", "thuở", "ngoèo", "khuya", "xoong",
     "tuyển", "hươu", "rượu", "giặt", "hoà", "hòa", "Đắk", "oanh", "yên"],
)  # fmt: skip
def test_vietnamese_syllables_are_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nhµ", "kª", "chØ", "caùc", "baïn", "toäc", "Tæng", "strength"])
def test_other_words_are_no_syllables(word):
    assert not is_syllable(word)


def test_a_file_in_an_old_font_is_recognised_and_left_as_it_stands():
    rows = in_old_font(tcvn3)
    source = Source("xlsx", [sheet_of(rows)])
    assert recognise(source, [bieu_05(), dan_so()]) == "BIEU-05"
    assert source.sheets[0].rows[2][1] == rows[2][1]
