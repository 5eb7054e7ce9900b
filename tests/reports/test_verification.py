import hashlib
import itertools
import json
import os
import re
import zlib
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from reports import signing
from reports.signing import authority
from tests.reports.signed_sample import (
    PASSPHRASE,
    SEALED_AT,
    authorities,
    certified_sample,
    facts_of,
    filled_sample,
    issued_sample,
    prepared_sample,
    tool,
)

pytestmark = pytest.mark.slow


def judged(pdf, **changes):
    """The verdict, as if the register knew this very file (so the digest alone decides nothing)."""
    return signing.verify(
        pdf, trust_roots=authorities().roots(), expected=replace(facts_of(pdf), **changes)
    )


def judged_against_the_issued(pdf):
    return signing.verify(
        pdf, trust_roots=authorities().roots(), expected=facts_of(issued_sample())
    )


def appended(pdf, change):
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_the_issued_file_is_genuine_and_says_so_in_full():
    verdict = judged_against_the_issued(issued_sample()).as_dict()
    assert verdict == {
        "genuine": True,
        "reasons": [],
        "signatures": [
            {
                "role": "Người ký",
                "signer": "Nhữ Văn Nam",
                "time": "2023-11-06T10:23:45+07:00",
                "level": "PAdES B-B",
                "valid": True,
                "intact": True,
            },
            {
                "role": "Cơ quan",
                "signer": "Ban Dân tộc tỉnh Bắc Giang",
                "time": "2023-11-06T14:02:10+07:00",
                "level": "PAdES B-B",
                "valid": True,
                "intact": True,
            },
        ],
        "test_certificate": True,
    }
    assert json.loads(json.dumps(verdict)) == verdict


def test_a_file_the_register_does_not_know_is_not_genuine_but_described():
    verdict = signing.verify(issued_sample(), trust_roots=authorities().roots(), expected=None)
    assert not verdict.genuine
    assert verdict.reasons == ("Không có văn bản này trong sổ văn bản đã phát hành.",)
    assert [signature.valid for signature in verdict.signatures] == [True, True]


@pytest.mark.parametrize("part", [n / 23 for n in range(23)])
def test_one_flipped_byte_anywhere_is_found(part):
    damaged = bytearray(issued_sample())
    damaged[int(part * len(damaged))] ^= 1
    assert not judged_against_the_issued(bytes(damaged)).genuine


def test_flipped_bytes_of_each_revision_are_found_without_the_digest():
    starts = [0, len(certified_sample()), len(filled_sample()), len(issued_sample())]
    for start, end in itertools.pairwise(starts):
        signed = re.search(rb"/ByteRange", issued_sample()[start:end])
        place = start + (signed.start() + 3 if signed else (end - start) // 2)
        damaged = bytearray(issued_sample())
        damaged[place] ^= 1
        assert not judged(bytes(damaged)).genuine


def test_an_added_annotation_is_found_even_where_pdfsig_says_valid():
    def annotate(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(
                    map(generic.NumberObject, (90, 700, 300, 750))
                ),
                pdf_name("/Contents"): generic.TextStringObject("Số khác"),
            }
        )
        page["/Annots"].append(writer.add_object(note))
        writer.update_container(page["/Annots"])

    changed = appended(issued_sample(), annotate)
    verdict = judged(changed)
    assert tool("pdfsig", changed, "-nocert").count("Signature is Valid") == 2
    assert not verdict.genuine
    assert any("thay đổi" in reason for reason in verdict.reasons)


def change_number(words="999", *, also_picture=True):
    def change(writer):
        form = writer.root["/AcroForm"]
        field = next(
            ref.get_object() for ref in form["/Fields"] if ref.get_object()["/T"] == "so_van_ban"
        )
        field[pdf_name("/V")] = generic.TextStringObject(words)
        if also_picture:
            drawing = generic.StreamObject(
                generic.DictionaryObject(field["/AP"]["/N"]),
                stream_data=field["/AP"]["/N"].data.replace(b"Tj", b"Tj "),
            )
            field[pdf_name("/AP")] = generic.DictionaryObject(
                {pdf_name("/N"): writer.add_object(drawing)}
            )
        writer.update_container(field)

    return change


def test_a_number_changed_after_the_seal_is_found():
    changed = appended(issued_sample(), change_number())
    assert tool("pdfsig", changed, "-nocert").count("Signature is Valid") == 2
    verdict = judged(changed)
    assert not verdict.genuine
    assert any("sau chữ ký" in reason for reason in verdict.reasons)
    assert not judged(changed, number=999).genuine


def test_a_number_other_than_the_registers_is_found():
    for changes in ({"number": 125}, {"issued_on": date(2023, 11, 7)}):
        verdict = judged(issued_sample(), **changes)
        assert not verdict.genuine
        assert any("khác với sổ đăng ký" in reason for reason in verdict.reasons)


def sealed(pdf):
    return signing.seal(
        pdf,
        key=authorities().key(authority.AGENCY_FILE),
        authority=authorities().allowing(authority.AGENCY_FILE),
        mark=signing.demonstration_seal(),
        now=SEALED_AT,
    )


def test_a_number_drawn_differently_from_its_value_is_found():
    changed = sealed(appended(filled_sample(), change_number("124")))
    verdict = judged(changed)
    assert [signature.valid for signature in verdict.signatures] == [True, True]
    assert "Số văn bản trên trang in khác với giá trị ghi trong tệp." in verdict.reasons


