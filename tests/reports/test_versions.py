"""Any two versions of a text beside each other, word by word."""

import datetime

import pytest
from django.urls import reverse

from reports import services, versions
from reports.models import Section
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def report():
    return stage.draft()


@pytest.fixture
def section(report):
    return stage.section(report, "nguồn nhân lực")


def write(section, body, *, after=DAY):
    return services.edit_section(
        section=Section.objects.get(pk=section.pk),
        title=section.title,
        body=body,
        by=member("specialist"),
        now=stage.NOW + after,
    )


def returned(report):
    stage.in_content_check(report)
    services.return_report(report=report, by=member("head"), reason="Sửa", now=stage.NOW + DAY / 2)
    return stage.fresh(report)


def moment(report, key):
    return next(one for one in versions.moments(report) if one.key == key)


def test_moments_are_now_each_sending_up_and_days_with_changes(report, section):
    write(section, "<p>Mới</p>", after=3 * DAY)
    returned(report)
    event = report.events.get(kind="sent_up")
    keys = [one.key for one in versions.moments(report)]
    assert keys == ["nay", "20231109", "20231106", f"t{event.pk}"]


def test_words_that_came_and_went_between_two_drafts_are_told_by_section(report, section):
    write(section, "<p>Đã mở hai lớp tập huấn.</p>", after=DAY * 0)
    report = returned(report)
    write(section, "<p>Đã mở ba lớp tập huấn.</p>")
    added = services.add_section(
        report=report, title="Mục mới", level="roman", by=member("specialist"), now=stage.NOW + DAY
    )
    gone = stage.section(report, "Kiến nghị, đề xuất")
    services.remove_section(section=gone, by=member("specialist"), now=stage.NOW + DAY)
    sent = moment(report, f"t{report.events.get(kind='sent_up').pk}")
    found = versions.differences(report, sent, moment(report, "nay"))
    assert [(one.name, one.kind) for one in found] == [
        (f"2.2.2. {section.title}", "changed"),
        (f"III. {added.title}", "added"),
        (gone.title, "removed"),
    ]
    told = [(change.kind, change.text) for change in found[0].body]
    assert ("removed", "hai") in told
    assert ("added", "ba") in told
    back = versions.differences(report, moment(report, "nay"), sent)
    assert {(one.name, one.kind) for one in back} >= {(f"III. {added.title}", "removed")}
    assert versions.differences(report, sent, sent) == []


class TestPages:
    def test_the_change_is_marked_with_words_for_who_cannot_see_it(self, client, report, section):
        write(section, "<p>Đã mở ba lớp.</p>")
        write(section, "<p>Đã mở tư lớp.</p>", after=2 * DAY)
        client.force_login(member("auditor"))
        for page, query in (
            (reverse("reports:report_compare", args=[report.pk]), {"cu": "20231107"}),
            (reverse("reports:section_versions", args=[report.pk, section.pk]), {}),
        ):
            html = client.get(page, query).content.decode()
            assert '<ins><span class="visually-hidden"> (thêm: </span>tư' in html
            assert '<del><span class="visually-hidden"> (bỏ: </span>ba' in html

    def test_any_two_revisions_of_a_section_are_compared(self, client, report, section):
        for n, words in enumerate(("một", "hai", "ba")):
            write(section, f"<p>{words}</p>", after=n * DAY)
        client.force_login(member("head"))
        page = reverse("reports:section_versions", args=[report.pk, section.pk])
        html = client.get(page, {"cu": 2, "moi": 4}).content.decode()
        assert "(bỏ: </span>một" in html
        assert "(thêm: </span>ba" in html

    @pytest.mark.parametrize("words", ["9" * 5000, "-1", "\0", "x", "t99", "20231399"])
    def test_strange_moments_show_the_last_two(self, client, report, section, words):
        write(section, "<p>Mới</p>")
        client.force_login(member("head"))
        for page in (
            reverse("reports:report_compare", args=[report.pk]),
            reverse("reports:section_versions", args=[report.pk, section.pk]),
        ):
            assert client.get(page, {"cu": words, "moi": words}).status_code == 200
