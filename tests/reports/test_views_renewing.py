"""The pages of a report that began as a copy."""

import pytest
from django.urls import reverse

from portal.collection.models import ReportingPeriod
from reports.models import Report
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def source():
    return stage.draft()


@pytest.fixture
def drafter(client):
    client.force_login(member("specialist"))
    return client


def begin(client, source, **given):
    told = {
        "template": source.template_id,
        "period": ReportingPeriod.objects.get(code="2024").pk,
        "start": "ky-truoc",
        "report_date": "06/11/2024",
    }
    return client.post(reverse("reports:report_create"), told | given, follow=True)


def points_url(name, report):
    return reverse(f"reports:{name}", args=[report.pk])


def test_a_report_is_begun_from_last_years_and_leads_to_what_is_to_be_looked_at(source, drafter):
    answer = begin(drafter, source)
    report = Report.objects.get(source=source)
    assert answer.redirect_chain[-1][0] == points_url("points", report)
    html = answer.content.decode()
    assert "Số liệu chưa có giá trị" in html
    assert "“năm 2023”" in html
    assert "hết hiệu lực từ 15/8/2022" in html
    assert "Thay bằng Nghị định số 42/2022/NĐ-CP" in html


def test_the_form_beside_a_report_offers_the_next_period(source, drafter):
    url = reverse("reports:report_create", query={"tu": source.pk})
    form = drafter.get(url).context["form"]
    assert form["period"].value() == ReportingPeriod.objects.get(code="2024").pk or (
        form.initial["period"].code == "2024"
    )
    assert form["start"].value() == "ky-truoc"


def test_a_report_begins_blank(source, drafter):
    begin(drafter, source, start="trong")
    assert not Report.objects.latest("pk").sections.exists()


def test_words_are_changed_from_the_page(source, drafter):
    begin(drafter, source)
    report = Report.objects.get(source=source)
    page = drafter.get(points_url("points", report))
    group = next(one for one in page.context["points"].words if one.found == "năm 2023")
    keys = [point.key for point in group.points]
    answer = drafter.post(points_url("points_change", report), {"cho": keys}, follow=True)
    assert f"Đã đổi {len(keys)} chỗ." in answer.content.decode()
    again = drafter.post(points_url("points_change", report), {"cho": keys}, follow=True)
    assert "vừa được sửa hoặc đã xem" in again.content.decode()


@pytest.mark.parametrize("tail", ["?tu=999999999", "?tu=0"])
def test_an_unknown_report_to_follow_is_not_found(source, drafter, tail):
    assert drafter.get(reverse("reports:report_create") + tail).status_code == 404


@pytest.mark.parametrize("tail", ["?tu=abc", "?tu=99999999999999999999", "?tu=%00", "?tu=-1"])
def test_what_is_no_key_is_left_aside(source, drafter, tail):
    assert drafter.get(reverse("reports:report_create") + tail).status_code == 200


def test_odd_posts_are_answered_in_words(source, drafter):
    begin(drafter, source)
    report = Report.objects.get(source=source)
    for told in ({}, {"cho": ["\0", "x" * 5000]}, {"cho": ["²"] * 600}):
        for name in ("points_change", "points_keep"):
            answer = drafter.post(points_url(name, report), told, follow=True)
            assert answer.status_code == 200
    for told in ({"trich": "²"}, {"trich": "1", "van_ban": "-5"}, {}):
        assert drafter.post(points_url("citation_replace", report), told).status_code == 404
    for told in ({"muc": "²"}, {"muc": "99999999999"}, {}):
        assert drafter.post(points_url("section_copy", report), told).status_code == 404


def test_a_citation_of_another_report_is_not_replaced(source, drafter):
    begin(drafter, source)
    report = Report.objects.get(source=source)
    foreign = source.citations.first()
    answer = drafter.post(
        points_url("citation_replace", report),
        {"trich": foreign.pk, "van_ban": foreign.document_id},
    )
    assert answer.status_code == 404


def test_a_section_is_chosen_and_copied(source, drafter):
    begin(drafter, source, start="trong")
    report = Report.objects.latest("pk")
    url = points_url("section_copy", report)
    assert source.subject[:30] in drafter.get(url, {"q": "2289"}).content.decode()
    section = stage.section(source, "Thuận lợi")
    assert "Thuận lợi" in drafter.get(url, {"tu": source.pk}).content.decode()
    drafter.post(url, {"muc": section.pk})
    assert report.sections.get().title == section.title


def test_a_changed_figure_is_marked_in_the_text_until_it_is_seen(source, drafter):
    begin(drafter, source)
    report = Report.objects.get(source=source)
    figure = report.figures.get(query="dan-toc-thieu-so")
    figure.carried["printed"] = "52"
    figure.save()
    text = reverse("reports:report_detail", args=[report.pk])
    assert "<del>52</del>" in drafter.get(text).content.decode()
    page = drafter.get(points_url("points", report))
    keys = [point.key for point in page.context["points"].figures]
    drafter.post(points_url("points_keep", report), {"cho": keys})
    assert "<del>52</del>" not in drafter.get(text).content.decode()


def test_the_page_asks_few_questions(source, drafter, django_assert_max_num_queries):
    begin(drafter, source)
    report = Report.objects.get(source=source)
    with django_assert_max_num_queries(45):
        drafter.get(points_url("points", report))
