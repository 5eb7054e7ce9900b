"""The clerk's books on paper: heads on every page, every row once, pages counted."""

from __future__ import annotations

import datetime
import io
import tempfile
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse

from portal.documents.books import Book, Column, Period, book_of
from portal.documents.models import Document, DocumentRelation, PreparedFile
from portal.documents.services import answer_with, hand_out, take_number, void_number
from reports.rendering import books
from tests.documents.incoming import NOW, division, letter, outgoing
from tests.reports.signed_sample import tool

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR = Period.year(2024)
COLUMNS = (Column("Số", 20, centred=True), Column("Nội dung", 80))


def book_of_rows(rows, columns=COLUMNS):
    return Book("thu", "SỔ THỬ", YEAR, columns, lambda: iter(rows))


def printed(book):
    with tempfile.TemporaryDirectory() as folder:
        made = books.print_book(book, folder=Path(folder), today=datetime.date(2024, 12, 31))
        return made, made.path.read_bytes()


def pages_of(pdf):
    return tool("pdftotext", pdf, "-layout").split("\f")[:-1]


def test_every_row_stands_once_and_every_page_has_head_and_number(monkeypatch):
    monkeypatch.setattr(books, "ROWS_AT_ONCE", 40)
    rows = [(f"N{number:04}", f"Nội dung dài {'chữ ' * (number % 40)}") for number in range(230)]
    made, pdf = printed(book_of_rows(rows))
    pages = pages_of(pdf)
    assert made.rows == 230
    assert made.pages == len(pages) > 4
    text = "\n".join(pages[1:])
    for number in range(230):
        assert text.count(f"N{number:04}") == 1
    for number, page in enumerate(pages[1:], start=1):
        assert f"{number}/{len(pages) - 1}" in page
        assert "Nội dung" in page
        assert "(2)" in page
    assert "SỔ THỬ" in pages[0]
    assert "Gồm 230 văn bản" in pages[0]
    assert "VĂN THƯ" in pages[-1]


def test_no_page_but_the_last_ends_early(monkeypatch):
    monkeypatch.setattr(books, "ROWS_AT_ONCE", 45)
    _, pdf = printed(book_of_rows([(str(n), "Một dòng") for n in range(200)]))
    counts = [page.count("Một dòng") for page in pages_of(pdf)[1:]]
    assert len(set(counts[:-1])) == 1


def test_a_book_without_rows_says_so():
    made, pdf = printed(book_of_rows([]))
    assert "Không có văn bản nào." in pages_of(pdf)[1]
    assert made.rows == 0


def test_a_heading_between_the_rows_is_not_counted():
    made, pdf = printed(book_of_rows([("", "PHÒNG CHÍNH SÁCH"), ("1", "a"), ("2", "b")]))
    assert made.rows == 2
    assert "Gồm 2 văn bản" in pages_of(pdf)[0]
    assert "có 2 văn bản" in pages_of(pdf)[1]


def test_words_taller_than_a_page_are_cut_and_hostile_ones_harmless():
    wide = (Column("Hẹp", 4), Column("Rộng", 96))
    rows = [
        ("chữ " * 2000, "sau"),
        ("x" * 9000, "<script>alert(1)</script>"),
        ("a\x00b", '<img src="file:///etc/passwd">'),
    ]
    made, pdf = printed(book_of_rows([*rows, *[("y", "z")] * 30], wide))
    text = "\n".join(pages_of(pdf))
    assert "<script>alert(1)</script>" in text
    assert made.rows == 33
    assert b"root:" not in pdf


def test_it_is_landscape_and_says_its_language():
    _, pdf = printed(book_of_rows([("1", "a")]))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == "vi"
        _, _, width, height = (float(side) for side in file.pages[1].mediabox)
        assert (round(width), round(height)) == (842, 595)


