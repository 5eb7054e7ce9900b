"""A mark inside its signature field: the picture alone, compressed once for all its signatures."""

import functools
import zlib
from io import BytesIO

from PIL import Image
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import StaticStampStyle

from .marks import Mark

#: Pictures kept ready; an office has a seal and a few who sign.
_KEPT = 16


def drawn(mark: Mark) -> StaticStampStyle:
    """The picture fills the field; no border, no words."""
    whole = layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MID,
        y_align=layout.AxisAlignment.ALIGN_MID,
        margins=layout.Margins.uniform(0),
        inner_content_scaling=layout.InnerScaling.STRETCH_TO_FIT,
    )
    return StaticStampStyle(
        border_width=0,
        background=_Picture(mark),
        background_layout=whole,
        background_opacity=1.0,
    )


class _Picture(PdfImage):
    """As the library's own, which compresses the picture again for each file."""

    def __init__(self, mark: Mark) -> None:
        self._size, self._colours, self._transparency = _packed(mark.png)
        super().__init__(Image.new("L", self._size))
        self._written: tuple[BasePdfFileWriter, generic.IndirectObject] | None = None

    @property
    def image_ref(self) -> generic.IndirectObject:
        writer = self.writer
        assert writer is not None  # noqa: S101 - the library names it before it draws
        if self._written is None or self._written[0] is not writer:
            mask = writer.add_object(self._stream("/DeviceGray", self._transparency))
            image = self._stream("/DeviceRGB", self._colours)
            image[pdf_name("/SMask")] = mask
            self._written = writer, writer.add_object(image)
        return self._written[1]

    def _stream(self, colours: str, packed: bytes) -> generic.StreamObject:
        width, height = self._size
        facts = {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/Width"): generic.NumberObject(width),
            pdf_name("/Height"): generic.NumberObject(height),
            pdf_name("/ColorSpace"): pdf_name(colours),
            pdf_name("/BitsPerComponent"): generic.NumberObject(8),
            pdf_name("/Filter"): pdf_name("/FlateDecode"),
        }
        return generic.StreamObject(facts, encoded_data=packed)


@functools.lru_cache(maxsize=_KEPT)
def _packed(png: bytes) -> tuple[tuple[int, int], bytes, bytes]:
    """The picture's size, and its colours and transparency, compressed."""
    with Image.open(BytesIO(png)) as opened:
        picture = opened.convert("RGBA")
    colours, transparency = picture.convert("RGB"), picture.getchannel("A")
    return picture.size, zlib.compress(colours.tobytes()), zlib.compress(transparency.tobytes())
