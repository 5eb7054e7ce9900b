"""Files that other tools sign in other ways: each answer is true, nothing weak is called valid."""

import asyncio
import io
from datetime import UTC, datetime

import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports import signing
from reports.signing import Outcome
from tests.reports import pki as local
from tests.reports.books import book

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def person(pki):
    return pki.issue("Giáp Văn Minh", number=6)


def signer_of(holder, chain=True):
    """pyHanko's own signer, which asks nothing of the key."""
    private = holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificates = [holder.asn1, *(one.asn1 for one in holder.chain if chain)]
    return SimpleSigner(
        signing_cert=holder.asn1,
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs(certificates),
    )


def signed(
    pdf, holder, *, field="Signature1", kind=SigSeedSubFilter.PADES, digest="sha256", chain=True
):
    metadata = PdfSignatureMetadata(field_name=field, subfilter=kind, md_algorithm=digest)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if writer.security_handler is not None:
        writer.encrypt("")
    return PdfSigner(metadata, signer_of(holder, chain)).sign_pdf(writer).getvalue()


def signed_at(holder, moment, *, stamps=None, change=lambda content: content):
    """A signature that says it was made at `moment` (None: says nothing), its CMS changed."""
    steps = PdfCMSEmbedder().write_cms(
        field_name="Signature1", writer=IncrementalPdfFileWriter(io.BytesIO(book()))
    )
    next(steps)
    placeholder = SignatureObject(
        timestamp=moment, bytes_reserved=20_000, subfilter=SigSeedSubFilter.PADES
    )
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    digest, output = steps.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    made = signer_of(holder).async_sign(
        digest.document_digest, "sha256", use_pades=True, timestamper=stamps
    )
    steps.send(change(cms.ContentInfo.load(asyncio.run(made).dump())))
    return output.getvalue()


def judged(pki, pdf):
    return signing.verify(pdf, trust_roots=pki.roots(), expected=None)


