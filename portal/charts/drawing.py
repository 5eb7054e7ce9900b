"""From a Vega-Lite specification to an SVG that may stand in a page of this portal."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fontpkg_be_vietnam_pro
import vl_convert
from django.core.cache import cache
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .palette import CONFIG, NUMBERS

SVG = "http://www.w3.org/2000/svg"
WIDE, MIDDLE, NARROW = 680, 430, 296
WIDTHS = (WIDE, MIDDLE, NARROW)
A_DAY = 24 * 3600
DRAWING_VERSION = 8
ROW_MARK = "row:"
HATCH_SEEN = "#a39a8d"
KEPT = {"viewBox", "width", "height"}

vl_convert.register_font_directory(str(Path(fontpkg_be_vietnam_pro.__file__).parent / "files"))


@dataclass(frozen=True)
class Swatch:
    """One line of a legend: a colour, hatched or not, or a dashed line, and its words."""

    colour: str
    words: str
    hatched: bool = False
    edge: str = ""  # the colour of a strong edge
    dashed: bool = False

    @property
    def drawing(self) -> SafeString:
        if self.dashed:
            return format_html(
                '<svg class="swatch" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
                '<path d="M0 7h14" stroke="{}" stroke-width="2" stroke-dasharray="4 2"/></svg>',
                self.colour,
            )
        return format_html(
            '<svg class="swatch" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
            '<rect x=".5" y=".5" width="13" height="13" rx="2" fill="{}" stroke="{}"'
            ' stroke-width="{}"/>{}</svg>',
            "none" if self.hatched else self.colour,
            self.edge or "#8b8378",
            "2" if self.edge else ".75",
            format_html('<path d="M1 9 9 1M1 13 13 1M5 13 13 5" stroke="{}"/>', HATCH_SEEN)
            if self.hatched
            else "",
        )


@dataclass(frozen=True)
class Chart:
    """A chart ready for a template: the drawing three times, for the room there is.

    middle and narrow are None where one drawing serves all. columns and rows are the figures
    behind it, as texts, for the table beside it.
    """

    wide: SafeString
    middle: SafeString | None = None
    narrow: SafeString | None = None
    legend: Sequence[Swatch] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Words:
    """What a drawing says: its accessible name, and a tooltip and an address for each mark."""

    title: str
    tooltips: Sequence[str] = ()
    addresses: Sequence[str] = ()
    hatched: Mapping[str, str] = field(default_factory=dict)


class NotDrawn(Exception):
    """No chart of these inputs is kept, and it was not to be drawn now."""


def remembered(
    name: str, inputs: object, draw: Callable[[], Chart], *, kept_only: bool = False
) -> Chart:
    """Return the chart of these inputs, drawn once a day at most.

    Raises:
        NotDrawn: `kept_only`, and it has not been drawn.
    """
    text = json.dumps([DRAWING_VERSION, name, inputs], ensure_ascii=False, default=str)
    key = f"chart-{hashlib.sha256(text.encode()).hexdigest()}"
    chart: Chart | None = cache.get(key)
    if chart is None:
        if kept_only:
            raise NotDrawn
        chart = draw()
        cache.set(key, chart, A_DAY)
    return chart


def draw(specification: Mapping[str, Any], words: Words) -> SafeString:
    """Return the SVG of a Vega-Lite specification with inline data.

    Marks whose description is "row:3" get the third tooltip and address. The result has no style
    attribute (the content security policy forbids them) and no English words of Vega.
    """
    drawn = vl_convert.vegalite_to_svg(
        dict(specification),
        config=CONFIG,
        format_locale=NUMBERS,
        allowed_base_urls=["https://nothing.invalid/"],
    )
    root = ElementTree.fromstring(drawn)  # noqa: S314 - drawn by our own process
    _clean(root)
    _speak(root, words)
    root.attrib = {name: value for name, value in root.attrib.items() if name in KEPT}
    role = "group" if any(words.addresses) else "img"  # nothing inside an image can be reached
    root.attrib |= {"class": "chart", "role": role, "aria-label": words.title}
    # the registry is the whole process's, and other libraries write to it too
    ElementTree.register_namespace("", SVG)
    return mark_safe(ElementTree.tostring(root, encoding="unicode"))  # noqa: S308


def _clean(element: ElementTree.Element) -> None:
    """Drop what says nothing (empty and invisible shapes, Vega's own words); shorten numbers."""
    for child in list(element):
        _clean(child)
        useless = child.get("display") == "none" or child.get("class") in (
            "background",
            "foreground",
        )
        if useless or (child.tag == f"{{{SVG}}}g" and not len(child)):
            element.remove(child)
    for name in ("class", "role", "aria-roledescription", "aria-hidden", "pointer-events"):
        element.attrib.pop(name, None)
    for declaration in element.attrib.pop("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            element.set(name.strip(), value.strip())
    if element.get("opacity") == "1":
        del element.attrib["opacity"]
    for name in ("d", "transform", "x2", "y2"):
        if name in element.attrib:
            element.set(name, shorter(element.attrib[name]))
    if element.get("transform") == "translate(0,0)":
        del element.attrib["transform"]
    if re.fullmatch(r"[MLZ\d.,-]+", element.get("d", "")):
        element.set("d", in_steps(element.attrib["d"]))


def in_steps(path: str) -> str:
    """Rewrite an outline of M, L and Z in steps from point to point: half the length."""
    words: list[str] = []
    here = (0, 0)
    for letter, numbers in re.findall(r"([MLZ])([^MLZ]*)", path):
        if letter == "Z":
            words.append("z")
            continue
        x, y = (round(float(part) * 10) for part in numbers.split(","))
        if letter == "M":
            words.append(f"M{_pair(x, y)}l")
        elif (x, y) != here:
            words.append(_pair(x - here[0], y - here[1]) + " ")
        here = (x, y)
    return "".join(words).replace(" z", "z").replace("lz", "z").replace(" -", "-").strip(" l")


def _pair(x: int, y: int) -> str:
    """Write two numbers of tenths as a path does: "-1.5-.3", "0,2"."""
    first, second = (re.sub(r"^(-?)0\.", r"\1.", f"{part / 10:g}") for part in (x, y))
    return f"{first}{second}" if second.startswith("-") else f"{first},{second}"


def shorter(text: str) -> str:
    """Round the numbers of a path or transformation to a tenth of a pixel."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda found: f"{float(found[0]):.1f}", text).replace(
        ".0", ""
    )


def _speak(root: ElementTree.Element, words: Words) -> None:
    """Give each mark of a row its tooltip, its hatching and, where there is one, its link."""
    parents = [(parent, child) for parent in root.iter() for child in parent]
    for parent, child in parents:
        label = child.attrib.pop("aria-label", "")
        if not label.startswith(ROW_MARK):
            continue
        row = int(label.removeprefix(ROW_MARK))
        if row < len(words.tooltips) and words.tooltips[row]:
            ElementTree.SubElement(child, f"{{{SVG}}}title").text = words.tooltips[row]
        if row < len(words.addresses) and words.addresses[row]:
            _link(parent, child, words.addresses[row])
    _hatch(root, words)


def _link(parent: ElementTree.Element, child: ElementTree.Element, address: str) -> None:
    """Wrap a mark in a link within the portal; keyboards use the table beside the chart."""
    if not address.startswith("/") or address.startswith("//"):
        raise ValueError(f"a chart links only within the portal, not to {address!r}")
    place = list(parent).index(child)
    parent.remove(child)
    hidden = {"href": address, "tabindex": "-1", "aria-hidden": "true"}
    link = ElementTree.Element(f"{{{SVG}}}a", hidden)
    link.append(child)
    parent.insert(place, link)


def _hatch(root: ElementTree.Element, words: Words) -> None:
    """Draw shapes of a hatched colour with slanting lines; the pattern's name is the drawing's."""
    for number, (colour, ground) in enumerate(words.hatched.items()):
        name = f"nen-{hashlib.sha256(words.title.encode()).hexdigest()[:8]}-{number}"
        pattern = ElementTree.Element(
            f"{{{SVG}}}pattern",
            {
                "id": name,
                "width": "5",
                "height": "5",
                "patternUnits": "userSpaceOnUse",
                "patternTransform": "rotate(45)",
            },
        )
        ElementTree.SubElement(
            pattern, f"{{{SVG}}}rect", {"width": "5", "height": "5", "fill": ground}
        )
        ElementTree.SubElement(
            pattern, f"{{{SVG}}}rect", {"width": "1.5", "height": "5", "fill": colour}
        )
        root.insert(0, pattern)
        for element in root.iter():
            if element.get("fill") == colour and element.tag == f"{{{SVG}}}path":
                element.set("fill", f"url(#{name})")
