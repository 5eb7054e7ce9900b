import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from reports import signing
from reports.signing import authority
from reports.signing.certificates import (
    CertificateExpired,
    CertificateNotTrusted,
    CertificateNotYetValid,
    KeyUseNotAllowed,
    WrongOwner,
)
from reports.signing.fields import NumberNotWritable
from reports.signing.keys import KeyNotOpened
from reports.signing.signatures import AlreadySigned, NotPrepared, OutOfOrder
from tests.reports.signed_sample import (
    ISSUED_ON,
    NUMBER,
    PASSPHRASE,
    SEALED_AT,
    SIGNED_AT,
    authorities,
    certified_sample,
    filled_sample,
    issued_sample,
    prepared_sample,
    rendered_sample,
    tool,
)

pytestmark = pytest.mark.slow


def certify(pdf=None, *, key=authority.LEADER_FILE, allowing=None, now=SIGNED_AT):
    return signing.certify(
        prepared_sample() if pdf is None else pdf,
        key=authorities().key(key),
        authority=allowing or authorities().allowing(key),
        mark=signing.demonstration_handwriting(),
        now=now,
    )


def test_pdfsig_finds_two_valid_signatures_at_the_given_times():
    said = tool("pdfsig", issued_sample(), "-nocert")
    assert said.count("Signature is Valid") == 2
    assert re.findall(r"Signing Hash Algorithm: (\S+)", said) == ["SHA-256", "SHA-256"]
    assert re.findall(r"Signature Type: (\S+)", said) == ["ETSI.CAdES.detached"] * 2
    assert "Total document signed" in said.split("Signature #2")[1]


def test_the_signing_time_is_the_one_given_in_vietnams_zone():
    with pikepdf.open(BytesIO(issued_sample())) as pdf:
        times = [str(field.V.M) for field in pdf.Root.AcroForm.Fields if field.FT == "/Sig"]
    assert times == ["D:20231106102345+07'00'", "D:20231106140210+07'00'"]


def test_number_and_date_stand_in_their_line():
    text = tool("pdftotext", issued_sample(), "-layout", "-l", "1")
    assert re.search(r"Số: +124/BC-BDT +Bắc Giang, ngày 06 tháng 11 năm 2023", text)


def test_before_the_number_the_blanks_are_shown():
    text = tool("pdftotext", prepared_sample(), "-layout", "-l", "1")
    assert re.search(r"Số: +/BC-BDT +Bắc Giang, ngày +tháng 11 năm 2023", text)


def test_every_font_is_embedded_and_of_the_times_family():
    lines = tool("pdffonts", issued_sample()).splitlines()[2:]
    assert lines
    assert all(re.match(r"[A-Z]{6}\+Tinos\S* .* yes yes yes ", line) for line in lines)


def test_the_fields_are_tagged_printable_and_need_no_viewer_to_draw_them():
    with pikepdf.open(BytesIO(prepared_sample())) as pdf:
        form = pdf.Root.AcroForm
        assert "/NeedAppearances" not in form
        assert [str(field.T) for field in form.Fields] == [
            "so_van_ban",
            "ngay_ban_hanh",
            "chu_ky_lanh_dao",
            "chu_ky_co_quan",
        ]
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        owners = {int(nums[n]): nums[n + 1] for n in range(0, len(nums), 2)}
        for field in form.Fields:
            assert int(field.F) & 4
            assert "/N" in field.AP
            element = owners[int(field.StructParent)]
            assert element.S == "/Form"
            assert element.K.Obj.objgen == field.objgen
        assert len({file.objgen for file in pdf.Root.AF}) == len(pdf.Root.AF)


def test_each_act_only_appends_to_the_file():
    assert certified_sample().startswith(prepared_sample())
    assert filled_sample().startswith(certified_sample())
    assert issued_sample().startswith(filled_sample())


def test_filled_fields_are_closed():
    with pikepdf.open(BytesIO(filled_sample())) as pdf:
        number, day, *_ = pdf.Root.AcroForm.Fields
        assert str(number.V) == "124"
        assert str(day.V) == "ngày 06 tháng 11 năm 2023"
        assert int(number.Ff) == int(day.Ff) == 1


