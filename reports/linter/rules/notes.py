"""Notes at the foot of the page."""

from __future__ import annotations

from collections.abc import Iterator

from portal.units.names import fold
from reports.linter.departures import PRACTICE, Found, Severity, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Part


@rule("cuoi-chu-thich", "Dấu cuối chú thích", PRACTICE, Severity.LOOK)
def endings(examined: Examined) -> Iterator[Found]:
    """Every note ends with a full stop."""
    for place, line in examined.text.of(Part.NOTE):
        words = line.text.rstrip()
        if not words or words.endswith((".", "…", ".”", '."', ".)")):
            continue
        start = words.rfind(" ") + 1
        bare = words[start:].rstrip(";,:")
        yield Found(
            f"Chú thích {line.note} không kết thúc bằng dấu chấm.",
            at(place, start, len(words), f"{bare}."),
        )


@rule("chu-thich", "Chú thích và chỗ gọi", PRACTICE)
def calls(examined: Examined) -> Iterator[Found]:
    """Every note is called once, in order; no note says the same as another."""
    notes = {line.note: (place, line) for place, line in examined.text.of(Part.NOTE)}
    called = [
        (call.note, place, call.at)
        for place, line in enumerate(examined.text.lines)
        for call in line.calls
    ]
    for number, (place, line) in notes.items():
        if number not in {note for note, _, _ in called}:
            yield Found(f"Chú thích {number} không được gọi ở đâu.", at(place, 0, len(line.text)))
    last = 0
    for number, place, where in called:
        if number not in notes:
            yield Found(f"Chỗ gọi chú thích {number} không có chú thích.", at(place, where, where))
        elif number < last:
            yield Found(
                f"Chú thích {number} được gọi sau chú thích {last}.", at(place, where, where)
            )
        last = max(last, number)


@rule("chu-thich-lap", "Chú thích lặp", PRACTICE, Severity.LOOK)
def repeated(examined: Examined) -> Iterator[Found]:
    """Two notes with the same words."""
    seen: dict[str, int] = {}
    for place, line in examined.text.of(Part.NOTE):
        first = seen.setdefault(fold(line.text), line.note)
        if first != line.note:
            yield Found(
                f"Chú thích {line.note} giống chú thích {first}.", at(place, 0, len(line.text))
            )
