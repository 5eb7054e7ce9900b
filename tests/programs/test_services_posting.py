"""Workbooks in the ledger: payments of a month, capital of works of a year."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from portal.collection.models import ReportingPeriod, Submission
from programs.ledger import LedgerRefused
from programs.models import CapitalPlan, ClosedMonth, Disbursement
from programs.services.posting import (
    objections_to_monthly,
    objections_to_plan,
    post_monthly,
    post_plan,
    source_and_kind,
)
from tests.cast import unit
from tests.collection.conftest import dataset, period
from tests.programs.factories import (
    CapitalPlanFactory,
    ComponentFactory,
    WorksFactory,
    change,
    decision,
    line_of_works,
    pay,
)
from tests.programs.test_ledger import on, totals

pytestmark = pytest.mark.django_db
COLUMN = "NSTW-DT"


@pytest.fixture
def asked(son_dong_officer):
    """`asked(month)`: Sơn Động's submission of a month of 2023, or of the year."""

    def begin(month: int | None = None) -> Submission:
        time = period("2023")
        if month:
            time, _ = ReportingPeriod.objects.get_or_create(
                code=f"thu-2023-{month}",
                defaults={
                    "label": f"Tháng {month} thử",
                    "frequency": "monthly",
                    "start": on(1, month),
                    "end": on(1, month + 1) - datetime.timedelta(days=1),
                },
            )
        return Submission.objects.create(
            dataset=dataset("BIEU-05"),
            unit=unit("220"),
            period=time,
            created_by=son_dong_officer,
        )

    return begin


def told(works, amount, column=COLUMN):
    return {(works.code, column): Decimal(str(amount))}


def test_a_measure_is_a_source_and_a_kind():
    assert source_and_kind("NSTW-DT") == ("NSTW", "investment")
    assert source_and_kind("NST-SN") == ("NST", "recurrent")
    assert source_and_kind("NST") is None
    assert source_and_kind("X-YZ") is None


def test_a_month_is_posted_on_its_last_day_and_the_same_again_posts_nothing(asked, specialist):
    line = line_of_works()
    month = asked(3)
    values = told(line.works, "120.5")
    more = {"submission": month, "programme": line.programme, "by": specialist}
    [paid] = post_monthly(values=values, **more)
    assert (paid.plan, paid.day, paid.amount) == (line, on(31, 3), Decimal("120.5"))
    assert post_monthly(values=values, **more) == []
    assert totals(line)[2] == Decimal("120.5")


def test_a_correction_takes_back_and_enters_only_what_changed(asked, specialist):
    line = line_of_works()
    other = CapitalPlanFactory(
        parent=line.parent,
        holder="works",
        unit=None,
        works=WorksFactory(component=line.component),
        programme=line.programme,
        component=line.component,
        source=line.source,
    )
    change(other, "allocated", 500, on(1, 3))
    month = asked(3)
    more = {"submission": month, "programme": line.programme, "by": specialist}
    post_monthly(values=told(line.works, 120) | told(other.works, 30), **more)
    post_monthly(values=told(line.works, 100) | told(other.works, 30), **more)
    assert [paid.amount for paid in line.disbursements.all()] == [120, -120, 100]
    assert [paid.amount for paid in other.disbursements.all()] == [30]
    post_monthly(values=told(line.works, 100), **more)  # the other row is no longer told
    assert totals(other)[2] == 0
    assert {paid.day for paid in Disbursement.objects.all()} == {on(31, 3)}


@pytest.mark.parametrize(
    ("month", "amount", "rule", "words"),
    [
        (3, "1000.001", "disbursement_within_balance", "vượt 0,001 triệu đồng"),
        (1, 1, "disbursement_after_decision", "vốn được giao từ ngày 15/02/2023"),
        (3, -1, "negative", "không được nhỏ hơn 0"),
        (3, "0.0001", "amount", "ba chữ số"),
    ],
)
def test_what_would_be_refused_is_told_at_its_works_and_column(
    asked, specialist, month, amount, rule, words
):
    line = line_of_works()
    submission, values = asked(month), told(line.works, amount)
    [found] = objections_to_monthly(asked=submission, programme=line.programme, values=values)
    assert found[:2] == (line.works.code, COLUMN)
    assert found.rule == rule
    assert words in found.text
    with pytest.raises(LedgerRefused):
        post_monthly(submission=submission, programme=line.programme, values=values, by=specialist)
    assert not Disbursement.objects.exists()


def test_works_without_a_line_and_a_closed_month_are_told(asked, specialist):
    line = line_of_works()
    month = asked(3)
    values = told(line.works, 5, "NST-DT") | told(line.works, 7)
    ClosedMonth.objects.create(programme=line.programme, month=on(1, 3), by=specialist)
    found = objections_to_monthly(asked=month, programme=line.programme, values=values)
    assert [one.rule for one in found] == ["unknown_line", "disbursement_month_open"]
    assert "chưa có kế hoạch vốn NST-DT năm 2023" in found[0].text


def test_a_correction_that_changes_nothing_does_not_mind_that_its_month_was_closed(
    asked, specialist
):
    line = line_of_works()
    month, values = asked(3), told(line.works, 7)
    post_monthly(submission=month, programme=line.programme, values=values, by=specialist)
    ClosedMonth.objects.create(programme=line.programme, month=on(1, 3), by=specialist)
    more = {"asked": month, "programme": line.programme}
    assert objections_to_monthly(values=values, **more) == []
    [found] = objections_to_monthly(values=told(line.works, 8), **more)
    assert found.rule == "disbursement_month_open"


