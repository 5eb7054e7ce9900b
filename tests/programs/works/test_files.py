"""The register of works from a workbook: compared first, refused at its cell, twice the same."""

from __future__ import annotations

import datetime
import io
import time
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from portal.units.models import AdministrativeUnit
from programs.models import (
    Component,
    Membership,
    Organisation,
    Works,
    WorksEvent,
    WorksPlace,
)
from tests.documents.test_old_books import book_of, counts
from tests.programs.factories import ComponentFactory, OrganisationFactory
from tests.programs.works.test_pages import commune_of, gone, works_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADINGS = [
    "Mã", "Tên công trình", "Mã dự án", "Loại", "Mã chủ đầu tư", "Tổng mức đầu tư (triệu đồng)",
    "Khởi công theo kế hoạch", "Hoàn thành theo kế hoạch", "Khởi công thực tế",
    "Hoàn thành thực tế", "Tình trạng", "Tình trạng từ ngày", "Xã", "Thôn", "Vĩ độ", "Kinh độ",
    "Ghi chú",
]  # fmt: skip


def row_of(**told):
    investor = Organisation.objects.get_or_create(
        code="bqlda", defaults={"name": "Ban QLDA", "kind": "investor"}
    )[0]
    row = {
        "Mã": "CT-01", "Tên công trình": "Đường thôn", "Mã dự án": "DA4.TDA1", "Loại": "xây mới",
        "Mã chủ đầu tư": investor.code, "Tổng mức đầu tư (triệu đồng)": 1250.5,
        "Khởi công theo kế hoạch": "1/3/2023", "Hoàn thành theo kế hoạch": "31/12/2023",
        "Xã": commune_of("220").code, "Thôn": "Thôn Biểng",
    } | told  # fmt: skip
    return [row.get(heading) for heading in HEADINGS]


@pytest.fixture
def send(send_list, specialist):
    def sent(*rows, by=specialist, headings=HEADINGS):
        return send_list(by, "cong-trinh", book_of(headings, *rows, title="DANH MỤC"))

    return sent


def said(one):
    return {problem["cell"]: problem["text"] for problem in one.problems}


def test_works_come_in_with_places_states_and_money_and_the_same_file_changes_nothing(
    send, confirm_list, specialist
):
    rows = [
        row_of(),
        row_of(**{
            "Mã": "CT-02", "Tình trạng": "Đã hoàn thành", "Khởi công thực tế": "5/3/2023",
            "Hoàn thành thực tế": "20/1/2024", "Vĩ độ": "21,33", "Kinh độ": "106,86",
            "Xã": f"{commune_of('220').full_name}; {commune_of('219').code}", "Thôn": "A; B",
        }),
        row_of(**{"Mã": "CT-03", "Tình trạng": "đang thực hiện", "Khởi công thực tế": "6/3/2023"}),
    ]  # fmt: skip
    one = send(*rows)
    assert (counts(one), said(one)) == ([3, 0, 0, 0], {})
    assert not Works.objects.exists()
    confirm_list(one)
    first, second, third = Works.objects.order_by("code")
    assert (first.total_investment, first.state, first.state_since) == (
        Decimal("1250.5"), "prepared", None,
    )  # fmt: skip
    assert (second.state, second.actual_finish) == ("finished", datetime.date(2024, 1, 20))
    assert list(second.place_rows.values_list("unit__code", "village", "is_main")) == [
        (commune_of("220").code, "A", True),
        (commune_of("219").code, "B", False),
    ]
    assert (third.state, third.actual_start) == ("started", datetime.date(2023, 3, 6))
    assert {event.by for event in WorksEvent.objects.all()} == {specialist}
    assert counts(send(*rows)) == [0, 0, 3, 0]


def test_the_list_that_is_taken_away_comes_back_unchanged(
    send_list, send, confirm_list, client, specialist
):
    confirm_list(send(row_of(), row_of(**{"Mã": "CT-02", "Tình trạng": "đã phê duyệt",
                                          "Tình trạng từ ngày": "1/2/2023",
                                          "Thôn": "'=1+1"})))  # fmt: skip
    client.force_login(specialist)
    exported = client.get(reverse("programs:works_export")).content
    assert WorksPlace.objects.filter(village="=1+1").exists()
    sheet = openpyxl.load_workbook(io.BytesIO(exported)).active
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert counts(send_list(specialist, "cong-trinh", exported)) == [0, 0, 2, 0]


