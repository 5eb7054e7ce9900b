from datetime import UTC, datetime

import pytest
from asn1crypto import keys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports import signing
from reports.signing import authority
from reports.signing.certificates import CertificateRevoked
from tests.reports.signed_sample import (
    SIGNED_AT,
    authorities,
    facts_of,
    issued_sample,
    prepared_sample,
    tool,
)

pytestmark = pytest.mark.slow


def revocation_list():
    return (authorities().folder / authority.REVOCATION_LIST_FILE).read_bytes()


def stamper(name=authority.TIME_STAMP_FILE):
    key = authorities().key(name)
    private = key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        key.certificate,
        keys.PrivateKeyInfo.load(private),
        certs_to_embed=SimpleCertificateStore.from_certs(key.others),
    )


def lifted(timestamper=None):
    return signing.lift(
        issued_sample(),
        trust_roots=authorities().roots(),
        timestamper=timestamper or stamper(),
        crls=[revocation_list()],
        now=datetime.now(UTC),
    )


def test_a_lifted_file_stays_genuine_at_a_higher_level():
    pdf = lifted()
    assert pdf.startswith(issued_sample())
    verdict = signing.verify(pdf, trust_roots=authorities().roots(), expected=facts_of(pdf))
    assert verdict.reasons == ()
    assert [signature.level for signature in verdict.signatures] == ["PAdES B-LTA"] * 2
    assert tool("pdfsig", pdf, "-nocert").count("Signature is Valid") == 2


def test_a_lifted_file_that_the_register_does_not_know_is_not_genuine():
    verdict = signing.verify(
        lifted(), trust_roots=authorities().roots(), expected=facts_of(issued_sample())
    )
    assert verdict.reasons == ("Tệp không trùng khớp với bản đã phát hành.",)


def test_an_authority_out_of_reach_leaves_the_file_as_it_is():
    class Unreachable(DummyTimeStamper):
        async def async_request_tsa_response(self, req):
            raise TimestampRequestError("không kết nối được")

    key = authorities().key(authority.TIME_STAMP_FILE)
    with pytest.raises(signing.NotLifted, match="thử lại sau"):
        lifted(Unreachable(key.certificate, None))


def test_a_time_stamp_of_a_stranger_is_not_taken_for_one():
    with pytest.raises(signing.NotLifted):
        lifted(stamper(authority.FOREIGN_FILE))


def test_a_revoked_certificate_does_not_sign():
    allowing = signing.Authority(
        authorities().owner(authority.REVOKED_FILE), authorities().roots(), (revocation_list(),)
    )
    with pytest.raises(CertificateRevoked):
        signing.certify(
            prepared_sample(),
            key=authorities().key(authority.REVOKED_FILE),
            authority=allowing,
            mark=signing.demonstration_handwriting(),
            now=SIGNED_AT,
        )


def test_the_other_certificates_sign_in_spite_of_the_revocation_list():
    allowing = signing.Authority(
        authorities().owner(authority.LEADER_FILE), authorities().roots(), (revocation_list(),)
    )
    assert signing.certify(
        prepared_sample(),
        key=authorities().key(authority.LEADER_FILE),
        authority=allowing,
        mark=signing.demonstration_handwriting(),
        now=SIGNED_AT,
    )
