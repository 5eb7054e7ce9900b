"""Everything the sample report names is in the register."""

import datetime

import pytest

from portal.documents import services
from portal.documents.models import Document, DocumentType, IssuedNumber, NumberSeries

pytestmark = pytest.mark.django_db

SAMPLE = {
    "3032/SKHĐT-KGVX": ("2023-10-19", "Sở Kế hoạch và Đầu tư tỉnh Bắc Giang"),
    "2289/QĐ-TTg": ("2020-12-31", "Thủ tướng Chính phủ"),
    "527/KH-BDT": ("2021-09-30", "Ban Dân tộc tỉnh Bắc Giang"),
    "642/KH-BDT": ("2021-11-05", "Ban Dân tộc tỉnh Bắc Giang"),
    "488/KH-UBND": ("2021-10-05", "Ủy ban nhân dân tỉnh Bắc Giang"),
    "63/KH-BDT": ("2023-02-06", "Ban Dân tộc tỉnh Bắc Giang"),
    "17/QĐ-UBQGCĐS": ("2023-04-04", "Ủy ban Quốc gia về chuyển đổi số"),
    "38/KH-BCĐCĐS": ("2023-02-28", "Ban Chỉ đạo Chuyển đổi số tỉnh Bắc Giang"),
    "459/KH-BDT": ("2023-06-14", "Ban Dân tộc tỉnh Bắc Giang"),
    "330/QĐ-UBDT": ("2023-05-12", "Ủy ban Dân tộc"),
    "124/KH-UBND": ("2023-07-05", "Ủy ban nhân dân tỉnh Bắc Giang"),
    "43/2011/NĐ-CP": ("2011-06-13", "Chính phủ"),
    "445/2013/QĐ-UBND": ("2013-09-03", "Ủy ban nhân dân tỉnh Bắc Giang"),
}
MISPRINTS = {
    "17/QĐUBQGCDĐT": "17/QĐ-UBQGCĐS",
    "38/KH-BCĐCĐĐT": "38/KH-BCĐCĐS",
    "330/QĐ-UBND": "330/QĐ-UBDT",
}


@pytest.mark.parametrize("written", SAMPLE)
def test_every_document_of_the_sample_is_in_the_register(written):
    date, issuer = SAMPLE[written]
    found = [
        document
        for document in Document.objects.filter(date=date).with_catalogue()
        if document.number_and_symbol == written
    ]
    assert [document.issuer.name for document in found] == [issuer]


@pytest.mark.parametrize("printed", MISPRINTS)
def test_a_misprint_of_the_sample_leads_to_the_corrected_document(printed):
    found = Document.objects.search(printed).first()
    assert found is not None
    assert found.number_and_symbol == MISPRINTS[printed]
    assert found.printed_as == printed


@pytest.mark.parametrize("printed", MISPRINTS)
def test_a_correction_not_checked_against_the_original_says_so(printed):
    document = Document.objects.get(printed_as=printed)
    assert not document.is_verified
    assert document.verification_note


def test_the_decree_of_2011_ended_when_that_of_2022_came_into_force():
    old = Document.objects.get(number="43", symbol="2011/NĐ-CP")
    new = Document.objects.get(number="42", symbol="2022/NĐ-CP")
    assert old.validity(on=datetime.date(2022, 8, 14)).label == "Còn hiệu lực"
    assert old.validity(on=datetime.date(2022, 8, 15)).label == "Hết hiệu lực"
    assert new.validity(on=datetime.date(2022, 8, 14)).label == "Chưa có hiệu lực"
    assert old.inverse_relations.get().source == new


def test_the_twenty_nine_types_of_the_decree_are_known():
    # Điều 7 of Nghị định 30/2020/NĐ-CP; công văn and thư công stand without abbreviation
    types = DocumentType.objects.filter(group="administrative")
    assert types.count() == 29
    assert set(types.filter(in_symbol=False).values_list("name", flat=True)) == {
        "Công văn",
        "Thư công",
    }


def test_numbers_of_the_old_book_are_kept_and_the_series_goes_on_after_them():
    kept = IssuedNumber.objects.filter(origin="taken_over").values_list("year", "number")
    assert set(kept) == {(2021, 527), (2021, 642), (2023, 63), (2023, 459)}
    assert NumberSeries.objects.get(register__code="di", year=2023).last == 459


def test_loading_again_changes_nothing_and_keeps_what_people_wrote():
    document = Document.objects.get(number="527", symbol="KH-BDT")
    document.note = "Bản giấy ở tủ 3"
    document.save()
    assert services.load_reference() is False
    document.refresh_from_db()
    assert document.note == "Bản giấy ở tủ 3"


def test_no_symbol_of_the_reference_is_strange_to_its_issuer():
    for document in Document.objects.with_catalogue():
        assert document.issuer.uses_symbol(document.symbol), document
