"""Levels through an outage: signed low and visibly so, lifted later as a new issued revision."""

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.jobs.services import drain
from reports import services
from reports.models import Certificate, LiftedAnnex, ReportFile, SealedAnnex, Status
from reports.services.certificates import ROOTS
from reports.tasks import ask_for_proofs
from tests.cast import member
from tests.reports import pki as local
from tests.reports import stage
from tests.reports.books import book

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("laid_out_once")]


@pytest.fixture
def pki(settings):
    with local.Pki() as found:
        settings.SIGNING_TSA_URL = found.address + "/tsa"
        settings.SIGNING_SERVICE_SECONDS = 1
        yield found


@pytest.fixture
def report(pki, settings):
    """To be signed, with certificates of the local authority."""
    return to_sign_under(pki, settings, stage.draft())


def to_sign_under(pki, settings, draft):
    report = stage.to_sign(draft)
    folder = settings.SIGNING_DIR
    (folder / ROOTS).mkdir(parents=True, exist_ok=True)
    (folder / ROOTS / "dia-phuong.pem").write_bytes(pki.root.pem)
    leader, agency = pki.issue("Nhữ Văn Nam"), pki.issue("Ban Dân tộc tỉnh Bắc Giang", number=1)
    for name, holder, whose in (
        ("lanh-dao-that.p12", leader, {"owner": member("leader")}),
        ("co-quan-that.p12", agency, {"agency": report.agency}),
    ):
        (folder / name).write_bytes(holder.p12(stage.PASSPHRASE))
        certificate = services.register_certificate(data=holder.pem, key_file=name, **whose)
        Certificate.objects.filter(pk=certificate.pk).update(is_test=True)
    return report


def signed(report):
    now = timezone.now()
    by = {"passphrase": stage.PASSPHRASE, "now": now}
    return services.sign(report=report, by=member("leader"), **by)


def issued(report):
    now, clerk = timezone.now(), member("clerk")
    by = {"passphrase": stage.PASSPHRASE, "now": now}
    services.sign(report=report, by=member("leader"), **by)
    report = stage.fresh(report)
    services.number(report=report, by=clerk, on=stage.DAY, now=now)
    services.seal(report=stage.fresh(report), by=clerk, **by)
    services.issue(report=stage.fresh(report), by=clerk, now=now)
    return stage.fresh(report)


def levels(report):
    return [signature.level for signature in services.signatures_of(report)]


def test_with_every_service_well_the_file_is_issued_at_level_b_lt(report):
    found = issued(report)
    assert levels(found) == ["PAdES B-T", "PAdES B-LT"]
    file = services.issued_file(found)
    assert file.level == found.document.signature_level == "PAdES B-LT"
    verdict = services.verify_file(file.content()).verdict
    assert verdict.genuine, verdict.reasons
    assert [one.level for one in verdict.signatures] == ["PAdES B-LT"] * 2
    assert services.waiting_for_proofs().count() == 0


def test_without_the_time_stamp_service_the_level_falls_and_the_trail_says_so(pki, report):
    pki.down.add("/tsa")
    signature = signed(report)
    assert signature.level == "PAdES B-B"
    assert signature.standing == "good"
    note = report.events.get(kind="signed_by_leader").note
    assert "Mức chữ ký PAdES B-B" in note
    assert "Chưa có dấu thời gian" in note


def test_without_the_issuers_services_the_standing_is_unknown_and_said(pki, report):
    pki.down |= {"/ocsp", "/crl"}
    assert signed(report).standing == "unknown"
    assert "chưa kiểm tra được" in report.events.get(kind="signed_by_leader").note


def test_a_revoked_certificate_does_not_sign_and_nothing_is_made(pki, report):
    pki.revoked |= {
        int(local.x509.load_pem_x509_certificate(one.pem.encode()).serial_number)
        for one in Certificate.objects.exclude(pem="")
    }
    with pytest.raises(services.SigningRefused, match="đã bị thu hồi"):
        signed(report)
    assert stage.fresh(report).status == Status.TO_SIGN
    assert ReportFile.objects.count() == 1


def test_after_the_outage_a_job_lifts_the_file_as_a_new_revision(pki, report):
    pki.down.add("/tsa")
    found = issued(report)
    sealed = services.issued_file(found)
    assert sealed.level == found.document.signature_level == "PAdES B-B"
    assert ask_for_proofs() == 1
    drain()
    assert services.issued_file(found) == sealed  # still out of reach, no failure, nothing added

    pki.down.clear()
    assert ask_for_proofs() == 1
    drain()
    lifted = services.issued_file(found)
    assert (lifted.stage, lifted.level) == ("lifted", "PAdES B-LTA")
    assert stage.fresh(report).document.signature_level == "PAdES B-LTA"
    assert lifted.content().startswith(sealed.content())
    assert found.events.filter(kind="lifted").count() == 1
    for file in (sealed, lifted):
        finding = services.verify_file(file.content())
        assert finding.verdict.genuine, finding.verdict.reasons
        assert finding.file == file
    assert ask_for_proofs() == 0


