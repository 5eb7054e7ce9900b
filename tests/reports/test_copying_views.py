"""The clerk's pages of copies, from the document to the book."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.documents.books import Period, book_of
from portal.documents.models import Document
from portal.jobs.services import drain
from reports.models import Copy
from tests.cast import member
from tests.reports import copying, stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def clerk(client):
    client.force_login(member("clerk"))
    return client


def asked(**more):
    return {
        "form": "SY",
        "source_medium": "paper",
        "medium": "electronic",
        "on": "06/11/2023",
        "authority": "KT.",
        "signatory": str(member("leader").pk),
        "quantity": "2",
        "recipients": "Phòng Chính sách",
        "part": "",
    } | more


def create(client, document, **more):
    return client.post(reverse("reports:copy_create", args=[document.pk]), asked(**more))


def test_the_clerk_makes_an_electronic_copy_of_a_scan(clerk, laid_out_once):
    stage.certificates(stage.draft())
    document = copying.incoming()
    file = SimpleUploadedFile("quet.pdf", copying.scan(), "application/pdf")
    answer = create(clerk, document, file=file)
    copy = Copy.objects.get()
    assert answer.status_code == 302
    assert answer.url == copy.get_absolute_url()
    assert "Đang chuẩn bị" in clerk.get(answer.url).content.decode()
    drain()
    clerk.post(reverse("reports:copy_number", args=[copy.pk]))
    refused = clerk.post(reverse("reports:copy_seal", args=[copy.pk]), {"passphrase": "sai"})
    assert refused.status_code == 422
    assert "mật khẩu" in refused.content.decode().lower()
    clerk.post(reverse("reports:copy_seal", args=[copy.pk]), {"passphrase": stage.PASSPHRASE})
    page = clerk.get(copy.get_absolute_url()).content.decode()
    assert "01/SY-BDT" in page
    assert "Mở bản sao" in page
    pdf = clerk.get(reverse("reports:copy_file", args=[copy.pk, "ban-sao"]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_everybody_can_check_an_electronic_copy(client, laid_out_once):
    from reports import services

    stage.certificates(stage.draft())
    copy = copying.numbered(copying.incoming(copying.scan()), medium="electronic")
    copy = services.seal_copy(
        copy=copy, by=member("clerk"), passphrase=stage.PASSPHRASE, now=stage.NOW
    )
    file = SimpleUploadedFile("tep.pdf", copying.content_of(copy.file), "application/pdf")
    page = client.post(reverse("reports:verify"), {"file": file}).content.decode()
    assert "Văn bản hợp lệ" in page
    assert "Bản sao y số 01/SY-BDT ngày 06/11/2023 của Ban Dân tộc tỉnh Bắc Giang" in page


def test_the_book_of_copies_prints_with_the_columns_of_the_decree():
    copying.numbered(copying.incoming(copying.scan()))
    book = book_of("dang-ky:sao", user=member("clerk"), period=Period.year(2023))
    assert book.title == "SỔ ĐĂNG KÝ BẢN SAO VĂN BẢN"
    (row,) = book.rows()
    assert row[0] == "01/SY-BDT"
    assert row[1] == "06/11/2023"
    assert row[2].startswith("Bản sao y Công văn số 3032/SKHĐT-KGVX")
    assert row[3] == "Nhữ Văn Nam"
    assert row[6] == "3"
    assert row[7] == "06/11/2023"


def test_nobody_enters_other_documents_into_the_book_of_copies(clerk):
    answer = clerk.get(reverse("documents:outgoing_create"), {"so": "sao"})
    assert answer.status_code == 404
    page = clerk.get(reverse("documents:register_detail", args=["sao"])).content.decode()
    assert "Bản sao đang lập" in page
    assert "Đăng ký vào sổ này" not in page


def test_the_page_of_a_document_leads_to_its_copies(clerk, django_assert_max_num_queries):
    document = copying.incoming(copying.scan())
    copying.begun(document)
    with django_assert_max_num_queries(12):
        page = clerk.get(reverse("reports:document_copies", args=[document.pk])).content.decode()
    assert "Bản sao y" in page
    assert "Lập bản sao" in page
    assert reverse("reports:document_copies", args=[document.pk]) in (
        clerk.get(document.get_absolute_url()).content.decode()
    )


def test_the_list_of_copies_costs_the_same_however_many(clerk, django_assert_max_num_queries):
    for _ in range(4):
        copying.begun(copying.incoming(copying.scan()))
    with django_assert_max_num_queries(12):
        assert clerk.get(reverse("reports:copy_list")).status_code == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        {"form": "XX"},
        {"quantity": "9" * 30},
        {"quantity": "0"},
        {"on": "31/02/2023"},
        {"on": "01/01/0001"},
        {"signatory": "9" * 30},
        {"signatory": "a\0b"},
        {"part": "a\0b", "form": "TrS"},
        {"recipients": "x" * 9000},
        {"sections": ["9" * 40, "x"]},
        {"authority": "\0"},
    ],
    ids=str,
)
def test_nonsense_is_told_beside_its_field(clerk, nonsense):
    answer = create(clerk, copying.incoming(copying.scan()), **nonsense)
    assert answer.status_code in (302, 422)
    assert "sections" in nonsense or answer.status_code == 422
    if answer.status_code == 422:
        assert not Copy.objects.exists()


def test_sections_of_another_report_are_not_offered(clerk, laid_out_once):
    issued = stage.issued(stage.draft())
    answer = create(
        clerk, issued.document, form="TrS", source_medium="electronic", sections=["999999"]
    )
    assert answer.status_code == 422


def test_a_secret_document_has_no_page_for_a_copy(clerk):
    document = copying.incoming()
    Document.objects.filter(pk=document.pk).update(secrecy="mat")
    assert clerk.get(reverse("reports:copy_create", args=[document.pk])).status_code == 404


def test_a_file_that_nobody_has_is_404(clerk):
    copy = copying.begun(copying.incoming(copying.scan()))
    for which in ("ban-sao", "khac"):
        answer = clerk.get(reverse("reports:copy_file", args=[copy.pk, which]))
        assert answer.status_code == 404
