"""Case files: opened, filled, put in order, closed, taken away whole."""

import datetime
import io
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from portal.documents import services
from portal.documents.models import CaseFile, PreparedFile, RetentionTerm
from portal.documents.services import attach_annex, preparing
from portal.documents.services.casefiles import put_in_time_order, reopen_case_file, take_out
from portal.documents.services.exporting import write_zip
from tests.cast import member
from tests.documents.incoming import NOW, TODAY, given, letter, outgoing, worker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PDF = b"%PDF-1.7\n%%EOF\n"


def case(maker=None, symbol="01.CS", **more):
    maker = maker or worker(f"lap{CaseFile.objects.count()}")
    return CaseFile.objects.create(
        **{
            "year": 2024,
            "symbol": symbol,
            "title": "Hồ sơ thử",
            "retention": RetentionTerm.objects.get(kind__startswith="Giải quyết"),
            "division": maker.division,
            "maker": maker,
            "opened_date": TODAY,
        }
        | more
    )


def put(one, document, **more):
    return services.file_document(case_file=one, document=document, by=one.maker, now=NOW, **more)


def with_file(document, content=PDF):
    return services.attach_file(document=document, file=ContentFile(content, "a.pdf"))


def test_the_work_has_one_file_and_its_letter_and_answer_are_in_it(leader):
    officer = worker("thu")
    work = given(officer=officer)
    one = services.case_file_for(assignment=work, by=officer, now=NOW)
    assert (one.symbol, one.year, one.maker) == ("01.CS", 2024, officer)
    assert services.case_file_for(assignment=work, by=officer, now=NOW) == one
    answer = outgoing()
    services.answer_with(assignment=work, answer=answer, by=officer, now=NOW)
    assert [item.document for item in one.items.all()] == [work.document, answer]


def test_symbols_count_by_division_and_year(leader):
    first = services.case_file_for(assignment=given(), by=leader, now=NOW)
    second = services.case_file_for(assignment=given(letter("950")), by=leader, now=NOW)
    assert (first.symbol, second.symbol) == ("01.CS", "02.CS")


def test_somebody_elses_work_and_file_are_not_theirs():
    stranger = worker("la", "TTĐB")
    with pytest.raises(services.NotYourFile):
        services.case_file_for(assignment=given(), by=stranger, now=NOW)
    with pytest.raises(services.NotYourFile):
        services.file_document(case_file=case(), document=letter("951"), by=stranger, now=NOW)


def test_a_document_is_filed_once_and_out_of_it_the_others_move_up():
    one = case()
    letters = [letter(str(number), pages=number - 950) for number in (953, 952, 951)]
    items = [put(one, document) for document in letters]
    assert put(one, letters[0]) == items[0]
    take_out(item=items[0], by=one.maker)
    assert list(one.items.values_list("position", "document__number")) == [(1, "952"), (2, "951")]
    assert [item.pages for item in one.items.all()] == [2, 1]


def test_documents_are_put_in_the_order_of_time():
    one = case()
    for day in (5, 2, 4):
        put(one, letter(str(960 + day), arrived=datetime.date(2024, 3, day)))
    put_in_time_order(case_file=one, by=one.maker)
    assert list(one.items.values_list("document__number", flat=True)) == ["962", "964", "965"]


def test_a_file_with_duplicates_or_open_work_is_not_closed():
    officer = worker("thu")
    one = services.case_file_for(assignment=given(officer=officer), by=officer, now=NOW)
    with_file(one.items.get().document)
    put(one, with_file(letter("970")))
    words = [fault.words for fault in services.faults_of(one) if not fault.is_warning]
    assert any(word.startswith("Trùng:") for word in words)
    assert any("chưa xong" in word for word in words)
    with pytest.raises(services.FilingRefused, match="phải sửa"):
        services.close_case_file(case_file=one, by=officer, on=TODAY, note="x")


