"""Duplicates, statistics, post and kept copies, the stamp of arrival, the fields of Phụ lục VI."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.documents import services
from portal.documents.models import Document, DocumentType, Issuer, KeptCopyUse, PostalDispatch
from portal.documents.resources.metadata import INCOMING, OUTGOING, values_of
from portal.documents.services.statistics import of_year
from tests.documents.incoming import NOW, given, letter, outgoing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PDF = b"%PDF-1.7\n%%EOF\n"


def entry(**more):
    kind = DocumentType.objects.get(code="CV")
    return {
        "number": "812", "symbol": "SKHĐT-TH", "date": "04/03/2024", "arrival_date": "05/03/2024",
        "document_type": kind.pk, "subject": "Về việc báo cáo", "priority": "0", "language": "",
        "issuer_name": "Sở Kế hoạch và Đầu tư tỉnh Bắc Giang",
    } | more  # fmt: skip


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


class TestDuplicates:
    address = "documents:incoming_create"

    def test_the_same_number_asks_for_a_reason_and_links_to_what_is_there(self, as_clerk):
        before = letter("812")
        answer = as_clerk.post(reverse(self.address), entry())
        assert answer.status_code == 200
        assert before.get_absolute_url() in answer.text
        assert 'name="duplicate_reason"' in answer.text
        assert Document.objects.filter(number="812").count() == 1
        told = entry(number="0812", symbol="skhđt-th", duplicate_reason="Gửi lại bản ký số")
        assert as_clerk.post(reverse(self.address), told).status_code == 302
        assert Document.objects.latest("pk").duplicate_reason == "Gửi lại bản ký số"

    def test_the_same_file_under_another_number_is_told_too(self, as_clerk):
        before = letter("700")
        services.attach_file(document=before, file=SimpleUploadedFile("a.pdf", PDF))
        told = entry(upload=SimpleUploadedFile("b.pdf", PDF))
        answer = as_clerk.post(reverse(self.address), told)
        assert "Tệp này đã lưu ở" in answer.text
        assert before.get_absolute_url() in answer.text
        told = entry(upload=SimpleUploadedFile("b.pdf", PDF), duplicate_reason="Hai công văn")
        assert as_clerk.post(reverse(self.address), told).status_code == 302

    def test_what_is_new_is_asked_nothing_and_keeps_no_reason(self, as_clerk):
        told = entry(duplicate_reason="không trùng gì")
        assert as_clerk.post(reverse(self.address), told).status_code == 302
        assert Document.objects.latest("pk").duplicate_reason == ""

    @pytest.mark.parametrize("reason", ["", "   ", "a" * 999, "\0"])
    def test_a_reason_that_says_nothing_is_none(self, as_clerk, reason):
        letter("812")
        answer = as_clerk.post(reverse(self.address), entry(duplicate_reason=reason))
        assert answer.status_code == 200
        assert Document.objects.filter(number="812").count() == 1


class TestFields:
    def test_what_the_forms_ask_besides_is_kept(self, as_clerk):
        told = entry(
            priority="3", language="Tiếng Anh", description="Kèm đĩa", pages="4",
            signer_title="Giám đốc", signer_name="A", recipients="Như trên", acknowledged="on",
        )  # fmt: skip
        assert as_clerk.post(reverse("documents:incoming_create"), told).status_code == 302
        one = Document.objects.latest("pk")
        assert (one.priority, one.language, one.signer_title) == (3, "Tiếng Anh", "Giám đốc")
        assert one.acknowledged_at is not None
        text = as_clerk.get(one.get_absolute_url()).text
        for words in ("Hỏa tốc", "Kèm đĩa", "Đã báo nhận", "Tiếng Anh"):
            assert words in text

    @pytest.mark.parametrize(
        "wrong", [{"priority": "9"}, {"priority": "\0"}, {"language": "x" * 99}, {"secrecy": "mat"}]
    )
    def test_nonsense_and_what_the_form_does_not_offer_changes_nothing(self, as_clerk, wrong):
        as_clerk.post(reverse("documents:incoming_create"), entry(**wrong))
        assert not Document.objects.filter(secrecy="mat").exists()
        assert not Document.objects.filter(priority=9).exists()

    def test_every_field_of_the_decree_is_told_and_none_is_too_long(self, leader):
        one = letter("812", subject="Về " + "việc " * 150, description="x" * 400)
        work = given(one, direction="Trả lời đúng hạn")
        values = values_of(one)
        assert list(values) == [field.name for field in INCOMING]
        for field in INCOMING:
            assert len(values[field.name]) <= field.length
        assert "Trả lời đúng hạn" in values["TraceHeaderList"]
        assert "Giao xử lý" in values["TraceHeaderList"]
        assert values["ArrivalDate"] == "05/03/2024"
        out = values_of(outgoing(copies=3, pages=5))
        assert list(out) == [field.name for field in OUTGOING]
        assert (out["CodeNumber"], out["IssuedAmount"], out["PageAmount"]) == ("01", "3", "5")
        assert work.document == one

    def test_recipients_that_are_known_agencies_have_their_codes(self):
        Issuer.objects.create(name="Sở Dân tộc", short_name="SDT", organ_id="H02.15")
        Issuer.objects.create(name="Sở Tôn giáo", organ_id="H02.16")
        Issuer.objects.create(name="Sở không mã")
        out = outgoing(recipients="Sở dân tộc;\n- Sở Tôn giáo (để báo cáo); Sở không mã\n- SDT.")
        told = values_of(out, organ_ids=Issuer.objects.organ_ids())
        assert told["To/OrganId"] == "H02.15; H02.16; H02.15"

    def test_an_assigned_letter_keeps_its_unit_from_the_assignment(self, as_clerk):
        one = given().document
        address = reverse("documents:document_update", args=[one.pk])
        assert 'name="assigned_to"' not in as_clerk.get(address).text
        as_clerk.post(address, entry(assigned_to="Phòng khác", due_date=""))
        one.refresh_from_db()
        assert one.assigned_to == "Phòng Chính sách"
        assert one.due_date == datetime.date(2024, 3, 12)


class TestStamp:
    def test_a_letter_shows_its_stamp_and_an_outgoing_document_none(self, as_clerk):
        text = as_clerk.get(given().document.get_absolute_url()).text
        assert "arrival-stamp" in text
        assert "Phòng Chính sách" in text
        assert "arrival-stamp" not in as_clerk.get(outgoing().get_absolute_url()).text


class TestStatistics:
    def test_counts_by_month_type_issuer_and_division(self, clerk, leader):
        outgoing()
        late = given(letter("1"), due_date=datetime.date(2024, 3, 5))
        services.answer_with(
            assignment=late, answer=outgoing(datetime.date(2024, 3, 8)), by=leader, now=NOW
        )
        in_time = given(letter("2"), due_date=datetime.date(2024, 3, 20))
        services.answer_with(assignment=in_time, answer=outgoing(), by=leader, now=NOW)
        given(letter("3"), due_date=datetime.date(2024, 3, 6))
        months, types, issuers, divisions = of_year(clerk, 2024, today=datetime.date(2024, 4, 1))
        assert months.rows[2] == ("Tháng 3", 3, 3)
        assert months.rows[-1] == ("Cả năm", 3, 3)
        assert ("Công văn", 0, 3) in types.rows
        assert issuers.rows == [("Sở Kế hoạch và Đầu tư tỉnh Bắc Giang", 3)]
        assert divisions.rows == [("Phòng Chính sách", 3, 1, 1, 1, 1)]

    def test_the_page_and_its_workbook(self, as_clerk, django_assert_max_num_queries):
        letter()
        address = reverse("documents:statistics")
        with django_assert_max_num_queries(10):
            assert "Tháng 3" in as_clerk.get(address, {"nam": "2024"}).text
        answer = as_clerk.get(address, {"nam": "2024", "tep": "xlsx"})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert "Thống kê văn bản năm 2024" in str(sheet["A1"].value)
        for year in ("\0", "9" * 40, "-1", "abc"):
            assert as_clerk.get(address, {"nam": year}).status_code == 200

    def test_it_is_five_questions_however_many_documents(
        self, clerk, django_assert_max_num_queries
    ):
        for number in range(20):
            given(letter(str(number + 1)))
        with django_assert_max_num_queries(5):
            of_year(clerk, 2024, today=datetime.date(2024, 4, 1))


class TestPostAndCopies:
    def test_a_line_of_post_names_an_outgoing_document(self, as_clerk):
        one = outgoing()
        address = reverse("documents:dispatch_list")
        told = {
            "date": "06/03/2024", "named": "01/BC-BDT", "destination": "Sở Tài chính",
            "envelopes": "2",
        }  # fmt: skip
        assert as_clerk.post(address, told).status_code == 302
        assert PostalDispatch.objects.get().document == one
        assert "Sở Tài chính" in as_clerk.get(address).text
        for wrong in (
            {"named": "999/BC-BDT"}, {"named": "\0"}, {"envelopes": "0"}, {"envelopes": "9" * 30},
            {"date": "01/01/2999"}, {"date": "01/01/0001"}, {"destination": "x" * 999},
        ):  # fmt: skip
            assert as_clerk.post(address, told | wrong).status_code == 200
        assert PostalDispatch.objects.count() == 1

    def test_a_kept_copy_goes_out_and_comes_back(self, as_clerk):
        outgoing()
        address = reverse("documents:copy_use_list")
        told = {
            "date": "06/03/2024", "reader": "Nguyễn Văn A", "named": "01/BC-BDT",
            "allowed_by": "Nhữ Văn Nam",
        }  # fmt: skip
        assert as_clerk.post(address, told).status_code == 302
        use = KeptCopyUse.objects.get()
        back = reverse("documents:copy_returned", args=[use.pk])
        for wrong in ("01/03/2024", "01/01/2999", "\0", ""):
            as_clerk.post(back, {"returned_date": wrong})
            use.refresh_from_db()
            assert use.returned_date is None
        as_clerk.post(back, {"returned_date": "08/03/2024"})
        use.refresh_from_db()
        assert use.returned_date == datetime.date(2024, 3, 8)

    def test_only_the_clerk_writes_into_them(self, client, specialist):
        outgoing()
        client.force_login(specialist)
        for name in ("dispatch_list", "copy_use_list"):
            address = reverse(f"documents:{name}")
            assert client.get(address).status_code == 200
            assert client.post(address, {"named": "01/BC-BDT"}).status_code == 404
