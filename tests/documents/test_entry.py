"""Entering documents through the forms, and what they refuse."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.documents import services
from portal.documents.models import Document, DocumentType, IssuedNumber, Issuer, Register

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


def type_id(code):
    return DocumentType.objects.get(code=code).pk


def law(**more):
    return {
        "number": "5",
        "symbol": "NQ-CP",
        "date": "2023-01-15",
        "document_type": type_id("NQ"),
        "issuer_name": "Chính phủ",
        "subject": "về nhiệm vụ năm 2023",
    } | more


def letter(**more):
    return {
        "arrival_date": "2023-06-22",
        "number": "1099",
        "symbol": "UBDT-CTMTQG",
        "date": "2023-06-20",
        "document_type": type_id("CV"),
        "issuer_name": "Ủy ban Dân tộc",
        "subject": "Về việc đánh giá kết quả thực hiện Chương trình năm 2023",
    } | more


def outgoing(**more):
    return {
        "symbol": "CV-BDT",
        "date": "2023-11-06",
        "document_type": type_id("CV"),
        "subject": "về việc góp ý dự thảo",
    } | more


def post(client, name, data, args=()):
    return client.post(reverse(f"documents:{name}", args=args), data)


def errors(answer):
    assert answer.status_code == 200, answer.status_code
    return " ".join(
        str(error) for found in answer.context["form"].errors.values() for error in found
    )


def test_a_text_of_law_is_entered(as_clerk):
    assert post(as_clerk, "document_create", law()).status_code == 302
    document = Document.objects.get(number="5", symbol="NQ-CP")
    assert document.created_by.username == "clerk"
    assert Document.objects.search("05/NQ-CP").first() == document


def test_a_number_pasted_whole_is_split(as_clerk):
    post(as_clerk, "document_create", law(number="05/2023/NĐ-CP", symbol=""))
    document = Document.objects.get(symbol="2023/NĐ-CP", number="05")
    assert document.number_and_symbol == "05/2023/NĐ-CP"


def test_the_same_number_in_the_same_year_is_refused(as_clerk):
    post(as_clerk, "document_create", law())
    again = errors(post(as_clerk, "document_create", law(number="05", confirmed="on")))
    assert "trong năm này" in again


def test_the_same_number_of_another_year_is_asked_about_once(as_clerk):
    post(as_clerk, "document_create", law())
    other = law(date="2022-01-15")
    answer = post(as_clerk, "document_create", other)
    assert "Trong sổ đã có" in errors(answer)
    assert "vẫn lưu" in answer.content.decode()
    assert post(as_clerk, "document_create", other | {"confirmed": "on"}).status_code == 302


def test_a_symbol_strange_to_its_issuer_is_asked_about(as_clerk):
    answer = post(as_clerk, "document_create", law(symbol="QĐ-UBND", issuer_name="uy ban dan toc"))
    assert "lạ với Ủy ban Dân tộc" in errors(answer)


def test_an_unknown_issuer_is_added_only_when_confirmed(as_clerk):
    new = law(issuer_name="Sở Khoa học và Công nghệ tỉnh Bắc Giang", symbol="KH-SKHCN")
    assert "Chưa có cơ quan" in errors(post(as_clerk, "document_create", new))
    assert not Issuer.objects.named(new["issuer_name"]).exists()
    post(as_clerk, "document_create", new | {"confirmed": "on"})
    assert Issuer.objects.named(new["issuer_name"]).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("number", "năm", "Số là chữ số"),
        ("number", "5;--", "Số là chữ số"),
        ("symbol", "KH BDT", "Ký hiệu chỉ gồm"),
        ("symbol", "<b>", "Ký hiệu chỉ gồm"),
        ("date", "31/02/2023", "Ngày chưa đúng"),
        ("date", "", "ghi ngày"),
        ("date", "1800-01-01", "02/9/1945"),
        ("subject", " ", "bắt buộc"),
        ("subject", "a" * 1001, "1000"),
        ("valid_to", "2022-01-01", "hết hiệu lực"),
        ("issuer_name", "***", "tên cơ quan"),
    ],
)
def test_what_is_wrong_is_said_in_vietnamese(as_clerk, field, value, sentence):
    wrong = law(valid_from="2023-02-01") | {field: value, "confirmed": "on"}
    said = errors(post(as_clerk, "document_create", wrong))
    assert sentence.lower() in said.lower()
    assert not Document.objects.filter(subject="về nhiệm vụ năm 2023").exists()


@pytest.mark.parametrize("field", ["number", "symbol", "subject", "issuer_name", "note"])
def test_null_bytes_are_refused(as_clerk, field):
    assert errors(post(as_clerk, "document_create", law(**{field: "5\0", "confirmed": "on"})))


def test_days_are_read_the_vietnamese_way(as_clerk):
    post(as_clerk, "document_create", law(date="05/10/2021"))
    assert Document.objects.get(symbol="NQ-CP", number="5").date == datetime.date(2021, 10, 5)


def test_a_document_of_tomorrow_is_refused(as_clerk):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert "không thể sau hôm nay" in errors(
        post(as_clerk, "document_create", law(date=tomorrow.isoformat()))
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "ban-quet.pdf",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        ),
        ("ban-quet.pdf", b"<html><script>alert(1)</script></html>"),
        ("ban-quet.png", b"GIF89a"),
        ("ban-quet.exe", b"MZ\x90"),
    ],
)
def test_a_disguised_file_is_refused_and_nothing_is_kept(as_clerk, name, content):
    upload = SimpleUploadedFile(name, content, "application/pdf")
    said = errors(post(as_clerk, "document_create", law(upload=upload)))
    assert "PDF" in said
    assert not Document.objects.filter(symbol="NQ-CP", number="5").exists()


def test_a_scan_is_kept_whatever_its_name_says(as_clerk, settings):
    upload = SimpleUploadedFile("..\\..\\boot.ini.html", PDF, "text/html")
    post(as_clerk, "document_create", law(upload=upload))
    document = Document.objects.get(symbol="NQ-CP", number="5")
    assert document.file_type == "application/pdf"
    assert document.file.name.startswith("documents/2023/")
    assert (settings.MEDIA_ROOT / document.file.name).read_bytes() == PDF


def test_an_oversized_file_is_refused_with_a_sentence(as_clerk, settings):
    settings.UPLOAD_MAX_BYTES = 2**20
    upload = SimpleUploadedFile("a.pdf", PDF + b"0" * 2**20, "application/pdf")
    assert "1 MB" in errors(post(as_clerk, "document_create", law(upload=upload)))
    assert not Document.objects.filter(symbol="NQ-CP", number="5").exists()


def test_a_wrong_file_can_be_taken_away(as_clerk):
    post(as_clerk, "document_create", law(upload=SimpleUploadedFile("a.pdf", PDF)))
    document = Document.objects.get(symbol="NQ-CP", number="5")
    post(as_clerk, "document_update", law(remove_upload="on"), [document.pk])
    document.refresh_from_db()
    assert not document.file
    assert document.sha256 == ""


def test_an_incoming_letter_takes_the_arrival_number_of_its_year(as_clerk):
    answer = post(as_clerk, "incoming_create", letter())
    assert answer.status_code == 302
    document = Document.objects.get(number="1099")
    assert document.issued_number.number == 1
    assert document.issued_number.date == datetime.date(2023, 6, 22)
    assert not document.is_public
    post(as_clerk, "incoming_create", letter(number="1100"))
    assert Document.objects.get(number="1100").issued_number.number == 2


def test_the_same_letter_twice_is_asked_about_and_takes_no_number(as_clerk):
    post(as_clerk, "incoming_create", letter())
    assert "Trong sổ đã có" in errors(post(as_clerk, "incoming_create", letter()))
    assert IssuedNumber.objects.filter(register__code="den").count() == 1
    assert post(as_clerk, "incoming_create", letter(confirmed="on")).status_code == 200
    again = letter(duplicate_reason="Gửi lại bản ký số")
    assert post(as_clerk, "incoming_create", again).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("arrival_date", "2023-06-19", "không thể trước ngày văn bản"),
        ("due_date", "2023-06-01", "không thể trước ngày đến"),
        ("arrival_date", "2999-01-01", "không thể sau hôm nay"),
    ],
)
def test_an_impossible_arrival_takes_no_number(as_clerk, field, value, sentence):
    assert sentence in errors(post(as_clerk, "incoming_create", letter(**{field: value})))
    assert not IssuedNumber.objects.filter(register__code="den").exists()


def test_an_invitation_without_number_can_come_in(as_clerk):
    answer = post(as_clerk, "incoming_create", letter(number="", symbol=""))
    assert answer.status_code == 302
    document = Document.objects.get(arrival_date="2023-06-22")
    assert document.number_and_symbol == ""
    assert as_clerk.get(document.get_absolute_url()).status_code == 200


def test_a_given_arrival_number_is_typed_and_refused_twice(as_clerk):
    services.set_numbering(register=Register.objects.get(code="den"), numbering="given")
    assert "bắt buộc" in errors(post(as_clerk, "incoming_create", letter())).lower()
    post(as_clerk, "incoming_create", letter(given_number="77"))
    assert Document.objects.get(number="1099").issued_number.number == 77
    said = errors(post(as_clerk, "incoming_create", letter(number="1100", given_number="77")))
    assert "77 đã được dùng" in said
    assert not Document.objects.filter(number="1100").exists()


def test_an_outgoing_document_takes_the_next_number(as_clerk):
    answer = post(as_clerk, "outgoing_create", outgoing(note="Gửi hoả tốc"))
    document = Document.objects.get(direction="outgoing", date="2023-11-06")
    assert answer.url == document.get_absolute_url()
    assert document.number_and_symbol == "460/CV-BDT"
    assert document.note == "Gửi hoả tốc"


def test_a_refused_outgoing_document_takes_no_number(as_clerk):
    upload = SimpleUploadedFile("a.pdf", b"<html>")
    errors(post(as_clerk, "outgoing_create", outgoing(upload=upload)))
    assert not IssuedNumber.objects.filter(origin="automatic").exists()


def test_a_date_before_that_of_an_earlier_number_is_asked_about(as_clerk):
    earlier = outgoing(date="2023-06-01")
    assert "Trong năm đã có số ghi ngày 14/06/2023" in errors(
        post(as_clerk, "outgoing_create", earlier)
    )
    post(as_clerk, "outgoing_create", earlier | {"confirmed": "on"})
    assert Document.objects.get(date="2023-06-01").number == "460"


def test_a_number_taken_out_of_order_is_remarked_on(as_clerk):
    data = {"date": "2023-06-01", "purpose": "Công văn"}
    answer = as_clerk.post(reverse("documents:number_take", args=["di"]), data, follow=True)
    assert "nên theo thứ tự phát hành" in answer.content.decode()


def test_an_outgoing_document_before_the_agency_existed_is_refused(as_clerk):
    said = errors(post(as_clerk, "outgoing_create", outgoing(date="1990-01-01")))
    assert "tên cơ quan" in said


def test_a_numbered_document_only_takes_remarks(as_clerk):
    post(as_clerk, "outgoing_create", outgoing())
    document = Document.objects.get(direction="outgoing", date="2023-11-06")
    changed = {"subject": "về việc khác", "date": "2023-11-07", "note": "Đã chuyển", "copies": "2"}
    assert post(as_clerk, "document_update", changed, [document.pk]).status_code == 302
    document.refresh_from_db()
    assert document.subject == "về việc góp ý dự thảo"
    assert document.date == datetime.date(2023, 11, 6)
    assert (document.note, document.copies) == ("Đã chuyển", 2)


def test_a_plan_of_the_old_book_can_be_put_right(as_clerk):
    document = Document.objects.get(number="527")
    data = {
        "date": "2021-09-30",
        "document_type": document.document_type_id,
        "issuer_name": document.issuer.name,
        "subject": "về chuyển đổi số, đã sửa",
        "is_public": "on",
    }
    assert post(as_clerk, "document_update", data, [document.pk]).status_code == 302
    document.refresh_from_db()
    assert document.subject == "về chuyển đổi số, đã sửa"
    assert document.number_and_symbol == "527/KH-BDT"


def test_a_relation_is_recorded_by_number_and_symbol(as_clerk):
    source, target = Document.objects.get(number="124"), Document.objects.get(number="2289")
    post(as_clerk, "relation_create", {"kind": "implements", "target": "2289/qd-ttg"}, [source.pk])
    assert source.relations.filter(target=target, kind="implements").exists()


@pytest.mark.parametrize("target", ["", "không có", "9999/QĐ-TTg", "124/KH-UBND", "\0", "%"])
def test_a_relation_to_nothing_or_itself_is_refused_with_a_sentence(as_clerk, target):
    source = Document.objects.get(number="124")
    before = source.relations.count()
    answer = post(as_clerk, "relation_create", {"kind": "replaces", "target": target}, [source.pk])
    assert answer.status_code == 302
    assert source.relations.count() == before


def test_documents_cannot_replace_each_other(as_clerk):
    old, new = Document.objects.get(number="43"), Document.objects.get(number="42")
    with pytest.raises(services.ContradictoryRelation):
        services.relate(source=old, kind="replaces", target=new)


def test_a_replaced_text_ends_when_the_new_one_begins(clerk):
    old, new = Document.objects.get(number="30"), Document.objects.get(number="68")
    services.relate(source=new, kind="replaces", target=old)
    old.refresh_from_db()
    assert old.valid_to == datetime.date(2024, 8, 15)


def test_the_clerk_takes_and_voids_a_number_on_the_page(as_clerk):
    post(as_clerk, "number_take", {"date": "2023-11-07", "purpose": "Công văn góp ý"}, ["di"])
    number = IssuedNumber.objects.get(register__code="di", year=2023, number=460)
    assert (number.purpose, number.taken_by.username) == ("Công văn góp ý", "clerk")
    post(as_clerk, "number_void", {"year": 2023, "number": 460, "reason": "Hoãn"}, ["di"])
    number.refresh_from_db()
    assert number.is_void
    page = as_clerk.get(reverse("documents:register_detail", args=["di"]) + "?nam=2023")
    assert "Huỷ: Hoãn" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("number_take", {"date": "", "purpose": "x"}),
        ("number_take", {"date": "2999-01-01", "purpose": "x"}),
        ("number_take", {"date": "0001-01-01", "purpose": "x"}),
        ("number_take", {"date": "2023-11-07", "purpose": "\0"}),
        ("number_void", {"year": "9" * 50, "number": "1", "reason": "x"}),
        ("number_void", {"year": "2023", "number": "9" * 50, "reason": "x"}),
        ("number_void", {"year": "2023", "number": "63", "reason": "x"}),
        ("numbering_set", {"numbering": "none"}),
        ("old_book", {"date": "2023-01-01", "last": "0"}),
        ("old_book", {"date": "2023-01-01", "last": "100"}),
        ("old_book", {"date": "2999-01-01", "last": "700"}),
    ],
)
def test_nonsense_from_the_clerks_forms_changes_no_number(as_clerk, name, data):
    before = list(IssuedNumber.objects.values_list("pk", "voided_at"))
    assert post(as_clerk, name, data, ["di"]).status_code == 302
    assert list(IssuedNumber.objects.values_list("pk", "voided_at")) == before


def test_the_book_of_law_gives_no_numbers(as_clerk):
    data = {"date": "2023-11-07", "purpose": "x"}
    assert post(as_clerk, "number_take", data, ["phap-luat"]).status_code == 404
