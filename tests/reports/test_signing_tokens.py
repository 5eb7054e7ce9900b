"""Keys in a token: SoftHSM2 stands for it; the key is made inside and never comes out."""

import os
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute, KeyType, TokenFlag
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from reports import services, signing
from reports.models import Certificate, Signature, Status
from reports.services.certificates import ROOTS
from reports.signing import tokens
from tests.cast import member
from tests.reports import pki as local
from tests.reports import stage
from tests.reports.signed_sample import prepared_sample, tool

pytestmark = pytest.mark.slow

PIN, SO_PIN = "24681357", "11223344"
MODULE = next(
    str(path)
    for path in (
        Path("/usr/lib/softhsm/libsofthsm2.so"),
        Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
        Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    )
    if path.exists()
)


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """An empty place for tokens; the library reads its address once it is begun."""
    folder = tmp_path_factory.mktemp("thiet-bi")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n"
    )
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    yield folder / "tokens"
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture(scope="session")
def pki():
    with local.Pki() as found:
        yield found


def new_token(label):
    subprocess.run(
        [
            *("softhsm2-util", "--init-token", "--free", "--label", label),
            *("--pin", PIN, "--so-pin", SO_PIN),
        ],
        check=True,
        capture_output=True,
    )
    library = pkcs11.lib(MODULE)
    library.reinitialize()
    return library.get_token(token_label=label)


def key_inside(label, *, is_elliptic=False):
    """A token with a key that was made inside; its public half as an object with `public_key`."""
    with new_token(label).open(rw=True, user_pin=PIN) as session:
        if is_elliptic:
            parameters = session.create_domain_parameters(
                KeyType.EC,
                {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
                local=True,
            )
            public, _ = parameters.generate_keypair(store=True, label="khoa", id=b"\x01")
            der = encode_ec_public_key(public)
        else:
            public, _ = session.generate_keypair(
                KeyType.RSA, 2048, store=True, label="khoa", id=b"\x01"
            )
            der = encode_rsa_public_key(public)
    found = load_der_public_key(der)
    return SimpleNamespace(public_key=lambda: found)


@pytest.fixture(scope="session")
def holder(store, pki):
    return pki.issue("Nhữ Văn Nam", key=key_inside("Lanh dao"))


def opened(holder, *, label="Lanh dao", pin=PIN, module=MODULE):
    return signing.open_token(module, label=label, pin=pin, certificates=[holder.asn1])


def certified(pki, holder, key):
    return signing.certify(
        prepared_sample(),
        key=key,
        authority=pki.allowing(holder),
        mark=signing.demonstration_handwriting(),
        now=datetime.now(UTC),
    )


def test_a_token_signs_and_pdfsig_and_our_check_agree(pki, holder):
    with opened(holder) as key:
        pdf = certified(pki, holder, key)
    assert key.mechanism.signature_algo == "rsassa_pss"
    assert tool("pdfsig", pdf, "-nocert").count("Signature is Valid") == 1
    assert signing.verify(pdf, trust_roots=pki.roots(), expected=None).signatures[0].valid


def test_an_elliptic_key_in_a_token_signs(pki, store):
    holder = pki.issue("Ban Dân tộc", key=key_inside("Co quan", is_elliptic=True))
    with opened(holder, label="Co quan") as key:
        pdf = certified(pki, holder, key)
    assert tool("pdfsig", pdf, "-nocert").count("Signature is Valid") == 1
    assert signing.verify(pdf, trust_roots=pki.roots(), expected=None).signatures[0].valid


def test_the_key_does_not_come_out(holder):
    with opened(holder) as key:
        assert key.handle[Attribute.SENSITIVE]
        assert not key.handle[Attribute.EXTRACTABLE]
        with pytest.raises(pkcs11.PKCS11Error):
            _ = key.handle[Attribute.PRIVATE_EXPONENT]


@pytest.mark.parametrize("pin", ["99999999", "", "1", "x" * 300, "mã\0pin"])
def test_a_wrong_pin_is_told_in_words_and_carried_nowhere(holder, pin, caplog):
    with pytest.raises(signing.SigningRefused) as refusal, opened(holder, pin=pin):
        pass
    assert "PIN không đúng" in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
    assert not pin or len(pin) == 1 or pin not in f"{refusal.value!r} {caplog.text}"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (TokenFlag.USER_PIN_FINAL_TRY, "Chỉ còn 1 lần thử"),
        (TokenFlag.USER_PIN_COUNT_LOW, "lần thử còn lại không nhiều"),
        (TokenFlag.USER_PIN_LOCKED, "đã bị khoá"),
    ],
)
def test_what_the_token_says_of_tries_left_is_passed_on(flags, words):
    told = SimpleNamespace(slot=SimpleNamespace(get_token=lambda: SimpleNamespace(flags=flags)))
    assert words in str(tokens._wrong_pin(told))


