"""The register's pages: found, read, downloaded, exported."""

import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from portal.documents import services
from portal.documents.models import Direction, Document

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LIST = "documents:document_list"
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def as_specialist(client, specialist):
    client.force_login(specialist)
    return client


@pytest.fixture
def as_officer(client, son_dong_officer):
    client.force_login(son_dong_officer)
    return client


def document(number):
    return Document.objects.with_catalogue().get(number=number)


def listed(client, **query):
    answer = client.get(reverse(LIST), query)
    assert answer.status_code == 200
    return [found.number_and_symbol for found in answer.context["page_obj"]]


def test_the_list_finds_by_number_and_by_words_without_marks(as_specialist):
    assert listed(as_specialist, q="527/KH-BDT")[0] == "527/KH-BDT"
    assert "488/KH-UBND" in listed(as_specialist, q="so huu tri tue")


def test_filters_narrow_the_list_and_nonsense_in_them_is_ignored(as_specialist):
    assert set(listed(as_specialist, loai="KH", nam="2021")) == {
        "527/KH-BDT",
        "642/KH-BDT",
        "488/KH-UBND",
    }
    everything = listed(as_specialist)
    for nonsense in [
        {"loai": "\0"},
        {"loai": "'; DROP TABLE"},
        {"nam": "abc"},
        {"nam": "9" * 500},
        {"nam": "2023 OR 1=1"},
        {"co_quan": "-1"},
        {"co_quan": "9" * 40},
        {"so": "nowhere"},
        {"page": "abc"},
    ]:
        assert listed(as_specialist, **nonsense) == everything
    assert listed(as_specialist, page="99999")
    assert listed(as_specialist, page="-5")


@pytest.mark.parametrize("q", ["%", "\\", "\0", "a" * 10_000, "<script>alert(1)</script>", "527\0"])
def test_hostile_searches_are_answered_calmly(as_specialist, q):
    answer = as_specialist.get(reverse(LIST), {"q": q})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_tabs_count_what_matches_in_each_register(as_specialist):
    answer = as_specialist.get(reverse(LIST), {"q": "chuyen doi so"})
    counts = {tab["label"]: tab["count"] for tab in answer.context["tabs"]}
    assert counts["Tất cả"] == sum(list(counts.values())[1:])
    assert counts["Văn bản đi"] == 3


def test_the_list_takes_few_questions_to_the_database(as_specialist, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        as_specialist.get(reverse(LIST), {"q": "ke hoach"})


def test_an_officer_reads_law_and_published_plans_but_no_incoming_letter(as_officer):
    numbers = listed(as_officer)
    numbers += listed(as_officer, page="2")
    assert "2289/QĐ-TTg" in numbers
    assert "3032/SKHĐT-KGVX" not in numbers
    assert as_officer.get(document("3032").get_absolute_url()).status_code == 404


def test_a_relation_to_a_hidden_document_stays_hidden(as_officer):
    services.relate(source=document("3032"), kind="answers", target=document("2289"))
    page = as_officer.get(document("2289").get_absolute_url())
    assert b"3032" not in page.content


def test_the_page_tells_validity_relations_and_misprint(as_specialist):
    old = as_specialist.get(document("43").get_absolute_url()).content.decode()
    assert "Hết hiệu lực" in old
    assert "Được thay thế bởi" in old
    assert "42/2022/NĐ-CP" in old
    corrected = as_specialist.get(document("330").get_absolute_url()).content.decode()
    assert "330/QĐ-UBDT" in corrected
    assert "330/QĐ-UBND" in corrected
    assert "Cần đối chiếu" in corrected


def test_markup_in_a_subject_is_shown_as_text(as_specialist):
    hostile = document("527")
    hostile.subject = "<img src=x onerror=alert(1)> về <b>kế hoạch</b>"
    hostile.save()
    for url in (
        reverse(LIST) + "?q=527",
        hostile.get_absolute_url(),
        reverse("public:document_detail", args=[hostile.pk]),
        reverse("documents:register_print", args=["di"]) + "?nam=2021",
    ):
        content = as_specialist.get(url).content
        assert b"<img src=x" not in content
        assert b"&lt;img src=x" in content or b"&lt;Img src=x" in content


def test_a_file_is_sent_as_a_download_that_no_browser_runs(as_specialist):
    filed = document("527")
    services.attach_file(document=filed, file=ContentFile(PDF, "a.pdf"))
    answer = as_specialist.get(reverse("documents:document_file", args=[filed.pk]))
    assert answer.getvalue() == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="527-KH-BDT-2021-09-30.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_lost_from_the_store_is_not_found(as_specialist):
    filed = document("527")
    services.attach_file(document=filed, file=ContentFile(PDF, "a.pdf"))
    filed.file.storage.delete(filed.file.name)
    url = reverse("documents:document_file", args=[filed.pk])
    assert as_specialist.get(url).status_code == 404


def test_the_export_holds_the_list_and_runs_no_formula(as_specialist):
    hostile = document("527")
    hostile.subject = '=HYPERLINK("http://x","y")'
    hostile.save()
    answer = as_specialist.get(reverse("documents:document_export"), {"q": "527"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.values)
    assert rows[0][:3] == ("Sổ", "Số, ký hiệu", "Ngày văn bản")
    assert rows[1][1] == "527/KH-BDT"
    assert rows[1][5].startswith("'=")
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_the_export_gives_an_officer_no_hidden_document(as_officer):
    answer = as_officer.get(reverse("documents:document_export"), {"q": "3032"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 1


def test_the_printed_register_has_the_ten_columns_of_the_decree(as_specialist):
    page = as_specialist.get(reverse("documents:register_print", args=["di"]) + "?nam=2023")
    content = page.content.decode()
    heads = [
        "Số, ký hiệu văn bản",
        "Ngày, tháng văn bản",
        "Tên loại và trích yếu nội dung văn bản",
        "Người ký",
        "Nơi nhận văn bản",
        "Đơn vị, người nhận bản lưu",
        "Số lượng bản",
        "Ngày chuyển",
        "Ký nhận",
        "Ghi chú",
    ]
    places = [content.index(f'<th scope="col">{head}</th>') for head in heads]
    assert places == sorted(places)
    assert content.index("63/KH-BDT") < content.index("459/KH-BDT")


def test_the_printed_incoming_register_has_its_own_ten_columns(as_specialist):
    page = as_specialist.get(reverse("documents:register_print", args=["den"]))
    assert page.content.decode().count('<th scope="col">') == 20
    assert "Tác giả" in page.content.decode()


@pytest.mark.parametrize("year", ["abc", "0", "99999", "9" * 400, "²", "-1", "\0"])
def test_an_impossible_year_is_this_year(as_specialist, year):
    page = as_specialist.get(reverse("documents:register_detail", args=["di"]), {"nam": year})
    assert page.status_code == 200
    page = as_specialist.get(reverse("documents:register_print", args=["di"]), {"nam": year})
    assert page.status_code == 200


def test_every_direction_has_a_tab_for_staff(as_specialist):
    answer = as_specialist.get(reverse(LIST))
    assert {tab["label"] for tab in answer.context["tabs"]} == {"Tất cả", *Direction.labels}
