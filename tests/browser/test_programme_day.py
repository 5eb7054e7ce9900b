"""A quarter of works in a browser: the investor's entry, the commune's word, the committee's."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from portal.accounts.models import User
from portal.collection.models import Submission
from programs.models import Component, Membership, Organisation, Works, WorksEvent, WorksPlace
from tests.cast import unit

from .people import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
FORM, COMMUNE, QUARTER = "CT-TD", "07645", "2024-Q2"


def works_of(investor: str, code: str, name: str) -> Works:
    organisation, _ = Organisation.objects.get_or_create(
        code=investor, defaults={"name": f"Ban Quản lý dự án {investor}", "kind": "investor"}
    )
    works = Works.objects.create(
        code=code, name=name, component=Component.objects.get(code="DA4.TDA1"),
        investor=organisation, kind="new", planned_start=datetime.date(2024, 3, 1),
        planned_finish=datetime.date(2024, 12, 1),
    )  # fmt: skip
    WorksPlace.objects.create(works=works, unit=unit(COMMUNE, on=datetime.date(2024, 3, 1)))
    WorksEvent.objects.create(works=works, state="approved", day=datetime.date(2024, 2, 1))
    return works


def test_an_investor_enters_a_commune_authenticates_and_the_works_have_begun(arrive):
    own = works_of("bql-sondong", "SD-DUONG", "Đường thôn Nà Trắng")
    works_of("bql-khac", "SD-NHA", "Nhà văn hoá thôn Biểng")
    user = User.objects.get(username="chudautu")
    Membership.objects.create(user=user, organisation=own.investor)

    entered_by_the_investor(arrive("chudautu"), own)
    authenticated_by_the_commune(arrive("canbo.xa.anlac"))
    approved_by_the_committee(arrive("chuyenvien"), own)

    own.refresh_from_db()
    assert (own.state, own.actual_start) == ("started", datetime.date(2024, 4, 3))


def entered_by_the_investor(investor: Visitor, own: Works) -> None:
    """Only the own row can be written; the investor does not send it."""
    page = investor.open(reverse("collection:start", args=[FORM, COMMUNE, QUARTER]))
    investor.button("Nhập số liệu")
    row = page.locator("tr").filter(has_text=own.name)
    fields = row.locator("input:visible")
    for place, value in ((0, "35"), (1, "1.200,5"), (2, "3"), (3, "4"), (4, "2024")):
        fields.nth(place).fill(value)
    others = page.locator("tr").filter(has_text="Nhà văn hoá thôn Biểng")
    assert others.locator("input:visible").count() == 0
    investor.button("Lưu")
    page.wait_for_url("**/so-lieu/bo/*")
    submission = Submission.objects.get(dataset__code=FORM)
    page = investor.open(submission.get_absolute_url())
    sending = page.locator(".page-head__action").get_by_role("link", name="Nộp số liệu")
    assert sending.count() == 0
    assert investor.status_of(reverse("programs:works_detail", args=["SD-NHA"])) == 404


def authenticated_by_the_commune(officer: Visitor) -> None:
    page = officer.open(Submission.objects.get(dataset__code=FORM).get_absolute_url())
    page.locator(".page-head__action").get_by_role("link", name="Nộp số liệu", exact=True).click()
    page.get_by_label("Tôi đã đối chiếu").check()
    officer.button("Nộp số liệu")
    officer.sees("Đã nộp số liệu. Chờ Ban Dân tộc duyệt.")


def approved_by_the_committee(specialist: Visitor, own: Works) -> None:
    """Districts are no more today, so the committee's is the only level left."""
    page = specialist.go("Duyệt số liệu")
    row = page.get_by_role("row").filter(has_text="Tiến độ công trình")
    row.get_by_role("link", name="Duyệt", exact=True).click()
    specialist.button("Duyệt")
    specialist.sees("Số liệu đã khoá")
    page = specialist.open(reverse("programs:works_detail", args=[own.code]))
    page.get_by_role("heading", name="Tiến độ, kết quả").wait_for()
    assert "1.200,5" in page.locator("#ket-qua").inner_text()
