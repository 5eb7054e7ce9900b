"""The administrator adds, tries, orders, ends and deletes the rules of a dataset in the browser."""

from __future__ import annotations

import datetime

import pytest

from portal.collection import services
from portal.collection.models import DatasetRule
from portal.collection.services.ruling import RuleCited, delete_rule, try_rule
from tests.collection.conftest import dataset
from tests.collection.test_services_beside import approve, write
from tests.collection.workbooks_of_units import codes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ADDRESS = "/so-lieu/quy-tac/BIEU-05"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


RANGE = {"columns": ["N03"], "maximum": "10", "severity": "warning", "warning_periods": "0"}


def test_a_rule_is_added_and_judges_at_once(admin, opened):
    page = admin.post(f"{ADDRESS}/them?loai=range", RANGE)
    assert page.status_code == 302
    rule = DatasetRule.objects.get(dataset=dataset("BIEU-05"), kind="range")
    assert rule.code == "range-1"
    assert rule.position == dataset("BIEU-05").rules.count()
    submission = opened()
    write(submission, {(codes()[0], "N03", None): 11})
    services.judge(submission)
    assert "range-1" in {issue["rule"] for issue in submission.findings}
    assert "Số hộ nghèo" in admin.get(ADDRESS).content.decode()


@pytest.mark.parametrize("kind", DatasetRule.Kind.values)
def test_every_kind_has_a_form(admin, kind):
    other = "&bieu=DAN-SO" if kind == "cross" else ""
    page = admin.get(f"{ADDRESS}/them?loai={kind}{other}")
    assert page.status_code == 200
    assert "Lưu quy tắc" in page.content.decode()


def test_a_rule_across_datasets_is_added(admin):
    data = {"columns": ["D02"], "relation": "<=", "other_columns": ["D03"], "severity": "warning"}
    data |= {"warning_periods": "2", "since": "01/01/2024"}
    assert admin.post(f"{ADDRESS}/them?loai=cross&bieu=DAN-SO", data).status_code == 302
    rule = DatasetRule.objects.get(kind="cross", dataset=dataset("BIEU-05"))
    assert (rule.other_dataset, rule.warning_periods) == (dataset("DAN-SO"), 2)
    assert rule.since == datetime.date(2024, 1, 1)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("range", {"columns": ["N03"]}),
        ("range", {"columns": [], "maximum": "1"}),
        ("range", {"columns": ["X9"], "maximum": "1"}),
        ("range", {"columns": ["N03"], "minimum": "2", "maximum": "1"}),
        ("at_most", {"columns": ["N03"], "other": "N03"}),
        ("ratio", {"columns": ["N03", "N04"], "other": "D01", "maximum": "1"}),
        ("change", {"columns": ["N03"], "parameter": "1"}),
        ("outlier", {"columns": ["N03"], "parameter": "0"}),
        ("range", {"columns": ["N03"], "maximum": "1", "warning_periods": "3"}),
        ("range", {"columns": ["N03"], "maximum": "9" * 40}),
    ],
)
def test_a_rule_that_makes_no_sense_is_not_kept(admin, kind, data):
    before = DatasetRule.objects.count()
    common = {"severity": "error", "warning_periods": "0"}
    assert admin.post(f"{ADDRESS}/them?loai={kind}", common | data).status_code == 422
    assert DatasetRule.objects.count() == before


def test_a_rule_is_tried_on_approved_data_before_it_is_kept(admin, opened):
    submission = opened()
    write(submission, {(code, "N03", None): 11 for code in codes()[:3]})
    approve(submission)
    before = DatasetRule.objects.count()
    page = admin.post(f"{ADDRESS}/them?loai=range", RANGE | {"thu": "1"})
    text = page.content.decode()
    assert "3 giá trị trong 1 bộ số liệu đã duyệt sẽ bị nhắc" in text
    assert DatasetRule.objects.count() == before
    across = DatasetRule(
        dataset=dataset("BIEU-05"),
        code="thu",
        kind="cross",
        columns=["N03"],
        other_dataset=dataset("DAN-SO"),
        other_columns=["D03"],
    )
    assert try_rule(across).count == 0


def test_without_approved_data_there_is_nothing_to_try(admin):
    text = admin.post(f"{ADDRESS}/them?loai=range", RANGE | {"thu": "1"}).content.decode()
    assert "chưa có số liệu đã duyệt" in text


def test_rules_change_places(admin):
    first, second, *_ = dataset("BIEU-05").rules.all()
    admin.post(f"{ADDRESS}/{second.pk}/chuyen", {"len": "1"})
    assert list(dataset("BIEU-05").rules.all()[:2]) == [second, first]
    admin.post(f"{ADDRESS}/{second.pk}/chuyen", {"len": "1"})
    assert dataset("BIEU-05").rules.first() == second


def test_a_cited_rule_ends_on_a_day_and_is_not_deleted(admin, administrator, opened):
    admin.post(f"{ADDRESS}/them?loai=range", RANGE)
    rule = DatasetRule.objects.get(code="range-1", dataset=dataset("BIEU-05"))
    submission = opened()
    write(submission, {(codes()[0], "N03", None): 11})
    services.judge(submission)
    with pytest.raises(RuleCited):
        delete_rule(rule=rule, by=administrator)
    admin.post(f"{ADDRESS}/{rule.pk}/ngung", {"ngay": "01/01/2023"})
    services.judge(submission)
    assert "range-1" not in {issue["rule"] for issue in submission.findings}
    rule.refresh_from_db()
    assert rule.until == datetime.date(2023, 1, 1)
    admin.post(f"{ADDRESS}/{rule.pk}/ngung", {"ngay": "khi khác"})
    rule.refresh_from_db()
    assert rule.until == datetime.date(2023, 1, 1)
    admin.post(f"{ADDRESS}/{rule.pk}/ngung", {"ngay": ""})
    rule.refresh_from_db()
    assert rule.until is None


def test_a_rule_that_never_spoke_is_deleted(admin):
    admin.post(f"{ADDRESS}/them?loai=range", RANGE)
    rule = DatasetRule.objects.get(code="range-1", dataset=dataset("BIEU-05"))
    admin.post(f"{ADDRESS}/{rule.pk}/xoa")
    assert not DatasetRule.objects.filter(pk=rule.pk).exists()


def test_a_rule_of_another_dataset_is_not_there(admin):
    rule = dataset("DAN-SO").rules.first()
    assert admin.get(f"{ADDRESS}/{rule.pk}").status_code == 404
    assert admin.get("/so-lieu/quy-tac/%00").status_code == 404


def test_the_list_costs_few_queries(admin, django_assert_max_num_queries):
    admin.get(ADDRESS)
    with django_assert_max_num_queries(10):
        admin.get(ADDRESS)
