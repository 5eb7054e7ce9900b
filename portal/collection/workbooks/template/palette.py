"""How the workbooks look: one typeface, quiet colours, the same in template and marked copy."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

TYPEFACE = "Times New Roman"
INK, QUIET, LINE = "1F2328", "5B6470", "BFB8B0"


def font(size: float = 12, **more: object) -> Font:
    return Font(name=TYPEFACE, size=size, color=more.pop("color", INK), **more)


def fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


HEADING = fill("EFEAE4")
ENTRY = fill("FFFFFF")
COMPUTED = fill("F3F1EE")
SECTION = fill("F7F5F2")
WRONG = fill("F8D2CF")

_SIDE = Side(style="thin", color=LINE)
BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center")