def test_preparing_twice_gives_the_same_file():
    assert signing.prepare(rendered_sample()) == prepared_sample()


@pytest.mark.parametrize(
    ("number", "printed"),
    [(7, "07"), (10, "10"), ("5a", "05a"), ("0123", "0123"), (12345, "12345")],
)
def test_a_number_below_ten_carries_a_zero(number, printed):
    assert signing.number_text(number) == printed


@pytest.mark.parametrize(
    "number", ["", "12/BC", "123456", "-3", "1 2", "a1", "١٢", "12\n", "1;DROP"]
)
def test_what_is_no_number_is_refused(number):
    if number == "12\n":
        assert signing.number_text(number) == "12"
        return
    with pytest.raises(NumberNotWritable):
        signing.number_text(number)


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2023, 3, 5), "ngày 05 tháng 3 năm 2023"),
        (date(2024, 2, 29), "ngày 29 tháng 02 năm 2024"),
        (date(2023, 12, 31), "ngày 31 tháng 12 năm 2023"),
    ],
)
def test_days_below_ten_and_the_first_two_months_carry_a_zero(day, printed):
    assert signing.date_text(day) == printed


def test_the_month_may_change_between_signing_and_numbering():
    pdf = signing.fill_number_and_date(certified_sample(), number=1, issued_on=date(2023, 12, 1))
    text = tool("pdftotext", pdf, "-layout", "-l", "1")
    assert re.search(r"01/BC-BDT +Bắc Giang, ngày 01 tháng 12 năm 2023", text)


def test_acts_out_of_their_order_are_refused():
    with pytest.raises(OutOfOrder):
        signing.fill_number_and_date(prepared_sample(), number=1, issued_on=ISSUED_ON)
    with pytest.raises(OutOfOrder):
        signing.fill_number_and_date(filled_sample(), number=1, issued_on=ISSUED_ON)
    with pytest.raises(OutOfOrder):
        seal(certified_sample())
    with pytest.raises(OutOfOrder):
        seal(prepared_sample())


def test_no_act_can_be_done_twice():
    with pytest.raises(AlreadySigned):
        certify(certified_sample())
    with pytest.raises(AlreadySigned):
        seal(issued_sample())
    with pytest.raises(AlreadySigned):
        signing.fill_number_and_date(issued_sample(), number=2, issued_on=ISSUED_ON)


def seal(pdf, **options):
    return signing.seal(
        pdf,
        key=authorities().key(authority.AGENCY_FILE),
        authority=authorities().allowing(authority.AGENCY_FILE),
        mark=signing.demonstration_seal(),
        now=SEALED_AT,
        **options,
    )


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"khong phai pdf", b"%PDF-1.7\nxref\n0 1"])
def test_a_file_that_was_not_prepared_is_not_signed(pdf):
    with pytest.raises(NotPrepared):
        certify(pdf)


def test_a_rendered_report_without_fields_is_not_signed():
    with pytest.raises(NotPrepared):
        certify(rendered_sample().pdf)


def test_an_expired_certificate_does_not_sign():
    with pytest.raises(CertificateExpired, match="hết hạn ngày 31/12/2022"):
        certify(key=authority.EXPIRED_FILE)


def test_the_expired_certificate_signed_while_it_was_valid():
    assert certify(key=authority.EXPIRED_FILE, now=SIGNED_AT - timedelta(days=400))


def test_a_certificate_of_the_future_does_not_sign():
    with pytest.raises(CertificateNotYetValid, match="01/01/2021"):
        certify(now=datetime(2020, 6, 1, tzinfo=UTC))


def test_another_persons_certificate_does_not_sign():
    with pytest.raises(WrongOwner, match="Ban Dân tộc tỉnh Bắc Giang"):
        certify(key=authority.AGENCY_FILE, allowing=authorities().allowing(authority.LEADER_FILE))