def test_what_a_correction_takes_back_makes_room_for_what_it_enters(asked, specialist):
    line = line_of_works()
    month = asked(3)
    more = {"programme": line.programme}
    post_monthly(submission=month, values=told(line.works, 900), by=specialist, **more)
    values = told(line.works, 1000)
    assert objections_to_monthly(asked=month, values=values, **more) == []
    post_monthly(submission=month, values=values, by=specialist, **more)
    assert totals(line) == (1000, 0, 1000, 0)


def new_works(line, **more):
    """Works of a content below the district's component, without capital yet."""
    content = ComponentFactory(programme=line.programme, kind="subproject", parent=line.component)
    return WorksFactory(component=content, **more)


def test_a_unit_allocates_to_investors_and_on_to_works(asked, specialist):
    line = line_of_works()
    job = new_works(line)
    paper = decision(on(20, 3), number="77")
    year = asked()
    year.cover_letter_number, year.cover_letter_date = "77/QĐ-UBND", on(20, 3)
    post_plan(submission=year, programme=line.programme, values=told(job, 300), by=specialist)
    below = CapitalPlan.objects.get(works=job)
    assert totals(below) == (300, 0, 0, 300)
    assert below.parent.organisation == job.investor
    assert totals(below.parent) == (300, 300, 0, 0)
    assert totals(line.parent) == (2000, 1300, 0, 700)
    entry = below.changes.get()
    assert (entry.what, entry.day, entry.document) == ("allocated", on(20, 3), paper)


def test_a_correction_of_the_plan_is_an_adjustment_by_the_difference(asked, specialist):
    line = line_of_works()
    job = new_works(line)
    year = asked()
    more = {"submission": year, "programme": line.programme, "by": specialist}
    post_plan(values=told(job, 300), document=decision(on(20, 3)), **more)
    assert post_plan(values=told(job, 300), document=decision(on(20, 3)), **more) == []
    post_plan(values=told(job, 250), document=decision(on(20, 6)), **more)
    below = CapitalPlan.objects.get(works=job)
    assert [(one.what, one.amount) for one in below.changes.all()] == [
        ("allocated", 300),
        ("adjusted", -50),
    ]
    post_plan(values={}, document=decision(on(20, 7)), **more)
    assert totals(below)[0] == totals(below.parent)[0] == 0


def test_the_rows_from_which_on_the_capital_does_not_reach_are_told(asked, specialist):
    line = line_of_works()
    jobs = [new_works(line) for _ in range(3)]
    values = told(jobs[0], 600) | told(jobs[1], 300) | told(jobs[2], 200)
    year = asked()
    found = objections_to_plan(asked=year, programme=line.programme, values=values)
    assert [one.works for one in found] == [jobs[2].code]
    assert "còn 1.000 triệu đồng để phân bổ" in found[0].text
    assert "vượt 100 triệu đồng" in found[0].text
    with pytest.raises(LedgerRefused, match="vượt 100 triệu"):
        post_plan(
            submission=year,
            programme=line.programme,
            values=values,
            by=specialist,
            document=decision(on(20, 3)),
        )
    assert not CapitalPlan.objects.filter(works__in=jobs).exists()


def test_capital_that_the_unit_was_not_given_and_codes_nobody_knows_are_told(asked):
    line = line_of_works()
    job = new_works(line)
    values = told(job, 5, "NST-SN") | {("KHONG-CO", COLUMN): Decimal(1)}
    found = objections_to_plan(asked=asked(), programme=line.programme, values=values)
    assert [one.rule for one in found] == ["unknown_line", "unknown_works"]
    assert "chưa được giao vốn NST-SN năm 2023" in found[0].text


def test_a_plan_without_a_decision_in_the_register_is_refused(asked, specialist):
    line = line_of_works()
    job = new_works(line)
    year = asked()
    more = {"programme": line.programme, "values": told(job, 5), "by": specialist}
    with pytest.raises(LedgerRefused, match="Chưa ghi quyết định"):
        post_plan(submission=year, **more)
    year.cover_letter_number, year.cover_letter_date = "78/QĐ-UBND", on(20, 3)
    with pytest.raises(LedgerRefused, match="chưa có quyết định số 78/QĐ-UBND ngày 20/03/2023"):
        post_plan(submission=year, **more)


def test_two_programmes_in_one_sheet_leave_each_other_alone(asked, specialist):
    one, other = line_of_works(), line_of_works()
    month = asked(3)
    for line in (one, other):
        more = {"submission": month, "programme": line.programme, "by": specialist}
        post_monthly(values=told(line.works, 50), **more)
    assert totals(one)[2] == totals(other)[2] == 50
    assert Disbursement.objects.count() == 2
    year = asked()
    for line in (one, other):
        more = {"submission": year, "programme": line.programme, "by": specialist}
        post_plan(values=told(new_works(line), 30), document=decision(on(20, 3)), **more)
    assert not CapitalPlan.objects.filter(works__isnull=False, changes__what="adjusted").exists()


def test_a_month_that_was_entered_otherwise_asks_for_a_reason(asked, specialist):
    line = line_of_works()
    pay(line, 40, on(10, 3))
    month = asked(3)
    more = {"programme": line.programme, "values": told(line.works, 50)}
    [found] = objections_to_monthly(asked=month, **more)
    assert (found.rule, found.severity) == ("told_elsewhere", "warning")
    assert "Tháng 03/2023 đã có 40 triệu đồng" in found.text
    post_monthly(submission=month, by=specialist, **more)
    assert totals(line)[2] == 90
    assert objections_to_monthly(asked=month, **more) == []
