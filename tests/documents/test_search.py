"""Documents are found by number, symbol, day, issuer and subject, with or without marks."""

import datetime
import unicodedata

import pytest

from portal.documents.models import Document, DocumentType, Issuer

pytestmark = pytest.mark.django_db


def found(text):
    return [document.number_and_symbol for document in Document.objects.search(text)]


@pytest.mark.parametrize(
    "text",
    [
        "527/KH-BDT",
        "527/kh-bdt",
        "527 KH BDT",
        "527",
        "0527",
        "số 527/KH-BDT",
        "527khbdt",
        "Kế hoạch số 527/KH-BDT ngày 30/9/2021 của Ban Dân tộc",
        "Ke hoach so 527/KH-BDT ngay 30 thang 9 nam 2021",
    ],
)
def test_a_number_is_found_first_however_it_is_typed(text):
    assert found(text)[0] == "527/KH-BDT"


@pytest.mark.parametrize("text", ["2289", "2289/QĐ-TTg", "2289/QD-TTG", "2289 qđ-ttg"])
def test_the_document_itself_comes_before_those_that_name_it(text):
    results = found(text)
    assert results[0] == "2289/QĐ-TTg"
    if text == "2289":
        assert "3032/SKHĐT-KGVX" in results[1:]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("sở hữu trí tuệ", "488/KH-UBND"),
        ("so huu tri tue", "488/KH-UBND"),
        ("SỞ HỮU TRÍ TUỆ", "642/KH-BDT"),
        ("cách mạng công nghiệp", "2289/QĐ-TTg"),
        ("công tác văn thư", "30/2020/NĐ-CP"),
        ("thu tuong chinh phu chien luoc", "2289/QĐ-TTg"),
        ("UBQGCĐS", "17/QĐ-UBQGCĐS"),
        ("52-NQ/TW", "52-NQ/TW"),
        ("31/12/2020", "2289/QĐ-TTg"),
        ("ngày 31 tháng 12 năm 2020", "2289/QĐ-TTg"),
        ("05/10/2021", "488/KH-UBND"),
        ("5/10/2021", "488/KH-UBND"),
        ("01/2022/TT-UBDT", "01/2022/TT-UBDT"),
        ("1/2022", "01/2022/TT-UBDT"),
        ("UBND tỉnh sở hữu", "488/KH-UBND"),
    ],
)
def test_words_marks_and_days_lead_to_the_document(text, number):
    assert number in found(text)


def test_decomposed_letters_find_the_same():
    text = "Chuyển đổi số"
    assert found(unicodedata.normalize("NFD", text)) == found(text) != []


def test_a_number_is_not_found_in_the_middle_of_another():
    assert "527/KH-BDT" not in found("27")


@pytest.mark.parametrize("text", ["%", "_", "%%%", "___", "\\", "'; --", "***", "()", "❤"])
def test_signs_alone_find_nothing(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["5%7", "5_7", "_27/KH", "KH%BDT%zzz"])
def test_wildcards_are_no_wildcards(text):
    assert "527/KH-BDT" not in found(text)


def test_null_bytes_are_harmless():
    assert found("527\0/KH-BDT")[0] == "527/KH-BDT"


def test_an_empty_text_finds_everything():
    assert len(found("  ")) == Document.objects.count()


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "a " * 5_000, "527/KH-BDT " * 1_000, "1/1/2020 " * 2_000, "x(((" * 3_000],
)
def test_very_long_texts_are_one_bounded_query(text, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        list(Document.objects.search(text))
    assert len(queries.captured_queries[0]["sql"]) < 20_000


def test_an_impossible_day_is_taken_as_words():
    assert found("99/99/2021") == []


def test_a_renamed_issuer_is_found_by_its_new_name():
    issuer = Issuer.objects.get(name="Ủy ban Dân tộc")
    issuer.name = "Cơ quan Mới Toanh"
    issuer.save()
    assert "330/QĐ-UBDT" in found("moi toanh")


@pytest.mark.slow
def test_search_is_fast_on_a_large_register(django_assert_num_queries):
    issuer = Issuer.objects.get(name="Chính phủ")
    kind = DocumentType.objects.get(code="CV")
    many = [
        Document(
            direction="incoming",
            number=str(n),
            symbol="CP-X",
            date=datetime.date(2020, 1, 1),
            issuer=issuer,
            document_type=kind,
            subject="Việc thường ngày",
            search_text=f" {n} cp x viec thuong ngay",
        )
        for n in range(2_000)
    ]
    Document.objects.bulk_create(many)
    with django_assert_num_queries(1):
        assert Document.objects.search("so huu tri tue")[:20]


@pytest.mark.django_db
def test_a_made_up_number_is_found_as_it_is_written():
    made_up = Document.objects.create(
        direction="legal", number="MH2326", symbol="QĐ-UBND", date=datetime.date(2023, 5, 4),
        issuer=Issuer.objects.first(), document_type=DocumentType.objects.get(code="QĐ"),
        subject="Về giao vốn minh hoạ",
    )  # fmt: skip
    assert list(Document.objects.named("MH2326/QĐ-UBND")) == [made_up]
    assert list(Document.objects.named("mh2326/qd-ubnd")) == [made_up]
    for nothing in ("MH2326", "/QĐ-UBND", "MH2326/", "1/A-B 2/C-D", ""):
        assert not Document.objects.named(nothing)
