"""The programme's workbooks: declared as data, filled with works, posted when they are approved."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from portal.collection import services
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services import refusals
from portal.collection.services.beside import layout_of
from portal.collection.stores import store_of
from portal.units.models import UnitSuccession
from programs.models import (
    Beneficiaries,
    CapitalChange,
    CapitalPlan,
    Component,
    Disbursement,
    Membership,
    Output,
    SupportedHousehold,
    WorksEvent,
)
from programs.services.datasets import load_datasets
from tests.cast import member, person, unit
from tests.programs.factories import decision

from .conftest import AN_LAC, DECIDED, begin, cite, send_file, take_over, works_at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODES = ["CT-KHV", "CT-GN", "CT-TD", "CT-KQ", "CT-DT", "CT-DG"]


def said(upload) -> str:
    return " ".join(issue["message"] for issue in upload.issues)


def test_the_six_workbooks_are_declared_and_kept_as_they_were_changed():
    found = Dataset.objects.filter(code__in=CODES)
    assert [one.code for one in found] == CODES
    found.filter(code="CT-GN").update(short_title="Giải ngân tháng")
    load_datasets()
    assert Dataset.objects.get(code="CT-GN").short_title == "Giải ngân tháng"
    assert Dataset.objects.filter(code__in=CODES).count() == 6


def test_money_has_a_column_for_each_source_and_kind_and_credit_only_one():
    keys = [column.key for column in Dataset.objects.get(code="CT-KHV").columns.all()]
    assert keys[:3] == ["TONG", "NSTW-DT", "NSTW-SN"]
    assert "TDCS-SN" in keys
    assert "TDCS-DT" not in keys


@pytest.mark.parametrize("code", ["CT-KHV", "CT-GN", "CT-TD", "CT-DT"])
def test_rows_are_the_works_of_the_sending_unit(jobs, code):
    dataset = Dataset.objects.get(code=code)
    at = AN_LAC if code == "CT-TD" else "220"
    time = {"CT-GN": "2023-M03", "CT-TD": "2023-Q2"}.get(code, "2023")
    layout = layout_of(begin(code, time, at=at))
    assert {row.code for row in layout.units} == {"SD-01", "SD-02"}
    assert [row.code for row in layout.known_units] == ["LN-01"]
    assert layout.units[0].district_name == "Xã An Lạc"
    assert dataset.row_level == "record"


def test_works_that_were_settled_before_or_begin_later_are_no_rows(jobs):
    WorksEvent.objects.create(works=jobs[0], state="settled", day=datetime.date(2022, 12, 1))
    jobs[1].planned_start, jobs[1].planned_finish = datetime.date(2024, 2, 1), None
    jobs[1].save()
    assert not layout_of(begin("CT-GN", "2023-M03")).units


def test_works_of_a_commune_that_was_merged_are_told_by_its_new_one(jobs):
    """Since 1/7/2025 the commune reports; the works keep the place of their time."""
    old = unit(AN_LAC, on=datetime.date(2025, 6, 30))
    new = UnitSuccession.objects.get(old=old, date=datetime.date(2025, 7, 1)).new
    period = ReportingPeriod.objects.get(code="2025-M08")
    dataset = Dataset.objects.get(code="CT-GN")
    layout = store_of(dataset).layout(dataset, new, period)
    assert {row.code for row in layout.units} == {"SD-01", "SD-02"}


# the year's capital


def test_an_approved_plan_is_in_the_ledger_with_its_decision(plan):
    lines = CapitalPlan.objects.filter(holder="works").order_by("works__code")
    assert [(line.works.code, line.received) for line in lines] == [
        ("SD-01", Decimal("1200.500")),
        ("SD-02", Decimal("300.000")),
    ]
    cited = {one.document.number_and_symbol for one in CapitalChange.objects.filter(plan__in=lines)}
    assert cited == {"88/QĐ-UBND"}
    assert plan.decision.document.date == DECIDED


def test_a_plan_is_not_sent_without_a_decision_of_the_register(money):
    upload = send_file(begin("CT-KHV", "2023"), {("SD-01", "NSTW-DT"): 100})
    assert said(upload) == ""
    submission = take_over(upload)
    with pytest.raises(refusals.Refused, match="Sổ văn bản chưa có quyết định số 88/QĐ-UBND"):
        services.submit(submission=submission, by=member("son_dong_officer"), cover_letter=cite())
    submission.refresh_from_db()
    assert submission.status == Submission.Status.DRAFT


def test_a_total_that_its_row_does_not_add_up_to_is_told_at_its_cell(money):
    upload = send_file(begin("CT-KHV", "2023"), {("SD-01", "TONG"): 500, ("SD-01", "NSTW-DT"): 400})
    assert "500 khác tổng các nguồn vốn của dòng (400)" in said(upload)
    lone = send_file(begin("CT-KHV", "2023"), {("SD-02", "TONG"): 500})
    assert "mới có tổng số" in said(lone)


def test_an_allocation_above_the_districts_money_is_told_and_nothing_posted(money):
    upload = send_file(
        begin("CT-KHV", "2023"), {("SD-01", "NSTW-DT"): 1500, ("SD-02", "NSTW-DT"): 501}
    )
    assert [issue["unit"] for issue in upload.issues if issue["severity"] == "error"] == ["SD-02"]
    assert not CapitalPlan.objects.filter(holder="works").exists()


def test_a_corrected_plan_posts_the_difference(plan):
    later = datetime.date(2023, 6, 1)
    decision(later, number="99")
    again = begin("CT-KHV", "2023", reason="Điều chỉnh theo quyết định mới")
    upload = send_file(again, {("SD-01", "NSTW-DT"): 1000, ("SD-02", "NSTW-DT"): 450})
    assert said(upload) == ""
    sent = services.submit(
        submission=take_over(upload), by=member("son_dong_officer"), cover_letter=cite("99", later)
    )
    services.approve(submission=sent, by=member("specialist"))
    posted = CapitalChange.objects.filter(submission=sent, plan__holder="works")
    assert {(one.plan.works.code, one.what, one.amount) for one in posted} == {
        ("SD-01", "adjusted", Decimal("-200.500")),
        ("SD-02", "adjusted", Decimal(150)),
    }


# payments of a month


def test_payments_of_months_are_posted_and_never_above_the_balance(plan, approved):
    approved("CT-GN", "2023-M03", {("SD-01", "NSTW-DT"): Decimal("700.25")})
    over = send_file(begin("CT-GN", "2023-M04"), {("SD-01", "NSTW-DT"): Decimal("500.251")})
    assert "0,001" in said(over)
    assert Disbursement.objects.get().amount == Decimal("700.25")
    assert Disbursement.objects.get().day == datetime.date(2023, 3, 31)


def test_a_payment_before_the_decision_or_without_a_plan_is_told_at_its_cell(plan):
    early = send_file(begin("CT-GN", "2023-M01"), {("SD-01", "NSTW-DT"): 10})
    assert "errors" in early.reconciliation
    assert said(early)
    unplanned = send_file(begin("CT-GN", "2023-M03"), {("SD-01", "NST-SN"): 10})
    assert "chưa có kế hoạch vốn NST-SN năm 2023" in said(unplanned)


# progress


def told_days(works, begun=None, finished=None, **more):
    figures = {(works, key): value for key, value in more.items()}
    for which, day in (("KC", begun), ("HT", finished)):
        if day:
            figures |= {
                (works, f"{which}-NGAY"): day.day,
                (works, f"{which}-THANG"): day.month,
                (works, f"{which}-NAM"): day.year,
            }
    return figures


APRIL, JUNE = datetime.date(2023, 4, 3), datetime.date(2023, 6, 20)


def test_progress_becomes_events_when_the_committee_approved_what_the_commune_sent(jobs, approved):
    figures = told_days("SD-01", APRIL, JUNE, KL=100) | told_days("SD-02", APRIL, KL=30)
    luyen = person("luyen", role="officer", full_name="Chu Văn Luyện", area="220")
    approved(
        "CT-TD",
        "2023-Q2",
        figures,
        at=AN_LAC,
        reviewers=(luyen, "specialist"),
        now=datetime.datetime(2023, 7, 8, 9, tzinfo=datetime.UTC),
    )
    for works in jobs:
        works.refresh_from_db()
    assert (jobs[0].state, jobs[0].actual_start, jobs[0].actual_finish) == ("finished", APRIL, JUNE)
    assert (jobs[1].state, jobs[1].actual_start) == ("started", APRIL)
    assert [event.by.username for event in jobs[1].events.all()] == ["specialist"]


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({("SD-01", "HT-NGAY"): 5, ("SD-01", "HT-THANG"): 5}, "ghi đủ ngày, tháng, năm"),
        (
            {("SD-01", "KC-NGAY"): 31, ("SD-01", "KC-THANG"): 4, ("SD-01", "KC-NAM"): 2023},
            "không có ngày 31/4/2023",
        ),
        (told_days("SD-01", datetime.date(2023, 7, 1)), "sau ngày cuối kỳ (30/06/2023)"),
        (told_days("SD-01", JUNE, APRIL), "trước khi khởi công"),
        (told_days("SD-01", None, JUNE), "chưa có ngày khởi công"),
        (told_days("SD-01", APRIL, JUNE, KL=90), "khối lượng mới 90 %"),
        ({("SD-01", "KL"): 101}, "101"),
    ],
)
def test_days_that_do_not_go_together_are_told_at_their_cell(jobs, figures, words):
    upload = send_file(begin("CT-TD", "2023-Q2", at=AN_LAC), figures)
    assert words in said(upload)


def test_an_investor_writes_the_own_works_only(jobs):
    investor = member_investor(jobs[0])
    submission = begin("CT-TD", "2023-Q2", at=AN_LAC, by=investor)
    own = send_file(submission, {("SD-01", "KL"): 40}, by=investor)
    assert said(own) == ""
    services.discard_upload(upload=own, by=investor)
    foreign = send_file(submission, {("SD-02", "KL"): 40}, by=investor)
    assert "không thuộc phần bạn được nhập" in said(foreign)


def member_investor(works):
    someone = person("chu.dau.tu", role="investor", full_name="Vi Văn Quảng", area="220")
    Membership.objects.create(user=someone, organisation=works.investor)
    return someone


# results


def test_outputs_are_kept_by_works_and_kind(jobs, approved):
    figures = {
        ("SD-01/KQ-DUONG", "KH"): Decimal("2.5"),
        ("SD-01/KQ-DUONG", "TH"): Decimal("2.345"),
        ("SD-02/KQ-NHA-VH", "TH"): 1,
    }
    submission = approved("CT-KQ", "2023", figures)
    kept = Output.objects.order_by("kind__code")
    assert [(o.works.code, o.kind.code, o.planned, o.actual) for o in kept] == [
        ("SD-01", "KQ-DUONG", Decimal("2.5"), Decimal("2.345")),
        ("SD-02", "KQ-NHA-VH", None, Decimal(1)),
    ]
    again = begin("CT-KQ", "2023", reason="Nhập nhầm công trình")
    upload = send_file(again, {("SD-01/KQ-DUONG", "TH"): Decimal("2.5")})
    store_of(again.dataset).write(again, [], None, units=["SD-02/KQ-NHA-VH"])
    sent = services.submit(submission=take_over(upload), by=member("son_dong_officer"))
    services.approve(submission=sent, by=member("specialist"))
    assert [o.actual for o in Output.objects.all()] == [Decimal("2.5")]
    assert submission.pk != Output.objects.get().submission_id


def test_a_part_of_a_house_is_told(jobs):
    upload = send_file(begin("CT-KQ", "2023"), {("SD-01/KQ-NHA-VH", "TH"): Decimal("0.5")})
    assert "phải là số nguyên (nhà)" in said(upload)


def test_households_are_compared_with_the_register(jobs):
    houses = works_at(AN_LAC, code="SD-03", component=Component.objects.get(code="DA1.ND2"))
    for number in "123":
        SupportedHousehold.objects.create(
            component=houses.component, year=2023, unit=unit(AN_LAC), household_no=number,
            works=houses,
        )  # fmt: skip
    upload = send_file(begin("CT-KQ", "2023"), {("SD-03/KQ-NHA-O", "TH"): 4})
    assert "4 hộ khác số hộ trong sổ hộ được hỗ trợ (3)" in said(upload)
    assert [issue["severity"] for issue in upload.issues] == ["warning"]


def test_people_are_kept_by_group_and_sex(jobs, approved):
    figures = {
        ("SD-01", "02", "TONG"): 100,
        ("SD-01", "02", "NAM"): 45,
        ("SD-01", "02", "NU"): 55,
        ("SD-01", "06", "NAM"): 3,
        ("SD-01", "06", "NU"): 4,
    }
    approved("CT-DT", "2023", figures)
    kept = Beneficiaries.objects.order_by("group__code")
    assert [(b.group.code, b.male, b.female) for b in kept] == [("02", 45, 55), ("06", 3, 4)]


def test_the_evaluation_has_the_projects_that_apply_here(jobs):
    codes = [row.code for row in layout_of(begin("CT-DG", "2023")).units]
    assert "DA9.TDA2" in codes
    assert "DA9.TDA1" not in codes
    assert "DA3" not in codes
    assert codes[:2] == ["DA1", "DA2"]
