"""Extracts as they come: formulas, hidden and merged rows, several sheets, errors, old letters."""

from __future__ import annotations

import datetime
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl import Workbook

from programs.models import Disbursement, TreasuryExtract
from programs.services import treasury
from tests.programs.factories import line_of_works

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADINGS = ["Ngày chứng từ", "Số chứng từ", "Mã dự án", "Mã nguồn", "Loại vốn", "Số tiền (đồng)"]
NAMES = ("day", "voucher", "code", "source", "kind", "amount")
DAY = datetime.date(2023, 3, 31)


@pytest.fixture
def line():
    return line_of_works()


@pytest.fixture
def came(specialist, run_jobs, line):
    """`came(row, …, change=f)`: the rows of an extract after it was read; f changes the book."""

    def send(*rows, change=lambda book: None):
        book = Workbook()
        book.active.append(HEADINGS)
        for row in rows:
            told = {"day": DAY, "voucher": "1", "code": line.works.code, "source": "NSTW"}
            told |= {"kind": "Vốn đầu tư", "amount": 5_000_000} | row
            book.active.append([told[name] for name in NAMES])
        change(book)
        kept = BytesIO()
        book.save(kept)
        extract = treasury.receive_extract(
            programme=line.programme, file=ContentFile(kept.getvalue(), "kb.xlsx"), name="kb.xlsx",
            by=specialist, now=timezone.now(),
        )  # fmt: skip
        run_jobs()
        return TreasuryExtract.objects.get(pk=extract.pk)

    return send


def told(extract):
    """What became of each row, and why."""
    return [(row.outcome, row.reason) for row in extract.rows.order_by("place")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"amount": "#REF!"}, "Ô số tiền không phải là số"),
        ({"amount": "#DIV/0!"}, "Ô số tiền không phải là số"),
        ({"amount": "năm triệu"}, "Số tiền “năm triệu” không phải là số"),
        ({"amount": 0}, "Số tiền bằng 0"),
        ({"amount": 10**30}, "Số tiền quá lớn"),
        ({"day": "31/02/2023"}, "“31/02/2023” không phải là ngày"),
        ({"day": "=TODAY()"}, "Chưa ghi ngày"),
    ],
)
def test_what_is_no_amount_and_no_day_is_refused_at_its_row(came, row, words):
    [(outcome, reason)] = told(came(row))
    assert outcome == "refused"
    assert words in reason


@pytest.mark.parametrize(
    "row",
    [
        {"day": "31/03/2023"},
        {"source": "Ngân sách trung ương"},
        {"source": "Ng©n s¸ch trung ­¬ng"},  # TCVN3
        {"voucher": "x" * 5000},
    ],
)
def test_days_as_text_names_and_old_letters_are_understood(came, row):
    assert told(came(row)) == [("certain", "")]


@pytest.mark.parametrize(
    ("row", "outcome", "words"),
    [
        ({"source": "Ngân sách sao Hoả"}, "open", "không có trong danh mục nguồn vốn"),
        ({"code": "y" * 5000}, "unmatched", "Không có công trình nào khớp"),
    ],
)
def test_names_that_nobody_knows_are_listed(came, row, outcome, words):
    [(found, reason)] = told(came(row))
    assert found == outcome
    assert words in reason


def test_an_amount_with_another_unit_than_its_column_is_asked_about(came):
    assert came({"amount": "1.234,5 triệu"}).state == "asked"


def test_formulas_that_were_never_counted_leave_nothing_to_read(came):
    assert came({"amount": "=1+1"}).state == "unreadable"


def test_hidden_rows_count_and_a_merged_day_is_its_first_rows(came):
    def changed(book):
        book.active.row_dimensions[2].hidden = True
        book.active.merge_cells("A3:A4")

    rows = told(came({"voucher": "1"}, {"voucher": "2"}, {"voucher": "3"}, change=changed))
    assert [outcome for outcome, _ in rows] == ["certain", "certain", "refused"]
    assert not Disbursement.objects.exists()


def test_what_a_file_hides_is_told(client, specialist, came):
    def changed(book):
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["D"].hidden = True

    extract = came({"voucher": "1"}, {"voucher": "2"}, change=changed)
    assert extract.remark.startswith(
        "Tệp có 1 dòng khoản chi bị ẩn hoặc bị lọc (dòng 3 của tệp); cột bị ẩn: Nguồn vốn."
    )
    client.force_login(specialist)
    assert extract.remark in client.get(extract.get_absolute_url()).text


def test_a_filtered_table_tells_which_rows_the_filter_hides(came):
    def changed(book):
        book.active.auto_filter.ref = "A1:F14"
        for row in range(2, 14):
            book.active.row_dimensions[row].hidden = True

    extract = came(*({"voucher": str(n)} for n in range(13)), change=changed)
    assert "12 dòng khoản chi bị ẩn hoặc bị lọc (dòng 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …" in (
        extract.remark
    )


def test_a_file_that_shows_all_has_no_remark(came):
    assert came({"voucher": "1"}).remark == ""