@pytest.mark.parametrize(
    ("told", "cell", "words"),
    [
        ({"Mã dự án": "DA99"}, "C5", "Không có dự án, nội dung nào mã “DA99”"),
        ({"Mã dự án": ""}, "C5", "Ghi mã dự án"),
        ({"Mã chủ đầu tư": "la"}, "E5", "Không có chủ đầu tư nào"),
        ({"Xã": "99999"}, "M5", "Không có xã, phường, thị trấn nào"),
        ({"Loại": "lạ"}, "D5", "không có trong danh mục"),
        ({"Loại": ""}, "D5", "Ghi loại"),
        ({"Tổng mức đầu tư (triệu đồng)": 1250500000}, "F5", "tính bằng đồng"),
        ({"Tổng mức đầu tư (triệu đồng)": "1.250"}, "F5", "hai cách"),
        ({"Tổng mức đầu tư (triệu đồng)": "nhiều"}, "F5", "không phải là số"),
        ({"Tổng mức đầu tư (triệu đồng)": 0}, "F5", "lớn hơn 0"),
        ({"Khởi công theo kế hoạch": "31/2/2023"}, "G5", "không phải là ngày"),
        ({"Hoàn thành theo kế hoạch": "1/1/2023"}, "H5", "phải từ ngày khởi công"),
        ({"Tình trạng": "đã phê duyệt"}, "L5", "Ghi ngày bắt đầu"),
        ({"Tình trạng": "đã hoàn thành", "Hoàn thành thực tế": "2/2/2024"}, "I5", "khởi công"),
        ({"Hoàn thành thực tế": "2/2/2024"}, "J5", "Chưa hoàn thành"),
        ({"Khởi công thực tế": "2/2/2099"}, "I5", "chưa đến"),
        ({"Vĩ độ": "48,8", "Kinh độ": "2,3"}, "O5", "ở Việt Nam"),
        ({"Mã": "CT 01"}, "A5", "Mã chỉ gồm"),
        ({"Mã": "x" * 31}, "A5", "30"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_stored(send, told, cell, words):
    one = send(row_of(**told))
    assert counts(one) == [0, 0, 0, 1]
    assert words in said(one)[cell]
    assert not one.is_ready


def test_a_commune_that_is_gone_on_the_planned_start_is_refused_with_its_successor(send):
    ended = gone()
    one = send(row_of(**{"Xã": ended.code, "Khởi công theo kế hoạch": "1/3/2025",
                         "Hoàn thành theo kế hoạch": None}))  # fmt: skip
    text = said(one)["M5"]
    assert f"không còn {ended.full_name}" in text
    assert ended.successions.first().new.full_name in text


def test_rows_read_are_stored_skipped_or_refused(send, confirm_list):
    confirm_list(send(row_of()))
    one = send(
        row_of(),
        row_of(**{"Mã": "CT-02"}),
        row_of(**{"Mã": "CT-03", "Mã dự án": "DA99"}),
        row_of(**{"Mã": "CT-02", "Tên công trình": "Lặp"}),
    )
    assert counts(one) == [1, 0, 1, 2]
    assert one.read_count == 4
    assert "đã có ở một dòng trên" in said(one)["B8"]


def test_a_blank_cell_leaves_what_is_there_and_a_state_is_only_moved_on(send, confirm_list):
    confirm_list(send(row_of(**{"Tình trạng": "đã phê duyệt", "Tình trạng từ ngày": "1/2/2023"})))
    works = Works.objects.get()
    moved = row_of(**{
        "Loại": None, "Thôn": None, "Tình trạng": "đang thực hiện",
        "Tình trạng từ ngày": "5/3/2023",
    })  # fmt: skip
    one = send(moved)
    assert counts(one) == [0, 1, 0, 0]
    confirm_list(one)
    works.refresh_from_db()
    assert (works.state, works.kind, works.actual_start) == (
        "started", "new", datetime.date(2023, 3, 5),
    )  # fmt: skip
    back = row_of(**{"Tình trạng": "đã phê duyệt", "Tình trạng từ ngày": "6/3/2023"})
    assert "không chuyển thẳng" in said(send(back))["K5"]
    early = row_of(**{"Tình trạng": "tạm dừng", "Tình trạng từ ngày": "1/3/2023"})
    assert "từ 05/03/2023" in said(send(early))["L5"]


def test_an_officer_brings_in_works_of_the_own_area_only(send, son_dong_officer):
    theirs = works_in("219")
    one = send(
        row_of(),
        row_of(**{"Mã": theirs.code}),
        row_of(**{"Mã": "CT-03", "Xã": commune_of("219").code}),
        by=son_dong_officer,
    )
    assert counts(one) == [1, 0, 0, 2]
    assert "ngoài địa bàn" in said(one)["B6"]
    assert "địa bàn của mình" in said(one)["M7"]


def test_an_investor_brings_in_works_of_the_own_organisation_only(send, investor):
    row = row_of()
    other = OrganisationFactory()
    Membership.objects.create(user=investor, organisation=Organisation.objects.get(code="bqlda"))
    one = send(row, row_of(**{"Mã": "CT-02", "Mã chủ đầu tư": other.code}), by=investor)
    assert counts(one) == [1, 0, 0, 1]
    assert "không phải đơn vị của mình" in said(one)["E6"]


def test_a_code_of_two_programmes_needs_its_programme(send):
    twin = Component.objects.get(programme__code="1719", code="DA1")
    ComponentFactory(code="DA1", programme__code="2035", number=1)
    assert "nhiều chương trình" in said(send(row_of(**{"Mã dự án": "DA1"})))["C5"]
    headings = [*HEADINGS, "Chương trình"]
    one = send([*row_of(**{"Mã dự án": "DA1"}), "1719"], headings=headings)
    assert counts(one) == [1, 0, 0, 0]
    assert twin.code in one.changes[0]["words"]


@pytest.mark.machine
def test_six_hundred_works_come_in_within_seconds(send, confirm_list):
    communes = list(
        AdministrativeUnit.objects.on(datetime.date(2023, 3, 1))
        .communes()
        .filter(is_reference=False)[:60]
    )
    rows = [
        row_of(**{"Mã": f"CT-{n:03}", "Tên công trình": f"Đường {n}", "Xã": communes[n % 60].code})
        for n in range(600)
    ]
    begun = time.monotonic()
    one = send(*rows)
    assert counts(one) == [600, 0, 0, 0]
    confirm_list(one)
    assert time.monotonic() - begun < 45  # 6 s alone; the suite's machine may be busy
    print("took", time.monotonic() - begun)
    assert Works.objects.count() == 600


def test_works_of_a_file_are_taken_back_while_nothing_rests_on_them(
    send, confirm_list, client, specialist
):
    one = confirm_list(send(row_of()))
    client.force_login(specialist)
    client.post(reverse("collection:list_undo", args=[one.pk]))
    assert not Works.objects.exists()


def test_organisations_come_in_and_the_same_file_changes_nothing(
    send_list, confirm_list, administrator
):
    headings = ["Mã", "Tên đơn vị", "Loại", "Đang hoạt động"]
    rows = [
        ["bqlda-sd", "Ban QLDA Sơn Động", "chủ đầu tư", "có"],
        ["so-nn", "Sở Nông nghiệp", "cơ quan, đơn vị được giao vốn", None],
        ["x y", "Mã sai", "chủ đầu tư", None],
        ["bqlda-2", "BAN QLDA  SƠN ĐỘNG", "chủ đầu tư", None],
    ]
    content = book_of(headings, *rows[:3])
    one = send_list(administrator, "co-quan-chu-dau-tu", content)
    assert counts(one) == [2, 0, 0, 1]
    confirm_list(one)
    assert counts(send_list(administrator, "co-quan-chu-dau-tu", content)) == [0, 0, 2, 1]
    again = send_list(administrator, "co-quan-chu-dau-tu", book_of(headings, rows[3]))
    assert "Đã có đơn vị cùng tên" in said(again)["B5"]
    assert Organisation.objects.get(code="so-nn").kind == "agency"


def test_an_amount_that_the_sheet_keeps_as_a_number_is_never_unclear(send, confirm_list):
    noisy = 1000.1 + 200.2  # 1200.3000000000002
    money = "Tổng mức đầu tư (triệu đồng)"
    one = send(row_of(**{money: 123.456}), row_of(**{"Mã": "CT-02", money: noisy}))
    assert (counts(one), said(one)) == ([2, 0, 0, 0], {})
    confirm_list(one)
    told = list(Works.objects.order_by("code").values_list("total_investment", flat=True))
    assert told == [Decimal("123.456"), Decimal("1200.300")]
    [text] = said(send(row_of(**{"Mã": "CT-03", money: "123.456"}))).values()
    assert "đọc được hai cách" in text
