"""What tests of copies stand on: scans, texts, a copy at any step."""

from __future__ import annotations

import io

import pikepdf
from django.core.files.base import ContentFile
from PIL import Image

from portal.documents import services as documents
from portal.documents.models import Document
from portal.jobs.services import drain
from reports import services
from reports.models import Copy
from reports.services import CopyWanted
from tests.cast import member
from tests.reports import stage


def scan(*, dpi=200, lines=10, colour=True, pages=1):
    """A page of A4 that was scanned, with so many black lines from the top, 12 mm apart."""
    size = (round(8.27 * dpi), round(11.69 * dpi))
    picture = Image.new("RGB" if colour else "L", size, "white")
    for line in range(lines):
        top = round((25 + 12 * line) / 25.4 * dpi)
        left, right = round(dpi * 1.2), size[0] - dpi
        picture.paste((40, 40, 40) if colour else 40, (left, top, right, top + max(dpi // 10, 1)))
    buffer = io.BytesIO()
    picture.save(
        buffer, "PDF", resolution=dpi, save_all=True, append_images=[picture] * (pages - 1)
    )
    return buffer.getvalue()


def incoming(content=None, **more):
    """A letter of the book, with its file where one is given."""
    document = Document.objects.named("3032/SKHĐT-KGVX").get()
    if content is not None:
        documents.attach_file(document=document, file=ContentFile(content, name="quet.pdf"))
    return Document.objects.get(pk=document.pk)


def wanted(**more):
    return CopyWanted(
        **{
            "form": "SY",
            "source_medium": "paper",
            "medium": "paper",
            "on": stage.DAY,
            "signatory": member("leader"),
            "recipients": ("Phòng Chính sách", "Các huyện"),
            "quantity": 3,
        }
        | more
    )


def begun(source=None, **more):
    """A copy that a worker has made ready to be numbered."""
    copy = services.start_copy(
        source=source or incoming(), wanted=wanted(**more), by=member("clerk"), now=stage.NOW
    )
    drain()
    return fresh(copy)


def numbered(source=None, **more):
    copy = services.number_copy(copy=begun(source, **more), by=member("clerk"), now=stage.NOW)
    drain()
    return fresh(copy)


def fresh(copy):
    return Copy.objects.with_names().get(pk=copy.pk)


def content_of(file):
    with file.open("rb") as opened:
        return opened.read()


def text_of(pdf):
    from tests.reports.signed_sample import tool

    return tool("pdftotext", pdf, "-layout")


def pages_of(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def images_of(pdf):
    """How many pictures stand in the file, wherever they are drawn."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = (one for one in opened.objects if isinstance(one, pikepdf.Stream))
        return sum(one.get("/Subtype") == "/Image" and "/SMask" in one for one in streams)
