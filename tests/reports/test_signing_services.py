"""Time stamps, OCSP and revocation lists from a local authority, well and gone wrong."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from reports import signing
from reports.signing.certificates import CertificateRevoked, KeyUseNotAllowed
from reports.signing.fetching import NotReached, fetch
from tests.reports import pki as local
from tests.reports.signed_sample import ISSUED_ON, NUMBER, facts_of, prepared_sample, tool

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def open_pki():
    with local.Pki() as pki:
        yield pki


@pytest.fixture
def pki(open_pki):
    open_pki.requests.clear()
    open_pki.down.clear()
    open_pki.revoked.clear()
    return open_pki


@pytest.fixture(scope="module")
def leader(open_pki):
    return open_pki.issue("Nhữ Văn Nam")


@pytest.fixture(scope="module")
def agency(open_pki):
    return open_pki.issue("Ban Dân tộc tỉnh Bắc Giang", number=1)


def now():
    return datetime.now(UTC)


def certified(pki, holder, *, service=None, **more):
    return signing.signed_by_leader(
        prepared_sample(),
        key=holder.opened(),
        authority=pki.allowing(holder, **more),
        mark=signing.demonstration_handwriting(),
        now=now(),
        timestamper=service,
    )


def issued(pki, leader, agency, *, service=None):
    pdf = certified(pki, leader, service=service).pdf
    filled = signing.fill_number_and_date(pdf, number=NUMBER, issued_on=ISSUED_ON)
    return signing.seal(
        filled,
        key=agency.opened(),
        authority=pki.allowing(agency),
        mark=signing.demonstration_seal(),
        now=now() + timedelta(seconds=1),
        timestamper=service,
    )


def judged(pki, pdf, leader, agency):
    facts = facts_of(pdf)
    expected = signing.IssuedFacts(
        number=facts.number,
        issued_on=facts.issued_on,
        sha256s=facts.sha256s,
        leader=signing.Owner(fingerprint=leader.fingerprint),
        agency=signing.Owner(fingerprint=agency.fingerprint),
    )
    return signing.verify(pdf, trust_roots=pki.roots(), expected=expected)


def levels(verdict):
    return [signature.level for signature in verdict.signatures]


class TestTimeStamps:
    def test_a_stamped_signature_is_of_level_b_t_and_proves_its_time(self, pki, leader, agency):
        verdict = judged(pki, issued(pki, leader, agency, service=pki.service()), leader, agency)
        assert verdict.reasons == ()
        assert levels(verdict) == ["PAdES B-T", "PAdES B-T"]
        assert all(signature.is_stamped for signature in verdict.signatures)

    def test_one_question_is_asked_for_each_signature(self, pki, leader):
        signed = certified(pki, leader, service=pki.service())
        assert signed.is_stamped
        assert pki.requests == ["/tsa"]

    @pytest.mark.machine
    @pytest.mark.parametrize(
        "fault",
        ["garbage", "nonce", "digest", "expired", "refused", "huge", "endless", "hang", "slow"],
    )
    def test_a_service_gone_wrong_lowers_the_level_and_costs_little_time(self, pki, leader, fault):
        service, began = pki.service(f"/tsa/{fault}", seconds=1), time.monotonic()
        signed = certified(pki, leader, service=service)
        assert time.monotonic() - began < 4
        assert not signed.is_stamped
        assert service.has_failed
        verdict = signing.verify(signed.pdf, trust_roots=pki.roots(), expected=None)
        assert levels(verdict) == ["PAdES B-B"]
        assert verdict.signatures[0].valid

    def test_a_service_that_failed_is_not_asked_again(self, pki, leader):
        service = pki.service("/tsa/garbage")
        for _ in range(3):
            certified(pki, leader, service=service)
        assert pki.requests == ["/tsa/garbage"]

    def test_nobody_listens(self, pki, leader):
        service = signing.StampService("http://127.0.0.1:9/tsa", trust_roots=pki.roots(), seconds=1)
        assert not certified(pki, leader, service=service).is_stamped

    def test_a_service_under_another_root_proves_nothing(self, pki, leader):
        roots = (pki.issue("Nơi khác", is_authority=True).asn1,)
        assert not certified(pki, leader, service=pki.service(roots=roots)).is_stamped

    def test_the_clock_of_the_service_must_be_right(self, pki, leader):
        service = signing.StampService(
            pki.address + "/tsa",
            trust_roots=pki.roots(),
            seconds=2,
            clock=lambda: now() + timedelta(hours=1),
        )
        assert not certified(pki, leader, service=service).is_stamped

    def test_pdfsig_accepts_stamped_signatures(self, pki, leader, agency):
        pdf = issued(pki, leader, agency, service=pki.service())
        assert tool("pdfsig", pdf, "-nocert").count("Signature is Valid") == 2


class TestRevocation:
    def test_a_certificate_in_good_standing_is_known_to_be_so(self, pki, leader):
        signed = certified(pki, leader, online=pki.online())
        assert signed.check.standing == signing.Standing.GOOD
        assert signed.check.data.ocsps
        assert pki.requests == ["/ocsp"]

    def test_the_list_answers_when_ocsp_does_not(self, pki, leader):
        pki.down.add("/ocsp")
        signed = certified(pki, leader, online=pki.online())
        assert signed.check.standing == signing.Standing.GOOD
        assert signed.check.data.crls
        assert pki.requests == ["/ocsp", "/crl"]

    def test_with_both_out_of_reach_the_standing_is_unknown_and_the_signature_made(
        self, pki, leader
    ):
        pki.down |= {"/ocsp", "/crl"}
        assert certified(pki, leader, online=pki.online()).check.standing == "unknown"

    def test_a_batch_asks_once(self, pki, leader):
        online = pki.online()
        for _ in range(3):
            certified(pki, leader, online=online)
        assert pki.requests == ["/ocsp"]

    @pytest.mark.parametrize("silent", [set(), {"/ocsp"}])
    def test_a_revoked_certificate_does_not_sign(self, pki, silent):
        holder = pki.issue("Người đã nghỉ")
        pki.revoke(holder)
        pki.down |= silent
        with pytest.raises(CertificateRevoked, match="đã bị thu hồi"):
            certified(pki, holder, online=pki.online())

    def test_an_answer_by_another_authority_says_nothing(self, pki, monkeypatch):
        holder, stranger = pki.issue("Người ký"), pki.issue("Kẻ lạ", number=3)
        answer = pki.ocsp
        monkeypatch.setattr(pki, "ocsp", lambda question: answer(question, by=stranger))
        pki.down.add("/crl")
        assert certified(pki, holder, online=pki.online()).check.standing == "unknown"

    def test_a_certificate_that_names_no_service_is_of_unknown_standing(self, pki):
        holder = pki.issue("Không nêu dịch vụ", addresses=())
        assert certified(pki, holder, online=pki.online()).check.standing == "unknown"
        assert pki.requests == []


class TestCertificates:
    @pytest.mark.parametrize(
        "more", [{"signs": False}, {"purposes": [local.ExtendedKeyUsageOID.SERVER_AUTH]}]
    )
    def test_a_certificate_for_something_else_does_not_sign(self, pki, more):
        holder = pki.issue("Máy chủ", **more)
        with pytest.raises(KeyUseNotAllowed, match="không được cấp để ký văn bản"):
            certified(pki, holder)

    def test_a_certificate_with_a_purpose_for_documents_signs(self, pki):
        purposes = [local.ExtendedKeyUsageOID.EMAIL_PROTECTION]
        assert certified(pki, pki.issue("Người ký", purposes=purposes))

    def test_an_authority_in_between_is_followed_to_the_root(self, pki):
        between = pki.issue("Nơi cấp cấp hai", number=2, is_authority=True, signs=False)
        holder = pki.issue("Người ký", issuer=between)
        pdf = certified(pki, holder).pdf
        assert signing.verify(pdf, trust_roots=pki.roots(), expected=None).signatures[0].valid

    def test_an_elliptic_curve_signs_and_pdfsig_agrees(self, pki, agency):
        leader = pki.issue("Nhữ Văn Nam", key=local.ec_key())
        pdf = issued(pki, leader, agency, service=pki.service())
        assert judged(pki, pdf, leader, agency).genuine
        assert tool("pdfsig", pdf, "-nocert").count("Signature is Valid") == 2


class TestLevelLT:
    def test_revocation_data_make_the_file_b_lt_and_change_nothing(self, pki, leader, agency):
        pdf = issued(pki, leader, agency, service=pki.service())
        longer = signing.add_revocation_data(
            pdf,
            trust_roots=pki.roots(),
            data=signing.RevocationData(),
            now=now(),
            online=pki.online(),
        )
        assert longer.startswith(pdf)
        verdict = judged(pki, longer, leader, agency)
        assert verdict.reasons == ()
        assert levels(verdict) == ["PAdES B-LT", "PAdES B-LT"]
        assert [one.standing for one in verdict.signatures] == ["good", "good"]
        assert tool("pdfsig", longer, "-nocert").count("Signature is Valid") == 2

    def test_a_service_out_of_reach_leaves_no_half_store(self, pki, leader, agency):
        pdf = issued(pki, leader, agency, service=pki.service())
        pki.down |= {"/ocsp", "/crl"}
        with pytest.raises(signing.NotLifted):
            signing.add_revocation_data(
                pdf,
                trust_roots=pki.roots(),
                data=signing.RevocationData(),
                now=now(),
                online=pki.online(),
            )

    def test_a_file_of_level_b_b_is_lifted_when_the_services_are_back(self, pki, leader, agency):
        pdf = issued(pki, leader, agency)
        lifted = signing.lift(
            pdf,
            trust_roots=pki.roots(),
            timestamper=pki.service(),
            now=now(),
            online=pki.online(),
        )
        verdict = judged(pki, lifted, leader, agency)
        assert verdict.reasons == ()
        assert levels(verdict) == ["PAdES B-LTA", "PAdES B-LTA"]

    def test_a_certificate_revoked_meanwhile_is_not_lifted(self, pki, agency):
        leader = pki.issue("Người ký")
        pdf = issued(pki, leader, agency)
        pki.revoke(leader)
        with pytest.raises(signing.NotLifted):
            signing.lift(
                pdf,
                trust_roots=pki.roots(),
                timestamper=pki.service(),
                now=now(),
                online=pki.online(),
            )


class TestFetching:
    def test_a_moved_list_is_followed_a_little_way(self, pki):
        assert fetch(pki.address + "/moved", seconds=2, most_bytes=100_000)[:1] == b"\x30"
        assert pki.requests == ["/moved", "/crl"]
        with pytest.raises(NotReached):
            fetch(pki.address + "/moved/round", seconds=2, most_bytes=100_000)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "file:///etc/passwd",
            "ftp://127.0.0.1/x",
            "http://",
            "ldap://x/y",
            "http://[::1",
            "x",
        ],
    )
    def test_other_addresses_are_not_opened(self, url):
        with pytest.raises(NotReached):
            fetch(url, seconds=1, most_bytes=10)

    def test_a_long_answer_is_not_read_to_its_end(self, pki):
        with pytest.raises(NotReached):
            fetch(pki.address + "/tsa/huge", seconds=2, most_bytes=1000, body=b"x")
