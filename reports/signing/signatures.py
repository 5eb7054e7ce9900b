"""The three acts on a prepared file: certify, fill in number and date, seal.

Each is an incremental update: not one byte of what was signed before changes. Title, dates and
other metadata of the file stay as rendered, so that an update holds only what its act is about.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper

from .certificates import CertificateCheck, Owner, SigningRefused, check_certificate, wait_for
from .drawn import drawn
from .fields import (
    AGENCY_FIELD,
    DATE_FIELD,
    LEADER_FIELD,
    MULTILINE,
    NUMBER_FIELD,
    READ_ONLY,
    appearance,
    date_text,
    is_reference,
    number_text,
    reference_text,
    style_of,
)
from .fonts import glyphs_of
from .keys import KeySigner, SigningKey
from .marks import Mark
from .revocation import RevocationSource

#: Bytes kept free for a signature beside its certificates, and for its time stamp. A trial run that
#: measures them costs as much as the signature, and with a stamp one more question to the service.
_ROOM_FOR_ATTRIBUTES, _ROOM_FOR_STAMP = 3_000, 16_000


class NotPrepared(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Tệp này không phải là bản báo cáo đã chuẩn bị để ký. Hãy kết xuất lại báo cáo rồi ký."
        )


class AlreadySigned(SigningRefused):
    def __init__(self) -> None:
        super().__init__("Tệp này đã có chữ ký ở vị trí ấy. Mỗi chữ ký chỉ được đặt một lần.")


class OutOfOrder(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Chưa đến bước này: lãnh đạo ký trước, rồi điền số và ngày, sau cùng mới ký số cơ quan."
        )


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may sign, and which roots are trusted; `crls` are revocation lists as DER bytes.

    `online` is asked for news of revocation, if there is a way to ask.
    """

    owner: Owner
    trust_roots: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...] = field(default=())
    online: RevocationSource | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """The signed file, whether its signature carries a time stamp, and the certificate's check."""

    pdf: bytes
    is_stamped: bool
    check: CertificateCheck


def certify(
    pdf: bytes,
    *,
    key: SigningKey,
    authority: Authority,
    mark: Mark,
    now: datetime,
    timestamper: TimeStamper | None = None,
) -> bytes:
    """Return the file with the leader's certifying signature, which permits form filling only.

    `now` is an aware datetime and becomes the signing time. Raises a SigningRefused.
    """
    return signed_by_leader(
        pdf, key=key, authority=authority, mark=mark, now=now, timestamper=timestamper
    ).pdf


def signed_by_leader(
    pdf: bytes,
    *,
    key: SigningKey,
    authority: Authority,
    mark: Mark,
    now: datetime,
    timestamper: TimeStamper | None = None,
) -> Signed:
    """As `certify`, with what is known of the signature; without its stamp when none is had."""
    _require_state(pdf, signed=(), filled=False)
    act = _Act(key, authority, mark, now, timestamper)
    return act.signed(pdf, LEADER_FIELD, certify=True)


def fill_number_and_date(pdf: bytes, *, number: int | str, issued_on: date) -> bytes:
    """Return the certified file with number and date filled in wherever they stand, and closed."""
    _require_state(pdf, signed=(LEADER_FIELD,), filled=False)
    writer = _writer(pdf)
    form = writer.root["/AcroForm"]
    fonts = form["/DR"]["/Font"]
    for name, words in (
        (NUMBER_FIELD, number_text(number)),
        (DATE_FIELD, date_text(issued_on)),
    ):
        _fill(writer, _field(form, name), name, words, fonts)
    for reference in form["/Fields"]:
        found = reference.get_object()
        if is_reference(name := str(found.get("/T", ""))):
            words = reference_text(str(found["/V"]), number, issued_on)
            _fill(writer, found, name, words, fonts)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def seal(
    pdf: bytes,
    *,
    key: SigningKey,
    authority: Authority,
    mark: Mark,
    now: datetime,
    timestamper: TimeStamper | None = None,
) -> bytes:
    """Return the filled file with the agency's signature, after which nothing may change."""
    return sealed_by_agency(
        pdf, key=key, authority=authority, mark=mark, now=now, timestamper=timestamper
    ).pdf


def sealed_by_agency(
    pdf: bytes,
    *,
    key: SigningKey,
    authority: Authority,
    mark: Mark,
    now: datetime,
    timestamper: TimeStamper | None = None,
) -> Signed:
    """As `seal`, with what is known of the signature; without its stamp when none is had."""
    _require_state(pdf, signed=(LEADER_FIELD,), filled=True)
    act = _Act(key, authority, mark, now, timestamper)
    return act.signed(pdf, AGENCY_FIELD, certify=False)


