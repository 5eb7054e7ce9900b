"""What the eye sees of a signature: blue handwriting and a red seal, as transparent pictures.

The demonstration's own marks are drawn here. They resemble nobody's signature and no agency's seal:
the scribble is made of plain waves, the seal shows neither emblem nor name (Nghị định 30/2020,
Phụ lục I asks for blue and red PNG pictures with a transparent ground).
"""

import functools
import math
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from reports.rendering.layout import FONT_FILES, font_bytes

_BLUE = (24, 62, 160)
_RED = (206, 24, 32)
_FINE = 3  # drawn larger and scaled down, for smooth edges
_SCRIBBLE = (690, 360)
_SEAL = 480
_LARGEST = 4_000_000
_LARGEST_SIDE = 3000


class UnfitMark(Exception):
    """The uploaded picture of a signature or seal cannot be used."""

    def __init__(self) -> None:
        super().__init__(
            "Ảnh chữ ký hoặc con dấu phải là tệp PNG nền trong suốt, mỗi chiều không quá 3.000 "
            "điểm ảnh và không quá 4 MB. Hãy chọn ảnh khác."
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A picture with a transparent ground, as the bytes of a PNG file."""

    png: bytes


def mark_from_upload(data: bytes) -> Mark:
    """Return the office's own picture, checked; raises UnfitMark."""
    if len(data) > _LARGEST:
        raise UnfitMark
    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as picture:
            fits = max(picture.size) <= _LARGEST_SIDE and "A" in picture.convert("RGBA").getbands()
            transparent = picture.mode in ("RGBA", "LA") or "transparency" in picture.info
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UnfitMark from None
    if not (fits and transparent):
        raise UnfitMark
    return Mark(data)


@functools.cache
def demonstration_handwriting() -> Mark:
    """A neutral blue scribble: three waves of falling height and a stroke below."""
    width, height = (side * _FINE for side in _SCRIBBLE)
    picture = Image.new("RGBA", (width, height), (*_BLUE, 0))
    draw = ImageDraw.Draw(picture)
    for start, end, middle, rise, waves in (
        (0.08, 0.62, 0.46, 0.30, 4.0),
        (0.40, 0.92, 0.50, 0.16, 6.0),
    ):
        _stroke(draw, _wave(width, height, start, end, middle, rise, waves), 4.2 * _FINE)
    _stroke(draw, _underline(width, height), 3.2 * _FINE)
    return _png(picture.resize(_SCRIBBLE, Image.Resampling.LANCZOS))


@functools.cache
def demonstration_seal() -> Mark:
    """A red ring that says it is a test and has no legal value; no emblem, no agency name."""
    side = _SEAL * _FINE
    picture = Image.new("RGBA", (side, side), (*_RED, 0))
    draw = ImageDraw.Draw(picture)
    centre = side / 2
    for radius, thickness in ((0.490, 0.016), (0.458, 0.005), (0.300, 0.006)):
        _ring(draw, centre, radius * side, thickness * side)
    _round_text(picture, "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ", 0.378 * side, 0.082 * side, 300)
    _round_text(picture, "–", -0.378 * side, 0.082 * side, 0)
    for line, place in (("THỬ", 0.43), ("NGHIỆM", 0.57)):
        draw.text(
            (centre, place * side), line, fill=(*_RED, 255), font=_font(0.115 * side), anchor="mm"
        )
    return _png(picture.resize((_SEAL, _SEAL), Image.Resampling.LANCZOS))


def _wave(
    width: int, height: int, start: float, end: float, middle: float, rise: float, waves: float
) -> list[tuple[float, float]]:
    """Points of a leaning wave that flattens towards its end; lengths as parts of the picture."""
    points = []
    steps = 360
    for step in range(steps + 1):
        part = step / steps
        angle = part * waves * 2 * math.pi
        fall = (1 - 0.75 * part) * rise
        x = start + (end - start) * part + 0.035 * math.sin(angle * 1.0 + 1.2)
        y = middle - fall * math.sin(angle)
        points.append((x * width, y * height))
    return points


def _underline(width: int, height: int) -> list[tuple[float, float]]:
    return [
        ((0.16 + 0.74 * n / 80) * width, (0.80 - 0.05 * math.sin(n / 80 * math.pi)) * height)
        for n in range(81)
    ]


def _stroke(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float) -> None:
    draw.line(points, fill=(*_BLUE, 235), width=round(width), joint="curve")
    radius = width / 2
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*_BLUE, 235))


def _ring(draw: ImageDraw.ImageDraw, centre: float, radius: float, thickness: float) -> None:
    box = (centre - radius, centre - radius, centre + radius, centre + radius)
    draw.ellipse(box, outline=(*_RED, 255), width=round(thickness))


def _round_text(
    picture: Image.Image, text: str, radius: float, size: float, degrees: float
) -> None:
    """Write clockwise along a circle, the middle of the words at its top (or, below 0, foot)."""
    font = _font(size)
    widths = [font.getlength(char) for char in text]
    total, done = sum(widths), 0.0
    for char, width in zip(text, widths, strict=True):
        turn = ((done + width / 2) / total - 0.5) * degrees
        done += width
        _turned_character(picture, char, font, radius, turn)


def _turned_character(
    picture: Image.Image, char: str, font: ImageFont.FreeTypeFont, radius: float, turn: float
) -> None:
    side = round(font.size * 2)
    tile = Image.new("RGBA", (side, side), (*_RED, 0))
    ImageDraw.Draw(tile).text((side / 2, side / 2), char, fill=(*_RED, 255), font=font, anchor="mm")
    tile = tile.rotate(-turn, Image.Resampling.BICUBIC)
    angle = math.radians(turn)
    x = picture.width / 2 + math.sin(angle) * radius
    y = picture.height / 2 - math.cos(angle) * radius
    picture.alpha_composite(tile, (round(x - side / 2), round(y - side / 2)))


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(font_bytes(FONT_FILES["normal", "bold"])), round(size))


def _png(picture: Image.Image) -> Mark:
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return Mark(buffer.getvalue())
