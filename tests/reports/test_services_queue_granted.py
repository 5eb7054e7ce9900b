"""A queue of one's own for whoever signs by order or by authorisation, on the days of the grant."""

import datetime

import pytest
from django.urls import reverse

from portal.jobs.services import drain
from reports import services
from reports.models import Certificate, SignerRole, SigningGrant, Status
from tests.cast import member, person
from tests.reports import stage
from tests.reports.test_services_granting import granted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAY = stage.DAY


@pytest.fixture
def head():
    found = member("head")
    found.title = "Trưởng phòng Hành chính - Tổng hợp"
    found.save(update_fields=["title"])
    return found


@pytest.fixture
def report(head):
    """Waits for the head of division, who signs TUQ. until the day of the report."""
    granted(last_day=DAY)
    found = stage.draft()
    found.is_demo = False  # grants of a made-up report are looked up on its own day
    found.save(update_fields=["is_demo"])
    services.edit_facts(
        report=found, by=member("specialist"), now=stage.NOW, subject=found.subject,
        report_date=found.report_date, authority="TUQ.", signatory=head,
    )  # fmt: skip
    services.send_up(report=found, by=member("specialist"), now=stage.NOW)
    other = person("truong.phong.hai", role="head", full_name="Lê Thị Hoa")
    services.pass_content(report=found, by=other, now=stage.NOW)
    stage.explained(found)
    services.pass_form(report=found, by=member("form_checker"), now=stage.NOW)
    drain()
    stage.certificates(found)
    certificate = Certificate.objects.get(role=SignerRole.LEADER)
    certificate.owner = head
    certificate.save(update_fields=["owner"])
    return stage.fresh(found)


def signed(report, head, *, later=0):
    moment = stage.NOW + datetime.timedelta(days=later)
    services.note_read(report=report, by=head, now=moment)
    batch = services.SigningBatch(
        keys=[report.pk], by=head, passphrase=stage.PASSPHRASE, clock=lambda: moment
    )
    results = list(batch)
    batch.close()
    return results


def test_the_last_day_of_the_grant_still_signs(report, head):
    (result,) = signed(report, head)
    assert result.is_signed, result.words
    assert stage.fresh(report).status == Status.SIGNED


def test_the_day_after_signs_no_more_and_says_why(report, head):
    (result,) = signed(report, head, later=1)
    assert not result.is_signed
    assert "hết hạn ngày 06/11/2023" in result.words
    assert stage.fresh(report).status == Status.TO_SIGN


def test_a_grant_taken_back_in_time_signs_no_more(report, head):
    services.revoke_grant(grant=SigningGrant.objects.get(), by=member("clerk"), on=DAY)
    (result,) = signed(report, head)
    assert not result.is_signed


def test_a_person_whose_account_was_closed_is_sent_nothing_to_sign(report, head):
    head.is_active = False
    head.save(update_fields=["is_active"])
    told = services.why_not_signed_by(stage.fresh(report), now=stage.NOW)
    assert "đã ngừng sử dụng" in told
    services.recall_report(
        report=report, by=member("specialist"), reason="Đổi người ký", now=stage.NOW
    )
    with pytest.raises(services.NoAuthority, match="Chọn người ký khác"):
        services.send_up(report=stage.fresh(report), by=member("specialist"), now=stage.NOW)


def test_the_queue_of_the_mandated_shows_the_report_and_why_it_waits(client, report, head):
    client.force_login(head)
    page = client.get(reverse("reports:signing_queue")).content.decode()
    assert report.subject[:40] in page
    assert "TUQ. TRƯỞNG BAN" in page
    assert "hết hạn ngày 06/11/2023" in page, "today is long after the grant"
    home = client.get(reverse("reports:home")).content.decode()
    assert reverse("reports:signing_queue") in home


def test_the_mandated_directs_and_takes_the_file_away(client, report, head):
    client.force_login(head)
    direct = client.post(reverse("reports:direct", args=[report.pk]), {"y_kien": "Gửi sớm"})
    assert direct.status_code == 302
    assert report.events.filter(kind="directed", note="Gửi sớm").exists()
    back = client.post(reverse("reports:take_back", args=[report.pk, "lanh-dao"]))
    assert back.status_code == 302


def test_people_without_a_grant_have_no_queue(client, report):
    client.force_login(member("specialist"))
    assert client.get(reverse("reports:signing_queue")).status_code == 404
    assert client.post(reverse("reports:sign_many"), {"passphrase": "x"}).status_code == 404


def test_what_was_left_of_the_form_is_read_before_signing(client, report, head):
    client.force_login(head)
    for name, args in (("signing_queue", []), ("sign", [report.pk])):
        page = client.get(reverse(f"reports:{name}", args=args)).content.decode()
        assert "Thể thức giữ nguyên" in page
        assert "Giữ như bản đã phát hành" in page
        assert "2.2.3.4" in page


def test_the_certificate_of_the_mandated_can_be_registered(report, head):
    from reports.forms import CertificateForm

    choices = dict(CertificateForm().fields["owner"].choices)
    assert f"nguoi-{head.pk}" in dict(choices["Người ký"])