def saved(**options):
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(book())) as pdf:
        pdf.save(buffer, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "options",
    [
        {"force_version": "1.4", "object_stream_mode": pikepdf.ObjectStreamMode.disable},
        {"force_version": "2.0", "object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"linearize": True},
        {"encryption": pikepdf.Encryption(owner="chủ", user="")},
    ],
)
def test_a_good_signature_is_valid_in_every_form_that_a_reader_opens(pki, person, options):
    pdf = signed(saved(**options), person, kind=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    assert judged(pki, pdf).outcome == Outcome.VALID


@pytest.mark.parametrize(
    ("key", "digest"),
    [
        (lambda: ec.generate_private_key(ec.SECP384R1()), "sha384"),
        (ed25519.Ed25519PrivateKey.generate, "sha512"),
    ],
)
def test_newer_keys_are_known(pki, key, digest):
    verdict = judged(pki, signed(book(), pki.issue("Khoá mới", key=key()), digest=digest))
    assert verdict.outcome == Outcome.VALID


@pytest.mark.parametrize(
    "key",
    [
        lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505
        lambda: ec.generate_private_key(ec.SECP192R1()),
        lambda: dsa.generate_private_key(1024),  # noqa: S505
    ],
)
def test_a_key_that_can_be_broken_proves_nothing_and_is_named_as_the_reason(pki, key):
    verdict = judged(pki, signed(book(), pki.issue("Khoá yếu", key=key())))
    assert verdict.outcome == Outcome.WEAK
    assert not verdict.signatures[0].valid
    assert verdict.reasons[0] == "Khoá trong chứng thư của “Khoá yếu” không còn đủ an toàn."
    assert not any("nơi cấp" in reason for reason in verdict.reasons)


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_a_broken_digest_proves_nothing_and_is_named_as_the_reason(pki, person, digest):
    pdf = signed(book(), person, kind=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, digest=digest)
    verdict = judged(pki, pdf)
    assert verdict.outcome == Outcome.WEAK
    assert "dùng cách ký cũ, không còn an toàn" in verdict.reasons[0]
    assert not any("nơi cấp" in reason for reason in verdict.reasons)


def test_a_certificate_out_of_its_time_is_named_so(pki):
    for holder, words in (
        (pki.issue("Cũ", number=6, end=-2 * local.DAY), "đã hết hạn trước lúc ký"),
        (pki.issue("Mới", number=6, start=2 * local.DAY), "chưa có hiệu lực vào lúc ký"),
    ):
        verdict = judged(pki, signed(book(), holder))
        assert verdict.outcome == Outcome.UNTRUSTED
        assert words in verdict.reasons[0]


def test_a_signature_of_a_day_to_come_is_not_valid(pki):
    holder = pki.issue("Ngày mai", number=6, start=30 * local.DAY)
    verdict = judged(pki, signed_at(holder, datetime.now(UTC) + 60 * local.DAY))
    assert verdict.outcome == Outcome.UNTRUSTED
    assert "sau lúc kiểm tra" in verdict.reasons[0]


def test_an_expired_key_does_not_become_good_by_an_old_date_beside_a_new_time_stamp(pki):
    holder = pki.issue("Lùi ngày", number=6, end=-2 * local.DAY)
    earlier = datetime.now(UTC) - 10 * local.DAY
    verdict = judged(pki, signed_at(holder, earlier, stamps=pki.stamps.stamper()))
    assert verdict.outcome == Outcome.UNTRUSTED
    assert "đã hết hạn trước lúc ký" in verdict.reasons[0]
    unproven = judged(pki, signed_at(holder, earlier)).signatures[0]
    assert unproven.valid
    assert unproven.has_ended


def test_a_signature_without_a_time_is_judged_as_of_today(pki, person):
    verdict = judged(pki, signed_at(person, None))
    assert (verdict.outcome, verdict.signatures[0].time) == (Outcome.VALID, "")
    stamped = judged(pki, signed_at(person, None, stamps=pki.stamps.stamper()))
    assert (stamped.outcome, stamped.signatures[0].is_stamped) == (Outcome.VALID, True)


def test_a_digest_that_the_key_did_not_sign_is_no_intact_content(pki, person):
    """Content can be replaced together with its digest; the signature's own value cannot."""

    def forged(content):
        info = content["content"]["signer_infos"][0]
        info["signature"] = bytes([info["signature"].native[0] ^ 1]) + info["signature"].native[1:]
        return content

    verdict = judged(pki, signed_at(person, datetime.now(UTC), change=forged))
    assert verdict.outcome == Outcome.CHANGED
    assert verdict.signatures[0].changes == "Chữ ký không khớp với nội dung tệp."


def test_bytes_hidden_in_the_room_for_the_signature_are_found(pki, person):
    pdf = signed(book(), person)
    end = pdf.index(b">", pdf.index(b"/Contents <"))
    hidden = pdf[: end - 20] + b"ab" * 10 + pdf[end:]
    assert judged(pki, hidden).outcome == Outcome.CHANGED


@pytest.mark.parametrize("place", [bytes.index, bytes.rindex])
def test_a_signature_of_an_unknown_kind_is_not_passed_over(pki, person, place):
    pdf = signed(signed(book(), person), person, field="Signature2")
    start = place(pdf, b"/ETSI.CAdES.detached")
    verdict = judged(pki, pdf[:start] + b"/ABCD.CAdES.detached" + pdf[start + 20 :])
    assert verdict.outcome == Outcome.UNREADABLE
    assert "Tệp có chữ ký theo kiểu mà cổng không kiểm tra được." in verdict.reasons


def test_a_chain_with_a_gap_is_not_trusted_and_one_without_is(pki):
    between = pki.issue("Nơi cấp giữa", number=5, is_authority=True)
    holder = pki.issue("Người", number=6, issuer=between)
    assert judged(pki, signed(book(), holder)).outcome == Outcome.VALID
    verdict = judged(pki, signed(book(), holder, chain=False))
    assert verdict.outcome == Outcome.UNTRUSTED
    assert "thiếu chứng thư của nơi cấp" in verdict.reasons[0]


def stamped(holder):
    writer = IncrementalPdfFileWriter(io.BytesIO(book()))
    return PdfTimeStamper(holder.stamper()).timestamp_pdf(writer, "sha256").getvalue()


def drawn_over(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 9 9 re"))
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_a_time_stamp_alone_says_since_when_and_not_who(pki):
    pdf = stamped(pki.stamps)
    verdict = judged(pki, pdf)
    assert verdict.outcome == Outcome.STAMPED
    assert "Nội dung không thay đổi từ dấu thời gian ngày" in verdict.reasons[0]
    changed = judged(pki, drawn_over(pdf))
    assert changed.outcome == Outcome.UNSIGNED
    assert "Nội dung đã bị thay đổi sau dấu thời gian ngày" in changed.reasons[0]
    with local.Pki("Nơi cấp khác", 7) as other:
        assert judged(pki, stamped(other.stamps)).outcome == Outcome.UNSIGNED


def test_a_name_is_shown_without_the_signs_that_turn_the_words_around_it(pki):
    holder = pki.issue("Giáp \u202eVăn\n Minh\u200b", number=6)
    assert judged(pki, signed(book(), holder)).signatures[0].signer == "Giáp Văn Minh"