class TestContents:
    def rows(self, key, user):
        return list(book_of(key, user=user, period=YEAR).rows())

    def test_outgoing_in_ten_columns_with_void_numbers(self, clerk):
        from portal.documents.models import Register

        outgoing(signer_name="Nhữ Văn Nam", recipients="UBND tỉnh", copies=3)
        register = Register.objects.get(code="di")
        number = take_number(register=register, on=NOW.date(), by=clerk, purpose="Giấy mời")
        void_number(register=register, year=2024, number=number, reason="Hoãn họp", by=clerk)
        first, second = self.rows("dang-ky:di", clerk)
        assert len(first) == len(second) == 10
        assert first[:4] == (
            "01/BC-BDT", "05/03/2024", "Báo cáo về kết quả năm 2023", "Nhữ Văn Nam"
        )  # fmt: skip
        assert (second[2], second[9]) == ("Giấy mời", "Huỷ số: Hoãn họp")

    def test_the_last_column_says_what_replaced_or_corrected_a_document(self, client, clerk):
        old, new, letter_of_correction = outgoing(), outgoing(), outgoing()
        Document.objects.filter(pk=old.pk).update(note="Bản giấy")
        for source, kind in ((new, "replaces"), (letter_of_correction, "corrects")):
            DocumentRelation.objects.create(source=source, kind=kind, target=old)
        words = "Bản giấy; Được đính chính bằng 03/BC-BDT; Được thay thế bởi 02/BC-BDT"
        assert [row[9] for row in self.rows("dang-ky:di", clerk)] == [words, "", ""]
        client.force_login(clerk)
        page = client.get(reverse("documents:register_print", args=["di"]), {"nam": "2024"})
        assert words in page.text

    def test_incoming_and_its_handling(self, clerk, leader):
        document = letter("812")
        work = hand_out(
            document=document,
            lead=division(),
            by=leader,
            now=NOW,
            due_date=datetime.date(2024, 3, 12),
        )
        letter("813")
        answer = outgoing()
        answer_with(assignment=work, answer=answer, by=leader, now=NOW)
        [came, _] = self.rows("dang-ky:den", clerk)
        assert came[:4] == (
            "05/03/2024", "01", document.issuer.name, "812/SKHĐT-TH"
        )  # fmt: skip
        assert (came[6], came[7]) == ("Phòng Chính sách", "05/03/2024")
        [followed, waiting] = self.rows("theo-doi:den", clerk)
        assert len(followed) == 7
        assert followed[3:6] == (
            "12/03/2024", "Đã trả lời bằng văn bản, đúng hạn", "01/BC-BDT"
        )  # fmt: skip
        assert waiting[4] == "Chưa chuyển xử lý"

    def test_a_year_of_letters_asks_little(self, clerk, leader, django_assert_max_num_queries):
        for number in range(700, 740):
            hand_out(document=letter(str(number)), lead=division(), by=leader, now=NOW)
        with django_assert_max_num_queries(10):
            assert len(self.rows("theo-doi:den", clerk)) == 40


class TestPages:
    def test_a_book_is_asked_for_drawn_and_fetched(self, client, clerk, run_jobs):
        outgoing()
        client.force_login(clerk)
        told = {"book": "dang-ky:di", "first": "01/01/2024", "last": "31/12/2024"}
        address = reverse("documents:book_list")
        there = client.post(address, told).url
        assert client.post(address, told).url == there
        prepared = PreparedFile.objects.get()
        progress = client.get(reverse("documents:prepared_progress", args=[prepared.pk]))
        assert "Đang chờ" in progress.text
        download = reverse("documents:prepared_download", args=[prepared.pk])
        assert client.get(download).status_code == 404
        run_jobs()
        assert "Tải tệp" in client.get(there).text
        answer = client.get(download)
        assert answer["Content-Type"] == "application/pdf"
        assert "01/BC-BDT" in "".join(pages_of(answer.getvalue()))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"book": "dang-ky:khong-co"},
            {"book": "\0"},
            {"first": "31/12/2024", "last": "01/01/2024"},
            {"first": "01/01/0001"},
            {"last": "31/12/9999"},
            {"last": "\0"},
        ],
    )
    def test_nonsense_is_refused_calmly(self, client, clerk, wrong):
        client.force_login(clerk)
        told = {"book": "dang-ky:di", "first": "01/01/2024", "last": "31/12/2024"}
        answer = client.post(reverse("documents:book_list"), told | wrong)
        assert answer.status_code == 200
        assert not PreparedFile.objects.exists()

    def test_only_so_many_files_are_under_way_at_once(self, client, clerk):
        client.force_login(clerk)
        for month in range(1, 8):
            told = {"book": "dang-ky:di", "first": f"01/{month:02}/2024", "last": "31/12/2024"}
            answer = client.post(reverse("documents:book_list"), told)
        assert "Hãy đợi xong" in answer.text
        assert PreparedFile.objects.count() == 5
