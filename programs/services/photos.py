"""Photographs of works: read for time and place, drawn anew without anything hidden, then kept."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import ExifTags, Image, ImageFile, ImageOps, UnidentifiedImageError

from portal.accounts.models import User
from programs.models import Works, WorksPhoto

FORMATS = ("JPEG", "PNG")
MOST_BYTES = 12 * 2**20
MOST_PIXELS = {"JPEG": 120_000_000, "PNG": 30_000_000}  # a JPEG is opened at a part of its size
LONGEST_SIDE = 2048
MOST_PHOTOS = 60
_DECODING = threading.Lock()
LATITUDES, LONGITUDES = (8, 24), (102, 110)


class PhotoRefused(Exception):
    """The file is no photograph that can be kept; the text says why."""


@dataclass(frozen=True)
class Taken:
    """A picture as it is kept, and when and where it says that it was taken."""

    content: bytes
    at: datetime.datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def read_photo(file: BinaryIO, *, now: datetime.datetime) -> Taken:
    """The picture drawn anew as a JPEG of at most 2 048 pixels a side.

    Raises:
        PhotoRefused
    """
    head = file.read(12)
    file.seek(0)
    if head[4:8] == b"ftyp":
        raise PhotoRefused(
            "Ảnh HEIC của điện thoại chưa nhận được. Trong máy ảnh chọn “Tương thích nhất”, hoặc "
            "lưu thành JPEG rồi tải lên."
        )
    try:
        picture = Image.open(file, formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PhotoRefused("Tệp này không phải ảnh JPEG hoặc PNG.") from error
    if picture.width * picture.height > MOST_PIXELS[str(picture.format)]:
        raise PhotoRefused("Ảnh quá lớn. Giảm kích thước ảnh rồi tải lên.")
    with _whole_only():
        at, latitude, longitude = _told(picture, now)
        try:
            return Taken(_drawn_anew(picture), at, latitude, longitude)
        except Exception as error:
            raise PhotoRefused("Ảnh bị hỏng, không mở được.") from error


def _told(
    picture: Image.Image, now: datetime.datetime
) -> tuple[datetime.datetime | None, float | None, float | None]:
    """When and where the picture was taken, as far as it says so readably."""
    try:
        told = picture.getexif()
        at = _moment(dict(told.get_ifd(ExifTags.IFD.Exif)), now)
        return at, *_place(dict(told.get_ifd(ExifTags.IFD.GPSInfo)))
    except Exception:  # what is hidden in the file is a stranger's: unreadable is not told
        return None, None, None


@contextlib.contextmanager
def _whole_only() -> Iterator[None]:
    """A picture that breaks off is refused, though WeasyPrint lets Pillow take such for whole."""
    with _DECODING:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _drawn_anew(picture: Image.Image) -> bytes:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        over = upright.convert("RGBA")
        upright = Image.new("RGB", over.size, "white")
        upright.paste(over, mask=over.getchannel("A"))
    kept = BytesIO()
    Image.frombytes("RGB", upright.size, upright.convert("RGB").tobytes()).save(
        kept, "JPEG", quality=85, optimize=True
    )
    return kept.getvalue()


def _moment(told: dict[int, object], now: datetime.datetime) -> datetime.datetime | None:
    """When the picture says it was taken; local time unless it says which; never in the future."""
    said = str(told.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    try:
        found = datetime.datetime.strptime(said, "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    offset = str(told.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    try:
        zone = datetime.datetime.strptime(offset, "%z").tzinfo
    except ValueError:
        zone = timezone.get_current_timezone()
    found = found.replace(tzinfo=zone)
    return found if datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC) < found <= now else None


def _place(told: dict[int, object]) -> tuple[float | None, float | None]:
    """Where the picture says it was taken; nothing outside Viet Nam."""
    gps = ExifTags.GPS
    latitude = _degrees(told.get(gps.GPSLatitude), told.get(gps.GPSLatitudeRef), "S")
    longitude = _degrees(told.get(gps.GPSLongitude), told.get(gps.GPSLongitudeRef), "W")
    if latitude is None or longitude is None:
        return None, None
    inside = LATITUDES[0] <= latitude <= LATITUDES[1]
    if not (inside and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        return None, None
    return round(latitude, 6), round(longitude, 6)


def _degrees(told: object, ref: object, negative: str) -> float | None:
    if not isinstance(told, tuple) or len(told) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in told)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if str(ref).strip("\0 ").upper() == negative else found


@transaction.atomic
def keep_photo(
    *,
    works: Works,
    file: BinaryIO,
    caption: str,
    day: datetime.date | None,
    by: User,
    now: datetime.datetime,
) -> WorksPhoto:
    """Keep a photograph; `day` is when it was taken where it does not say so itself.

    Raises:
        PhotoRefused: no photograph, one that is there, or there are too many.
    """
    taken = read_photo(file, now=now)
    Works.objects.select_for_update().get(pk=works.pk)
    if works.photos.count() >= MOST_PHOTOS:
        raise PhotoRefused(f"Mỗi công trình nhiều nhất {MOST_PHOTOS} ảnh. Bỏ bớt ảnh cũ trước.")
    digest = hashlib.sha256(taken.content).hexdigest()
    if works.photos.filter(sha256=digest).exists():
        raise PhotoRefused("Ảnh này đã có.")
    at = taken.at
    if at is None and day is not None:
        noon = datetime.datetime.combine(day, datetime.time(12))
        at = timezone.make_aware(noon)
    photo = WorksPhoto(
        works=works,
        caption=caption,
        taken_at=at,
        latitude=taken.latitude,
        longitude=taken.longitude,
        sha256=digest,
        by=by,
    )
    photo.file.save("photo.jpg", ContentFile(taken.content), save=False)
    photo.save()
    return photo


@transaction.atomic
def delete_photo(*, photo: WorksPhoto) -> None:
    """Take a photograph away, its file once that is sure."""
    file = photo.file
    photo.delete()
    transaction.on_commit(lambda: file.delete(save=False))
