"""A PDF that is to be copied, made fit for print in a process of its own.

What stands in it came from anywhere, so `python -m reports.sheets` reads it with little memory and
time, knows no database, and says what it found: pages, signatures, how well it was scanned, and
where the ink of the last page ends.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL.Image import Image

from reports.confined import CPU_SECONDS, MEMORY_BYTES, WALL_SECONDS

_ROOT = Path(__file__).resolve().parents[1]

#: What a program does with a file by itself; nothing of it is copied.
_ACTIVE = ("/OpenAction", "/AA", "/AcroForm", "/Names", "/AF", "/Collection", "/Perms", "/DSS")

_MOST_PAGES = 2000
_SEEN = 900.0  # pixels of the longer side when the ink is looked for
_INK = 170  # darker than this is ink; paper that was scanned is not quite white
_WHOLE_PAGE = 0.5  # an image over half of the page is a scan of it


class UnfitSheet(Exception):
    """The file cannot be copied; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of the file. Lengths in points; `ink` from the top of the last page.

    `dpi` is the coarsest scanned page's, None when no page is a scan; `is_plain` says that the last
    page stands upright and begins at its corner, so that something can be put under its text.
    """

    pages: int
    version: str
    has_signature: bool
    dpi: float | None
    is_grey: bool
    width: float
    height: float
    ink: float
    is_plain: bool


def read_sheet(content: bytes) -> tuple[Sheet, bytes]:
    """The facts, and the same pages with nothing left but what is printed.

    Raises:
        UnfitSheet: it is no PDF, is locked, broken, or too much for a copy.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "reports.sheets"],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=_ROOT,
            check=True,
        )
        head, _, pdf = child.stdout.partition(b"\n")
        found = json.loads(head)
    except (subprocess.SubprocessError, ValueError, OSError):
        raise UnfitSheet("Tệp PDF bị hỏng hoặc quá phức tạp. Hãy xuất hoặc quét lại.") from None
    if problem := found.get("problem"):
        raise UnfitSheet(problem)
    return Sheet(**found), pdf


def _looked_at(content: bytes) -> tuple[Sheet, bytes]:
    if b"%PDF-" not in content[:1024]:
        raise UnfitSheet("Tệp không phải PDF. Hãy quét hoặc xuất thành PDF.")
    try:
        opened = pikepdf.open(BytesIO(content))
    except pikepdf.PasswordError:
        raise UnfitSheet("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi tải lên.") from None
    with opened as pdf:
        if pdf.is_encrypted:
            raise UnfitSheet("Tệp PDF bị khoá. Hãy xuất lại tệp không khoá.")
        if not 0 < len(pdf.pages) <= _MOST_PAGES:
            raise UnfitSheet(f"Tệp PDF phải có từ 1 đến {_MOST_PAGES} trang.")
        version, has_signature = pdf.pdf_version, _has_signature(pdf)
        flat = _flattened(pdf)
    document = pypdfium2.PdfDocument(flat)
    page = document[len(document) - 1]
    width, height = page.get_size()
    left, bottom, *_ = page.get_mediabox()
    scans = [found for number in range(len(document)) if (found := _scan(document[number]))]
    sheet = Sheet(
        pages=len(document),
        version=version,
        has_signature=has_signature,
        dpi=min((dpi for dpi, _ in scans), default=None),
        is_grey=any(is_grey for _, is_grey in scans),
        width=width,
        height=height,
        ink=_ink(page, height),
        is_plain=(left, bottom, page.get_rotation()) == (0, 0, 0)
        and page.get_cropbox() == page.get_mediabox(),
    )
    return sheet, flat


def _has_signature(pdf: pikepdf.Pdf) -> bool:
    """Whether any object is a signature; a signed file is one that says so."""
    return any(
        isinstance(one, pikepdf.Dictionary) and "/ByteRange" in one and "/Contents" in one
        for one in pdf.objects
    )


def _flattened(pdf: pikepdf.Pdf) -> bytes:
    """The pages with the marks of signatures drawn into them, and nothing that acts."""
    pdf.flatten_annotations("print")
    for name in _ACTIVE:
        if name in pdf.Root:
            del pdf.Root[name]
    for page in pdf.pages:
        for name in ("/Annots", "/AA"):
            if name in page:
                del page[name]
    output = BytesIO()
    pdf.save(output)
    return output.getvalue()


def _scan(page: Any) -> tuple[float, bool] | None:
    """Dots an inch of the image that is the page, and whether it is without colour."""
    width, height = page.get_size()
    for image in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) < _WHOLE_PAGE * width * height:
            continue
        across, _ = image.get_px_size()
        facts = image.get_metadata()
        is_grey = facts.colorspace == pypdfium2.raw.FPDF_COLORSPACE_DEVICEGRAY
        return across / max((right - left) / 72, 0.01), is_grey
    return None


def _ink(page: Any, height: float) -> float:
    """How far down the lowest ink of the page lies."""
    scale = min(1.0, _SEEN / max(page.get_size()))
    picture: Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    box = picture.point(lambda value: 255 if value < _INK else 0).getbbox()
    return min(box[3] / scale, height) if box else 0.0


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheet, pdf = _looked_at(sys.stdin.buffer.read())
    except UnfitSheet as problem:
        sys.stdout.write(json.dumps({"problem": str(problem)}) + "\n")
        return
    sys.stdout.buffer.write(json.dumps(asdict(sheet)).encode() + b"\n" + pdf)


if __name__ == "__main__":
    main()
