"""Reports that are due: by the dated deadlines of templates in use."""

import datetime

import pytest
from django.urls import reverse

from portal.accounts.models import Division
from portal.collection.models import ReportingPeriod
from reports import services
from reports.dashboards.home import own_work
from reports.models import ReportTemplate, TemplateDeadline
from reports.services import templates
from tests.cast import member
from tests.reports import stage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("laid_out_once"),
]

DAY = datetime.date(2023, 11, 20)


def due(today=DAY, name="specialist"):
    found = services.due_reports(today=today, user=member(name))
    return {(one.template.code, one.period.code): one for one in found}


def test_what_is_due_says_when_and_how_late():
    found = due()
    yearly = found["2289/QĐ-TTg", "2023"]
    assert (yearly.due, yearly.days_late, yearly.report) == (datetime.date(2023, 11, 15), 5, None)
    monthly = found["CTDT-THANG", "2023-M11"]
    assert (monthly.due, monthly.is_late) == (datetime.date(2023, 11, 25), False)
    assert ("CTMTQG-GN", "2023-M10") in found


def test_a_report_that_was_begun_is_named_and_an_issued_one_is_done():
    report = stage.draft()
    assert due()["2289/QĐ-TTg", "2023"].report == report
    stage.issued(report)
    assert ("2289/QĐ-TTg", "2023") not in due()


def test_the_rule_of_the_period_holds_though_it_changed_later():
    TemplateDeadline.objects.create(
        code="2289/QĐ-TTg", valid_from=datetime.date(2024, 1, 1), months=0, day=1
    )
    assert due()["2289/QĐ-TTg", "2023"].due == datetime.date(2023, 11, 15)
    later = due(datetime.date(2024, 11, 20))
    assert later["2289/QĐ-TTg", "2024"].due == datetime.date(2024, 12, 1)


def test_templates_out_of_use_and_on_request_are_not_due():
    template = ReportTemplate.objects.current().get(code="2289/QĐ-TTg")
    templates.set_in_use(template=template, by=member("head"), in_use=False)
    codes = {code for code, _ in due()}
    assert "2289/QĐ-TTg" not in codes
    assert "CHUYEN-DE" not in codes
    assert "PHIEU-XA" not in codes


def test_a_division_sees_its_own_kinds_and_those_of_nobody():
    other = Division.objects.create(code="CS", name="Phòng Chính sách")
    template = ReportTemplate.objects.current().get(code="2289/QĐ-TTg")
    draft = templates.new_version(template=template, by=member("specialist"))
    templates.edit_facts(template=draft, by=member("specialist"), facts={"division": other})
    templates.publish(template=draft, by=member("head"), now=stage.NOW)
    assert ("2289/QĐ-TTg", "2023") not in due()
    leader = member("leader")
    leader.division = None
    found = services.due_reports(today=DAY, user=leader)
    assert "2289/QĐ-TTg" in {one.template.code for one in found}


def test_it_is_four_queries(django_assert_max_num_queries):
    member("specialist")
    with django_assert_max_num_queries(6):
        due()


@pytest.mark.parametrize("name", ["specialist", "head", "leader"])
def test_it_stands_on_the_homes(name):
    works = {work.title: work for work in own_work(member(name), today=DAY)}
    tasks = works["Báo cáo đến hạn"].tasks
    late = next(task for task in tasks if "2289" in task.title)
    assert "chậm 5 ngày" in late.note
    assert bool(late.url) == (name != "leader")


def test_the_report_is_begun_from_there(client):
    client.force_login(member("specialist"))
    template = ReportTemplate.objects.current().get(code="CTDT-THANG")
    told = {"de_cuong": template.pk, "ky": "2023-M10"}
    form = client.get(reverse("reports:report_create", query=told)).context["form"]
    assert form.initial["template"] == template
    assert form.initial["period"] == ReportingPeriod.objects.get(code="2023-M10")
    for wrong in ({"de_cuong": "²", "ky": "x" * 99}, {"de_cuong": "9" * 30, "ky": "\0"}):
        assert client.get(reverse("reports:report_create"), wrong).status_code == 200
