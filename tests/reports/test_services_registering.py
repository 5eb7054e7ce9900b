"""Certificates: whose they are, who said so, and when they run out."""

import datetime

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)
from django.urls import reverse
from django.utils import timezone

from reports import services
from reports.models import Certificate, CertificateEvent
from reports.services.certificates import ROOTS
from reports.signing import KeyUploaded, NotACertificate, SigningRefused
from tests.cast import member
from tests.reports import pki as local

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def trusted(pki, settings, tmp_path):
    settings.SIGNING_DIR = tmp_path
    (tmp_path / ROOTS).mkdir()
    (tmp_path / ROOTS / "goc.pem").write_bytes(pki.root.pem)
    pki.revoked.clear()


def enter(data, **given):
    told = {"by": member("administrator"), "now": timezone.now(), "owner": member("leader")}
    return services.enter_certificate(data=data, **(told | given))


def test_the_administrator_registers_and_the_event_says_who(pki):
    entered = enter(pki.issue("Nhữ Văn Nam").der, token="Token lãnh đạo")
    assert (entered.subject, entered.owner, entered.token) == (
        "Nhữ Văn Nam",
        member("leader"),
        "Token lãnh đạo",
    )
    assert entered.registered_by == member("administrator")
    event = CertificateEvent.objects.get()
    assert (event.what, event.who) == ("Đăng ký", member("administrator"))
    assert "Token lãnh đạo" in event.note


@pytest.mark.parametrize("shape", ["der", "pem", "p7b", "p7b in pem"])
def test_every_usual_shape_of_the_public_part_is_read(pki, shape):
    holder = pki.issue("Nhữ Văn Nam")
    both = [pki.root.certificate, holder.certificate]
    data = {
        "der": holder.der,
        "pem": pki.root.pem + holder.pem,
        "p7b": pkcs7.serialize_certificates(both, Encoding.DER),
        "p7b in pem": pkcs7.serialize_certificates(both, Encoding.PEM),
    }[shape]
    entered = enter(data)
    assert entered.fingerprint == holder.fingerprint
    assert entered.pem.startswith("-----BEGIN CERTIFICATE-----")


def private_pem(holder):
    return holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "make", [lambda one: one.p12(), lambda one: one.pem + private_pem(one), private_pem]
)
def test_a_private_key_is_refused_with_advice_and_kept_nowhere(pki, make):
    with pytest.raises(KeyUploaded, match=r"\.cer"):
        enter(make(pki.issue("Nhữ Văn Nam")))
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"\x30\x82",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN X",
        bytes(300_000),
        b"%PDF-1.7",
    ],
)
def test_what_is_no_certificate_is_refused(data):
    with pytest.raises(NotACertificate):
        enter(data)


def test_two_signers_in_one_file_are_refused(pki):
    with pytest.raises(NotACertificate):
        enter(pki.issue("Một").pem + pki.issue("Hai").pem)


def unfit(pki):
    old = {"start": -40 * local.DAY, "end": -local.DAY}
    with local.Pki("Nơi cấp khác", 7) as other:
        yield other.issue("Nơi khác").der
    yield pki.issue("Hết hạn", **old).der
    yield pki.issue("Máy chủ", signs=False).der
    revoked = pki.issue("Thu hồi")
    pki.revoke(revoked)
    yield revoked.der


def test_a_certificate_that_could_not_sign_today_is_not_registered(pki):
    for data in unfit(pki):
        with pytest.raises(SigningRefused):
            enter(data)
    assert not Certificate.objects.exists()


def test_nobody_but_the_administrator_registers(pki):
    for who in ("leader", "clerk", "specialist"):
        with pytest.raises(services.NotAllowed):
            enter(pki.issue("Nhữ Văn Nam").der, by=member(who))


def test_it_is_registered_once_and_not_again_after_it_was_withdrawn(pki):
    data = pki.issue("Nhữ Văn Nam").der
    entered = enter(data)
    with pytest.raises(services.AlreadyRegistered):
        enter(data)
    services.withdraw_certificate(
        certificate=entered, by=member("administrator"), reason="Nghỉ hưu", now=timezone.now()
    )
    with pytest.raises(services.Withdrawn):
        enter(data)
    assert CertificateEvent.objects.count() == 2


def test_a_certificate_is_withdrawn_with_a_reason(pki):
    entered = enter(pki.issue("Nhữ Văn Nam").der)
    told = {"certificate": entered, "by": member("administrator"), "now": timezone.now()}
    with pytest.raises(services.ReasonMissing):
        services.withdraw_certificate(reason=" ", **told)
    assert services.withdraw_certificate(reason="Mất thiết bị", **told).revoked_at is not None


def test_owner_and_administrator_are_told_thirty_days_before(client, pki):
    enter(pki.issue("Nhữ Văn Nam", end=20 * local.DAY).der)
    for who, is_told in (("leader", True), ("administrator", True), ("clerk", False)):
        client.force_login(member(who))
        page = client.get(reverse("reports:home")).content.decode()
        assert ("Chứng thư sắp hết hạn" in page) == is_told


def test_nobody_is_told_when_the_next_one_is_registered_or_time_is_left(pki):
    enter(pki.issue("Nhữ Văn Nam", end=20 * local.DAY).der)
    now = timezone.now()
    assert services.ending_soon(member("leader"), now=now)
    assert not services.ending_soon(member("leader"), now=now - datetime.timedelta(days=20))
    enter(pki.issue("Nhữ Văn Nam", end=400 * local.DAY).der)
    assert not services.ending_soon(member("leader"), now=now)
    assert not services.ending_soon(member("administrator"), now=now)


class TestPage:
    @pytest.fixture(autouse=True)
    def signed_in(self, client):
        member("leader")
        client.force_login(member("administrator"))

    def post(self, client, data, **given):
        from django.core.files.uploadedfile import SimpleUploadedFile

        told = {"owner": f"nguoi-{member('leader').pk}", "token": ""} | given
        file = SimpleUploadedFile("a.cer", data)
        return client.post(reverse("reports:certificate_list"), told | {"file": file})

    def test_a_certificate_is_registered_and_listed(self, client, pki):
        answer = self.post(client, pki.issue("Nhữ Văn Nam").der)
        assert answer.status_code == 302
        page = client.get(reverse("reports:certificate_list")).content.decode()
        assert "Còn hiệu lực" in page
        assert "Thiết bị của người ký" in page

    @pytest.mark.parametrize(
        "given", [{"owner": "nguoi-99999"}, {"owner": "x"}, {"owner": ""}, {"token": "x" * 99}]
    )
    def test_wrong_values_are_answered_with_the_form(self, client, pki, given):
        answer = self.post(client, pki.issue("Nhữ Văn Nam").der, **given)
        assert answer.status_code == 200
        assert not Certificate.objects.exists()

    def test_a_key_file_is_answered_with_advice(self, client, pki):
        page = self.post(client, pki.issue("Nhữ Văn Nam").p12()).content.decode()
        assert "khoá bí mật" in page
