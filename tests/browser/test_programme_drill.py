"""A leader's way from the rate of a district to one payment and the decision behind it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from programs.models import CapitalPlan, Component, Disbursement, Organisation, Programme, Works
from tests.cast import unit
from tests.programs.factories import CapitalPlanFactory, change, decision

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def a_payment() -> Disbursement:
    """Money of 2023 from the province down to one works of Sơn Động, a quarter of it paid."""
    programme = Programme.objects.get(code="1719")
    component = Component.objects.get(programme=programme, code="DA4.TDA1.ND2")
    investor = Organisation.objects.create(
        code="bql-drill", name="Ban Quản lý dự án huyện Sơn Động thử", kind="investor"
    )
    works = Works.objects.create(
        code="SD-DRILL", name="Đường đến trung tâm xã Vân Sơn", component=component,
        investor=investor, kind="new", planned_start=datetime.date(2023, 3, 1),
    )  # fmt: skip
    assigned = decision(datetime.date(2023, 1, 5), number="4321")
    same = {"programme": programme, "component": component}
    top = CapitalPlanFactory(**same)
    change(top, "assigned", 8000, datetime.date(2023, 1, 10), document=assigned)
    district = CapitalPlanFactory(**same, holder="district", unit=unit("220"), parent=top)
    change(district, "allocated", 8000, datetime.date(2023, 1, 12), document=assigned)
    line: CapitalPlan = CapitalPlanFactory(
        **same, holder="works", unit=None, works=works, parent=district
    )
    change(line, "allocated", 8000, datetime.date(2023, 1, 20), document=assigned)
    return Disbursement.objects.create(
        plan=line, amount=Decimal("2000.125"), day=datetime.date(2023, 6, 12),
        voucher="KB-0612", document=assigned,
    )  # fmt: skip


def test_a_leader_goes_from_a_rate_to_one_payment_and_its_document(arrive):
    payment = a_payment()
    leader = arrive("lanhdao")
    page = leader.open("/chuong-trinh/tong-quan/?nam=2023")
    row = page.get_by_role("row").filter(has_text="Huyện Sơn Động").first
    row.get_by_role("link", name="25 %").click()
    page.get_by_role("link", name=payment.plan.works.name).first.click()
    page.get_by_role("heading", level=1).wait_for()
    paid = page.get_by_role("row").filter(has_text="KB-0612")
    assert "2.000,125" in paid.inner_text()
    paid.get_by_role("link", name="4321/QĐ-UBND").click()
    leader.sees("Về việc giao kế hoạch vốn")
    page.get_by_role("heading", level=1).filter(has_text="4321/QĐ-UBND").wait_for()


def test_the_same_way_on_a_phone(arrive):
    payment = Disbursement.objects.filter(voucher="KB-0612").first() or a_payment()
    leader = arrive("lanhdao", phone=True)
    page = leader.open("/chuong-trinh/tong-quan/?nam=2023")
    row = page.get_by_role("row").filter(has_text="Huyện Sơn Động").first
    row.get_by_role("link", name="25 %").tap()
    page.get_by_role("link", name=payment.plan.works.name).first.tap()
    assert "2.000,125" in page.get_by_role("row").filter(has_text="KB-0612").inner_text()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
