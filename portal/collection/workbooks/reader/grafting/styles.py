"""The formats of marked cells."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from .package import MAIN, PARSER, Unusual, tag

COLOURS = {"error": ("FFF8D2CF", "FFB3261E"), "warning": ("FFFBE7C2", "FF8A5A00")}


class Styles:
    """The styles part: marked twins of the formats in use, and those of the list of results."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.formats = self._list("cellXfs")
        self.twins: dict[tuple[int, str], int] = {}
        self.marks: dict[str, tuple[int, int]] = {}

    def _list(self, name: str) -> Any:
        found = self.root.find(tag(name))
        if found is None:
            raise Unusual(name)
        return found

    def add(self, name: str, xml: str) -> int:
        group = self._list(name)
        group.append(etree.fromstring(f'<x xmlns="{MAIN}">{xml}</x>', PARSER)[0])
        group.set("count", str(len(group)))
        return len(group) - 1

    def marked(self, index: int, severity: str) -> int:
        """The number of a format that is `index` with the fill and the edge of `severity`."""
        key = index, severity
        if key not in self.twins:
            fill, edge = self._mark(severity)
            twin = copy.deepcopy(
                self.formats[index] if index < len(self.formats) else self.formats[0]
            )
            twin.set("fillId", str(fill))
            twin.set("borderId", str(edge))
            twin.set("applyFill", "1")
            twin.set("applyBorder", "1")
            self.formats.append(twin)
            self.formats.set("count", str(len(self.formats)))
            self.twins[key] = len(self.formats) - 1
        return self.twins[key]

    def _mark(self, severity: str) -> tuple[int, int]:
        if severity not in self.marks:
            ground, line = COLOURS[severity]
            side = "".join(
                f'<{where} style="medium"><color rgb="{line}"/></{where}>'
                for where in ("left", "right", "top", "bottom")
            )
            self.marks[severity] = (
                self.add("fills", solid(ground)),
                self.add("borders", f"<border>{side}<diagonal/></border>"),
            )
        return self.marks[severity]

    def plain(self, index: int) -> int:
        """The number of a format that is `index` without fill and edge."""
        key = index, ""
        if key not in self.twins:
            twin = copy.deepcopy(self.formats[index])
            twin.set("fillId", "0")
            twin.set("borderId", "0")
            self.formats.append(twin)
            self.formats.set("count", str(len(self.formats)))
            self.twins[key] = len(self.formats) - 1
        return self.twins[key]

    def written(self, *, size: int = 12, bold: bool = False, colour: str = "", fill: str = "",
                link: bool = False) -> int:  # fmt: skip
        """A format of the list of results."""
        ink = f'<color rgb="{colour}"/>' if colour else ""
        font = self.add(
            "fonts",
            f'<font>{"<b/>" if bold else ""}{"<u/>" if link else ""}<sz val="{size}"/>{ink}'
            '<name val="Times New Roman"/><family val="1"/></font>',
        )
        ground = self.add("fills", solid(fill)) if fill else 0
        return self.add(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="{ground}" borderId="0" xfId="0"'
            f' applyFont="1" applyFill="1" applyAlignment="1">'
            '<alignment vertical="top" wrapText="1"/></xf>',
        )


def solid(colour: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )
