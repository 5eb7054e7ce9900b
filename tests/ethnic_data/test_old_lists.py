"""Catalogues of the old systems come in by the administrator, and never as verified."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from ethnic_data.models import Category
from portal.units.models import UnitMembership
from tests.access.people import a_commune_of
from tests.documents.test_old_books import book_of, counts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_communes_of_a_list_come_in_with_their_zone_and_time(
    send_list,
    confirm_list,
    administrator,
    client,
):
    commune = a_commune_of("220")
    headings = ["TT", "Danh sách", "Xã", "Huyện", "Khu vực", "Áp dụng từ", "Đến ngày"]
    rows = [
        [1, "QD861", commune.full_name, "Huyện Sơn Động", "Khu vực III", "1/2/2020", "4/6/2021"],
        [2, "QD861", "Xã Không Có", "Huyện Sơn Động", "III", "1/2/2020", ""],
        [3, "QD-LẠ", commune.full_name, "", "II", "1/2/2020", ""],
        [4, "QD861", commune.full_name, "", "IV", "5/2/2020", ""],
        [5, "QD861", commune.full_name, "", "I", "2/3/2020", "1/3/2020"],
    ]
    content = book_of(headings, *rows)
    one = send_list(administrator, "xa-theo-khu-vuc", content)
    said = {problem["cell"]: problem["text"] for problem in one.problems}
    assert "Không có đơn vị" in said["C6"]
    assert "Không có danh sách" in said["B7"]
    assert "khu vực" in said["E8"]
    assert "sau ngày đầu" in said["G9"]
    assert counts(one) == [1, 0, 0, 4]
    confirm_list(one)
    row = UnitMembership.objects.get(unit=commune, valid__startswith=datetime.date(2020, 2, 1))
    assert (row.zone, row.is_verified, row.valid.upper) == ("III", False, datetime.date(2021, 6, 4))
    assert counts(send_list(administrator, "xa-theo-khu-vuc", content)) == [0, 0, 1, 4]
    client.post(reverse("collection:list_undo", args=[one.pk]))
    assert not UnitMembership.objects.filter(pk=row.pk).exists()


def test_two_times_of_one_list_may_not_overlap(send_list, administrator):
    membership = UnitMembership.objects.filter(unit_list__code="QD861").first()
    headings = ["Danh sách", "Xã", "Huyện", "Từ ngày"]
    day = membership.valid.lower + datetime.timedelta(days=1)
    link = membership.unit.parents.filter(valid__contains=day).get()
    row = ["QD861", membership.unit.full_name, link.parent.full_name, f"{day:%d/%m/%Y}"]
    one = send_list(administrator, "xa-theo-khu-vuc", book_of(headings, row))
    assert "vào thời gian này" in one.problems[0]["text"]


def test_categories_come_in_unverified_and_are_put_back(
    send_list,
    confirm_list,
    administrator,
    client,
):
    headings = ["Cách phân tổ", "Tên", "Nguồn"]
    rows = [["religion", "Minh Sư đạo", "Sổ cũ"], ["cách lạ", "Tên lạ", ""], ["religion", "", "x"]]
    one = confirm_list(send_list(administrator, "phan-loai", book_of(headings, *rows)))
    assert counts(one)[0] == 1
    category = Category.objects.get(name="Minh Sư đạo")
    assert (category.is_verified, category.code) == (False, "minh_su_dao")
    client.post(reverse("collection:list_undo", args=[one.pk]))
    assert not Category.objects.filter(pk=category.pk).exists()


def test_the_guided_page_offers_each_role_its_own(client, cast):
    offered = {}
    for name in ("administrator", "specialist", "clerk"):
        client.force_login(cast(name))
        page = client.get(reverse("ethnic_data:old_system"))
        offered[name] = {one.which for one in page.context["lists"]}
    assert offered["administrator"] == {"xa-theo-khu-vuc", "phan-loai"}
    assert offered["specialist"] == {"van-ban-phap-luat"}
    assert offered["clerk"] == {"van-ban-phap-luat", "van-ban-den", "van-ban-di"}
