"""A drawing as a PNG: for slides and messages, from the very drawing of page and paper."""

from __future__ import annotations

import vl_convert

SCALE = 2  # twice the size on screen, so that it is sharp on paper and on fine screens
GROUND = '<rect width="100%" height="100%" fill="#ffffff"/>'


def as_png(svg: str) -> bytes:
    """Return the drawing on white; `svg` has its legend inside (see reports.exhibits.drawing)."""
    head, bracket, body = svg.partition(">")
    return bytes(vl_convert.svg_to_png(f"{head}{bracket}{GROUND}{body}", scale=SCALE))
