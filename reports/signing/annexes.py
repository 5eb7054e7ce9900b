"""An annex or a copy in a file of its own: a line of words at the top right, and the agency's seal.

The decree wants no picture here but the number and the time of signing, of a copy its form and the
agency, Times 10 pt, upright, black (Nghị định 30/2020, phụ lục I). Line and signature are one
incremental update, so the sealed file begins with the very bytes whose digest the leader signed.
"""

import functools
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import BaseStampStyle

from .certificates import SigningRefused, check_certificate, wait_for
from .fields import REGULAR_FONT
from .fonts import embed_font, embedded_glyphs
from .keys import KeySigner, SigningKey
from .signatures import Authority, DatedSigner, PlainWriter, Signed, room_for

ANNEX_FIELD, COPY_FIELD = "chu_ky_phu_luc", "chu_ky_ban_sao"

_SIZE = 10.0
_HEIGHT, _BASELINE = 14.0, 3.5
_FROM_TOP, _FROM_RIGHT = 20.0, 43.0  # points: above the page number, at the right margin
_FLAGS = 4 | 16 | 128  # printed, upright on a turned page, locked

#: Page dictionaries of a book; the first page is found by walking down, never further than this.
_DEEPEST = 40


class UnfitAnnex(SigningRefused):
    def __init__(self, why: str, what: str = "phụ lục") -> None:
        self.why = why
        super().__init__(f"Tệp {what} không dùng được: {why}. Hãy xuất lại tệp PDF rồi tải lên.")


@dataclass(frozen=True, slots=True)
class AnnexFacts:
    pages: int


def read_annex(pdf: bytes) -> AnnexFacts:
    """What is to be known of an uploaded annex; raises UnfitAnnex for what cannot be sealed."""
    if b"%PDF-" not in pdf[:1024]:
        raise UnfitAnnex("không phải là tệp PDF")
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            pages, form = len(opened.pages), opened.Root.get("/AcroForm")
            if opened.is_encrypted:
                raise UnfitAnnex("tệp có mật khẩu")
            if form is not None and "/XFA" in form:
                raise UnfitAnnex("tệp là biểu mẫu động")
        reader = PdfFileReader(BytesIO(pdf))
        if any(value is not None for _, value, _ in enumerate_sig_fields(reader)):
            raise UnfitAnnex("tệp đã có chữ ký số")
        if ANNEX_FIELD in {name for name, _, _ in enumerate_sig_fields(reader)}:
            raise UnfitAnnex("tệp đã có ô chữ ký của phụ lục")
        _first_page(reader)
    except SigningRefused:
        raise
    except pikepdf.PasswordError:
        raise UnfitAnnex("tệp có mật khẩu") from None
    except Exception as error:  # parsers meet any bytes; whatever is wrong, the file is unfit
        raise UnfitAnnex("tệp bị hỏng") from error
    if not pages:
        raise UnfitAnnex("tệp không có trang nào")
    return AnnexFacts(pages)


def annex_line(number_and_symbol: str, moment: datetime) -> str:
    """ "Số: 124/BC-BDT; 06/11/2023; 14:02:10 +07:00" (ISO 8601 for the zone)."""
    return f"Số: {number_and_symbol}; {moment:%d/%m/%Y; %H:%M:%S} {moment.isoformat()[-6:]}"


def copy_line(form: str, agency: str, moment: datetime) -> str:
    """ "Sao y; Ban Dân tộc tỉnh Bắc Giang; 06/11/2023; 14:02:10 +07:00"."""
    return f"{form}; {agency}; {moment:%d/%m/%Y; %H:%M:%S} {moment.isoformat()[-6:]}"


def seal_annex(
    pdf: bytes,
    *,
    number_and_symbol: str,
    key: SigningKey,
    authority: Authority,
    now: datetime,
    timestamper: TimeStamper | None = None,
) -> Signed:
    """Return the annex with its line and the agency's signature, after which nothing may change.

    `now` is aware, in the zone that is printed. Raises a SigningRefused.
    """
    by = _Sealing(ANNEX_FIELD, "phụ lục", key, authority, now, timestamper)
    return _sealed(pdf, annex_line(number_and_symbol, now), by)


def seal_copy(
    pdf: bytes,
    *,
    form: str,
    agency: str,
    key: SigningKey,
    authority: Authority,
    now: datetime,
    timestamper: TimeStamper | None = None,
) -> Signed:
    """As `seal_annex`, for the electronic copy of a document."""
    by = _Sealing(COPY_FIELD, "cần sao", key, authority, now, timestamper)
    return _sealed(pdf, copy_line(form, agency, now), by)


@dataclass(frozen=True, slots=True)
class _Sealing:
    """One signature about to be made, in which field and on what."""

    field: str
    what: str
    key: SigningKey
    authority: Authority
    now: datetime
    timestamper: TimeStamper | None