def test_a_registered_name_is_not_enough_when_the_root_is_foreign():
    allowing = signing.Authority(
        signing.Owner(common_name="Ban Dân tộc tỉnh Bắc Giang"), authorities().roots()
    )
    with pytest.raises(CertificateNotTrusted):
        certify(key=authority.FOREIGN_FILE, allowing=allowing)


def test_an_unnamed_owner_lets_nobody_sign():
    allowing = signing.Authority(signing.Owner(), authorities().roots())
    with pytest.raises(WrongOwner):
        certify(allowing=allowing)


def test_the_roots_own_certificate_may_not_sign():
    (root,) = authorities().roots()
    owner = signing.Owner(fingerprint=signing.fingerprint(root))
    with pytest.raises(KeyUseNotAllowed):
        signing.check_certificate(root, owner=owner, trust_roots=(root,), now=SIGNED_AT)


def test_a_wrong_passphrase_and_a_wrong_file_open_no_key():
    data = (authorities().folder / authority.LEADER_FILE).read_bytes()
    for wrong in ((data, "sai"), (data, ""), (b"khong phai pkcs12", PASSPHRASE), (b"", "")):
        with pytest.raises(KeyNotOpened):
            signing.open_pkcs12(*wrong)


def test_an_opened_key_is_kept_by_its_opener_alone_and_never_shown():
    key = authorities().key(authority.LEADER_FILE)
    assert authorities().key(authority.LEADER_FILE) is not key
    assert "PrivateKey" not in repr(key)


def test_the_test_authority_writes_private_keys_for_their_owner_alone():
    folder, facts = authorities().folder, authorities().facts
    for name in (authority.LEADER_FILE, authority.AGENCY_FILE, authority.EXPIRED_FILE):
        assert (folder / name).stat().st_mode & 0o077 == 0
    assert json.loads((folder / authority.FACTS_FILE).read_text()) == facts
    assert facts[authority.LEADER_FILE]["common_name"] == "Nhữ Văn Nam"
    assert signing.is_test_certificate(authorities().key(authority.LEADER_FILE).certificate)


def test_signatures_use_pss_padding():
    certificate = signing.take_away(certified_sample(), field_name=signing.LEADER_FIELD)
    assert len(certificate.sha256) == 64
    with pikepdf.open(BytesIO(certified_sample())) as pdf:
        contents = bytes(pdf.Root.AcroForm.Fields[2].V.Contents)
    pss = bytes.fromhex("06092a864886f70d01010a")
    assert pss in contents


def test_the_marks_are_blue_and_red_on_a_transparent_ground():
    for mark, colour in (
        (signing.demonstration_handwriting(), "blue"),
        (signing.demonstration_seal(), "red"),
    ):
        with Image.open(BytesIO(mark.png)) as picture:
            assert picture.mode == "RGBA"
            assert picture.getpixel((0, 0))[3] == 0
            drawn = [pixel for pixel in picture.get_flattened_data() if pixel[3] > 200]
        red, green, blue = (sum(pixel[n] for pixel in drawn) for n in range(3))
        main, others = (blue, (red, green)) if colour == "blue" else (red, (green, blue))
        assert main > 2 * max(others)


def test_only_a_transparent_png_of_fair_size_becomes_a_mark():
    def png(mode, size=(40, 20)):
        buffer = BytesIO()
        Image.new(mode, size).save(buffer, "PNG")
        return buffer.getvalue()

    assert signing.mark_from_upload(png("RGBA")).png == png("RGBA")
    for unfit in (png("RGB"), png("RGBA", (3200, 10)), b"", b"GIF89a", png("RGBA")[:40]):
        with pytest.raises(signing.UnfitMark):
            signing.mark_from_upload(unfit)


def test_the_number_is_the_one_that_was_given():
    assert NUMBER == 124
    pdf = signing.fill_number_and_date(certified_sample(), number="98765", issued_on=ISSUED_ON)
    assert "98765/BC-BDT" in tool("pdftotext", pdf, "-layout", "-l", "1")
