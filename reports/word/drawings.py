"""Drawings as pictures that Word shows: the same SVG as in the PDF, in the same typeface."""

from __future__ import annotations

import functools
import struct
from io import BytesIO

import segno
import vl_convert

from reports.rendering.charts import own_drawing
from reports.rendering.layout import FONT_DIRECTORY, FONT_FILES

SCALE = 3.0
PX_PER_MM = 96 / 25.4


def chart_picture(svg: str) -> tuple[bytes, float]:
    """The drawing as PNG, and its height as a part of its width.

    Raises RefusedResource or UnfitDrawing, as for the PDF.
    """
    _register_fonts()
    picture = vl_convert.svg_to_png(own_drawing(svg), scale=SCALE)
    width, height = struct.unpack(">II", picture[16:24])
    return picture, height / width


def qr_picture(url: str) -> bytes:
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="png", border=1, scale=8)
    return picture.getvalue()


@functools.cache
def _register_fonts() -> None:
    for name in FONT_FILES.values():
        vl_convert.register_font_directory(str((FONT_DIRECTORY / name).parent))
