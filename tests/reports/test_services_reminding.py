"""The letter to those who are late."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from portal.collection.models import Dataset, ReportingPeriod
from reports import services
from reports.models import Relation, Report
from reports.printing import printed_report
from reports.rendering.markup import preview_html
from reports.services.reminding import written
from reports.services.rendering import lay_out
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def asked() -> dict:
    return {
        "dataset": Dataset.objects.get(code="BIEU-05"),
        "period": ReportingPeriod.objects.get(code="2023"),
    }


def draft() -> Report:
    return services.draft_reminder(**asked(), by=member("specialist"), now=stage.NOW)


def test_the_letter_names_the_late_the_form_the_period_and_the_basis():
    report = draft()
    text = " ".join(section.body for section in report.sections.all())
    late = services.late_duties(**asked(), user=member("specialist"), today=stage.NOW.date())
    assert late
    for duty in late:
        assert f"{duty.unit}: chưa có số liệu, quá hạn {duty.days_late} ngày" in text
    assert "Thông tư số 02/2018/TT-UBDT" in text
    assert "{" not in text
    assert [r.text for r in report.recipients.filter(relation=Relation.BELOW)] == [
        f"Ủy ban nhân dân {duty.unit.kind} {duty.unit.name}" for duty in late
    ]


def test_it_has_the_form_of_a_letter():
    report = draft()
    printed = printed_report(report)
    html = preview_html(printed, title="x", month=datetime.date(2023, 11, 1))
    assert "V/v đôn đốc nộp số liệu" in html
    assert "<h1>" not in html
    assert printed.addressees[0].startswith("Ủy ban nhân dân thành phố")
    assert printed.recipients[0] == "- Như trên;"
    assert printed.recipients[-1].startswith("- Lưu: VT, ")
    assert report.symbol.startswith("BDT-")


def test_a_second_click_opens_the_same_draft():
    assert draft() == draft()


def test_nobody_late_no_letter():
    with pytest.raises(services.NobodyIsLate):
        services.draft_reminder(
            **asked(),
            by=member("specialist"),
            now=datetime.datetime(2023, 2, 1, tzinfo=datetime.UTC),
        )


def test_the_page_of_completeness_offers_it_to_those_who_draft(client):
    client.force_login(member("specialist"))
    page = client.get(f"{reverse('collection:completeness')}?ky=2023")
    assert "Soạn công văn đôn đốc" in page.text
    answer = client.post(reverse("reports:reminder_create", args=["BIEU-05", "2023"]))
    assert answer.url == Report.objects.get().get_absolute_url()
    client.force_login(member("auditor"))
    assert "Soạn công văn" not in client.get(f"{reverse('collection:completeness')}?ky=2023").text


@pytest.mark.parametrize(
    ("day", "words"), [("2023-09-05", "05/9/2023"), ("2024-02-15", "15/02/2024")]
)
def test_days_are_written_as_the_decree_says(day, words):
    assert written(datetime.date.fromisoformat(day)) == words


def test_it_is_laid_out_with_room_for_number_date_and_signatures():
    rendered = lay_out(draft(), now=stage.NOW)
    assert rendered.number_box.page == rendered.date_box.page == 0
    assert services.prepare_file(rendered).startswith(b"%PDF-")
