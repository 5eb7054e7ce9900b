"""The province at a glance, with what waits for its reader, as a sheet of paper."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.html import strip_tags

from reports.dashboards.waiting import Work
from reports.exhibits.paper import shown_agency
from reports.rendering.blocks import Cell, Heading, Paragraph, Table, Text
from reports.rendering.sheets import KeyFigure, KeyFigures, Sheet, SheetBlock, SideBySide

from .cards import Card, Ranking
from .province import Glance

IN_A_ROW = 3
NOTHING = "–"


def paper_of(
    glance: Glance, works: Sequence[Work], *, reader: str, now: datetime.datetime, address: str
) -> Sheet:
    """Six key figures, what each is measured against, both ends of each order, what waits."""
    cards = glance.cards
    rows = [cards[at : at + IN_A_ROW] for at in range(0, len(cards), IN_A_ROW)]
    return Sheet(
        title=f"{glance.unit} · {glance.period}",
        blocks=(
            *(KeyFigures(tuple(map(_figure, row))) for row in rows),
            _measures(cards),
            *(block for card in cards for block in _ends(card)),
            *_waiting(works),
        ),
        printed_at=now,
        agency=shown_agency(),
        chosen=(f"Bản xem nhanh của {reader}",),
        source="Chỉ tính số liệu đã duyệt. Chương trình mục tiêu theo năm có vốn gần nhất.",
        address=address,
        is_demo=glance.is_demo,
    )


def _figure(card: Card) -> KeyFigure:
    figure = card.figure
    return KeyFigure(figure.label, f"{figure.value} {figure.unit}".strip(), _plain(figure.note))


def _measures(cards: Sequence[Card]) -> Table:
    heads = ("Chỉ số", "Mục tiêu, hạn", "So với trước", "Diễn biến", "Tính đến")
    return Table(
        rows=(
            tuple(_cell(word, heading=True) for word in heads),
            *(
                (
                    _cell(card.figure.label),
                    _cell(card.figure.target),
                    _cell(_change(card)),
                    _cell(card.course.words if card.course else ""),
                    _cell(card.as_of),
                )
                for card in cards
            ),
        ),
        caption="Mục tiêu và diễn biến",
    )


def _change(card: Card) -> str:
    word = {"up": "tăng", "down": "giảm"}.get(card.figure.direction, "")
    change = card.figure.change
    return f"{word} {change}".strip() if change else ""


def _ends(card: Card) -> Iterator[SheetBlock]:
    if not card.rankings:
        return
    first, *rest = card.rankings
    title = f"{card.figure.label} {card.among}".strip()
    yield Heading("", title, 3)
    yield SideBySide((_ranking(first),), tuple(_ranking(one) for one in rest))


def _ranking(ranking: Ranking) -> Table:
    return Table(
        rows=(
            (_cell(ranking.title, heading=True), _cell("", heading=True)),
            *((_cell(one.name), _cell(one.value, align="right")) for one in ranking.places),
        ),
    )


def _waiting(works: Sequence[Work]) -> Iterator[SheetBlock]:
    told = [(work, task) for work in works for task in work.tasks]
    yield Heading("", "Việc đang chờ", 2)
    if not told:
        yield Paragraph((Text("Không có việc nào đang chờ."),))
        return
    heads = ("Nhóm việc", "Việc", "Tình trạng")
    yield Table(
        rows=(
            tuple(_cell(word, heading=True) for word in heads),
            *(
                (
                    _cell(work.title),
                    _cell(f"{task.title}. {task.note}" if task.note else task.title),
                    _cell(task.word),
                )
                for work, task in told
            ),
        ),
    )


def _cell(words: object, *, heading: bool = False, align: str = "left") -> Cell:
    text = _plain(words) or ("" if heading else NOTHING)
    return Cell((Text(text, bold=heading),), heading=heading, align=align)  # type: ignore[arg-type]


def _plain(words: object) -> str:
    return strip_tags(str(words))
