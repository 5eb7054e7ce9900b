"""The file of a document: kept under a random name, hashed, told by its content."""

from __future__ import annotations

from django.conf import settings
from django.core.files import File
from django.db import transaction

from portal.documents.files import UnacceptableFile, recognise, sha256_of
from portal.documents.models import Document, DocumentAnnex


class FileTooLarge(UnacceptableFile):
    """The file is larger than UPLOAD_MAX_BYTES."""


def attach_file(*, document: Document, file: File) -> Document:
    """Store `file` as the document's file in place of an earlier one.

    Raises:
        UnacceptableFile: it is none of the accepted kinds, is empty or too large; the message is
            for the user. Nothing is stored then.
    """
    most = settings.UPLOAD_MAX_BYTES
    if not file.size:
        raise UnacceptableFile("Tệp rỗng. Hãy chọn lại tệp.")
    if file.size > most:
        raise FileTooLarge(f"Tệp lớn hơn {most // 2**20} MB. Hãy quét lại ở mức 200 dpi.")
    kind = recognise(file)
    digest = sha256_of(file)
    if document.sha256 == digest:
        return document
    return _store(document, file, kind.ending, kind.media_type, digest)


def _store(document: Document, file: File, ending: str, media_type: str, digest: str) -> Document:
    storage, before = document.file.storage, document.file.name
    size = file.size
    document.file.save(f"tep.{ending}", file, save=False)
    stored = document.file.name or ""
    document.file_type, document.file_size, document.sha256 = media_type, size, digest
    try:
        with transaction.atomic():
            document.save(update_fields=["file", "file_type", "file_size", "sha256"])
    except Exception:
        storage.delete(stored)
        raise
    if before:
        transaction.on_commit(lambda: storage.delete(before))
    return document


def attach_annex(*, document: Document, position: int, title: str, file: File) -> DocumentAnnex:
    """Keep an annex that was issued in a PDF file of its own."""
    annex = DocumentAnnex(
        document=document,
        position=position,
        title=title,
        file_size=file.size,
        sha256=sha256_of(file),
    )
    annex.file.save("phu-luc.pdf", file, save=False)
    annex.save(force_insert=True)
    return annex


def note_signature_level(*, document: Document, level: str) -> None:
    """Keep in the register how far the signatures of the document's file can be proven now."""
    document.signature_level = level
    document.save(update_fields=["signature_level"])


@transaction.atomic
def remove_file(*, document: Document) -> Document:
    """Take the file away, with its hash."""
    if not document.file:
        return document
    storage, name = document.file.storage, document.file.name or ""
    document.file = document.file_type = document.sha256 = ""
    document.file_size = None
    document.save(update_fields=["file", "file_type", "file_size", "sha256"])
    transaction.on_commit(lambda: storage.delete(name))
    return document
