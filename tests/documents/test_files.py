"""A file is what its content is; nothing that a browser would run is kept."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile

from portal.documents import services
from portal.documents.files import UnacceptableFile, download_name, recognise
from portal.documents.models import Document

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")


def package(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "ending"),
    [(PDF, "pdf"), (JPEG, "jpg"), (PNG, "png"), (DOC, "doc"), (DOCX, "docx")],
)
def test_each_accepted_kind_is_told_by_its_content(content, ending):
    assert recognise(io.BytesIO(content)).ending == ending


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"   %PDF-1.7 <script>alert(1)</script>",
        b"<html>%PDF-1.7",
        b"GIF89a%PDF-1.7",
        b"MZ\x90\x00",
        b"PK\x03\x04 broken",
        package("xl/workbook.xml", "[Content_Types].xml"),
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
        b"%",
        b"\0",
    ],
)
def test_everything_else_is_refused_with_a_sentence(content):
    with pytest.raises(UnacceptableFile) as refused:
        recognise(io.BytesIO(content))
    assert str(refused.value).startswith("Tệp")


@pytest.mark.django_db
def test_a_file_is_kept_under_a_random_name_with_its_hash():
    document = Document.objects.get(number="527")
    services.attach_file(document=document, file=ContentFile(PDF, "../../etc/passwd.html"))
    document.refresh_from_db()
    folder, year, name = document.file.name.split("/")
    assert (folder, year) == ("documents", "2021")
    assert len(name) == 36
    assert name.endswith(".pdf")
    assert document.file_type == "application/pdf"
    assert document.file_size == len(PDF)
    assert document.file.read() == PDF
    document.file.close()


@pytest.mark.django_db
def test_a_new_file_takes_the_place_of_the_old(django_capture_on_commit_callbacks):
    document = Document.objects.get(number="527")
    services.attach_file(document=document, file=ContentFile(PDF, "a.pdf"))
    first = document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        services.attach_file(document=document, file=ContentFile(PNG, "b.png"))
    assert document.file.name != first
    assert not document.file.storage.exists(first)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"<svg/>"])
def test_a_refused_file_leaves_nothing_behind(content, settings):
    document = Document.objects.get(number="527")
    with pytest.raises(UnacceptableFile):
        services.attach_file(document=document, file=ContentFile(content, "a.pdf"))
    document.refresh_from_db()
    assert not document.file
    assert not list(settings.MEDIA_ROOT.rglob("*.*")) if settings.MEDIA_ROOT.exists() else True


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused_with_the_limit(settings):
    settings.UPLOAD_MAX_BYTES = 2**20
    document = Document.objects.get(number="527")
    with pytest.raises(services.FileTooLarge, match="1 MB"):
        services.attach_file(document=document, file=ContentFile(PDF + b"0" * 2**20, "a.pdf"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("527/KH-BDT", "527-KH-BDT-2021-09-30.pdf"),
        ("17/QĐ-UBQGCĐS", "17-QD-UBQGCDS-2021-09-30.pdf"),
        ("../../etc/passwd", "ETC-PASSWD-2021-09-30.pdf"),
        ('"\r\nSet-Cookie: a', "SET-COOKIE-A-2021-09-30.pdf"),
        ("", "VAN-BAN-2021-09-30.pdf"),
    ],
)
def test_a_download_has_a_plain_name(written, name):
    assert download_name(written, "2021-09-30", "pdf") == name
