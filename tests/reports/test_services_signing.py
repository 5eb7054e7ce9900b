"""The two signatures: by the right person with the right certificate, once."""

import logging

import pytest
from django.core.files.storage import default_storage

from reports import services
from reports.models import Certificate, ReportFile, Signature, SignerRole, Status
from reports.signing import (
    Authority,
    Owner,
    certify,
    demonstration_handwriting,
    fingerprint,
    load_certificates,
    open_pkcs12,
)
from reports.signing.authority import (
    AGENCY_FILE,
    EXPIRED_FILE,
    FOREIGN_FILE,
    LEADER_FILE,
    ROOT_FILE,
)
from reports.signing.certificates import (
    CertificateExpired,
    CertificateNotTrusted,
    SigningRefused,
    WrongOwner,
)
from reports.signing.keys import KeyNotOpened
from tests.cast import member, person
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("laid_out_once")]


@pytest.fixture
def report():
    found = stage.to_sign(stage.draft())
    stage.certificates(found)
    return found


def sign(report, **given):
    told = {"by": member("leader"), "passphrase": stage.PASSPHRASE, "now": stage.NOW} | given
    return services.sign(report=report, **told)


def key(settings, name):
    return open_pkcs12((settings.SIGNING_DIR / name).read_bytes(), stage.PASSPHRASE)


def unchanged(report):
    return (
        stage.fresh(report).status == Status.TO_SIGN
        and not Signature.objects.exists()
        and ReportFile.objects.count() == 1
    )


def test_the_signatory_signs_and_the_report_moves_on(report):
    made = sign(report)
    assert stage.fresh(report).status == Status.SIGNED
    assert (made.signer_name, made.signed_at, made.role) == ("Nhữ Văn Nam", stage.NOW, "leader")
    prepared = report.rendering.files.get(stage="prepared").content()
    assert made.file.content().startswith(prepared)


def test_signing_twice_makes_one_signature(report):
    assert sign(report) == sign(report)
    assert Signature.objects.count() == 1


def test_two_attempts_at_once_leave_one_signature_and_one_file(report, monkeypatch):
    """The second attempt has read the same state and finishes its own signature later."""
    from reports.services import signing as service

    store = service.store

    def slow(act, found, certificate, signed, **given):
        monkeypatch.setattr(service, "store", store)
        sign(stage.fresh(report))
        return store(act, found, certificate, signed, **given)

    monkeypatch.setattr(service, "store", slow)
    sign(report)
    assert Signature.objects.count() == 1
    assert ReportFile.objects.filter(stage="signed").count() == 1


def test_another_leader_does_not_sign_this_report(report):
    other = person("lanh.dao.khac", role="leader", full_name="Vi Thị Hoa")
    with pytest.raises(services.NotTheSignatory, match="Nhữ Văn Nam"):
        sign(report, by=other)
    assert unchanged(report)


@pytest.mark.parametrize("who", ["specialist", "head", "form_checker", "clerk", "auditor"])
def test_nobody_else_signs(report, who):
    with pytest.raises(services.NotAllowed):
        sign(report, by=member(who))
    assert unchanged(report)


