"""What a document's file may be, told by its content and never by its name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from portal.units.names import fold

PDF_START = b"%PDF-"
JPEG_START = b"\xff\xd8\xff"
PNG_START = b"\x89PNG\r\n\x1a\n"
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD_STREAM = "WordDocument".encode("utf-16-le")
OLE_SEARCHED = 64 * 2**20
MOST_ZIP_ENTRIES = 5000
PIECE = 2**20
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.doc,.docx"
NOT_ACCEPTED = (
    "Tệp này không phải PDF, JPEG, PNG, DOC hay DOCX. Hãy quét hoặc lưu lại thành PDF rồi tải lên."
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: the ending it is stored under and the type it is sent as."""

    ending: str
    media_type: str


PDF = Kind("pdf", "application/pdf")
JPEG = Kind("jpg", "image/jpeg")
PNG = Kind("png", "image/png")
DOC = Kind("doc", "application/msword")
DOCX = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


class UnacceptableFile(Exception):
    """The file is none of the accepted kinds; the message says so to the user."""


def recognise(file: IO[bytes]) -> Kind:
    """Return the kind of an open file, by its content; the file is rewound.

    Raises:
        UnacceptableFile: the content is none of the kinds, whatever the name says.
    """
    file.seek(0)
    start = file.read(len(PNG_START))
    try:
        return _kind(file, start)
    finally:
        file.seek(0)


def _kind(file: IO[bytes], start: bytes) -> Kind:
    if start.startswith(PDF_START):
        return PDF
    if start.startswith(JPEG_START):
        return JPEG
    if start == PNG_START:
        return PNG
    if start.startswith(ZIP_START) and _is_word_package(file):
        return DOCX
    if start == OLE_START and _holds(file, WORD_STREAM):
        return DOC
    raise UnacceptableFile(NOT_ACCEPTED)


def _is_word_package(file: IO[bytes]) -> bool:
    """A docx by its list of parts; one that carries macros is refused."""
    try:
        with zipfile.ZipFile(file) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise UnacceptableFile("Tệp DOCX bị hỏng, không mở được. Hãy lưu lại thành PDF.") from error
    if len(names) > MOST_ZIP_ENTRIES:
        raise UnacceptableFile(NOT_ACCEPTED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnacceptableFile("Tệp DOCX có chứa macro. Hãy lưu lại thành PDF rồi tải lên.")
    return "word/document.xml" in names and "[Content_Types].xml" in names


def _holds(file: IO[bytes], wanted: bytes) -> bool:
    """Whether `wanted` occurs, read piece by piece."""
    file.seek(0)
    before = b""
    for _ in range(OLE_SEARCHED // PIECE):
        piece = file.read(PIECE)
        if not piece:
            return False
        if wanted in before + piece:
            return True
        before = piece[-len(wanted) :]
    return False


def sha256_of(file: IO[bytes]) -> str:
    """The SHA-256 of an open file in hexadecimal; the file is rewound."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def download_name(number_and_symbol: str, day: str, ending: str) -> str:
    """The name a download is offered under: "527-KH-BDT-2021-09-30.pdf", ASCII, no separators."""
    words = fold(unicodedata.normalize("NFC", number_and_symbol)).upper().split()
    stem = "-".join([*(words or ["VAN-BAN"]), day])
    return f"{re.sub(r'[^A-Za-z0-9-]', '', stem)[:80]}.{ending}"