@pytest.mark.parametrize("pdf", [prepared_sample, certified_sample, filled_sample])
def test_a_file_cut_back_is_found(pdf):
    cut = issued_sample()[: len(pdf())]
    assert cut == pdf()
    verdict = judged(cut)
    assert not verdict.genuine
    assert any(
        "Thiếu chữ ký" in reason or "không có chữ ký" in reason for reason in verdict.reasons
    )


def foreign_seal(pdf, *, key=authority.FOREIGN_FILE, field=signing.AGENCY_FIELD):
    signer = SimpleSigner.load_pkcs12(
        str(authorities().folder / key), passphrase=PASSPHRASE.encode()
    )
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    tool_of_another = PdfSigner(metadata, signer)
    return tool_of_another.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), existing_fields_only=True
    ).getvalue()


def test_a_seal_by_a_foreign_authority_is_found_even_where_pdfsig_says_valid():
    forged = foreign_seal(filled_sample())
    assert tool("pdfsig", forged, "-nocert").count("Signature is Valid") == 2
    verdict = judged(forged)
    assert not verdict.genuine
    assert any("không do nơi cấp được tin cậy" in reason for reason in verdict.reasons)
    assert verdict.signatures[0].valid
    assert not verdict.signatures[1].valid


def test_a_seal_by_the_leaders_own_certificate_is_found():
    verdict = judged(foreign_seal(filled_sample(), key=authority.LEADER_FILE))
    assert not verdict.genuine
    assert any("không phải bằng chứng thư" in reason for reason in verdict.reasons)


def test_a_third_signature_is_found():
    def add_field(writer):
        append_signature_field(writer, SigFieldSpec("them"))

    with_field = appended(issued_sample(), add_field)
    third = foreign_seal(with_field, field="them")
    assert not judged(with_field).genuine
    assert not judged(third).genuine
    assert len(judged(third).signatures) == 3


def test_a_file_saved_again_by_another_program_is_found():
    buffer = BytesIO()
    with pikepdf.open(BytesIO(issued_sample())) as pdf:
        pdf.save(buffer)
    assert not judged(buffer.getvalue()).genuine


def test_the_same_signatures_under_other_roots_are_not_trusted():
    verdict = signing.verify(
        issued_sample(),
        trust_roots=authorities().roots(authority.FOREIGN_ROOT_FILE),
        expected=facts_of(issued_sample()),
    )
    assert not verdict.genuine
    assert [signature.intact for signature in verdict.signatures] == [True, True]
    assert [signature.valid for signature in verdict.signatures] == [False, False]


def test_bytes_after_the_end_are_found():
    for tail in (b"\n", b" " * 20, b"%%EOF\n", issued_sample()):
        assert not judged_against_the_issued(issued_sample() + tail).genuine
    assert not judged(issued_sample() + b"\n% x").signatures[1].intact


def bomb():
    stream = zlib.compress(b"0" * 50_000_000, 9)
    return (
        b"%PDF-1.7\n1 0 obj<</Type/ObjStm/N 9/First 9/Filter/FlateDecode/Length "
        + str(len(stream)).encode()
        + b">>stream\n"
        + stream
        + b"\nendstream endobj\nstartxref\n9\n%%EOF"
    )


def encrypted():
    buffer = BytesIO()
    with pikepdf.open(BytesIO(prepared_sample())) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    return buffer.getvalue()


def circular():
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/AcroForm<</Fields[1 0 R]>>"
        b"/Kids[1 0 R]/T(a)/FT/Sig/V 1 0 R>>endobj\n"
        b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
        b"trailer<</Size 2/Root 1 0 R/Prev 120>>\nstartxref\n120\n%%EOF"
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"\x00" * 5000,
        lambda: os.urandom(20_000),
        lambda: b"%PDF-1.7",
        lambda: b"%PDF-1.7\n" + os.urandom(20_000),
        lambda: b"<html><script>alert(1)</script></html>",
        lambda: b"PK\x03\x04" + bytes(100),
        lambda: b"%PDF-1.7\n" + b"[" * 100_000,
        lambda: b"%PDF-1.7\n" + b"<<" * 100_000 + b"\nstartxref\n9\n%%EOF",
        bomb,
        encrypted,
        circular,
        lambda: issued_sample()[: len(issued_sample()) // 2],
        lambda: issued_sample()[:-30],
        lambda: issued_sample()[1000:],
        lambda: bytes(reversed(issued_sample())),
        lambda: b"%PDF-1.7" + bytes(64 * 1024 * 1024),
    ],
)
def test_whatever_the_bytes_there_is_a_verdict_and_a_reason_in_words(make):
    pdf = make()
    for verdict in (judged(pdf), judged_against_the_issued(pdf)):
        assert not verdict.genuine
        assert verdict.reasons
        assert all(re.search(r"[àáảãạăâđêôơưéèíìóòúùýếệ]", reason) for reason in verdict.reasons)
        assert "Traceback" not in json.dumps(verdict.as_dict())


def test_any_stretch_of_the_file_may_be_garbled_without_a_crash():
    for start in range(0, len(issued_sample()), len(issued_sample()) // 40):
        garbled = bytearray(issued_sample())
        garbled[start : start + 200] = hashlib.sha512(str(start).encode()).digest() * 4
        assert not judged(bytes(garbled)).genuine


def test_nothing_is_said_about_the_forgery_but_the_verdict(caplog, capfd):
    damaged = bytearray(issued_sample())
    damaged[len(damaged) // 3] ^= 1
    judged(bytes(damaged))
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