def test_a_wrong_passphrase_does_not_sign_and_is_written_nowhere(report, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(KeyNotOpened, match="mật khẩu không đúng"):
        sign(report, passphrase="bí mật sai")
    assert unchanged(report)
    assert "bí mật sai" not in caplog.text


def test_the_passphrase_is_in_no_table(report):
    from django.apps import apps

    sign(report)
    for model in apps.get_app_config("reports").get_models():
        for row in model.objects.values_list():
            assert stage.PASSPHRASE not in str(row)


def test_an_expired_certificate_does_not_sign(report, settings):
    Certificate.objects.all().delete()
    services.register_certificate(
        data=key(settings, EXPIRED_FILE).certificate.dump(),
        owner=member("leader"),
        key_file=EXPIRED_FILE,
    )
    with pytest.raises(CertificateExpired, match="đã hết hạn"):
        sign(report)
    assert unchanged(report)


def test_a_key_file_put_in_place_of_the_registered_one_does_not_sign(report, settings):
    (settings.SIGNING_DIR / LEADER_FILE).write_bytes(
        (settings.SIGNING_DIR / AGENCY_FILE).read_bytes()
    )
    with pytest.raises(WrongOwner):
        sign(report)
    assert unchanged(report)


def test_a_certificate_of_another_authority_does_not_sign(report, settings):
    Certificate.objects.all().delete()
    services.register_certificate(
        data=key(settings, FOREIGN_FILE).certificate.dump(),
        owner=member("leader"),
        key_file=FOREIGN_FILE,
    )
    with pytest.raises(CertificateNotTrusted):
        sign(report)
    assert unchanged(report)


def test_without_a_registered_certificate_the_page_says_so(report):
    Certificate.objects.all().delete()
    with pytest.raises(services.NoCertificate):
        sign(report)


def test_a_key_that_is_kept_elsewhere_is_not_asked_for_here(report):
    Certificate.objects.update(key_file="")
    with pytest.raises(services.NoKeyHere, match="thiết bị của cơ quan"):
        sign(report)


def test_a_key_file_cannot_point_out_of_its_folder(report):
    Certificate.objects.update(key_file="../../etc/passwd")
    with pytest.raises(services.NoKeyHere):
        sign(report)


def test_the_test_root_is_trusted_in_the_demonstration_only(report, settings):
    settings.DEMO = False
    with pytest.raises(CertificateNotTrusted):
        sign(report)
    assert unchanged(report)


def test_a_lost_file_stops_the_signature_with_a_sentence(report):
    default_storage.delete(report.rendering.files.get().file.name)
    with pytest.raises(services.FileMissing):
        sign(report)


def elsewhere(report, settings, name=LEADER_FILE, **given):
    """What the office's own tool would do with the prepared file."""
    prepared = services.file_to_take_away(
        now=stage.NOW, report=report, role=SignerRole.LEADER, by=member("leader")
    ).content()
    opened = key(settings, name)
    roots = load_certificates((settings.SIGNING_DIR / ROOT_FILE).read_bytes())
    return certify(
        prepared,
        key=opened,
        authority=Authority(Owner(fingerprint=fingerprint(opened.certificate)), tuple(roots)),
        mark=demonstration_handwriting(),
        now=given.get("now", stage.NOW),
    )


def take_back(report, uploaded, **given):
    told = {"role": SignerRole.LEADER, "by": member("leader"), "now": stage.NOW} | given
    return services.take_back(report=report, uploaded=uploaded, **told)


def test_a_file_signed_elsewhere_is_taken(report, settings):
    uploaded = elsewhere(report, settings)
    made = take_back(report, uploaded)
    assert made.is_take_away
    assert stage.fresh(report).status == Status.SIGNED
    assert take_back(stage.fresh(report), uploaded) == made
    with pytest.raises(services.NotNow):
        take_back(stage.fresh(report), b"%PDF-1.7 x")


def test_a_file_signed_elsewhere_by_another_certificate_is_not_taken(report, settings):
    uploaded = elsewhere(report, settings, AGENCY_FILE)
    with pytest.raises(SigningRefused):
        take_back(report, uploaded)
    assert unchanged(report)


def test_another_file_is_not_taken(report, settings):
    uploaded = bytearray(elsewhere(report, settings))
    uploaded[2000] ^= 1
    for wrong in (bytes(uploaded), b"%PDF-1.7 x", b""):
        with pytest.raises(SigningRefused):
            take_back(report, wrong)
    assert unchanged(report)


def test_the_unsigned_file_is_not_taken(report):
    prepared = services.file_to_take_away(
        now=stage.NOW, report=report, role=SignerRole.LEADER, by=member("leader")
    )
    with pytest.raises(SigningRefused, match="chưa có chữ ký"):
        take_back(report, prepared.content())


def test_the_agencys_file_is_taken_away_by_the_clerk_only(report):
    sign(report)
    services.number(report=report, by=member("clerk"), on=stage.DAY, now=stage.NOW)
    report = stage.fresh(report)
    with pytest.raises(services.NotAllowed):
        services.file_to_take_away(
            report=report, role=SignerRole.AGENCY, by=member("leader"), now=stage.NOW
        )
    file = services.file_to_take_away(
        report=report, role=SignerRole.AGENCY, by=member("clerk"), now=stage.NOW
    )
    assert file.stage == "filled"


def test_the_seal_comes_after_the_number(report):
    sign(report)
    with pytest.raises(services.NotNow):
        services.seal(
            report=stage.fresh(report),
            by=member("clerk"),
            passphrase=stage.PASSPHRASE,
            now=stage.NOW,
        )


def test_test_keys_are_made_in_the_demonstration_only(report, settings):
    settings.DEMO = False
    with pytest.raises(services.DemoOnly):
        stage.certificates(report)


def test_a_certificate_is_registered_once_and_for_one_owner(report, settings):
    data = key(settings, LEADER_FILE).certificate.dump()
    again = services.register_certificate(data=data, owner=member("leader"))
    assert Certificate.objects.filter(fingerprint=again.fingerprint).count() == 1
    with pytest.raises(services.ReportRefusal, match="người hoặc cơ quan khác"):
        services.register_certificate(data=data, owner=member("head"))
    with pytest.raises(services.ReportRefusal, match="không phải là chứng thư"):
        services.register_certificate(data=b"x", owner=member("leader"))


def test_a_signed_report_that_is_sent_back_is_signed_anew(report):
    sign(report)
    services.return_report(report=report, by=member("clerk"), reason="Sai nơi nhận", now=stage.NOW)
    again = stage.to_sign(stage.fresh(report))
    assert again.rendering.attempt == 2
    assert sign(again).rendering == again.rendering
    assert Signature.objects.count() == 2
