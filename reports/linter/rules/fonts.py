"""Words typed for the fonts of old (TCVN3, VNI): "Tæng sè hé nghÌo" is "Tổng số hộ nghèo"."""

from __future__ import annotations

from collections.abc import Iterator

from portal.collection.workbooks.repair import mended
from reports.linter.departures import SPELLING, Found, Spot, rule
from reports.linter.examined import Examined
from reports.linter.text import WORDED, Part


@rule("phong-chu-cu", "Chữ gõ bằng phông chữ cũ", SPELLING)
def of_old_fonts(examined: Examined) -> Iterator[Found]:
    """What only the old fonts show as Vietnamese; line by line."""
    for place, line in examined.text.of(*WORDED, Part.ADDRESSEE, Part.RECIPIENT):
        right = mended(line.text)
        if right != line.text:
            whole = None if line.bounds or line.calls else right
            shown = right if len(right) <= 80 else f"{right[:80].rstrip()}…"
            yield Found(
                f"Đoạn này gõ bằng phông chữ cũ; bằng Unicode là “{shown}”.",
                (Spot(place, 0, len(line.text), whole),),
            )
