"""The report that answers an incoming document closes the work by its issue."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from portal.documents.models import Assignment, Document, DocumentRelation
from portal.documents.services import hand_out, reopen
from reports import services
from reports.models import Report, ReportTemplate
from tests.documents.incoming import division, letter
from tests.reports import stage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("laid_out_once"),
]


@pytest.fixture
def work(leader, specialist):
    """The letter 3032/SKHĐT-KGVX in the hands of the specialist."""
    return hand_out(
        document=Document.objects.get(number="3032"),
        lead=specialist.division,
        officer=specialist,
        due_date=datetime.date(2023, 11, 10),
        by=leader,
        now=stage.NOW,
    )


def bound(work, specialist):
    return services.bind_to_assignment(
        report=stage.draft(), assignment=work, by=specialist, now=stage.NOW
    )


def test_a_draft_bound_to_the_work_starts_it_and_cites_the_letter_once(work, specialist):
    report = bound(work, specialist)
    work.refresh_from_db()
    assert work.state == "working"
    assert report.citations.filter(document=work.document).count() == 1


def test_a_text_that_does_not_cite_the_letter_begins_with_it(work, specialist):
    other = letter("777", subject="Về việc báo cáo <nhanh>")
    work.document = other
    work.save()
    report = bound(work, specialist)
    first = report.sections.present().order_by("position").first()
    assert first.body.startswith("<p>Căn cứ <span data-citation=")
    assert "777/SKHĐT-TH" in first.body
    assert "&lt;nhanh&gt;;</p>" in first.body
    services.send_up(report=report, by=specialist, now=stage.NOW)


def test_somebody_else_cannot_take_the_work(work, cast):
    report = stage.draft()
    work.division = division()
    work.officer = None
    work.save()
    with pytest.raises(services.NotThisPersonsWork):
        services.bind_to_assignment(
            report=report, assignment=work, by=cast("specialist"), now=stage.NOW
        )


def test_the_issue_answers_the_letter_and_closes_the_work(work, specialist):
    report = stage.issued(bound(work, specialist))
    work.refresh_from_db()
    assert (work.state, work.answer) == ("done", report.document)
    relation = DocumentRelation.objects.get(source=report.document, kind="answers")
    assert relation.target == work.document


def test_a_replacement_answers_what_the_replaced_report_answered(work, specialist, leader):
    old = stage.issued(bound(work, specialist))
    new = services.replace_report(
        report=old, by=specialist, reason="Sai số liệu về máy tính", now=stage.NOW
    )
    assert new.assignment == work
    reopen(assignment=work, by=leader, reason="Chờ văn bản thay thế", now=stage.NOW)
    replaced = stage.issued(new)
    work.refresh_from_db()
    assert (work.state, work.answer) == ("done", replaced.document)
    answers = DocumentRelation.objects.filter(target=work.document, kind="answers")
    assert {one.source for one in answers} == {old.document, replaced.document}


class TestPages:
    def test_the_new_report_of_the_work_is_bound_to_it(self, client, work, specialist, leader):
        stage.agency_data()
        client.force_login(specialist)
        address = f"{reverse('reports:report_create')}?giao-viec={work.pk}"
        assert "3032/SKHĐT-KGVX" in client.get(address).text
        template = ReportTemplate.objects.current().get(code="2289/QĐ-TTg")
        told = {
            "template": template.pk,
            "period": stage.submission_period().pk,
            "report_date": "06/11/2023",
            "signatory": leader.pk,
            "giao-viec": work.pk,
        }
        assert client.post(reverse("reports:report_create"), told).status_code == 302
        report = Report.objects.get()
        assert report.assignment == work
        fragment = client.get(reverse("reports:assignment_reports", args=[work.pk]))
        assert report.get_absolute_url() in fragment.text

    @pytest.mark.parametrize("key", ["0", "-1", "9" * 30, "x", "\0", "1 OR 1=1"])
    def test_work_that_is_not_there_is_404(self, client, work, specialist, key):
        client.force_login(specialist)
        answer = client.get(reverse("reports:report_create"), {"giao-viec": key})
        assert answer.status_code == 404

    def test_other_peoples_and_finished_work_is_404(self, client, work, specialist, leader):
        Assignment.objects.update(officer=None, division=division())
        client.force_login(specialist)
        address = f"{reverse('reports:report_create')}?giao-viec={work.pk}"
        assert client.get(address).status_code == 404
