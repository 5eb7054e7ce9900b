"""Rules across datasets and periods: what lies beside, when a rule warns, who looks again."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.collection import services
from portal.collection.models import Dataset, DatasetRule, ReportingPeriod, SubmissionEvent
from portal.collection.services.beside import beside_of, covering_period, layout_of, other_side
from portal.collection.services.confirming import confirm
from portal.collection.stores import StoredValue, ValueKey, store_of
from portal.collection.workbooks.layout import Column
from portal.collection.workbooks.outcome import CellValue
from portal.jobs.services import drain
from tests.cast import member
from tests.collection.conftest import dataset, period
from tests.collection.workbooks_of_units import codes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def across(form="BIEU-05", other="DAN-SO", **more) -> DatasetRule:
    """Minority households ≤ people of the commune, from the population dataset."""
    fields = {"code": "so-dan", "kind": "cross", "columns": ["D02"], "relation": "<="}
    fields |= {"other_columns": ["D03"], "severity": "warning"} | more
    return DatasetRule.objects.create(dataset=dataset(form), other_dataset=dataset(other), **fields)


def write(submission, values):
    """`values` as {(unit, measure, group): number}."""
    cells = [
        CellValue(unit, measure, group, None, None, Decimal(number), None, "", "", "", measure)
        for (unit, measure, group), number in values.items()
    ]
    store_of(submission.dataset).write(submission, cells, None)


def approve(submission):
    """Past the checks: the way of a submission is not what is tested here."""
    now = datetime.datetime(2023, 10, 1, tzinfo=datetime.UTC)
    submission.status = "submitted"
    submission.submitted_by, submission.submitted_at = member("son_dong_officer"), now
    confirm(submission=submission, by=submission.submitted_by, at=now)
    submission.save()
    return services.approve(submission=submission, by=member("specialist"), now=now)


@pytest.fixture
def people(opened):
    """Approved people of the first commune: 60 Tày and 40 Nùng."""

    def approved(first=60, second=40):
        submission = opened(form="DAN-SO")
        commune = codes()[0]
        write(submission, {(commune, "D03", "02"): first, (commune, "D03", "07"): second})
        return approve(submission)

    return approved


def test_groups_are_added_up_where_the_other_dataset_has_no_total(opened, people):
    across()
    people()
    submission = opened()
    assert beside_of(submission).others == {
        "so-dan": {(codes()[0], None): 100, (codes()[0], "02"): 60, (codes()[0], "07"): 40}
    }


def test_what_is_not_approved_is_not_there(opened):
    across()
    other = opened(form="DAN-SO")
    write(other, {(codes()[0], "D03", "02"): 60})
    assert not beside_of(opened()).others["so-dan"]


def test_a_submission_is_judged_with_the_other_dataset(opened, people):
    across()
    people()
    submission = opened()
    write(submission, {(codes()[0], "D02", None): 101})
    services.judge(submission)
    [finding] = [issue for issue in submission.findings if issue["rule"] == "so-dan"]
    assert finding["severity"] == "warning"
    assert "101 lớn hơn số liệu của biểu" in finding["message"]


def test_open_data_are_judged_again_when_the_other_dataset_is_approved(opened, people):
    across()
    submission = opened()
    write(submission, {(codes()[0], "D02", None): 101})
    services.judge(submission)
    assert not any(issue["rule"] == "so-dan" for issue in submission.findings)
    people()
    drain()
    submission.refresh_from_db()
    assert any(issue["rule"] == "so-dan" for issue in submission.findings)


def test_locked_data_that_now_disagree_are_flagged_once(opened, people):
    across()
    submission = opened()
    write(submission, {(codes()[0], "D02", None): 101})
    approve(submission)
    other = people()
    drain()
    services.recheck_dependants(approved=other)
    [event] = submission.events.filter(what=SubmissionEvent.What.RECHECKED)
    assert "vừa được duyệt" in event.note
    assert "101 lớn hơn" in event.note


def test_data_that_agree_are_not_flagged(opened, people):
    across()
    submission = opened()
    write(submission, {(codes()[0], "D02", None): 100})
    approve(submission)
    people()
    drain()
    assert not submission.events.filter(what=SubmissionEvent.What.RECHECKED).exists()


def test_the_past_of_a_unit_is_what_was_approved(opened):
    DatasetRule.objects.create(
        dataset=dataset("BIEU-05"), code="la", kind="outlier", columns=["D01"], severity="warning"
    )
    for year, number in (("2020", 70), ("2021", 50), ("2022", 60)):
        submission = opened(time=year)
        write(submission, {(codes()[0], "D01", None): number})
        if year != "2021":
            approve(submission)
    history = beside_of(opened()).history
    assert history == {(codes()[0], "D01", None, None, ""): [60, 70]}


def test_what_lies_beside_costs_few_queries(opened, people):
    across()
    across(code="so-dan-2", columns=["D01"])
    DatasetRule.objects.create(
        dataset=dataset("BIEU-05"), code="la", kind="outlier", columns=["D01"], severity="warning"
    )
    people()
    submission = opened()
    layout = layout_of(submission)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        beside_of(submission, layout)
    assert len(queries) <= 13


def test_a_period_is_compared_with_the_shortest_that_covers_it(db):
    quarter, _ = ReportingPeriod.objects.get_or_create(
        frequency="quarterly",
        start=datetime.date(2023, 4, 1),
        end=datetime.date(2023, 6, 30),
        defaults={"code": "thu-quy-2", "label": "Quý II/2023"},
    )
    assert covering_period(quarter, dataset("DAN-SO")) == period("2023")
    assert covering_period(period("2023"), dataset("DAN-SO")) == period("2023")
    assert covering_period(period("2023"), Dataset(frequency="quarterly")) is None


def test_a_missing_part_leaves_the_other_side_unknown():
    column = Column(key="D03", measure="D03", heading="Số người")
    known, unknown = StoredValue(Decimal(5)), StoredValue(None, "not_collected")
    told = {ValueKey("1", "D03", "01"): known, ValueKey("1", "D03", "02"): unknown}
    assert other_side(told, [column]) == {("1", "01"): 5}
    total = told | {ValueKey("1", "D03"): StoredValue(Decimal(9))}
    assert other_side(total, [column])["1", None] == 9


def test_sexes_and_categories_are_added_up_by_naming_their_columns():
    columns = [
        Column(key=sex, measure="D03", heading=sex, sex=sex)  # type: ignore[arg-type]
        for sex in ("male", "female")
    ]
    told = {
        ValueKey("1", "D03", None, "male"): StoredValue(Decimal(5)),
        ValueKey("1", "D03", None, "female"): StoredValue(Decimal(4)),
        ValueKey("2", "D03", None, "male"): StoredValue(Decimal(5)),
        ValueKey("1", "D03"): StoredValue(Decimal(100)),
    }
    assert other_side(told, columns) == {("1", None): 9}


def quarters(year):
    return [
        ReportingPeriod(
            frequency="quarterly",
            start=datetime.date(year, month, 1),
            end=datetime.date(year, month + 2, 30),
        )
        for month in (1, 4, 7, 10)
    ]


def test_a_new_rule_is_a_warning_for_some_periods():
    rule = DatasetRule(
        code="moi",
        kind="range",
        columns=["A"],
        severity="error",
        since=datetime.date(2023, 4, 1),
        warning_periods=2,
        until=datetime.date(2024, 6, 30),
    )
    first, *trial, last = quarters(2023)
    assert not rule.is_in_force(first)
    assert [rule.as_layout(one).severity for one in trial] == ["warning", "warning"]
    assert rule.as_layout(trial[0]).note == "Quy tắc mới, từ quý 4/2023 trở đi sẽ là lỗi."
    assert rule.as_layout(last).severity == "error"
    assert rule.as_layout(last).note == ""
    begin, end, *_ = quarters(2024)
    assert rule.is_in_force(begin)
    assert not rule.is_in_force(end)


@pytest.mark.parametrize(
    ("frequency", "end", "note"),
    [
        ("yearly", datetime.date(2023, 12, 31), "từ năm 2024 trở đi"),
        ("half_yearly", datetime.date(2023, 6, 30), "từ 6 tháng cuối năm 2023 trở đi"),
        ("monthly", datetime.date(2023, 12, 31), "từ tháng 1/2024 trở đi"),
    ],
)
def test_the_end_of_the_trial_is_said_in_words(frequency, end, note):
    rule = DatasetRule(code="moi", kind="range", columns=["A"], since=end, warning_periods=1)
    assert note in rule.as_layout(ReportingPeriod(frequency=frequency, start=end, end=end)).note


def test_a_rule_that_was_a_warning_stays_one():
    rule = DatasetRule(code="moi", kind="range", columns=["A"], severity="warning")
    assert rule.as_layout(period("2023")).severity == "warning"
    assert rule.as_layout(period("2023")).note == ""


def test_the_layout_of_a_period_holds_the_rules_in_force(opened):
    DatasetRule.objects.create(
        dataset=dataset("BIEU-05"),
        code="moi",
        kind="range",
        columns=["D01"],
        since=datetime.date(2024, 1, 1),
    )
    assert "moi" not in {rule.code for rule in layout_of(opened()).rules}
    assert "moi" in {rule.code for rule in layout_of(opened(time="2024")).rules}
