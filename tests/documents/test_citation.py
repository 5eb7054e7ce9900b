"""Numbers, symbols and days are written and read as the decree lays down."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.citation import (
    days_in,
    joined,
    number_key,
    symbol_key,
    written_day,
    written_number,
    written_numbers,
)
from portal.documents.models import Document


@pytest.mark.parametrize(
    ("number", "symbol", "written"),
    [
        ("527", "KH-BDT", "527/KH-BDT"),
        ("43", "2011/NĐ-CP", "43/2011/NĐ-CP"),
        ("52", "NQ/TW", "52-NQ/TW"),
        ("3032", "SKHĐT-KGVX", "3032/SKHĐT-KGVX"),
        ("33", "2024/QH15", "33/2024/QH15"),
        ("12", "", "12"),
        ("", "", ""),
    ],
)
def test_number_and_symbol_are_joined_as_their_kind_asks(number, symbol, written):
    assert joined(number, symbol) == written


def test_numbers_below_ten_take_a_zero():
    assert [written_number(number) for number in (1, 9, 10, 527)] == ["01", "09", "10", "527"]
    assert [written_number(number) for number in ("5a", "05a", "12a", "")] == [
        "05a",
        "05a",
        "12a",
        "",
    ]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ((2021, 9, 30), "30/9/2021"),
        ((2023, 2, 6), "06/02/2023"),
        ((2023, 4, 4), "04/4/2023"),
        ((2021, 11, 5), "05/11/2021"),
        ((2023, 1, 28), "28/01/2023"),
    ],
)
def test_a_day_in_running_text_has_its_zeros(day, written):
    assert written_day(datetime.date(*day)) == written


def test_every_number_of_a_sentence_is_read():
    text = (
        "Quyết định số 17/QĐ-UBQGCĐS ngày 04/4/2023, Nghị định số 43/2011/NĐ-CP, Nghị quyết số"
        " 52-NQ/TW; văn bản 3032/SKHĐT-KGVX."
    )
    assert [(found.number, found.symbol) for found in written_numbers(text)] == [
        ("17", "QĐ-UBQGCĐS"),
        ("43", "2011/NĐ-CP"),
        ("52", "NQ/TW"),
        ("3032", "SKHĐT-KGVX"),
    ]


def test_days_leave_the_text():
    days, rest = days_in("ngày 31/12/2020 và ngày 6 tháng 2 năm 2023, không phải 31/2/2023")
    assert days == [datetime.date(2023, 2, 6), datetime.date(2020, 12, 31)]
    assert "31/2/2023" in rest
    assert "2020" not in rest


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text):
    written_numbers(text)
    days_in(text)
    number_key(text)
    symbol_key(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "full", "short"),
    [
        (
            "63",
            "Kế hoạch số 63/KH-BDT ngày 06/02/2023 của Ban Dân tộc về Chuyển đổi số, ứng dụng công"
            " nghệ thông tin năm 2023",
            "Kế hoạch số 63/KH-BDT",
        ),
        (
            "3032",
            "Công văn số 3032/SKHĐT-KGVX ngày 19/10/2023 của Sở Kế hoạch và Đầu tư về việc báo cáo"
            " kết quả thực hiện Quyết định số 2289/QĐ-TTg",
            "Công văn số 3032/SKHĐT-KGVX",
        ),
        ("33", "Luật Lưu trữ", "Luật Lưu trữ"),
    ],
)
def test_a_document_is_cited_in_full_first_and_shortly_later(number, full, short):
    document = Document.objects.with_catalogue().get(number=number)
    assert document.citation() == full
    assert document.citation(full=False) == short


@pytest.mark.parametrize(
    ("subject", "in_text"),
    [
        ("Kết quả công tác dân tộc năm 2023", "về kết quả công tác dân tộc năm 2023"),
        ("Tình hình giải ngân tháng 12", "về tình hình giải ngân tháng 12"),
        ("V/v báo cáo kết quả", "về việc báo cáo kết quả"),
        ("Chuyển đổi số", "Chuyển đổi số"),
    ],
)
def test_a_subject_goes_on_after_other_words(subject, in_text):
    assert Document(subject=subject).subject_in_text == in_text
