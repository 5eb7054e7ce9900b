"""What a profile says first: people, poverty, money, works, and where the unit stands by them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ethnic_data.exploring.table import Cell
from portal import formats
from reports.dashboards.key_figures import KeyFigure

from . import contents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .asking import Asked
    from .programme import Done
    from .standing import Compared
    from .tables import Cells


def of_data(cells: Cells, asked: Asked, compared: Sequence[Compared]) -> list[KeyFigure]:
    return [population(cells, asked), poverty(cells, asked, compared)]


def of_programme(done: Done) -> list[KeyFigure]:
    return [money(done), works(done)]


def words(cell: Cell) -> str:
    """A number as shown with its marks, or why there is none."""
    return f"{'≈ ' if cell.is_estimate else ''}{cell.text}{cell.mark}"


def population(cells: Cells, asked: Asked) -> KeyFigure:
    at = (asked.unit.code, asked.period.code)
    people, minorities, share = (
        cells[code, *at] for code in (contents.PEOPLE, contents.MINORITIES, contents.MINORITY_SHARE)
    )
    part = f" ({words(share)} %)" if share.is_known else ""
    return KeyFigure(
        label=f"Dân số, {asked.period.label.lower()}",
        value=words(people),
        unit="người" if people.is_known else "",
        url=people.url,
        note=f"dân tộc thiểu số: {words(minorities)}{part}",
    )


def poverty(cells: Cells, asked: Asked, compared: Sequence[Compared]) -> KeyFigure:
    """The minorities' rate; of a year without it the last one that is known is told beside."""
    own = [
        (period, cells[contents.MINORITY_POVERTY, asked.unit.code, period.code])
        for period in asked.periods
    ]
    now = own[-1][1]
    known = [(period, cell) for period, cell in own[:-1] if cell.is_known]
    rank = next((one for one in compared if one.measure.code == contents.MINORITY_POVERTY), None)
    notes = []
    if known and not now.is_known:
        period, before = known[-1]
        notes.append(f"{period.label.lower()}: {words(before)} %")
    everybody = cells[contents.POVERTY_RATE, asked.unit.code, asked.period.code]
    if everybody.is_known:
        notes.append(f"hộ nghèo chung: {words(everybody)} %")
    if rank is not None and rank.among_siblings.is_known:
        notes.append(f"thứ {rank.among_siblings.words} từ thấp lên")
    change = _difference(now, own[-2][1] if len(own) > 1 else None)
    return KeyFigure(
        label=f"Hộ nghèo DTTS, {asked.period.label.lower()}",
        value=words(now),
        unit="%" if now.is_known else "",
        url=now.url,
        change=formats.points(change) if change is not None else "",
        direction="same" if not change else ("up" if change > 0 else "down"),
        change_kind="" if not change else ("wrong" if change > 0 else "done"),
        note="; ".join(notes),
    )


def _difference(now: Cell, before: Cell | None) -> Decimal | None:
    if before is None or now.figure.value is None or before.figure.value is None:
        return None
    return now.figure.value - before.figure.value


def money(done: Done) -> KeyFigure:
    """Plan and payment of the works' money of the last year."""
    if done.year is None:
        return KeyFigure("Vốn của công trình", "Chưa có", note="không có dòng vốn nào tại đây")
    value, _, unit = formats.money(done.paid).partition(formats.NO_BREAK)
    rate = f"{formats.percent(done.paid / done.plan * 100)} " if done.plan else ""
    return KeyFigure(
        label=f"Đã giải ngân, vốn năm {done.year}",
        value=value,
        unit=unit,
        url="#von",
        note=f"{rate}của kế hoạch {formats.money(done.plan)}",
    )


def works(done: Done) -> KeyFigure:
    return KeyFigure(
        label="Công trình, hoạt động",
        value=formats.number(done.works),
        url=done.works_url if done.works else "",
        note="" if not done.works or done.late else "không có công trình chậm",
        more=f"{formats.number(done.late)} chậm" if done.late else "",
        more_url=done.late_url if done.late else "",
    )
