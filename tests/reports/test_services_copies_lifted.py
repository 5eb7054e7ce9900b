"""An electronic copy sealed while a service was away gets its proofs later, in a file beside it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.jobs.services import drain
from reports import services
from reports.models import Certificate, Copy, LiftedCopy
from reports.services.certificates import ROOTS
from reports.tasks import ask_for_proofs
from tests.cast import member
from tests.reports import copying, stage
from tests.reports import pki as local
from tests.reports.signed_sample import tool

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def pki(settings):
    with local.Pki() as found:
        settings.SIGNING_TSA_URL = found.address + "/tsa"
        settings.SIGNING_SERVICE_SECONDS = 1
        yield found


@pytest.fixture
def copy(pki, settings):
    """Numbered, to be sealed with a certificate of the local authority."""
    found = copying.begun(copying.incoming(copying.scan()), medium="electronic")
    folder = settings.SIGNING_DIR
    (folder / ROOTS).mkdir(parents=True, exist_ok=True)
    (folder / ROOTS / "dia-phuong.pem").write_bytes(pki.root.pem)
    holder = pki.issue("Ban Dân tộc tỉnh Bắc Giang", number=1)
    (folder / "co-quan-that.p12").write_bytes(holder.p12(stage.PASSPHRASE))
    certificate = services.register_certificate(
        data=holder.pem, key_file="co-quan-that.p12", agency=found.agency
    )
    Certificate.objects.filter(pk=certificate.pk).update(is_test=True)
    services.number_copy(copy=found, by=member("clerk"), now=timezone.now())
    return copying.fresh(found)


def sealed(copy):
    return services.seal_copy(
        copy=copy, by=member("clerk"), passphrase=stage.PASSPHRASE, now=timezone.now()
    )


def test_after_the_outage_the_job_keeps_a_lifted_file_beside_the_copy(pki, copy, client):
    pki.down.add("/tsa")
    copy = sealed(copy)
    assert copy.level == copy.document.signature_level == "PAdES B-B"
    before = copying.content_of(copy.file)
    assert ask_for_proofs() == 1
    drain()
    assert not LiftedCopy.objects.exists(), "still out of reach, no failure, nothing added"

    pki.down.clear()
    assert ask_for_proofs() == 1
    drain()
    lifted = LiftedCopy.objects.get(copy=copy)
    after = copying.content_of(lifted.file)
    assert after.startswith(before)
    assert copying.content_of(Copy.objects.get(pk=copy.pk).file) == before
    assert copying.fresh(copy).document.signature_level == lifted.level == "PAdES B-LTA"
    assert tool("pdfsig", after, "-nocert").count("Signature is Valid") >= 1
    for content, level in ((before, "PAdES B-B"), (after, "PAdES B-LTA")):
        finding = services.verify_file(content)
        assert finding.copy == copy
        assert finding.verdict.genuine, finding.verdict.reasons
        assert [one.level for one in finding.verdict.signatures] == [level]
    assert not services.verify_file(after + b"\n% them\n").verdict.genuine
    assert ask_for_proofs() == 0

    client.force_login(member("clerk"))
    page = client.get(copy.get_absolute_url()).content.decode()
    assert "tệp lúc ký</a> vẫn có giá trị" in page
    for which, wanted in (("ban-sao", after), ("luc-ky", before)):
        answer = client.get(reverse("reports:copy_file", args=[copy.pk, which]))
        assert b"".join(answer.streaming_content) == wanted


def test_with_every_service_well_a_copy_is_sealed_at_level_b_lt(copy):
    copy = sealed(copy)
    assert copy.level == copy.document.signature_level == "PAdES B-LT"
    verdict = services.verify_file(copying.content_of(copy.file)).verdict
    assert verdict.genuine, verdict.reasons
    assert [one.level for one in verdict.signatures] == ["PAdES B-LT"]
    assert ask_for_proofs() == 0


def test_what_was_lifted_is_kept_and_only_sealed_electronic_copies_are(pki, copy, client):
    def beside(which):
        with transaction.atomic():
            LiftedCopy.objects.create(
                copy=which, sha256="0" * 64, size=1, level="PAdES B-LTA", lifted_at=timezone.now()
            )

    for other in (copy, copying.numbered(copying.incoming(copying.scan()))):
        with pytest.raises(IntegrityError, match="bản sao điện tử đã ký số"):
            beside(other)
    pki.down |= {"/ocsp", "/crl"}
    copy = sealed(copy)
    assert copy.level == "PAdES B-T"
    pki.down.clear()
    client.force_login(member("clerk"))
    answer = client.get(reverse("reports:copy_file", args=[copy.pk, "luc-ky"]))
    assert answer.status_code == 404, "there is only one file yet"
    assert ask_for_proofs() == 1, "a stamped copy still lacks the news of revocation"
    drain()
    kept = LiftedCopy.objects.filter(copy=copy)
    for change in (lambda: kept.update(size=1), kept.delete, lambda: beside(copy)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_an_office_without_a_time_stamp_service_is_not_asked(copy, settings):
    settings.SIGNING_TSA_URL = ""
    assert sealed(copy).level == "PAdES B-B"
    assert ask_for_proofs() == 0