@pytest.fixture
def annexed(pki, settings):
    """The same with an annex in a file of its own."""
    draft, by = stage.draft(), member("specialist")
    services.add_annex(report=draft, by=by, title="Biểu", content=book(), now=stage.NOW)
    return to_sign_under(pki, settings, draft)


def test_with_every_service_well_an_annex_is_sealed_at_level_b_lt_too(annexed):
    issued(annexed)
    sealed = SealedAnnex.objects.get()
    verdict = services.verify_file(sealed.content()).verdict
    assert verdict.genuine, verdict.reasons
    assert [one.level for one in verdict.signatures] == [sealed.level] == ["PAdES B-LT"]
    assert ask_for_proofs() == 0


def test_after_the_outage_an_annex_is_lifted_too_and_both_files_are_the_annex(pki, annexed, client):
    pki.down.add("/tsa")
    found = issued(annexed)
    before = SealedAnnex.objects.get().content()
    client.force_login(member("clerk"))
    as_sealed = reverse("reports:annex_as_sealed", args=[found.pk, found.annex_files.get().pk])
    assert client.get(as_sealed).status_code == 404, "there is only one file yet"
    assert ask_for_proofs() == 2
    drain()
    assert not LiftedAnnex.objects.exists(), "still out of reach, no failure, nothing added"

    pki.down.clear()
    assert ask_for_proofs() == 2
    drain()
    lifted = LiftedAnnex.objects.get()
    after = lifted.content()
    assert after.startswith(before)
    assert SealedAnnex.objects.get().content() == before
    for content, level in ((before, "PAdES B-B"), (after, "PAdES B-LTA")):
        finding = services.verify_file(content)
        assert finding.verdict.genuine, finding.verdict.reasons
        assert [one.level for one in finding.verdict.signatures] == [level]
    assert services.verify_file(after + b"%").verdict.outcome == "forged"
    assert ask_for_proofs() == 0
    assert "lifted" in [event.kind for event in found.events.all()]

    page = client.get(reverse("reports:annex_list", args=[found.pk])).content.decode()
    assert "tệp lúc ký</a> vẫn có giá trị" in page
    annex = reverse("reports:annex_file", args=[found.pk, found.annex_files.get().pk])
    for url, wanted in ((annex, after), (as_sealed, before)):
        assert b"".join(client.get(url).streaming_content) == wanted
    page = client.post(reverse("reports:verify"), {"file": ContentFile(after, "a.pdf")})
    assert "trùng khớp hoàn toàn với phụ lục đã phát hành, thêm dấu thời gian" in page.text


def test_a_lifted_annex_is_kept_and_comes_after_the_issue_only(annexed, settings):
    def beside(sealed):
        with transaction.atomic():
            LiftedAnnex.objects.create(
                annex=sealed, sha256="0" * 64, size=1, level="PAdES B-LTA", lifted_at=stage.NOW
            )

    settings.SIGNING_TSA_URL = ""
    now, clerk = timezone.now(), member("clerk")
    signed(annexed)
    services.number(report=stage.fresh(annexed), by=clerk, on=stage.DAY, now=now)
    by = {"by": clerk, "passphrase": stage.PASSPHRASE, "now": now}
    services.seal(report=stage.fresh(annexed), **by)
    sealed = SealedAnnex.objects.get()
    with pytest.raises(IntegrityError, match="đã phát hành"):
        beside(sealed)
    services.issue(report=stage.fresh(annexed), by=clerk, now=now)
    beside(sealed)
    kept = LiftedAnnex.objects.all()
    for change in (lambda: kept.update(size=1), kept.delete, lambda: beside(sealed)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_service_that_hangs_delays_an_issue_by_seconds_only(pki, settings, report):
    settings.SIGNING_TSA_URL = pki.address + "/hang"
    assert levels(issued(report)) == ["PAdES B-B", "PAdES B-B"]


def test_an_office_without_a_time_stamp_service_is_never_asked_for(settings, report):
    settings.SIGNING_TSA_URL = ""
    issued(report)
    assert ask_for_proofs() == 0


def test_the_database_takes_no_other_file_after_the_issue(report):
    found = issued(report)
    for stage_name in ("filled", "prepared"):
        with pytest.raises(IntegrityError, match="chỉ thêm được tệp"), transaction.atomic():
            ReportFile.objects.create(
                rendering=found.rendering, stage=stage_name, sha256="0" * 64, size=1
            )


def test_a_lifted_file_comes_after_the_issue_only(report):
    with pytest.raises(IntegrityError, match="chỉ thêm được tệp"), transaction.atomic():
        ReportFile.objects.create(
            rendering=report.rendering, stage="lifted", sha256="0" * 64, size=1
        )
