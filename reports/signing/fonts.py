"""The typeface of the form fields, embedded in the file and read back from it.

A field is filled after the leader has signed, perhaps years of updates later; so the glyph numbers
come from the font inside the signed file, never from the font files of the day.
"""

import functools
import re
import string
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String

from reports.rendering.layout import FONT_FILES, font_bytes

from .fields import ITALIC_FONT, REGULAR_FONT, Glyphs

_FILES = {
    REGULAR_FONT: FONT_FILES["normal", "normal"],
    ITALIC_FONT: FONT_FILES["italic", "normal"],
}
_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_LETTERS = string.ascii_letters + _VIETNAMESE + _VIETNAMESE.upper()
CHARACTERS = "".join(sorted({*string.digits, *_LETTERS, *" .,:;-–/()+"}))
_CODE_PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>\n")


def embed_font(pdf: pikepdf.Pdf, name: str, also: str = "") -> pikepdf.Object:
    """Add the font to the file as a Type 0 font with Identity-H codes; return its reference.

    It draws `CHARACTERS` and whatever else stands in `also`.
    """
    data, glyphs, facts = _subset(name, _beyond(also))
    base = Name(f"/{facts['prefix']}+{facts['base']}")
    program = Stream(pdf, data)
    program.Length1 = len(data)
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=base,
            Flags=4 | (64 if facts["angle"] else 0),
            FontBBox=Array(facts["bbox"]),
            ItalicAngle=facts["angle"],
            Ascent=facts["ascent"],
            Descent=facts["descent"],
            CapHeight=facts["cap_height"],
            StemV=80,
            FontFile2=pdf.make_indirect(program),
        )
    )
    count = max(glyphs.widths) + 1
    descendant = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=base,
            CIDSystemInfo=Dictionary(
                Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
            ),
            CIDToGIDMap=Name.Identity,
            DW=0,
            W=Array([0, Array([round(glyphs.widths.get(n, 0)) for n in range(count)])]),
            FontDescriptor=descriptor,
        )
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=base,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]),
            ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode(glyphs.numbers))),
        )
    )


def glyphs_of(font: Any, to_unicode: bytes) -> Glyphs:
    """Read back what `embed_font` wrote: `font` is the dictionary, `to_unicode` its decoded map."""
    numbers = {chr(int(char, 16)): int(code, 16) for code, char in _CODE_PAIR.findall(to_unicode)}
    widths = font["/DescendantFonts"][0]["/W"][1]
    return Glyphs(numbers, {number: float(width) for number, width in enumerate(widths)})


@functools.cache
def embedded_glyphs(name: str, also: str = "") -> Glyphs:
    """Return the glyphs of the font as `embed_font` writes it today."""
    _, glyphs, _ = _subset(name, _beyond(also))
    return glyphs


def _beyond(text: str) -> str:
    return "".join(sorted({char for char in text if char.isprintable()} - set(CHARACTERS)))


@functools.lru_cache(maxsize=16)
def _subset(name: str, also: str) -> tuple[bytes, Glyphs, Mapping[str, Any]]:
    font = TTFont(BytesIO(font_bytes(_FILES[name])), recalcTimestamp=False)
    options = subset.Options(
        layout_features=[], hinting=False, glyph_names=False, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=CHARACTERS + also)
    subsetter.subset(font)
    numbers = {chr(code): font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
    scale = 1000 / font["head"].unitsPerEm
    widths = {
        font.getGlyphID(glyph): round(width * scale)
        for glyph, (width, _) in font["hmtx"].metrics.items()
    }
    head, os2 = font["head"], font["OS/2"]
    facts = {
        "base": font["name"].getDebugName(6),
        "prefix": "BDTSOA" if name == REGULAR_FONT else "BDTSOB",
        "angle": round(font["post"].italicAngle),
        "bbox": [round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "ascent": round(font["hhea"].ascent * scale),
        "descent": round(font["hhea"].descent * scale),
        "cap_height": round(getattr(os2, "sCapHeight", 1341) * scale),
    }
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue(), Glyphs(numbers, widths), facts


def _to_unicode(numbers: Mapping[str, int]) -> bytes:
    """Write the map from codes to characters, in the blocks of at most 100 that the format asks."""
    pairs = sorted((number, ord(char)) for char, number in numbers.items())
    blocks = []
    for start in range(0, len(pairs), 100):
        chunk = pairs[start : start + 100]
        lines = "".join(f"<{number:04x}> <{char:04x}>\n" for number, char in chunk)
        blocks.append(f"{len(chunk)} beginbfchar\n{lines}endbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{''.join(blocks)}"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