class PlainWriter(IncrementalPdfFileWriter):
    """Leaves the file's metadata alone."""

    def _update_meta(self) -> None:
        pass


class DatedSigner(PdfSigner):
    """Signs with the time it is given, not with the clock's."""

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._now
        return session


@dataclass(frozen=True, slots=True)
class _Act:
    """One signature about to be made."""

    key: SigningKey
    authority: Authority
    mark: Mark | None
    now: datetime
    timestamper: TimeStamper | None

    def signed(self, pdf: bytes, field_name: str, *, certify: bool) -> Signed:
        check = check_certificate(
            self.key.certificate,
            others=self.key.others,
            owner=self.authority.owner,
            trust_roots=self.authority.trust_roots,
            now=self.now,
            crls=self.authority.crls,
            online=self.authority.online,
        )
        metadata = PdfSignatureMetadata(
            field_name=field_name,
            md_algorithm="sha256",
            certify=certify,
            docmdp_permissions=MDPPerm.FILL_FORMS if certify else MDPPerm.NO_CHANGES,
            subfilter=SigSeedSubFilter.PADES,
        )
        by = KeySigner(self.key)
        signer = DatedSigner(
            metadata,
            by,
            timestamper=self.timestamper,
            stamp_style=drawn(self.mark) if self.mark else None,
            now=self.now,
        )
        room = room_for(self.key, is_stamped=self.timestamper is not None)
        try:
            output = wait_for(
                signer.async_sign_pdf(_writer(pdf), existing_fields_only=True, bytes_reserved=room)
            )
        except (SigningError, PdfError) as error:
            raise NotPrepared from error
        return Signed(output.getvalue(), by.is_stamped, check)


def _require_state(pdf: bytes, *, signed: Iterable[str], filled: bool) -> None:
    """Raise unless exactly these fields are signed and the text fields are (not) filled."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        form = reader.root["/AcroForm"]
        done = tuple(name for name, value, _ in enumerate_sig_fields(reader) if value is not None)
        number = str(_field(form, NUMBER_FIELD)["/V"])
        _field(form, AGENCY_FIELD)
    except (PdfError, KeyError, ValueError, TypeError, IndexError) as error:
        raise NotPrepared from error
    wanted = tuple(signed)
    if set(done) - set(wanted):
        raise AlreadySigned
    if done != wanted or bool(number) != filled:
        raise OutOfOrder


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    return PlainWriter(BytesIO(pdf))


def _field(form: Any, name: str) -> generic.DictionaryObject:
    for reference in form["/Fields"]:
        candidate = reference.get_object()
        if str(candidate.get("/T", "")) == name:
            return candidate
    raise KeyError(name)


def _fill(
    writer: IncrementalPdfFileWriter,
    text_field: generic.DictionaryObject,
    name: str,
    words: str,
    fonts: generic.DictionaryObject,
) -> None:
    style = style_of(name)
    font_name = pdf_name(f"/{style.font}")
    font = fonts[font_name]
    glyphs = glyphs_of(font, font["/ToUnicode"].data)
    box = text_field["/AP"]["/N"]["/BBox"]
    drawing = generic.StreamObject(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): generic.ArrayObject(box),
                pdf_name("/Resources"): generic.DictionaryObject(
                    {
                        pdf_name("/Font"): generic.DictionaryObject(
                            {font_name: fonts.raw_get(font_name)}
                        )
                    }
                ),
            }
        ),
        stream_data=appearance(words, style=style, glyphs=glyphs, width=float(box[2])),
    )
    text_field[pdf_name("/V")] = generic.TextStringObject(words)
    lines = MULTILINE if "\n" in words else 0
    text_field[pdf_name("/Ff")] = generic.NumberObject(READ_ONLY | lines)
    text_field[pdf_name("/AP")] = generic.DictionaryObject(
        {pdf_name("/N"): writer.add_object(drawing)}
    )
    writer.update_container(text_field)


def room_for(key: SigningKey, *, is_stamped: bool) -> int:
    """Hexadecimal digits to keep free in the file for this key's signature."""
    certificates = sum(len(one.dump()) for one in (key.certificate, *key.others))
    stamp = _ROOM_FOR_STAMP if is_stamped else 0
    return 2 * (certificates + key.longest + _ROOM_FOR_ATTRIBUTES + stamp)