def test_what_is_missing_is_noted_and_a_closed_file_stays_as_it_is():
    one = case()
    assert services.faults_of(one)[0].words == "Hồ sơ chưa có văn bản nào."
    item = put(one, letter("971"))
    with pytest.raises(services.FilingRefused, match="ghi chú"):
        services.close_case_file(case_file=one, by=one.maker, on=TODAY)
    before = TODAY - datetime.timedelta(days=1)
    with pytest.raises(services.FilingRefused, match="trước ngày mở"):
        services.close_case_file(case_file=one, by=one.maker, on=before, note="Bản giấy ở kho")
    services.close_case_file(case_file=one, by=one.maker, on=TODAY, note="Bản giấy ở kho")
    one.refresh_from_db()
    assert one.kept_until == datetime.date(2034, 12, 31)
    with pytest.raises(services.FileClosed):
        put(one, letter("972"))
    with pytest.raises(services.FileClosed):
        take_out(item=item, by=one.maker)
    reopen_case_file(case_file=one, by=one.maker)
    assert put(one, letter("972"))


def test_a_permanent_file_is_kept_for_ever():
    term = RetentionTerm.objects.get(kind__startswith="Báo cáo tổng kết")
    assert term.until(TODAY) is None


def test_a_file_of_one_division_is_read_there_and_by_clerk_and_leader(cast):
    one = case(rights="division")
    for user, sees in [
        (one.maker, True),
        (worker("ban"), True),
        (cast("clerk"), True),
        (cast("leader"), True),
        (cast("specialist"), False),
        (cast("auditor"), False),
        (cast("son_dong_officer"), False),
        (cast("investor"), False),
    ]:
        assert CaseFile.objects.visible_to(user).filter(pk=one.pk).exists() is sees, user


