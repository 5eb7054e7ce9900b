"""Signed elsewhere: another tool of the same kind signs the file that was taken away."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from reports import signing
from reports.signing import authority
from reports.signing.certificates import CertificateExpired, CertificateNotTrusted, WrongOwner
from reports.signing.takeaway import (
    DifferentFile,
    NotCertifying,
    NotSigned,
    SignatureNotValid,
    SignedAtAnotherTime,
    WrongPlace,
)
from tests.reports.signed_sample import (
    PASSPHRASE,
    authorities,
    certified_sample,
    filled_sample,
    issued_sample,
    prepared_sample,
)

pytestmark = pytest.mark.slow


def now():
    return datetime.now(UTC)


def signed_elsewhere(
    pdf,
    *,
    field=signing.LEADER_FIELD,
    key=authority.LEADER_FILE,
    certify=True,
    permission=MDPPerm.FILL_FORMS,
    change=None,
    new_field=None,
):
    signer = SimpleSigner.load_pkcs12(
        str(authorities().folder / key), passphrase=PASSPHRASE.encode()
    )
    metadata = PdfSignatureMetadata(
        field_name=field,
        certify=certify,
        docmdp_permissions=permission,
        subfilter=SigSeedSubFilter.PADES,
        reason="Ký ở nơi khác",
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    if change is not None:
        change(writer)
    tool = PdfSigner(metadata, signer, new_field_spec=new_field)
    return tool.sign_pdf(writer, existing_fields_only=new_field is None).getvalue()


def accept(prepared, uploaded, *, field=signing.LEADER_FIELD, key=authority.LEADER_FILE, at=None):
    return signing.accept_signed(
        prepared,
        uploaded,
        field_name=field,
        authority=authorities().allowing(key),
        now=at or now(),
    )


def test_a_file_signed_elsewhere_is_taken_and_goes_on_to_number_and_seal():
    prepared = signing.take_away(prepared_sample(), field_name=signing.LEADER_FIELD).pdf
    certified = accept(prepared, signed_elsewhere(prepared))
    filled = signing.fill_number_and_date(certified, number=9, issued_on=now().date())
    sealed = signed_elsewhere(
        filled,
        field=signing.AGENCY_FIELD,
        key=authority.AGENCY_FILE,
        certify=False,
        permission=MDPPerm.NO_CHANGES,
    )
    assert accept(filled, sealed, field=signing.AGENCY_FIELD, key=authority.AGENCY_FILE) == sealed


def test_what_the_portal_signed_itself_would_be_taken_too():
    at = datetime(2023, 11, 6, 11, tzinfo=UTC)
    assert accept(prepared_sample(), certified_sample(), at=at)
    assert accept(
        filled_sample(),
        issued_sample(),
        field=signing.AGENCY_FIELD,
        key=authority.AGENCY_FILE,
        at=at,
    )


def test_another_file_is_not_taken():
    with pytest.raises(DifferentFile):
        accept(filled_sample(), signed_elsewhere(prepared_sample()))
    for other in (b"", b"%PDF-1.7", prepared_sample()[:-1]):
        with pytest.raises(DifferentFile):
            accept(prepared_sample(), other)


def test_a_file_saved_again_by_another_program_is_not_taken():
    buffer = BytesIO()
    with pikepdf.open(BytesIO(signed_elsewhere(prepared_sample()))) as pdf:
        pdf.save(buffer)
    with pytest.raises(DifferentFile):
        accept(prepared_sample(), buffer.getvalue())


def test_an_unsigned_file_is_not_taken():
    with pytest.raises(NotSigned):
        accept(prepared_sample(), prepared_sample())
    with pytest.raises((NotSigned, SignatureNotValid)):
        accept(prepared_sample(), prepared_sample() + b"\n% rong\n")


def test_a_signature_in_a_field_of_its_own_is_not_taken():
    spec = SigFieldSpec("o_moi", box=(10, 10, 60, 60))
    uploaded = signed_elsewhere(prepared_sample(), field="o_moi", new_field=spec)
    with pytest.raises(WrongPlace):
        accept(prepared_sample(), uploaded)


def test_a_signature_in_the_other_field_is_not_taken():
    with pytest.raises(WrongPlace):
        accept(prepared_sample(), signed_elsewhere(prepared_sample(), field=signing.AGENCY_FIELD))


def test_a_leaders_signature_must_certify_and_allow_form_filling():
    for uploaded in (
        signed_elsewhere(prepared_sample(), certify=False),
        signed_elsewhere(prepared_sample(), permission=MDPPerm.NO_CHANGES),
        signed_elsewhere(prepared_sample(), permission=MDPPerm.ANNOTATE),
    ):
        with pytest.raises(NotCertifying):
            accept(prepared_sample(), uploaded)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        (authority.AGENCY_FILE, WrongOwner),
        (authority.FOREIGN_FILE, WrongOwner),
        (authority.EXPIRED_FILE, CertificateExpired),
    ],
)
def test_the_wrong_certificate_is_not_taken(key, error):
    with pytest.raises(error):
        accept(prepared_sample(), signed_elsewhere(prepared_sample(), key=key))


def test_a_foreign_certificate_of_the_right_name_is_not_taken():
    uploaded = signed_elsewhere(prepared_sample(), key=authority.FOREIGN_FILE)
    allowing = signing.Authority(
        signing.Owner(common_name="Ban Dân tộc tỉnh Bắc Giang"), authorities().roots()
    )
    with pytest.raises(CertificateNotTrusted):
        signing.accept_signed(
            prepared_sample(),
            uploaded,
            field_name=signing.LEADER_FIELD,
            authority=allowing,
            now=now(),
        )


def test_a_signature_of_another_day_is_not_taken():
    uploaded = signed_elsewhere(prepared_sample())
    for at in (now() + timedelta(days=5), now() - timedelta(hours=1)):
        with pytest.raises(SignedAtAnotherTime):
            accept(prepared_sample(), uploaded, at=at)


def replaced_page_text(writer):
    """The trick: the same dictionary, other words in the stream it belongs to."""
    page = writer.root["/Pages"]["/Kids"][0]
    stream = page["/Contents"]
    words = stream.data.replace(b"ET", b"ET ", 1)
    stream._data, stream._encoded_data = words, None
    writer.mark_update(page.raw_get("/Contents").reference)


def same_length_other_words(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    stream = page["/Contents"]
    encoded = bytearray(stream.encoded_data)
    encoded[len(encoded) // 2] ^= 1
    stream._data, stream._encoded_data = None, bytes(encoded)
    writer.mark_update(page.raw_get("/Contents").reference)


def filled_number(writer):
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[pdf_name("/V")] = generic.TextStringObject("999")
    writer.update_container(field)


def added_annotation(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Square"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (90, 90, 300, 300))),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])


def opened_script(writer):
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {
            pdf_name("/S"): pdf_name("/JavaScript"),
            pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
        }
    )
    writer.update_root()


@pytest.mark.parametrize(
    "change",
    [
        replaced_page_text,
        same_length_other_words,
        filled_number,
        added_annotation,
        opened_script,
    ],
)
def test_a_file_changed_while_it_was_signed_is_not_taken(change):
    uploaded = signed_elsewhere(prepared_sample(), change=change)
    assert uploaded.startswith(prepared_sample())
    with pytest.raises(SignatureNotValid):
        accept(prepared_sample(), uploaded)


def test_a_damaged_signature_is_not_taken():
    whole = signed_elsewhere(prepared_sample())
    start = len(prepared_sample())
    contents = re.search(rb"/Contents <([0-9A-Fa-f]{100,})>", whole[start:])
    signature_value = contents.start(1) + len(contents[1].rstrip(b"0")) - 20
    places = (signature_value, contents.start() - 300, contents.end() + 60, 200)
    for place in places:
        damaged = bytearray(whole)
        damaged[start + place] ^= 1
        with pytest.raises(signing.SigningRefused):
            accept(prepared_sample(), bytes(damaged))
    for length in (start + 100, start + 5000, len(whole) - 8):
        with pytest.raises(signing.SigningRefused):
            accept(prepared_sample(), whole[:length])
