"""Words typed for the fonts of old (TCVN3, VNI): "Tæng sè hé nghÌo" is "Tổng số hộ nghèo"."""

from __future__ import annotations

from collections.abc import Iterator

from portal.collection.workbooks.repair import mended
from reports.linter.departures import SPELLING, Found, Spot, rule
from reports.linter.examined import Examined
from reports.linter.text import WORDED, Line, Part


@rule("phong-chu-cu", "Chữ gõ bằng phông chữ cũ", SPELLING)
def of_old_fonts(examined: Examined) -> Iterator[Found]:
    """What only the old fonts show as Vietnamese; line by line."""
    for place, line in examined.text.of(*WORDED, Part.ADDRESSEE, Part.RECIPIENT):
        right = mended(line.text)
        if right == line.text:
            continue
        whole = None if _is_mixed(line) else right
        told = f"bằng Unicode là “{_short(right)}”" if whole else "hãy gõ lại bằng Unicode"
        spots = (Spot(place, 0, len(line.text), whole),)
        yield Found(f"Đoạn này có chữ gõ bằng phông chữ cũ; {told}.", spots)


def _is_mixed(line: Line) -> bool:
    """With letters of Unicode, figures or notes between: which words are old is not certain."""
    return bool(line.bounds or line.calls) or any(
        "\u0100" <= char <= "\u1eff" for char in line.text
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80].rstrip()}…"
