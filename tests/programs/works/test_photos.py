"""Photographs: read for time and place, kept without anything hidden, shown to those who may."""

from __future__ import annotations

import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import ExifTags, Image

from programs.models import WorksPhoto
from programs.services.photos import PhotoRefused, read_photo
from tests.programs.works.test_pages import works_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def picture(kind="JPEG", *, size=(60, 40), mode="RGB", exif=None, colour="red") -> bytes:
    kept = BytesIO()
    more = {"exif": exif} if exif is not None else {}
    Image.new(mode, size, colour).save(kept, kind, **more)
    return kept.getvalue()


def told(*, taken="2023:05:20 08:15:00", latitude=(21.0, 20.0, 6.0), ref="N", **more):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Máy của ai"
    exif[ExifTags.Base.Orientation] = more.get("orientation", 1)
    inside = exif.get_ifd(ExifTags.IFD.Exif)
    inside[ExifTags.Base.DateTimeOriginal] = taken
    if "offset" in more:
        inside[ExifTags.Base.OffsetTimeOriginal] = more["offset"]
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = ref, latitude
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (106.0, 51.0, 36.0)
    return exif


def read(content: bytes):
    return read_photo(BytesIO(content), now=NOW)


def test_time_and_place_are_read_and_nothing_else_is_kept():
    found = read(picture(exif=told()))
    local = timezone.localtime(found.at)
    assert (local.day, local.hour, local.minute) == (20, 8, 15)
    assert (found.latitude, found.longitude) == (21.335, 106.86)
    kept = Image.open(BytesIO(found.content))
    assert kept.format == "JPEG"
    assert dict(kept.getexif()) == {}
    assert b"Exif" not in found.content


def test_a_time_with_its_zone_is_that_moment():
    found = read(picture(exif=told(offset="+00:00")))
    assert found.at == datetime.datetime(2023, 5, 20, 8, 15, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "exif",
    [
        told(taken="2031:01:01 00:00:00"),
        told(taken="hôm qua"),
        told(taken="0000:00:00 00:00:00"),
    ],
)
def test_a_time_that_cannot_be_is_not_told(exif):
    assert read(picture(exif=exif)).at is None


@pytest.mark.parametrize(
    "exif", [told(ref="S"), told(latitude=(91.0, 0.0, 0.0)), told(latitude=(21.0, 0.0))]
)
def test_a_place_outside_the_country_is_not_told(exif):
    assert read(picture(exif=exif)).latitude is None


def test_a_picture_stands_upright_and_is_made_smaller():
    found = read(picture(size=(3000, 1500), exif=told(orientation=6)))
    assert Image.open(BytesIO(found.content)).size == (1024, 2048)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1"])
def test_a_png_of_any_kind_becomes_a_jpeg(mode):
    colour = 1 if mode in ("1", "P", "L") else (120, 128) if mode == "LA" else "red"
    content = read(picture("PNG", mode=mode, colour=colour)).content
    assert Image.open(BytesIO(content)).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        (b"GIF89a" + b"\0" * 40, "không phải ảnh JPEG hoặc PNG"),
        (picture("GIF", mode="P", colour=1), "không phải ảnh JPEG hoặc PNG"),
        (b"%PDF-1.4", "không phải ảnh JPEG hoặc PNG"),
        (b"", "không phải ảnh JPEG hoặc PNG"),
        (picture()[:200], "bị hỏng|không phải"),
        (picture("PNG")[:60], "bị hỏng|không phải"),
    ],
)
def test_what_is_no_photograph_is_refused_in_words(content, words, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint sets it
    with pytest.raises(PhotoRefused, match=words):
        read(content)


@pytest.mark.slow
def test_a_picture_of_too_many_points_is_refused_before_it_is_opened():
    with pytest.raises(PhotoRefused, match="quá lớn"):
        read(picture("PNG", size=(30_000, 1_100), mode="1", colour=1))


def sent(client, works, content, name="anh.jpg", **fields):
    data = {"anh-file": SimpleUploadedFile(name, content)}
    data |= {f"anh-{field}": value for field, value in fields.items()}
    return client.post(reverse("programs:works_photo_add", args=[works.code]), data)


def test_an_officer_sends_a_picture_and_only_those_who_see_the_works_see_it(
    client, son_dong_officer, luc_ngan_officer
):
    works = works_in("220")
    client.force_login(son_dong_officer)
    assert sent(client, works, picture(), caption="Mặt đường", day="20/5/2023").status_code == 302
    again = sent(client, works, picture())
    assert again.status_code == 422
    assert "Ảnh này đã có" in again.text
    photo = WorksPhoto.objects.get()
    assert timezone.localtime(photo.taken_at).date() == datetime.date(2023, 5, 20)
    address = reverse("programs:works_photo", args=[photo.pk])
    answer = client.get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer)[:2] == b"\xff\xd8"
    client.force_login(luc_ngan_officer)
    assert client.get(address).status_code == 404
    assert sent(client, works, picture(colour="blue")).status_code == 404


def test_a_picture_is_taken_away_with_its_file(
    client, specialist, django_capture_on_commit_callbacks
):
    works = works_in("220")
    client.force_login(specialist)
    sent(client, works, picture())
    photo = WorksPhoto.objects.get()
    storage, name = photo.file.storage, photo.file.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("programs:works_photo_delete", args=[photo.pk]))
    assert not storage.exists(name)
    assert not works.photos.exists()
