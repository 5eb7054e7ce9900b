"""Drawings inside a report: only their own shapes and words, in the report's own typeface."""

import functools
import re
from typing import TYPE_CHECKING, Any

from .layout import RefusedResource, shortened

if TYPE_CHECKING:
    from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_FORBIDDEN = {"script", "foreignObject", "image", "feImage", "iframe", "audio", "video"}
_ADDRESS = re.compile(r"url\(\s*['\"]?\s*(?!#)([^)'\"]*)|@import|expression\(", re.I)
_LONGEST = 5_000_000


class UnfitDrawing(Exception):
    """A drawing that is not plain SVG."""

    def __init__(self) -> None:
        super().__init__(
            "Một biểu đồ của báo cáo không đọc được. Hãy vẽ lại biểu đồ ấy rồi kết xuất lại."
        )


def own_drawing(svg: str) -> str:
    """Return the SVG with its words in Tinos.

    Raises RefusedResource when it would load anything, UnfitDrawing when it is not SVG.
    """
    root = _parse(svg)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        _refuse_foreign(element)
        if "font-family" in element.attrib:
            element.set("font-family", "Tinos")
        if style := element.get("style"):
            element.set("style", re.sub(r"font-family\s*:[^;]*", "font-family: Tinos", style))
    if root.get("font-family") is None:
        root.set("font-family", "Tinos")
    drawing: str = _lxml().tostring(root, encoding="unicode")
    return drawing


@functools.cache
def _lxml() -> Any:
    """The reader of drawings, which a report without a chart does not wait for."""
    from lxml import etree

    return etree


def _parse(svg: str) -> "etree._Element":
    reader = _lxml()
    if len(svg) > _LONGEST:
        raise UnfitDrawing
    parser = reader.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root: etree._Element = reader.fromstring(svg.encode("utf-8"), parser)
    except (reader.XMLSyntaxError, ValueError, UnicodeError) as error:
        raise UnfitDrawing from error
    if root.tag not in (f"{_SVG}svg", "svg") or root.getroottree().docinfo.doctype:
        raise UnfitDrawing
    return root


def _refuse_foreign(element: "etree._Element") -> None:
    name = _lxml().QName(element).localname
    addresses = [value for key, value in element.attrib.items() if key.split("}")[-1] == "href"]
    asked = next((value for value in addresses if not value.startswith("#")), "")
    if asked or name in _FORBIDDEN:
        raise RefusedResource(asked or f"<{name}>")
    for words in (*element.attrib.values(), (element.text or "") if name == "style" else ""):
        if match := _ADDRESS.search(words):
            raise RefusedResource(shortened(match[1] or match[0]))
