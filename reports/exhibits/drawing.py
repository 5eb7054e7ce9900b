"""A chart of the portal as one drawing for paper: its legend inside, nothing only spoken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from portal.charts import Chart, Swatch

SVG = "http://www.w3.org/2000/svg"
LETTER, LINE, MARGIN, SWATCH = 7.2, 20, 8, 12  # px of the drawing
_SPOKEN = ("role", "aria-label", "aria-hidden", "class", "tabindex")


def as_svg(chart: Chart, *, is_narrow: bool = False) -> str:
    """Return the wide drawing with its legend below; tooltips, links and roles are left out.

    is_narrow: the drawing for a narrow column, where there is one.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    drawing = (is_narrow and chart.narrow) or chart.wide
    root = etree.fromstring(str(drawing).encode(), parser)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if etree.QName(element).localname == "title":
            element.getparent().remove(element)
            continue
        if etree.QName(element).localname == "a":  # what was a link is only its shapes
            element.tag = f"{{{SVG}}}g"
            element.attrib.clear()
        for name in _SPOKEN:
            element.attrib.pop(name, None)
    if chart.legend:
        _add_legend(root, chart.legend)
    return etree.tostring(root, encoding="unicode")


def _add_legend(root: etree._Element, legend: Sequence[Swatch]) -> None:
    left, top, width, height = (float(part) for part in root.get("viewBox", "").split())
    group = etree.SubElement(root, f"{{{SVG}}}g")
    x, y = left + MARGIN, top + height + LINE / 2
    for swatch in legend:
        room = SWATCH + 6 + len(swatch.words) * LETTER + 18
        if x + room > left + width and x > left + MARGIN:
            x, y = left + MARGIN, y + LINE
        _add_swatch(group, swatch, x, y)
        x += room
    taller = y + LINE - top
    root.set("viewBox", f"{left:g} {top:g} {width:g} {taller:g}")
    root.set("width", f"{width:g}")
    root.set("height", f"{taller:g}")


def _add_swatch(group: etree._Element, swatch: Swatch, x: float, y: float) -> None:
    if swatch.dashed:
        etree.SubElement(
            group,
            f"{{{SVG}}}path",
            {
                "d": f"M{x:g} {y:g}h{SWATCH}",
                "stroke": swatch.colour,
                "stroke-width": "2",
                "stroke-dasharray": "4 2",
            },
        )
    else:
        _add_square(group, swatch, x, y)
    words = etree.SubElement(
        group,
        f"{{{SVG}}}text",
        {"x": f"{x + SWATCH + 6:g}", "y": f"{y + 4.5:g}", "font-size": "13", "fill": "#1f2328"},
    )
    words.text = swatch.words


def _add_square(group: etree._Element, swatch: Swatch, x: float, y: float) -> None:
    fill = "#ffffff" if swatch.hatched else swatch.colour
    etree.SubElement(
        group,
        f"{{{SVG}}}rect",
        {
            "x": f"{x:g}",
            "y": f"{y - SWATCH / 2:g}",
            "width": f"{SWATCH}",
            "height": f"{SWATCH}",
            "fill": fill,
            "stroke": swatch.edge or "#8b8378",
            "stroke-width": "2" if swatch.edge else "0.75",
        },
    )
    if swatch.hatched:
        etree.SubElement(
            group,
            f"{{{SVG}}}path",
            {
                "d": f"M{x:g} {y + SWATCH / 2:g}l{SWATCH} -{SWATCH}",
                "stroke": "#8b8378",
                "stroke-width": "0.75",
            },
        )
