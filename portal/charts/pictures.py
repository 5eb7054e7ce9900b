"""A drawing as a PNG with its title and source: for slides and messages."""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree

import vl_convert

from .drawing import SVG
from .palette import FONT, INK, QUIET

SCALE = 2  # twice the size on screen, so that it is sharp on paper and on fine screens
MARGIN, LINE, LETTER = 16, 22, 7.6  # px


def as_png(svg: str, *, title: str = "", foot: str = "") -> bytes:
    """Return the drawing on white, its title above and its source below.

    svg: a drawing with its legend inside (see reports.exhibits.drawing).
    """
    ElementTree.register_namespace("", SVG)
    inner = ElementTree.fromstring(svg)  # noqa: S314 - drawn by our own process
    left, top, width, height = (float(part) for part in inner.get("viewBox", "").split())
    letters = int(width / LETTER)
    above = textwrap.wrap(title, letters)[:3]
    below = textwrap.wrap(foot, letters)[:3]
    first = MARGIN + LINE * len(above)
    whole = first + height + LINE * len(below) + MARGIN
    root = ElementTree.Element(
        f"{{{SVG}}}svg",
        {
            "width": f"{width + 2 * MARGIN:g}",
            "height": f"{whole:g}",
            "viewBox": f"0 0 {width + 2 * MARGIN:g} {whole:g}",
            "font-family": FONT,
        },
    )
    ElementTree.SubElement(
        root, f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": "#ffffff"}
    )
    for place, text in enumerate(above):
        _write(root, text, MARGIN + LINE * (place + 0.6), INK, "600", "15")
    for place, text in enumerate(below):
        _write(root, text, first + height + LINE * (place + 0.8), QUIET, "400", "12")
    group = ElementTree.SubElement(
        root,
        f"{{{SVG}}}g",
        {"transform": f"translate({MARGIN - left:g},{first - top:g})"},
    )
    group.extend(list(inner))
    drawn = ElementTree.tostring(root, encoding="unicode")
    return bytes(vl_convert.svg_to_png(drawn, scale=SCALE))


def _write(
    root: ElementTree.Element, text: str, y: float, colour: str, weight: str, size: str
) -> None:
    look = {"x": f"{MARGIN}", "y": f"{y:g}", "fill": colour, "font-weight": weight}
    ElementTree.SubElement(root, f"{{{SVG}}}text", look | {"font-size": size}).text = text
