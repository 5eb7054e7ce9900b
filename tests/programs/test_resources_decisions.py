"""Decisions on capital from a workbook: compared first, refused at the cell, the same twice."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from portal.collection.lists.registry import list_resource
from portal.collection.models import ListImport
from portal.collection.services import lists
from programs.models import CapitalChange, CapitalPlan, Component
from tests.programs.factories import OrganisationFactory, WorksFactory, decision
from tests.programs.test_ledger import on

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADINGS = [
    "Số quyết định", "Ngày quyết định", "Năm", "Nội dung", "Mã dự án", "Nguồn vốn", "Loại vốn",
    "Nơi nhận", "Đơn vị giao", "Số tiền (triệu đồng)",
]  # fmt: skip


@pytest.fixture(autouse=True)
def papers():
    return [decision(on(10, 1), number="11"), decision(on(20, 1), number="12")]


def given(amount=1000, receiver="Tỉnh Bắc Giang", **more):
    told = {
        "number": "11/QĐ-UBND", "day": on(10, 1), "year": 2023, "what": "Giao", "component": "DA4",
        "source": "NSTW", "kind": "Đầu tư", "receiver": receiver, "giver": "",
    } | more  # fmt: skip
    return [*told.values(), amount]


def passed_down(amount, receiver, giver="Tỉnh Bắc Giang", **more):
    told = {"number": "12/QĐ-UBND", "day": on(20, 1), "what": "Phân bổ", "giver": giver} | more
    return given(amount, receiver, **told)


@pytest.fixture
def sent(specialist, run_jobs):
    """`sent(row, …)`: the file as read and compared; `take=True` takes it over."""

    def send(*rows, take=False) -> ListImport:
        book = Workbook()
        book.active.append(["QUYẾT ĐỊNH GIAO VỐN"])
        book.active.append(HEADINGS)
        for row in rows:
            book.active.append(row)
        kept = BytesIO()
        book.save(kept)
        one = lists.receive_list(
            which="quyet-dinh-von",
            file=ContentFile(kept.getvalue(), "qd.xlsx"),
            name="qd.xlsx",
            by=specialist,
            now=timezone.now(),
        )
        run_jobs()
        if take:
            lists.confirm_list(one=one)
            run_jobs()
        one.refresh_from_db()
        return one

    return send


def problems(one):
    return [(problem["cell"], problem["text"]) for problem in one.problems]


def test_decisions_of_every_level_come_from_one_file_and_twice_change_nothing(sent, specialist):
    investor = OrganisationFactory()
    content = Component.objects.get(code="DA4.TDA1.ND1", programme__code="1719")
    works = WorksFactory(component=content, investor=investor)
    rows = [
        given(1000),
        passed_down(600, "Huyện Sơn Động"),
        passed_down(250.5, investor.name, "Huyện Sơn Động", component=content.code),
        passed_down(100, works.code, investor.code, component=content.code),
    ]
    compared = sent(*rows)
    assert problems(compared) == []
    assert compared.counts["new"] == 4
    assert not CapitalPlan.objects.filter(works=works).exists()
    done = sent(*rows, take=True)
    assert done.state == "done"
    line = CapitalPlan.objects.get(works=works)
    assert line.received == 100
    assert line.parent.parent.parent.holder == "province"
    assert line.changes.get().by == specialist
    again = sent(*rows)
    assert (again.counts["same"], again.counts["new"], again.rows) == (4, 0, again.rows)
    lists.confirm_list(one=again)
    assert CapitalChange.objects.count() == 4


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (given(number="99/QĐ-UBND"), "A3", "Sổ văn bản chưa có quyết định 99/QĐ-UBND"),
        (given(day="hôm qua"), "B3", "không phải là ngày"),
        (given(year="hai nghìn"), "C3", "không phải là năm"),
        (given(what="Cho"), "D3", "giao; phân bổ; điều chỉnh"),
        (given(component="DA99"), "E3", "Không có dự án, nội dung mang mã “DA99”"),
        (given(source="NSXX"), "F3", "Không có nguồn vốn “NSXX”"),
        (given(kind="vay"), "G3", "Ghi đầu tư hoặc sự nghiệp"),
        (given(receiver="Huyện Không Có"), "H3", "“Huyện Không Có” năm 2023"),
        (passed_down(5, "Huyện Sơn Động", giver=""), "I3", "Ghi đơn vị giao"),
        (passed_down(5, "Xã An Lạc", "Huyện Sơn Động"), "I3", "chưa được giao vốn NSTW"),
        (given(amount="mười"), "J3", "không phải là số triệu đồng"),
        (given(amount=0.0005), "J3", "ba chữ số"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(sent, row, cell, words):
    [(at, text)] = problems(sent(row))
    assert at == cell
    assert words in text


def test_an_allocation_above_its_parent_is_told_at_its_cell(sent):
    one = sent(
        given(1000), passed_down(700, "Huyện Sơn Động"), passed_down(300.5, "Huyện Lục Ngạn")
    )
    [(cell, text)] = problems(one)
    assert cell == "J5"
    assert "còn 300 triệu đồng để phân bổ" in text
    assert "vượt 0,5 triệu đồng" in text
    assert one.counts["new"] == 2


def test_a_number_in_dong_is_noticed(sent):
    [_, (cell, text)] = problems(
        sent(given(1000), passed_down(1001, "Huyện Lục Ngạn"),
             passed_down(250_000_000, "Huyện Sơn Động"))
    )  # fmt: skip
    assert cell == "J5"
    assert "nếu tính bằng đồng, ghi 250." in text


def test_what_was_decided_is_not_changed_by_a_file(sent):
    sent(given(1000), take=True)
    [(cell, text)] = problems(sent(given(1200)))
    assert cell == "J3"
    assert "đã ghi 1.000 triệu đồng cho dòng này" in text


def test_a_row_twice_in_one_file_is_refused(sent):
    [(_, text)] = problems(sent(given(1000), given(1000)))
    assert "đã có ở một dòng trên" in text


def test_adjustments_lower_what_was_given(sent):
    sent(given(1000), take=True)
    one = sent(given(-200, number="12/QĐ-UBND", day=on(20, 1), what="Điều chỉnh"), take=True)
    assert one.state == "done"
    assert CapitalPlan.objects.get(holder="province", year=2023).received == 800


def test_a_file_of_decisions_is_not_taken_back(sent):
    one = sent(given(1000), take=True)
    with pytest.raises(lists.CannotUndo, match="điều chỉnh"):
        lists.undo_list(one=one, resource=list_resource(one))
    assert CapitalChange.objects.count() == 1


def test_the_page_offers_a_blank_workbook_and_speaks_of_no_old_system(client, specialist):
    client.force_login(specialist)
    url = reverse("collection:list_start", args=["quyet-dinh-von"])
    text = client.get(url).content.decode()
    assert "Quyết định giao, phân bổ, điều chỉnh vốn" in text
    assert "hệ thống cũ" not in text
    assert client.get(reverse("collection:list_blank", args=["quyet-dinh-von"])).status_code == 200


def test_amounts_in_dong_are_refused_at_their_cells_with_what_to_write(sent):
    one = sent(given(45_000_000_000))
    [(cell, text)] = problems(one)
    assert cell == "J3"
    assert "nếu tính bằng đồng, ghi 45.000;" in text
    assert not one.rows


@pytest.mark.parametrize("times", [1_000, 1_000_000])
def test_money_from_outside_is_measured_by_what_the_line_was_given_before(sent, times):
    sent(given(800), take=True)
    decision(on(10, 1, 2024), number="15")
    later = {"number": "15/QĐ-UBND", "day": on(10, 1, 2024), "year": 2024}
    assert problems(sent(given(2500, **later))) == [], "three times as much is possible"
    [(_, text)] = problems(sent(given(900 * times, **later)))
    assert "số lớn nhất đã giao cho dòng này trong một năm (800)" in text
    assert "ghi 900" in text


def test_an_allocation_is_measured_by_what_the_giver_has(sent):
    sent(given(1000), take=True)
    [(_, text)] = problems(sent(passed_down(600_000, "Huyện Sơn Động")))
    assert "gấp 600 lần vốn của đơn vị giao (1.000)" in text
    assert "nếu tính bằng nghìn đồng, ghi 600" in text


def test_where_most_amounts_are_in_dong_none_is_taken(sent):
    places = ("Huyện Sơn Động", "Huyện Lục Ngạn", "Huyện Lục Nam")
    sent(given(10_000), take=True)
    rows = [passed_down(700_000_000, place) for place in places]
    one = sent(*rows, passed_down(0.5, "Huyện Yên Thế"))
    assert len(problems(one)) == 4
    assert "cả cột" in problems(one)[-1][1]
    assert CapitalChange.objects.count() == 1