def _sealed(pdf: bytes, words: str, act: _Sealing) -> Signed:
    key, authority, now = act.key, act.authority, act.now
    check = check_certificate(
        key.certificate,
        others=key.others,
        owner=authority.owner,
        trust_roots=authority.trust_roots,
        now=now,
        crls=authority.crls,
        online=authority.online,
    )
    by = KeySigner(key)
    metadata = PdfSignatureMetadata(
        field_name=act.field,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    signer = DatedSigner(
        metadata, by, timestamper=act.timestamper, stamp_style=_LineStyle(words=words), now=now
    )
    try:
        writer = PlainWriter(BytesIO(pdf))
        _add_field(writer, act.field, words)
        room = room_for(key, is_stamped=act.timestamper is not None)
        signed = signer.async_sign_pdf(writer, existing_fields_only=True, bytes_reserved=room)
        return Signed(wait_for(signed).getvalue(), by.is_stamped, check)
    except (SigningError, PdfError, ValueError, KeyError, TypeError) as error:
        raise UnfitAnnex("không đặt được chữ ký vào tệp", act.what) from error


def _width(words: str) -> float:
    return embedded_glyphs(REGULAR_FONT).width(words, _SIZE)


def _add_field(writer: IncrementalPdfFileWriter, name: str, words: str) -> None:
    """A signature field as large as the words, at the top right as the page is seen."""
    page = _first_page(writer)
    left, top = _corner(page, _width(words))
    box = (left, top - _HEIGHT, left + _width(words), top)
    append_signature_field(writer, SigFieldSpec(name, box=_whole(box)))
    for reference in writer.root["/AcroForm"]["/Fields"]:
        widget = reference.get_object()
        if str(widget.get("/T", "")) == name:
            widget[pdf_name("/F")] = generic.NumberObject(_FLAGS)
            widget[pdf_name("/TU")] = generic.TextStringObject(f"Chữ ký số của cơ quan. {words}")
            widget[pdf_name("/Rect")] = generic.ArrayObject(map(generic.FloatObject, box))
            writer.update_container(widget)


def _whole(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, bottom, right, top = (round(value) for value in box)
    return left, bottom, right, top


def _corner(page: generic.DictionaryObject, width: float) -> tuple[float, float]:
    """The upper left corner of the words in the page's own coordinates.

    A turned page keeps its coordinates; the words stay upright and hang from this corner.
    """
    box = _inherited(page, "/CropBox") or _inherited(page, "/MediaBox")
    if box is None:
        raise ValueError("a page without a size")
    x0, y0, x1, y1 = (float(value) for value in box)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    turned = int(_inherited(page, "/Rotate") or 0) % 360
    seen = (y1 - y0) if turned in (90, 270) else (x1 - x0)
    across, down = max(seen - _FROM_RIGHT - width, 4.0), _FROM_TOP
    match turned:
        case 90:
            return x0 + down, y0 + across
        case 180:
            return x1 - across, y0 + down
        case 270:
            return x1 - down, y1 - across
        case _:
            return x0 + across, y1 - down


def _first_page(handler: Any) -> generic.DictionaryObject:
    node = handler.root["/Pages"]
    for _ in range(_DEEPEST):
        if "/Kids" not in node:
            return node
        node = next(kid for kid in (one.get_object() for one in node["/Kids"]) if _has_page(kid))
    raise ValueError("no first page")


def _has_page(node: generic.DictionaryObject) -> bool:
    return "/Kids" not in node or len(node["/Kids"]) > 0


def _inherited(page: generic.DictionaryObject, name: str) -> Any:
    node: Any = page
    for _ in range(_DEEPEST):
        if name in node:
            return node[name]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


@dataclass(frozen=True)
class _LineStyle(BaseStampStyle):
    """Draws the words alone: no frame, no ground, no picture."""

    words: str = ""

    def create_stamp(self, writer: Any, box: Any, text_params: Any) -> Any:
        return _Line(writer, self.words)


class _Line:
    def __init__(self, writer: IncrementalPdfFileWriter, words: str) -> None:
        self._writer, self._words = writer, words

    def apply_appearance(self, annotation: generic.DictionaryObject) -> None:
        numbers = embedded_glyphs(REGULAR_FONT).numbers
        codes = "".join(f"{numbers[char]:04x}" for char in self._words if char in numbers)
        drawing = (
            f"q\nBT\n0 g\n/{REGULAR_FONT} {_SIZE:g} Tf\n0 {_BASELINE:g} Td\n<{codes}> Tj\nET\nQ\n"
        )
        font = PdfFileReader(BytesIO(_font_file())).root.raw_get("/Font")
        resources = {
            pdf_name("/Font"): generic.DictionaryObject(
                {pdf_name(f"/{REGULAR_FONT}"): self._writer.import_object(font)}
            )
        }
        box = (0, 0, round(_width(self._words), 2), _HEIGHT)
        stream = generic.StreamObject(
            generic.DictionaryObject(
                {
                    pdf_name("/Type"): pdf_name("/XObject"),
                    pdf_name("/Subtype"): pdf_name("/Form"),
                    pdf_name("/BBox"): generic.ArrayObject(map(generic.FloatObject, box)),
                    pdf_name("/Resources"): generic.DictionaryObject(resources),
                }
            ),
            stream_data=drawing.encode("ascii"),
        )
        annotation[pdf_name("/AP")] = generic.DictionaryObject(
            {pdf_name("/N"): self._writer.add_object(stream)}
        )


@functools.cache
def _font_file() -> bytes:
    """A file that holds nothing but the embedded font, to be copied from."""
    buffer = BytesIO()
    with pikepdf.new() as pdf:
        pdf.Root.Font = embed_font(pdf, REGULAR_FONT)
        pdf.save(buffer)
    return buffer.getvalue()
