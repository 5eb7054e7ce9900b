"""The books of before the portal come in from files: compared, taken over, taken back."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import Workbook

from portal.documents.models import Document, IssuedNumber, Issuer, NumberSeries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEGAL = ["STT", "Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Nội dung", "File"]
LEGAL_ROWS = [
    [1, "13/2019/QĐ-UBND", "12/3/2019", "UBND tỉnh Bắc Giang", "Về chính sách A", "qd13.pdf"],
    [2, "1719/QĐ-TTg", "ngày 14 tháng 10 năm 2021", "", "Phê duyệt Chương trình mục tiêu", ""],
    [3, "88/CTr-UBND", "5-6-2018", "Ban Chỉ đạo Công tác dân tộc", "Chương trình B", "b.doc"],
]
OUT = ["Số", "Ký hiệu", "Ngày, tháng", "Trích yếu nội dung", "Nơi nhận"]
IN = ["Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu", "Ngày tháng",
      "Tên loại và trích yếu nội dung", "Đơn vị, người nhận"]  # fmt: skip


def book_of(headings, *rows, title="SỔ VĂN BẢN NĂM 2019"):
    book = Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append([])
    sheet.append(headings)
    sheet.append([f"({n})" for n in range(1, len(headings) + 1)])
    for row in rows:
        sheet.append(row)
    sheet.append([None, None, None, "Người lập sổ"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def counts(one):
    return [one.counts[name] for name in ("new", "update", "same", "refused")]


def test_legal_texts_come_in_marked_and_the_same_file_changes_nothing(
    send_list, confirm_list, specialist
):
    before = Document.objects.count()
    content = book_of(LEGAL, LEGAL_ROWS[0], LEGAL_ROWS[2])
    one = send_list(specialist, "van-ban-phap-luat", content)
    assert counts(one) == [2, 0, 0, 0]
    assert one.counts["passed_over"] == 2
    assert "Ban Chỉ đạo Công tác dân tộc" in one.counts["notes"][0]
    assert Document.objects.count() == before, "nothing is stored before it is confirmed"
    assert not Issuer.objects.named("Ban Chỉ đạo Công tác dân tộc").exists()
    confirm_list(one)
    document = Document.objects.get(number="13", symbol="2019/QĐ-UBND")
    assert (document.brought_by, document.is_verified) == (one, False)
    assert (document.direction, document.document_type.code) == ("legal", "QĐ")
    assert (document.old_file_name, str(document.date)) == ("qd13.pdf", "2019-03-12")
    again = send_list(specialist, "van-ban-phap-luat", content)
    assert counts(again) == [0, 0, 2, 0]
    confirm_list(again)
    assert Document.objects.count() == before + 2
    assert again.made == []


def test_an_issuer_of_a_refused_row_is_not_announced(send_list, confirm_list, specialist):
    wrong = [2, "7/CTr-BQL", "32/3/2019", "Ban Quản lý Thử nghiệm", "Chương trình C", ""]
    one = send_list(specialist, "van-ban-phap-luat", book_of(LEGAL, LEGAL_ROWS[2], wrong))
    assert counts(one) == [1, 0, 0, 1]
    assert len(one.counts["notes"]) == 1
    assert "Ban Chỉ đạo Công tác dân tộc" in one.counts["notes"][0]
    confirm_list(one)
    assert not Issuer.objects.named("Ban Quản lý Thử nghiệm").exists()


def test_a_document_checked_against_its_original_is_not_changed_by_a_file(send_list, specialist):
    known = Document.objects.get(number="1719")
    known.is_verified = True
    known.save()
    one = send_list(specialist, "van-ban-phap-luat", book_of(LEGAL, LEGAL_ROWS[1]))
    assert counts(one) == [0, 0, 0, 1]
    assert "đã đối chiếu bản gốc" in one.problems[0]["text"]


def test_refused_rows_are_told_at_their_cells_and_the_rest_comes_in(
    send_list, confirm_list, specialist
):
    rows = [
        LEGAL_ROWS[0],
        [2, "14/2019/QĐ-UBND", "31/2/2019", "UBND tỉnh Bắc Giang", "Sai ngày", ""],
        [3, "15/2019/QĐ-UBND", "1/2/2090", "UBND tỉnh Bắc Giang", "Ngày sau hôm nay", ""],
        [4, "16/XYZ", "1/2/2019", "", "Thiếu cơ quan", ""],
        [5, "17/2019/QĐ-UBND", "1/2/2019", "UBND tỉnh Bắc Giang", "", "khong-trich-yeu.pdf"],
        [6, "số <b>", "1/2/2019", "UBND tỉnh Bắc Giang", "Sai ký hiệu", ""],
        [7, "13/2019/QĐ-UBND", "12/3/2019", "UBND tỉnh Bắc Giang", "Hai lần", ""],
    ]
    one = send_list(specialist, "van-ban-phap-luat", book_of(LEGAL, *rows))
    said = {problem["cell"]: problem["text"] for problem in one.problems}
    assert "không phải là ngày" in said["C6"]
    assert "sau hôm nay" in said["C7"]
    assert "cơ quan ban hành" in said["D8"]
    assert "trích yếu" in said["E9"]
    assert "số, ký hiệu" in said["B10"]
    assert "dòng trên" in said["E11"]
    assert counts(one) == [1, 0, 0, 6]
    assert one.read_count == one.stored_count + one.counts["same"] + one.counts["refused"] == 7
    confirm_list(one)
    assert Document.objects.filter(brought_by=one).count() == 1
    assert len(one.problems) == 6, "what was refused stays told"


def test_a_blank_cell_leaves_what_is_there_and_an_undo_puts_it_back(
    client, send_list, confirm_list, specialist
):
    first = confirm_list(send_list(specialist, "van-ban-phap-luat", book_of(LEGAL, LEGAL_ROWS[0])))
    changed = [1, "13/2019/QĐ-UBND", "12/3/2019", "UBND tỉnh Bắc Giang", "Về chính sách Á", ""]
    second = send_list(specialist, "van-ban-phap-luat", book_of(LEGAL, changed))
    assert second.changes[0]["cells"] == [["Trích yếu", "Về chính sách A", "Về chính sách Á"]]
    confirm_list(second)
    refused = client.post(reverse("collection:list_undo", args=[first.pk]), follow=True)
    assert "Đã sửa sau khi chuyển" in refused.content.decode()
    client.post(reverse("collection:list_undo", args=[second.pk]))
    document = Document.objects.get(number="13", symbol="2019/QĐ-UBND")
    assert (document.subject, document.old_file_name) == ("Về chính sách A", "qd13.pdf")
    client.post(reverse("collection:list_undo", args=[first.pk]))
    assert not Document.objects.filter(number="13", symbol="2019/QĐ-UBND").exists()
    first.refresh_from_db()
    assert first.state == "undone"


def test_what_others_refer_to_is_not_taken_back(client, send_list, confirm_list, specialist):
    from portal.documents.services import relate

    one = confirm_list(send_list(specialist, "van-ban-phap-luat", book_of(LEGAL, LEGAL_ROWS[0])))
    document = Document.objects.get(brought_by=one)
    relate(source=Document.objects.get(number="2289"), kind="implements", target=document)
    page = client.post(reverse("collection:list_undo", args=[one.pk]), follow=True)
    assert "đang được dùng ở quan hệ văn bản" in page.content.decode()
    assert Document.objects.filter(pk=document.pk).exists()


def test_an_outgoing_book_takes_its_numbers_along_and_gives_them_back(
    client, send_list, confirm_list, clerk
):
    rows = [
        ["05", "KH-BDT", "3/1/2019", "Kế hoạch năm 2019", "UBND tỉnh"],
        ["06", "BC-BDT", "4/1/2019", "Báo cáo tháng", ""],
        ["06", "CV-BDT", "4/1/2019", "Công văn cùng số", ""],
        ["7a", "BDT-VP", "5/1/2019", "Số có chữ", ""],
        ["", "BC-BDT", "6/1/2019", "Không số", ""],
    ]
    one = send_list(clerk, "van-ban-di", book_of(OUT, *rows))
    assert counts(one) == [4, 0, 0, 1], one.problems
    confirm_list(one)
    taken = IssuedNumber.objects.filter(document__brought_by=one).order_by("number")
    assert [(n.number, n.year, n.origin) for n in taken] == [
        (5, 2019, "taken_over"), (6, 2019, "taken_over"),
    ]  # fmt: skip
    assert NumberSeries.objects.get(register__code="di", year=2019).last == 6
    assert Document.objects.get(number="7a").issuer.name.startswith("Ban Dân tộc")
    client.post(reverse("collection:list_undo", args=[one.pk]))
    assert not Document.objects.filter(brought_by=one).exists()
    assert confirm_list(send_list(clerk, "van-ban-di", book_of(OUT, *rows[:1]))).state == "done"


def test_a_number_that_the_portal_has_not_come_to_yet_is_refused(send_list, clerk):
    import datetime

    from portal.documents.models import Register
    from portal.documents.services import take_number

    register = Register.objects.get(code="di")
    number = take_number(register=register, on=datetime.date(2018, 5, 1), by=clerk)
    row = [str(number + 5), "KH-BDT", "3/6/2018", "Chưa đến số", ""]
    one = send_list(clerk, "van-ban-di", book_of(OUT, row))
    assert "chưa đến số này" in one.problems[0]["text"]


def test_incoming_letters_keep_their_arrival_number(send_list, confirm_list, clerk, client):
    row = ["10/01/2019", "15", "UBND huyện Sơn Động", "22/BC-UBND", "8/1/2019",
           "Báo cáo kết quả năm 2018", "Phòng Chính sách"]  # fmt: skip
    one = confirm_list(send_list(clerk, "van-ban-den", book_of(IN, row)))
    document = Document.objects.get(brought_by=one)
    assert document.issued_number.number == 15
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Chuyển từ hệ thống cũ" in page


@pytest.mark.parametrize("user", ["head", "leader", "administrator", "son_dong_officer", "auditor"])
def test_others_find_no_such_page(client, cast, user):
    client.force_login(cast(user))
    for which in ("van-ban-phap-luat", "van-ban-den", "khong-co"):
        assert client.get(reverse("collection:list_start", args=[which])).status_code == 404


def test_a_csv_of_an_old_font_is_mended_and_said_so(send_list, confirm_list, specialist, client):
    lines = ["Số, ký hiệu;Ngày ban hành;Cơ quan ban hành;Nội dung",
             "21/2017/QĐ-UBND;1/2/2017;UBND tỉnh Bắc Giang;B¸o c¸o t×nh h×nh ®ång bµo"]  # fmt: skip
    one = send_list(specialist, "van-ban-phap-luat", "\n".join(lines).encode(), name="cu.csv")
    assert one.changes[0]["name"] == "Báo cáo tình hình đồng bào"
    assert one.counts["repaired"]["encoding"] == "TCVN3"
    assert "TCVN3" in client.get(one.get_absolute_url()).content.decode()


def test_a_formula_in_a_subject_is_text_out_and_back(send_list, confirm_list, specialist, client):
    row = [1, "31/2019/QĐ-UBND", "12/3/2019", "UBND tỉnh Bắc Giang", "'=CMD()", ""]
    confirm_list(send_list(specialist, "van-ban-phap-luat", book_of(LEGAL, row)))
    assert Document.objects.get(number="31", symbol="2019/QĐ-UBND").subject == "=CMD()"
    exported = client.get(reverse("documents:document_export"), {"q": "31/2019"}).content
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(exported)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if "CMD" in str(cell.value)]
    assert [cell.value for cell in cells] == ["'=CMD()"]
