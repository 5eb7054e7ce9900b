"""What a file is, by its content. Its name is only a hint: officers' `.xls` are often HTML."""

from __future__ import annotations

from pathlib import Path

from .archive import Archive
from .problems import Problem
from .vietnamese import unmarked_utf16

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "ảnh"),
    (b"\xff\xd8\xff", "ảnh"),
    (b"GIF8", "ảnh"),
    (b"II*\x00", "ảnh"),
    (b"MM\x00*", "ảnh"),
    (b"Rar!", "nén RAR"),
    (b"7z\xbc\xaf", "nén 7z"),
    (b"\x1f\x8b", "nén GZ"),
    (b"MZ", "chương trình"),
    (b"\x7fELF", "chương trình"),
    (b"SQLite format", "cơ sở dữ liệu"),
)


def kind_of(path: Path, max_bytes: int) -> tuple[str, Archive | None]:
    """(container, archive): container is xlsx, xlsb, ods, xls, html, xml or csv.

    Raises `Problem`: empty, encrypted, bomb, corrupt, not_spreadsheet.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if not head:
        raise Problem("empty")
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Problem("empty_content")
    if head.startswith(OLE):
        return _ole_kind(path), None
    if head.startswith(ZIP):
        archive = Archive(path, max_bytes)
        return _zip_kind(archive), archive
    for signature, name in OTHER_KINDS:
        if head.startswith(signature):
            raise Problem("not_spreadsheet", kind=name)
    if head[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"):
        return "xls", None  # a bare BIFF stream of the nineties
    return _text_kind(head), None


def _ole_kind(path: Path) -> str:
    """An OLE folder may hold a workbook, an encrypted package or a Word document."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Problem("encrypted")
    if any(name.encode("utf-16-le") in data for name in ("Workbook\0", "Book\0", "WORKBOOK\0")):
        return "xls"
    if "WordDocument".encode("utf-16-le") in data:
        raise Problem("not_spreadsheet", kind="Word")
    if "PowerPoint Document".encode("utf-16-le") in data:
        raise Problem("not_spreadsheet", kind="PowerPoint")
    raise Problem("corrupt")


def _zip_kind(archive: Archive) -> str:
    if archive.find("xl/workbook.xml"):
        return "xlsx"
    if archive.find("xl/workbook.bin"):
        return "xlsb"
    if archive.find("word/document.xml"):
        raise Problem("not_spreadsheet", kind="Word")
    if archive.find("ppt/presentation.xml"):
        raise Problem("not_spreadsheet", kind="PowerPoint")
    if archive.find("content.xml"):
        return _open_document_kind(archive)
    if archive.find("[Content_Types].xml"):
        return _relocated_kind(archive)
    if not archive.names:
        raise Problem("empty_content")
    raise Problem("not_spreadsheet", kind="nén ZIP")


def _relocated_kind(archive: Archive) -> str:
    """The main part of an Office file may have any name; its content type tells."""
    types = archive.read(archive.find("[Content_Types].xml") or "").lower()
    if b"spreadsheetml" in types or b"ms-excel.sheet.macroenabled" in types:
        return "xlsx"
    if b"ms-excel.sheet.binary" in types:
        return "xlsb"
    if b"wordprocessingml" in types:
        raise Problem("not_spreadsheet", kind="Word")
    raise Problem("corrupt")


def _open_document_kind(archive: Archive) -> str:
    mimetype = archive.find("mimetype")
    kind = archive.read(mimetype) if mimetype else b"spreadsheet"
    if b"spreadsheet" not in kind:
        raise Problem("not_spreadsheet", kind="văn bản OpenDocument")
    manifest = archive.find("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.read(manifest):
        raise Problem("encrypted")
    return "ods"


def _text_kind(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.decode("utf-8", "replace")
        if encoding := unmarked_utf16(head):
            text = head.decode(encoding, "replace")
    start = text.lstrip("\ufeff \t\r\n").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<html" not in start:
        return "xml"
    if start.startswith("mime-version:"):
        return "html"
    if start.startswith("<") and any(mark in start for mark in ("<html", "<table", "<!doctype h")):
        return "html"
    if start.startswith("<?xml"):
        raise Problem("not_spreadsheet", kind="XML")
    if "\x00" in text or sum(char < " " and char not in "\t\r\n\f\x1a" for char in text) > 8:
        raise Problem("not_spreadsheet", kind="")
    return "csv"