def test_a_locked_token_is_not_tried(monkeypatch, holder):
    locked = SimpleNamespace(flags=TokenFlag.USER_PIN_LOCKED)
    monkeypatch.setattr(tokens, "_token", lambda *_: locked)
    with pytest.raises(tokens.PinLocked, match="khoá vì nhập sai"), opened(holder):
        pass


def test_a_token_that_locks_itself_on_this_try_is_told_in_words(monkeypatch, holder):
    def locks(**_):
        raise pkcs11.PinLocked

    told = SimpleNamespace(flags=TokenFlag(0), open=locks)
    monkeypatch.setattr(tokens, "_token", lambda *_: told)
    with pytest.raises(tokens.PinLocked), opened(holder):
        pass


@pytest.mark.parametrize(
    "given", [{"label": "Khong co"}, {"module": ""}, {"module": "/khong/co.so"}]
)
def test_without_the_token_nothing_is_asked(holder, given):
    with pytest.raises(tokens.NoTokenHere), opened(holder, **given):
        pass


def test_the_token_of_somebody_else_does_not_sign(pki, store, holder):
    other = pki.issue("Người khác", number=4)
    with pytest.raises(tokens.KeyNotInToken), opened(other):
        pass


def test_a_token_pulled_out_half_way_leaves_no_signature(pki, holder):
    with opened(holder) as key:
        assert key.sign(b"x")

        class Pulled:
            def sign(self, *_, **__):
                raise pkcs11.DeviceRemoved

        object.__setattr__(key, "handle", Pulled())
        with pytest.raises(tokens.TokenRemoved, match="rút"):
            certified(pki, holder, key)


def test_a_token_whose_files_are_gone_half_way_leaves_no_signature(pki, store):
    before = set(store.iterdir())
    holder = pki.issue("Người ký", key=key_inside("Rut ra"))
    (folder,) = set(store.iterdir()) - before
    with opened(holder, label="Rut ra") as key:
        for file in folder.iterdir():
            file.unlink()
        with pytest.raises(tokens.TokenRemoved):
            certified(pki, holder, key)


def test_a_login_is_not_left_open_for_the_next_person(holder):
    with opened(holder) as key:
        key.sign(b"x")
    with pytest.raises(tokens.WrongPin), opened(holder, pin="00000000"):
        pass


def test_while_one_person_signs_another_waits_and_is_then_told(holder, monkeypatch):
    monkeypatch.setattr(tokens, "_SECONDS_IN_LINE", 0.05)
    outcome = []

    def second():
        try:
            with opened(holder, pin="00000000"):
                outcome.append("signed")
        except signing.SigningRefused as refusal:
            outcome.append(type(refusal))

    with opened(holder):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert outcome == [tokens.TokenBusy]


@pytest.mark.django_db
@pytest.mark.usefixtures("laid_out_once")
class TestService:
    @pytest.fixture
    def report(self, pki, holder, settings):
        report = stage.to_sign(stage.draft())
        (settings.SIGNING_DIR / ROOTS).mkdir(parents=True, exist_ok=True)
        (settings.SIGNING_DIR / ROOTS / "dia-phuong.pem").write_bytes(pki.root.pem)
        settings.SIGNING_PKCS11_MODULE = MODULE
        entered = services.register_certificate(data=holder.pem, owner=member("leader"))
        Certificate.objects.filter(pk=entered.pk).update(token="Lanh dao", is_test=True)
        return report

    def sign(self, report, pin=PIN):
        from django.utils import timezone

        return services.sign(report=report, by=member("leader"), passphrase=pin, now=timezone.now())

    def test_a_leader_signs_with_the_pin_which_is_kept_nowhere(self, report):
        from django.apps import apps

        assert self.sign(report).role == "leader"
        assert stage.fresh(report).status == Status.SIGNED
        for model in apps.get_app_config("reports").get_models():
            assert PIN not in str(list(model.objects.values_list()))

    def test_a_wrong_pin_leaves_everything_as_it_was(self, report):
        with pytest.raises(tokens.WrongPin):
            self.sign(report, "00000000")
        assert stage.fresh(report).status == Status.TO_SIGN
        assert not Signature.objects.exists()


class Stumbling:
    """A library that knows no token after one was pulled out, until it is begun anew."""

    def __init__(self, token):
        self.token = token
        self.is_begun_anew = False

    def reinitialize(self):
        self.is_begun_anew = True

    def get_tokens(self, token_label):
        if not self.is_begun_anew:
            raise pkcs11.GeneralError
        return [self.token]


def test_a_library_that_lost_its_way_is_begun_anew(monkeypatch):
    library = Stumbling(object())
    monkeypatch.setattr(tokens.pkcs11, "lib", lambda module: library)
    assert tokens._token(MODULE, "Lanh dao") is library.token