def test_the_whole_file_is_a_zip_in_the_order_of_time(tmp_path):
    one = case(description="Có ký tự lạ \x0b & <thẻ>")
    put(one, with_file(outgoing(subject="về kết quả")))
    put(one, with_file(letter("980", arrived=datetime.date(2024, 3, 2)), PDF + b"2"))
    put(one, letter("981"))
    attach_annex(
        document=one.items.get(document__number="980").document,
        position=1,
        title="Biểu 1",
        file=ContentFile(PDF + b"phu luc", "a.pdf"),
    )
    assert write_zip(one, one.maker, tmp_path / "a.zip") == 3
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
        root = ET.fromstring(archive.read("ho-so.xml"))  # noqa: S314 - the portal's own
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read("muc-luc.xlsx"))).active
        assert archive.read(names[0]) == PDF + b"2"
    assert names[0] == "001-2024-03-01-980-SKHDT-TH.pdf"
    assert names[1] == "001-2024-03-01-980-SKHDT-TH-phu-luc-1.pdf"
    assert names[2].startswith("003-2024-03-05-")
    numbers = [element.findtext("CodeNumber") for element in root.iter("Document")]
    assert numbers == ["980", "981", "01"]
    first = root.find("Documents/Document")
    assert first.findtext("ArrivalNumber") == "1"
    assert first.findtext("FileCode/FileNotation") == "01.CS"
    assert first.find("Attachment").get("SHA256")
    assert [one.get("Name") for one in first.iter("Attachment")] == names[:2]
    assert root.findtext("Description") == "Có ký tự lạ & <thẻ>"
    assert root.findtext("DocTotal") == "3"
    assert any("980" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_a_file_gone_from_the_store_is_told_and_the_rest_is_kept(tmp_path):
    one = case()
    document = with_file(letter("982"))
    put(one, document)
    document.file.storage.delete(document.file.name)
    write_zip(one, one.maker, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        root = ET.fromstring(archive.read("ho-so.xml"))  # noqa: S314 - the portal's own
    assert root.find(".//Attachment").get("Missing") == "true"


class TestPages:
    def test_a_file_is_opened_filled_closed_and_fetched(self, client, specialist, run_jobs):
        client.force_login(specialist)
        letter("990")
        term = RetentionTerm.objects.first()
        told = {
            "year": 2024, "symbol": "07.HCTH", "title": "Báo cáo năm 2024", "retention": term.pk,
            "division": specialist.division_id, "maker": specialist.pk,
            "opened_date": "01/03/2024", "rights": "committee", "language": "",
        }  # fmt: skip
        address = reverse("documents:case_file_create")
        assert client.post(address, told).status_code == 302
        again = client.post(address, told)
        assert "đã có hồ sơ" in again.text
        one = CaseFile.objects.get()
        assert one.language == "Tiếng Việt"

        def do(name, *more, **told):
            return client.post(reverse(f"documents:case_file_{name}", args=[one.pk, *more]), told)

        do("put_in", named="990/SKHĐT-TH", pages="3")
        do("order")
        assert one.items.get().pages == 3
        do("close", closed_date="05/03/2024", note="Bản giấy")
        assert "Đã đóng" in client.get(one.get_absolute_url()).text
        do("reopen")
        prepared = PreparedFile.objects.get(pk=do("export", "toan-bo").url.split("/")[-2])
        assert client.get(prepared.get_absolute_url()).status_code == 200
        run_jobs()
        download = client.get(reverse("documents:prepared_download", args=[prepared.pk]))
        with zipfile.ZipFile(io.BytesIO(download.getvalue())) as archive:
            assert "ho-so.xml" in archive.namelist()
        for ending in ("xml", "xlsx"):
            args = [one.pk, ending]
            assert client.get(reverse("documents:case_file_metadata", args=args)).status_code == 200
        do("take_out", one.items.get().pk)
        assert not one.items.exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"year": "9" * 30},
            {"year": "-5"},
            {"symbol": "\0"},
            {"symbol": "x" * 300},
            {"title": "a" * 5000},
            {"retention": "\0"},
            {"maker": "0"},
            {"opened_date": "31/12/9999"},
            {"rights": "all"},
        ],
    )
    def test_nonsense_is_refused_calmly(self, client, clerk, wrong):
        client.force_login(clerk)
        told = {
            "year": 2024, "symbol": "07.HCTH", "title": "Hồ sơ", "rights": "committee",
            "retention": RetentionTerm.objects.first().pk, "division": clerk.division_id,
            "maker": clerk.pk, "opened_date": "01/03/2024",
        }  # fmt: skip
        answer = client.post(reverse("documents:case_file_create"), told | wrong)
        assert answer.status_code == 200
        assert not CaseFile.objects.exists()

    def test_files_of_others_cannot_be_touched(self, client, specialist):
        one = case()
        item = put(one, letter("991"))
        client.force_login(specialist)
        assert client.get(one.get_absolute_url()).status_code == 200
        for name, args in [
            ("update", []), ("put_in", []), ("take_out", [item.pk]), ("order", []),
            ("close", []), ("reopen", []),
        ]:  # fmt: skip
            address = reverse(f"documents:case_file_{name}", args=[one.pk, *args])
            assert client.post(address, {"named": "991"}).status_code == 404, name
        assert client.get(one.get_absolute_url()).status_code == 200

    def test_an_item_of_another_file_is_not_taken_out_through_the_own(self, client):
        mine, other = case(symbol="01.CS"), case(symbol="02.CS")
        item = put(other, letter("992"))
        client.force_login(mine.maker)
        address = reverse("documents:case_file_take_out", args=[mine.pk, item.pk])
        assert client.post(address).status_code == 404
        assert other.items.exists()

    def test_the_list_of_the_year_asks_little(self, client, clerk, django_assert_max_num_queries):
        for number in range(1, 21):
            case(symbol=f"{number:02}.CS")
        client.force_login(clerk)
        with django_assert_max_num_queries(8):
            answer = client.get(reverse("documents:case_file_list"), {"nam": "2024"})
        assert answer.context["page_obj"].paginator.count == 20

    def test_the_table_of_terms_is_the_committees_own(self, client, clerk):
        client.force_login(clerk)
        told = {"kind": "Nhóm mới", "name": "5 năm", "years": "5", "is_active": "on"}
        client.post(reverse("documents:retention_list"), told)
        term = RetentionTerm.objects.get(kind="Nhóm mới")
        address = reverse("documents:retention_update", args=[term.pk])
        client.post(address, told | {"years": "7", "name": "7 năm"})
        term.refresh_from_db()
        assert term.years == 7
        for wrong in ({"years": "999999"}, {"kind": "\0"}, {"position": "9" * 20}):
            assert client.post(address, told | wrong).status_code == 200


def test_files_asked_for_are_ones_own_and_forgotten_after_a_week(client, specialist, run_jobs):
    one = case()
    prepared = preparing.prepare_case(case_file=one, kind="case_zip", by=member("clerk"), now=NOW)
    client.force_login(specialist)
    for name in ("file", "progress", "download"):
        address = reverse(f"documents:prepared_{name}", args=[prepared.pk])
        assert client.get(address).status_code == 404
    run_jobs()
    prepared.refresh_from_db()
    assert prepared.state == "ready"
    assert preparing.forget_prepared(now=NOW + datetime.timedelta(days=8)) == 1
    assert not prepared.file.storage.exists(prepared.file.name)
