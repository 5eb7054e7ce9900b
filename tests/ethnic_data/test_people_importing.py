"""Lists of people from files: compared first, then taken over as a whole, by their own area."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from ethnic_data.models import CouncilDeputy, PeopleAccess, PeopleImport, PrestigiousPerson
from tests.access.people import a_commune_of, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Giới", "Dân tộc", "Thôn", "Xã", "Huyện",
            "Thành phần", "Đảng viên", "Số quyết định", "Ngày quyết định"]  # fmt: skip


def a_row(number, name, *, xa, huyen="Huyện Sơn Động", **change):
    row = {
        "STT": number,
        "Họ và tên": name,
        "Ngày sinh": 1955 + number,
        "Giới": "Nam",
        "Dân tộc": "Tày",
        "Thôn": "Thôn Nà Trắng",
        "Xã": xa,
        "Huyện": huyen,
        "Thành phần": "Già làng",
        "Đảng viên": "x",
        "Số quyết định": "217/QĐ-UBND",
        "Ngày quyết định": "06/4/2023",
    }
    return [*(row | change).values()]


def workbook(*rows, headings=HEADINGS):
    book = Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH NGƯỜI CÓ UY TÍN NĂM 2023"])
    sheet.append([])
    sheet.append(headings)
    sheet.append([f"({n})" for n in range(1, len(headings) + 1)])
    for row in rows:
        sheet.append(row)
    sheet.append([])
    sheet.append(["", "Người lập biểu", "", "", "", "", "Chủ tịch"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def send(client, run_jobs):
    """Send a file as somebody; the page that tells what was read."""

    def sent(user, content, *, which="prestigious", name="ds.xlsx"):
        client.force_login(user)
        file = SimpleUploadedFile(name, content)
        response = client.post(
            reverse("ethnic_data:people_import_start", args=[which]), {"file": file}
        )
        assert response.status_code == 302, response.content.decode()
        run_jobs()
        return PeopleImport.objects.get(pk=response.url.rstrip("/").split("/")[-1])

    return sent


@pytest.fixture
def confirm(client, run_jobs):
    def confirmed(one):
        client.post(reverse("ethnic_data:people_import_confirm", args=[one.pk]))
        run_jobs()
        one.refresh_from_db()
        return one

    return confirmed


def test_a_list_as_officers_write_it_comes_in_and_the_same_file_changes_nothing(
    send, confirm, son_dong_officer
):
    xa = a_commune_of("220").name
    content = workbook(
        a_row(1, "Vi Văn Sơn", xa=f"Xã {xa}"),
        a_row(2, "HOÀNG THỊ MAI", xa=xa.upper(), Giới="nữ", **{"Dân tộc": "cao lan"}),
        a_row(3, "Bàn Văn Đức", xa=f"X. {xa}", **{"Ngày sinh": "12/05/1948", "Đảng viên": ""}),
    )
    one = send(son_dong_officer, content)
    assert one.problems == []
    wanted = {"new": 3, "update": 0, "same": 0, "refused": 0, "problems": 0}
    assert {name: one.counts[name] for name in wanted} == wanted
    assert not PrestigiousPerson.objects.exists(), "nothing is stored before it is confirmed"
    confirm(one)
    assert (one.state, one.rows, one.changes, str(one.file)) == ("done", {}, [], "")
    people = {person.birth_year: person for person in PrestigiousPerson.objects.with_names()}
    assert people[1957].group.name == "Sán Chay"
    assert people[1957].sex == "female"
    assert people[1948].is_party_member is False
    assert people[1956].is_party_member is True
    assert PeopleAccess.objects.filter(what="imported", count=3, who=son_dong_officer).exists()

    again = send(son_dong_officer, content)
    assert (again.counts["same"], again.counts["new"], again.counts["update"]) == (3, 0, 0)
    confirm(again)
    assert PrestigiousPerson.objects.count() == 3


def test_every_mistake_is_told_at_its_cell_and_nothing_is_stored(send, confirm, son_dong_officer):
    xa = a_commune_of("220").name
    theirs = a_commune_of("219").name
    one = send(
        son_dong_officer,
        workbook(
            a_row(1, "Vi Văn Sơn", xa=xa, **{"Dân tộc": "Trại"}),
            a_row(2, "Vi Văn Hai", xa=theirs, huyen="Huyện Lục Ngạn"),
            a_row(3, "Vi Văn Ba", xa=xa, **{"Ngày quyết định": "31/02/2023"}),
            a_row(4, "Vi Văn Tư", xa=xa, **{"Ngày sinh": "sáu mươi"}),
            a_row(5, "Vi Văn Năm", xa=xa, **{"Thành phần": "ông chủ"}),
            a_row(6, "Vi Văn Sáu", xa=xa, **{"Ngày sinh": 2015}),
            a_row(7, "Vi Văn Bảy", xa=xa),
            a_row(7, "Vi Văn Bảy", xa=xa),
        ),
    )
    said = {problem["cell"]: problem["text"] for problem in one.problems}
    assert "nhiều dân tộc" in said["E5"]
    assert "trong địa bàn" in said["G6"]
    assert "không phải là ngày" in said["L7"]
    assert "không phải là năm sinh" in said["C8"]
    assert "danh mục" in said["I9"]
    assert "đủ 18 tuổi" in said["B10"]
    assert "dòng trên" in said["B12"]
    assert len(one.problems) == 7
    confirm(one)
    assert not PrestigiousPerson.objects.exists()


def test_what_was_downloaded_comes_back_edited(client, send, confirm, specialist):
    person = a_person("220")
    client.force_login(specialist)
    exported = client.get(reverse("ethnic_data:prestigious_export", args=["xlsx"])).content
    book = load_workbook(io.BytesIO(exported))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["Họ và tên"]).value = "Vi Văn Sơn (Sảng)"
    sheet.cell(2, columns["Thôn, bản"]).value = "Thôn Mới"
    stream = io.BytesIO()
    book.save(stream)
    one = send(specialist, stream.getvalue())
    assert one.problems == []
    assert one.changes[0]["cells"] == [
        ["Họ và tên", "Vi Văn Sơn", "Vi Văn Sơn (Sảng)"],
        ["Thôn, bản", "", "Thôn Mới"],
    ]
    confirm(one)
    person.refresh_from_db()
    assert (person.full_name, person.village) == ("Vi Văn Sơn (Sảng)", "Thôn Mới")
    assert PrestigiousPerson.objects.count() == 1


def test_nobody_edits_by_code_a_person_of_another_area(client, send, specialist, son_dong_officer):
    theirs = a_person("219")
    client.force_login(specialist)
    exported = client.get(reverse("ethnic_data:prestigious_export", args=["xlsx"])).content
    one = send(son_dong_officer, exported)
    assert "Không có người mang mã" in one.problems[0]["text"]
    theirs.refresh_from_db()
    assert theirs.changed_by == specialist


def test_a_list_that_changed_meanwhile_goes_back_to_its_sender(send, confirm, son_dong_officer):
    content = workbook(a_row(5, "Vi Văn Sơn", xa=a_commune_of("220").name))
    one = send(son_dong_officer, content)
    a_person("220")  # the same person, entered by hand in the meantime
    confirm(one)
    assert one.state in ("read", "done")
    assert PrestigiousPerson.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.4 nothing", "không phải tệp bảng tính"),
        (b"PK\x03\x04 broken", "bị hỏng"),
        ("Họ và tên,Năm sinh\nVi Văn Sơn,1960\n".encode(), "Không tìm thấy dòng tiêu đề"),
        ("Họ và tên;Năm sinh;Giới tính\nA;1960;Nam\n".encode(), "thiếu cột"),
    ],
)
def test_a_file_that_is_no_list_is_told_so(send, specialist, content, words):
    one = send(specialist, content, name="ds.csv")
    assert words in one.problems[0]["text"]


def test_an_empty_file_is_refused_at_the_door(client, specialist):
    client.force_login(specialist)
    page = client.post(
        reverse("ethnic_data:people_import_start", args=["deputies"]),
        {"file": SimpleUploadedFile("ds.xlsx", b"")},
    )
    assert page.status_code == 200
    assert not PeopleImport.objects.exists()


def test_deputies_come_in_by_term_and_council(client, send, confirm, specialist):
    headings = ["Họ tên", "Năm sinh", "Nam/Nữ", "Dân tộc", "HĐND", "Khoá", "Ngày bầu cử",
                "Chức vụ", "Chuyên trách", "Trình độ chuyên môn"]  # fmt: skip
    xa = a_commune_of("220").full_name
    book = workbook(
        ["Lý Thị Hoa", 1980, "Nữ", "Nùng", "Huyện Sơn Động", "2021-2026", "23/5/2021",
         "Phó Chủ tịch", "có", "Đại học"],
        ["Vi Văn Sơn", 1975, "Nam", "Tày", xa, "2021 – 2026", "2021-05-23", "", "", ""],
        headings=headings,
    )  # fmt: skip
    one = send(specialist, book, which="deputies")
    assert one.problems == []
    confirm(one)
    levels = {deputy.full_name: deputy.unit.level for deputy in CouncilDeputy.objects.with_names()}
    assert levels == {"Lý Thị Hoa": "district", "Vi Văn Sơn": "commune"}
    page = client.get(reverse("ethnic_data:deputy_list"), {"cap": "district", "ngay": "2023-11-01"})
    assert page.context["counts"].total == 1


def test_the_pages_of_an_import_show_each_state(client, send, confirm, specialist, run_jobs):
    xa = a_commune_of("220").name
    one = send(specialist, workbook(a_row(1, "Vi Văn Sơn", xa=xa)))
    assert "1 người mới" in client.get(one.get_absolute_url()).content.decode()
    confirm(one)
    assert "Đã ghi nhận vào danh sách" in client.get(one.get_absolute_url()).content.decode()
    other = send(specialist, workbook(a_row(1, "Vi Văn Sơn", xa="Xã Không Có")))
    page = client.get(other.get_absolute_url()).content.decode()
    assert "1 điều cần sửa" in page
    client.post(reverse("ethnic_data:people_import_discard", args=[other.pk]))
    other.refresh_from_db()
    assert (other.state, other.rows, str(other.file)) == ("discarded", {}, "")
