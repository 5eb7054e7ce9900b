"""Who may sign in which capacity: by title, by role, by a document, and for how long."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.documents.models import Document
from reports import services
from reports.models import Authority, SigningGrant, Status
from reports.services.authority import why_not
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = stage.DAY


def granted(authority="TUQ.", *, enter=True, **changed) -> SigningGrant:
    facts = {
        "grantee": member("head"),
        "granter": member("leader"),
        "authority": authority,
        "document": Document.objects.get(number="459", symbol="KH-BDT"),
        "content": "Báo cáo về chuyển đổi số",
        "first_day": DAY - datetime.timedelta(days=30),
        "last_day": DAY + datetime.timedelta(days=30),
    }
    grant = SigningGrant(**facts | changed)
    return services.enter_grant(grant=grant, by=member("clerk")) if enter else grant


def why(who, authority, day=DAY):
    agency = stage.draft().agency
    return why_not(signatory=who, authority=authority, agency=agency, day=day)


class TestTitles:
    @pytest.mark.parametrize(
        ("title", "authority", "wrong"),
        [
            ("Trưởng ban", Authority.HEAD, ""),
            ("Phó Trưởng ban", Authority.HEAD, "“KT.”"),
            ("Phó Trưởng ban", Authority.DEPUTY, ""),
            ("Trưởng ban", Authority.DEPUTY, "không ghi “KT.”"),
            ("Quyền Trưởng ban", Authority.ACTING, ""),
            ("Phó Trưởng ban", Authority.ACTING, "“Q.”"),
            ("", Authority.DEPUTY, ""),
        ],
    )
    def test_a_title_decides_the_prefix(self, leader, title, authority, wrong):
        leader.title = title
        said = why(leader, authority)
        assert wrong in said if wrong else said == ""

    def test_a_head_of_division_does_not_sign_for_the_head(self, head):
        assert "không có thẩm quyền ký" in why(head, Authority.DEPUTY)


class TestGrants:
    def test_who_has_none_may_not_sign_by_order_or_mandate(self, head):
        for authority in SigningGrant.AUTHORITIES:
            assert "chưa có văn bản giao" in why(head, authority)

    def test_it_holds_from_its_first_day_to_its_last(self, head):
        grant = granted()
        for day, may in (
            (grant.first_day - datetime.timedelta(days=1), False),
            (grant.first_day, True),
            (grant.last_day, True),
            (grant.last_day + datetime.timedelta(days=1), False),
        ):
            assert (why(head, "TUQ.", day) == "") is may, day
        assert why(head, "TL.")  # the other capacity is another grant

    def test_after_its_end_the_sentence_says_when_it_ended(self, head):
        grant = granted()
        said = why(head, "TUQ.", grant.last_day + datetime.timedelta(days=5))
        assert f"đã hết hạn ngày {grant.last_day:%d/%m/%Y}" in said

    def test_revoked_it_holds_no_more_from_that_day_on(self, head):
        grant = services.revoke_grant(grant=granted(), by=member("leader"), on=DAY)
        assert grant.revoked_by == member("leader")
        assert why(head, "TUQ.")
        assert not why(head, "TUQ.", DAY - datetime.timedelta(days=1))

    def test_the_mandated_mandate_nobody(self, head, specialist):
        granted()
        with pytest.raises(services.PassedOn, match="không uỷ quyền lại"):
            granted(grantee=specialist, granter=head)

    @pytest.mark.parametrize("who", ["specialist", "head", "form_checker", "auditor"])
    def test_grants_are_entered_by_leaders_and_the_clerk(self, who):
        with pytest.raises(services.NotAllowed):
            services.enter_grant(grant=granted(enter=False), by=member(who))

    @pytest.mark.parametrize(
        ("changed", "constraint"),
        [
            ({"last_day": None}, "signing_grant_mandate_ends"),
            ({"last_day": datetime.date(2020, 1, 1)}, "signing_grant_in_order"),
            ({"content": ""}, "signing_grant_says_what"),
            ({"authority": "KT."}, "signing_grant_authority_known"),
        ],
    )
    def test_the_database_refuses_it(self, changed, constraint):
        grant = granted(enter=False, **changed)
        grant.entered_by = member("clerk")
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            grant.save()

    def test_what_was_entered_is_only_ended_never_changed(self):
        grant = granted()
        for change in (lambda: grant.delete(), lambda: _longer(grant)):
            with pytest.raises(IntegrityError, match="chỉ thôi được"), transaction.atomic():
                change()


def _longer(grant):
    SigningGrant.objects.filter(pk=grant.pk).update(last_day=grant.last_day.replace(year=2030))


@pytest.mark.parametrize(
    ("days", "revoked", "shown"),
    [
        ((-1, 1), False, True),
        ((0, 0), False, True),
        ((-1, 1), True, False),
        ((-2, -1), False, False),
        ((1, 2), False, False),
    ],
)
def test_the_navigation_leads_to_the_queue_on_the_days_of_the_grant(client, days, revoked, shown):
    today = timezone.localdate()
    first, last = (today + datetime.timedelta(days=n) for n in days)
    grant = granted("TL.", first_day=first, last_day=last)
    if revoked:
        services.revoke_grant(grant=grant, by=member("leader"), on=today)
    client.force_login(member("head"))
    entry = f'href="{reverse("reports:signing_queue")}"'
    assert (entry in client.get(reverse("reports:report_list")).content.decode()) is shown
    client.force_login(member("specialist"))
    assert entry not in client.get(reverse("reports:report_list")).content.decode()


class TestAReportSignedByMandate:
    @pytest.fixture
    def report(self, head):
        head.title = "Trưởng phòng Hành chính - Tổng hợp"
        head.save(update_fields=["title"])
        report = stage.draft()
        granted()
        return services.edit_facts(
            report=report, by=member("specialist"), now=stage.NOW, subject=report.subject,
            report_date=report.report_date, authority="TUQ.", signatory=head,
        )  # fmt: skip

    def test_it_names_the_mandate_and_the_own_title(self, report):
        assert report.signature_prefix == "TUQ. TRƯỞNG BAN"
        assert report.signature_title == "TRƯỞNG PHÒNG HÀNH CHÍNH - TỔNG HỢP"

    def test_it_does_not_go_up_when_the_grant_is_over(self, report):
        grant = SigningGrant.objects.get()
        services.revoke_grant(grant=grant, by=member("clerk"), on=DAY)
        with pytest.raises(services.NoAuthority, match="chưa có văn bản giao"):
            services.send_up(report=report, by=member("specialist"), now=stage.NOW)

    def test_it_waits_for_the_mandated_and_is_not_signed_after_the_end(self, client, report, head):
        services.send_up(report=report, by=member("specialist"), now=stage.NOW)
        from tests.cast import person

        other_head = person("truong.phong.hai", role="head", full_name="Lê Thị Hoa")
        services.pass_content(report=report, by=other_head, now=stage.NOW)
        stage.explained(report)
        services.pass_form(report=report, by=member("form_checker"), now=stage.NOW)
        from portal.jobs.services import drain

        drain()
        report = stage.fresh(report)
        assert report.status == Status.TO_SIGN
        assert report in type(report).objects.waiting_for(head)
        client.force_login(head)
        assert client.get(reverse("reports:sign", args=[report.pk])).status_code == 200
        services.revoke_grant(grant=SigningGrant.objects.get(), by=member("clerk"), on=DAY)
        with pytest.raises(services.NoAuthority):
            services.sign(report=report, by=head, passphrase="x", now=stage.NOW)


class TestPages:
    def form(self, **changed):
        return {
            "authority": "TUQ.",
            "grantee": member("head").pk,
            "granter": member("leader").pk,
            "document": "459/KH-BDT",
            "content": "Báo cáo chuyển đổi số",
            "first_day": "01/11/2023",
            "last_day": "30/11/2023",
        } | changed

    def test_a_grant_is_entered_and_ended(self, client, clerk):
        client.force_login(clerk)
        client.post(reverse("reports:grant_create"), self.form())
        grant = SigningGrant.objects.get()
        assert grant.entered_by == clerk
        client.post(reverse("reports:grant_revoke", args=[grant.pk]))
        grant.refresh_from_db()
        assert grant.revoked_by == clerk

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"last_day": ""}, "Uỷ quyền phải có thời hạn"),
            ({"last_day": "01/01/2020"}, "Ngày cuối phải từ ngày đầu trở đi."),
            ({"document": "9999/GUQ-BDT"}, "Trong sổ văn bản chưa có"),
            ({"content": ""}, "form-control"),
            ({"grantee": "abc"}, "form-control"),
            ({"authority": "KT."}, "form-control"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_stored(self, client, clerk, changed, said):
        client.force_login(clerk)
        answer = client.post(reverse("reports:grant_create"), self.form(**changed))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not SigningGrant.objects.exists()
