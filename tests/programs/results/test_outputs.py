"""Outputs summed upward, entered per works; people by group; the register of households."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError
from django.urls import reverse
from openpyxl import Workbook

from ethnic_data.models import EthnicGroup, PeopleAccess
from portal.collection.models import Dataset, ListImport, ReportingPeriod, Submission
from programs.models import (
    Beneficiaries,
    Component,
    Output,
    OutputKind,
    SupportedHousehold,
)
from tests.cast import unit

from .conftest import AN_LAC, works_at

pytestmark = pytest.mark.django_db


def gave(works, kind, planned=None, actual=None, year=2023, **more):
    return Output.objects.create(
        works=works, kind=OutputKind.objects.get(code=kind), year=year,
        planned=planned, actual=actual, **more,
    )  # fmt: skip


@pytest.fixture
def given(jobs):
    gave(jobs[0], "KQ-DUONG", Decimal("2.5"), Decimal("2.25"))
    gave(jobs[1], "KQ-DUONG", None, Decimal("1.125"))
    gave(jobs[2], "KQ-DUONG", 1, 1)
    gave(jobs[0], "KQ-DUONG", 9, 9, year=2022)
    return jobs


def page(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"programs:{name}", args=args), query)


def sums_of(answer) -> dict:
    return {
        one.kind.code: (one.planned, one.actual, one.works)
        for section in answer.context["sections"]
        for one in section.kinds
        if one.works
    }


def test_outputs_are_summed_upward_over_the_works_that_a_person_sees(
    client, leader, son_dong_officer, given
):
    whole = page(client, leader, "output_list", nam="2023")
    assert sums_of(whole) == {"KQ-DUONG": (Decimal("3.5"), Decimal("4.375"), 3)}
    assert "4,375" in whole.text
    own = page(client, son_dong_officer, "output_list", nam="2023")
    assert sums_of(own) == {"KQ-DUONG": (Decimal("2.5"), Decimal("3.375"), 2)}


def test_a_sum_leads_to_its_works_and_these_add_up_to_it(client, leader, given):
    answer = page(client, leader, "output_works", "KQ-DUONG", nam="2023")
    assert sum(one.actual for one in answer.context["outputs"]) == Decimal("4.375")
    assert reverse("programs:works_detail", args=["SD-01"]) in answer.text


@pytest.mark.parametrize("name", ["output_list", "beneficiary_list", "household_list"])
def test_the_pages_of_a_year_take_few_queries(
    client, specialist, given, django_assert_max_num_queries, name
):
    client.force_login(specialist)
    with django_assert_max_num_queries(20):
        assert client.get(reverse(f"programs:{name}"), {"nam": "2023"}).status_code == 200


def test_a_year_without_results_says_so(client, leader):
    assert "Chưa có kết quả nào" in page(client, leader, "output_list", nam="2024").text


# per works


def test_outputs_of_works_are_entered_at_the_works(client, specialist, jobs):
    client.force_login(specialist)
    address = reverse("programs:works_outputs", args=["SD-01"])
    told = {"kh_KQ-DUONG": "2,5", "th_KQ-DUONG": "2,345", "kh_KQ-CAU": "", "th_KQ-CAU": "1"}
    assert client.post(f"{address}?nam=2023", told).status_code == 302
    assert {(o.kind.code, o.planned, o.actual) for o in Output.objects.all()} == {
        ("KQ-DUONG", Decimal("2.5"), Decimal("2.345")),
        ("KQ-CAU", None, Decimal(1)),
    }
    client.post(f"{address}?nam=2023", told | {"th_KQ-CAU": ""})
    assert Output.objects.get().kind.code == "KQ-DUONG"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("th_KQ-CAU", "0,5", "Ghi số nguyên (cầu)."),
        ("th_KQ-DUONG", "-1", "Kết quả phải từ 0 trở lên."),
        ("th_KQ-DUONG", "hai", "Ghi bằng số"),
        ("th_KQ-DUONG", "1,2345", "nhiều nhất 3 chữ số lẻ (km)"),
    ],
)
def test_a_wrong_output_is_told_at_its_cell_and_nothing_is_kept(
    client, specialist, jobs, field, value, words
):
    client.force_login(specialist)
    address = reverse("programs:works_outputs", args=["SD-01"])
    answer = client.post(f"{address}?nam=2023", {"kh_KQ-DUONG": "2", field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert not Output.objects.exists()


def test_what_comes_from_approved_data_is_only_shown(client, specialist, jobs):
    submission = Submission.objects.create(
        dataset=Dataset.objects.get(code="CT-KQ"), unit=unit("220"),
        period=ReportingPeriod.objects.get(code="2023"), created_by=specialist,
    )  # fmt: skip
    gave(jobs[0], "KQ-DUONG", 3, 2, submission=submission)
    address = reverse("programs:works_outputs", args=["SD-01"])
    text = page(client, specialist, "works_outputs", "SD-01", nam="2023").text
    assert 'name="th_KQ-DUONG"' not in text
    client.post(f"{address}?nam=2023", {"th_KQ-DUONG": "99"})
    assert Output.objects.get().actual == 2


def test_an_officer_of_elsewhere_does_not_find_the_works(client, luc_ngan_officer, jobs):
    assert page(client, luc_ngan_officer, "works_outputs", "SD-01").status_code == 404


def test_people_are_added_up_by_group(client, leader, jobs):
    tay, dao = (EthnicGroup.objects.get(code=code) for code in ("02", "09"))
    for works, group, male, female in ((0, tay, 5, 6), (1, tay, 1, 1), (1, dao, 2, 0)):
        Beneficiaries.objects.create(
            works=jobs[works], year=2023, group=group, male=male, female=female
        )
    answer = page(client, leader, "beneficiary_list", nam="2023")
    assert [(o.group.name, o.male, o.female) for o in answer.context["groups"]] == [
        (tay.name, 6, 7),
        (dao.name, 2, 0),
    ]
    assert answer.context["people"] == 15


# the register of households

HEADINGS = ["Nội dung", "Năm", "Xã", "Huyện", "Số hộ", "Dân tộc", "Mã công trình", "Mức hỗ trợ"]
ROW = ["DA1.ND2", 2023, "Xã An Lạc", "Huyện Sơn Động", "12", "Tày", "SD-03", "44"]


def book(*rows) -> bytes:
    made = Workbook()
    made.active.append(HEADINGS)
    for row in rows:
        made.active.append(row)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def changed(**cells):
    names = dict(zip(("content", "year", "commune", "district", "no", "group", "works", "amount"),
                     ROW, strict=True))  # fmt: skip
    return list((names | cells).values())


@pytest.fixture
def houses(jobs):
    content = Component.objects.get(code="DA1.ND2")
    return [works_at(AN_LAC, code=code, component=content) for code in ("SD-03", "SD-04")]


@pytest.mark.slow
def test_households_come_from_a_file_and_the_same_file_twice_changes_nothing(
    send_list, confirm_list, son_dong_officer, houses
):
    content = book(ROW, changed(no="13", group="", works="", amount=""))
    for _ in range(2):
        confirm_list(send_list(son_dong_officer, "ho-duoc-ho-tro", content))
    kept = list(SupportedHousehold.objects.order_by("household_no"))
    assert [(h.household_no, h.works and h.works.code, h.amount) for h in kept] == [
        ("12", "SD-03", Decimal(44)),
        ("13", None, None),
    ]
    assert kept[0].by == son_dong_officer


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "words"),
    [
        (changed(no="012"), "đã có ở một dòng trên"),
        (changed(no="77", works="SD-04"), "đã được ghi ở công trình SD-03"),
        (changed(no="14", content="DA1.ND99"), "Không có nội dung “DA1.ND99”"),
        (changed(no="14", commune="Xã Cấm Sơn", district="Huyện Lục Ngạn"), "Không có đơn vị"),
        (changed(no="14", amount="44000000"), "ghi triệu đồng, không ghi đồng"),
        (changed(no="14", year="1850"), "không phải là năm hỗ trợ"),
        (changed(no="14", works="KHONG-CO"), "Không có công trình"),
    ],
)
def test_a_household_is_counted_once_and_what_is_wrong_is_told(
    send_list, son_dong_officer, houses, row, words
):
    SupportedHousehold.objects.create(
        component=houses[0].component, year=2023, unit=unit(AN_LAC), household_no="77",
        works=houses[0],
    )  # fmt: skip
    one = send_list(son_dong_officer, "ho-duoc-ho-tro", book(ROW, row))
    told = " ".join(str(problem) for problem in ListImport.objects.get(pk=one.pk).problems)
    assert words in told


def test_a_difference_from_the_register_is_shown(client, leader, houses):
    gave(houses[0], "KQ-NHA-O", 5, 4)
    for number in "123":
        SupportedHousehold.objects.create(
            component=houses[0].component, year=2023, unit=unit(AN_LAC), household_no=number,
            works=houses[0],
        )  # fmt: skip
    text = page(client, leader, "output_list", nam="2023").text
    assert "kết quả ghi 4 hộ, sổ hộ được hỗ trợ có 3 hộ" in text


def test_the_register_shows_the_own_area_only_and_records_the_look(
    client, luc_ngan_officer, son_dong_officer, houses
):
    SupportedHousehold.objects.create(
        component=houses[0].component, year=2023, unit=unit(AN_LAC), household_no="A-1"
    )
    assert "A-1" in page(client, son_dong_officer, "household_list", nam="2023").text
    assert "A-1" not in page(client, luc_ngan_officer, "household_list", nam="2023").text
    assert PeopleAccess.objects.filter(which="households", what="listed").count() == 2


def test_a_number_with_zeros_before_it_is_no_other_household(houses):
    with pytest.raises(IntegrityError, match="supported_household_number_plain"):
        SupportedHousehold.objects.create(
            component=houses[0].component, year=2023, unit=unit(AN_LAC), household_no="007"
        )
