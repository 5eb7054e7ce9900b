"""Files of others: another agency's signatures, attacks on them, and what is no document at all."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper

from reports import confined, signing
from reports.signing import Outcome
from reports.signing.keys import KeySigner
from tests.reports import pki as local
from tests.reports.books import book
from tests.reports.signed_sample import issued_sample

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(pki):
    return pki.issue("Ủy ban nhân dân huyện Sơn Động", number=5)


@pytest.fixture(scope="module")
def person(pki):
    return pki.issue("Giáp Văn Minh", number=6)


def signed(pdf, holder, *, field="Signature1", stamps=None):
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    signer = PdfSigner(metadata, KeySigner(holder.opened()), timestamper=stamps)
    return signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()


def appended(pdf, change):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def judged(pki, pdf, roots=None):
    return signing.verify(pdf, trust_roots=roots or pki.roots(), expected=None)


def test_another_agencys_two_signatures_are_described_in_full(pki, person, office):
    pdf = signed(signed(book(), person), office, field="Signature2", stamps=pki.service())
    verdict = judged(pki, pdf)
    assert (verdict.outcome, verdict.genuine) == (Outcome.VALID, False)
    leader, agency = verdict.signatures
    assert (leader.signer, agency.signer) == (
        "Giáp Văn Minh",
        "Ủy ban nhân dân huyện Sơn Động",
    )
    assert leader.issuer == "Nơi cấp địa phương"
    assert leader.managing_body == "UBND tỉnh Bắc Giang"
    assert (leader.is_stamped, agency.is_stamped) == (False, True)
    assert leader.changes == "Chỉ thêm chữ ký."
    assert agency.changes == "Không có thay đổi nào sau chữ ký."
    assert leader.standing == "unknown"
    assert leader.certificate_from < leader.certificate_to
    assert leader.role == "Chữ ký"


def test_an_unknown_issuer_leaves_the_content_whole_and_the_signer_unconfirmed(pki, person):
    with local.Pki("Nơi cấp khác", 7) as other:
        verdict = judged(pki, signed(book(), person), other.roots())
    assert verdict.outcome == Outcome.UNTRUSTED
    assert verdict.signatures[0].intact


def note(writer):
    """Words laid over the text after the signature (a shadow attack's plainest form)."""
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"] = generic.ArrayObject(
        [
            *page.get("/Annots", ()),
            writer.add_object(
                generic.DictionaryObject(
                    {
                        pdf_name("/Type"): pdf_name("/Annot"),
                        pdf_name("/Subtype"): pdf_name("/FreeText"),
                        pdf_name("/Rect"): generic.ArrayObject(
                            map(generic.NumberObject, (90, 700, 300, 750))
                        ),
                        pdf_name("/Contents"): generic.TextStringObject("Số khác"),
                    }
                )
            ),
        ]
    )
    writer.update_container(page)


def other_words(writer):
    """A page whose content is replaced in a later update (incremental saving attack)."""
    page = writer.root["/Pages"]["/Kids"][0]
    drawing = generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 700 Td (Other) Tj ET")
    page[pdf_name("/Contents")] = writer.add_object(drawing)
    writer.update_container(page)


def other_pages(writer):
    """A new tree of pages put behind the same root."""
    drawing = generic.StreamObject(stream_data=b"0 0 100 100 re f")
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
            pdf_name("/Contents"): writer.add_object(drawing),
        }
    )
    tree = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Pages"),
            pdf_name("/Kids"): generic.ArrayObject([writer.add_object(page)]),
            pdf_name("/Count"): generic.NumberObject(1),
        }
    )
    writer.root[pdf_name("/Pages")] = writer.add_object(tree)
    writer.update_root()


def hidden_layer(writer):
    """Layers that show or hide what was signed."""
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject(
        {pdf_name("/OCGs"): generic.ArrayObject(), pdf_name("/D"): generic.DictionaryObject()}
    )
    writer.update_root()


@pytest.mark.parametrize("attack", [note, other_words, other_pages, hidden_layer])
def test_what_is_changed_after_the_signature_is_found_and_named(pki, person, attack):
    verdict = judged(pki, appended(signed(book(), person), attack))
    assert verdict.outcome == Outcome.CHANGED
    assert not verdict.signatures[0].intact
    assert verdict.signatures[0].changes == "Có dữ liệu thêm vào hoặc nội dung bị sửa sau chữ ký."


def filled_form():
    """A form with one field that somebody filled before it was signed."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(book())) as pdf:
        page = pdf.pages[0].obj
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String("tien"),
                TU=pikepdf.String("Số tiền"),
                V=pikepdf.String("100"),
                Rect=pikepdf.Array([72, 500, 172, 520]),
                AP=pikepdf.Dictionary(N=drawn(pdf, b"0 0 10 10 re f")),
            )
        )
        page.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array([field])))
        pdf.save(buffer)
    return buffer.getvalue()


def drawn(pdf, drawing):
    picture = pikepdf.Stream(pdf, drawing)
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    picture.BBox = pikepdf.Array([0, 0, 100, 20])
    return pdf.make_indirect(picture)


def picture(writer):
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 100)))
    kind = {"/Type": pdf_name("/XObject"), "/Subtype": pdf_name("/Form"), "/BBox": box}
    return writer.add_object(
        generic.StreamObject(
            generic.DictionaryObject({pdf_name(name): value for name, value in kind.items()}),
            stream_data=b"1 g 0 0 300 100 re f",
        )
    )


def first_field(writer):
    return writer.root["/AcroForm"]["/Fields"][0].get_object()


def other_value(writer):
    first_field(writer)[pdf_name("/V")] = generic.TextStringObject("999")
    writer.update_container(first_field(writer))


def other_picture(writer):
    """The field keeps its value and shows something else."""
    first_field(writer)["/AP"][pdf_name("/N")] = picture(writer)
    writer.update_container(first_field(writer))


def picture_written_over(writer):
    """The field itself is left alone, the stream that draws it is replaced."""
    stream = first_field(writer)["/AP"]["/N"]
    stream._data, stream._encoded_data = b"1 g 0 0 100 20 re f", None
    writer.update_container(stream)


@pytest.mark.parametrize("attack", [other_value, other_picture, picture_written_over])
def test_a_field_filled_after_the_last_signature_is_named(pki, person, office, attack):
    filled = appended(signed(filled_form(), person), attack)
    verdict = judged(pki, filled)
    assert verdict.outcome == Outcome.FILLED
    words = "Có ô được điền hoặc sửa sau chữ ký: Số tiền."
    assert verdict.signatures[0].changes == words
    seen = judged(pki, signed(filled, office, field="Signature2"))
    assert seen.outcome == Outcome.VALID, "whoever signed last saw it"
    assert [one.changes for one in seen.signatures] == [words, "Không có thay đổi nào sau chữ ký."]


def closed(pdf, holder):
    """A certifying signature that permits nothing."""
    metadata = PdfSignatureMetadata(
        field_name="Signature1",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = PdfSigner(metadata, KeySigner(holder.opened()))
    return signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()


def test_filling_a_field_of_a_file_that_permits_nothing_is_a_change(pki, person):
    verdict = judged(pki, appended(closed(filled_form(), person), other_value))
    assert verdict.outcome == Outcome.CHANGED
    assert not verdict.signatures[0].intact


def covering_field(writer):
    """An empty signature field whose picture covers the text (sneaky signature attack)."""
    append_signature_field(writer, SigFieldSpec("Signature9", box=(60, 680, 360, 780)))
    field = writer.root["/AcroForm"]["/Fields"][-1].get_object()
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): picture(writer)})
    writer.update_container(field)


def stamped_over(pdf, pki):
    """The same field, with a good time stamp in it."""
    stamper = PdfTimeStamper(pki.stamps.stamper(), field_name="Signature9")
    covered = IncrementalPdfFileWriter(io.BytesIO(appended(pdf, covering_field)))
    return stamper.timestamp_pdf(covered, "sha256").getvalue()


def test_a_signature_field_that_nobody_signed_covers_nothing(pki, person):
    pdf = signed(book(), person)
    for covered in (appended(pdf, covering_field), stamped_over(pdf, pki)):
        verdict = judged(pki, covered)
        assert verdict.outcome == Outcome.CHANGED
        assert not verdict.signatures[0].intact
    blank = lambda writer: append_signature_field(writer, SigFieldSpec("Signature9"))  # noqa: E731
    assert judged(pki, appended(pdf, blank)).outcome == Outcome.VALID


def test_a_certificate_for_something_else_signs_no_document(pki):
    server = pki.issue("dantoc.example", number=4, purposes=[ExtendedKeyUsageOID.SERVER_AUTH])
    verdict = judged(pki, signed(book(), server))
    assert verdict.outcome == Outcome.UNTRUSTED
    assert any("không được cấp để ký văn bản" in reason for reason in verdict.reasons)


def test_a_signature_that_covers_a_part_only_is_named(pki, person):
    """The byte range is shortened: the signature no longer speaks of the whole file."""
    pdf = signed(book(), person)
    start = pdf.index(b"/ByteRange")
    end = pdf.index(b"]", start)
    first, a, b, last = pdf[start:end].split(b"[")[1].split()
    shorter = str(int(last) - 40).rjust(len(last)).encode()
    changed = pdf[:start] + b"/ByteRange [" + b" ".join((first, a, b, shorter))
    changed = changed.ljust(end) + pdf[end:]
    verdict = judged(pki, changed)
    assert verdict.outcome in (Outcome.CHANGED, Outcome.UNREADABLE)


def test_bytes_after_the_end_of_a_strangers_file_are_found(pki, person):
    assert judged(pki, signed(book(), person) + b"\n% x").outcome == Outcome.CHANGED


def test_an_unsigned_file_says_so(pki):
    verdict = judged(pki, book())
    assert verdict.outcome == Outcome.UNSIGNED
    assert "Tệp không có chữ ký số nào." in verdict.reasons


def dynamic(pdf):
    def change(writer):
        form = writer.root["/AcroForm"]
        form[pdf_name("/XFA")] = generic.TextStringObject("<xdp/>")
        writer.update_container(form)

    return appended(pdf, change)


def test_a_dynamic_form_is_not_verified(pki, person):
    verdict = judged(pki, dynamic(signed(book(), person)))
    assert verdict.outcome == Outcome.UNREADABLE
    assert any("XFA" in reason for reason in verdict.reasons)


def encrypted():
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(book())) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    return buffer.getvalue()


def many_fields(count=1000):
    def change(writer):
        for number in range(count):
            append_signature_field(writer, SigFieldSpec(f"o{number}"))

    return appended(book(), change)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (encrypted, "mật khẩu"),
        (many_fields, "1000 ô chữ ký"),
        (lambda: b"x" * 100, "không phải là văn bản PDF"),
        (lambda: b"%PDF-1.7" + bytes(65 * 1024 * 1024), "64 MB"),
        (lambda: issued_sample()[:5000], "bị hỏng"),
    ],
)
def test_what_cannot_be_verified_says_why(pki, make, words):
    verdict = judged(pki, make())
    assert verdict.outcome == Outcome.UNREADABLE
    assert any(words in reason for reason in verdict.reasons), verdict.reasons


def test_apart_from_the_web_process_the_answer_is_the_same(pki, person):
    pdf = signed(book(), person)
    apart = confined.judge(pdf, trust_roots=pki.roots(), expected=None)
    assert apart == judged(pki, pdf)


@pytest.mark.django_db
def test_the_page_describes_a_strangers_file(client, pki, person, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    from reports.services.certificates import ROOTS

    (settings.SIGNING_DIR / ROOTS).mkdir(parents=True)
    (settings.SIGNING_DIR / ROOTS / "goc.pem").write_bytes(pki.root.pem)
    file = SimpleUploadedFile("cong-van.pdf", signed(book(), person))
    page = client.post(reverse("reports:verify"), {"file": file}).content.decode()
    for words in (
        "Chữ ký hợp lệ, không phải văn bản của cơ quan này",
        "Giáp Văn Minh",
        "Nơi cấp địa phương",
        "UBND tỉnh Bắc Giang",
        "theo đồng hồ của máy ký",
        "PAdES B-B",
        "Chưa biết: tệp không kèm thông tin thu hồi",
    ):
        assert words in page
    today = datetime.now(UTC)
    assert f"{today:%Y}" in page
