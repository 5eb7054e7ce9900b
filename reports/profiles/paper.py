"""A profile as a sheet of paper: a commune's on one page of A4."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import formats
from portal.charts import Chart as Drawing
from portal.units.models import Level
from reports.dashboards.key_figures import KeyFigure
from reports.exhibits.drawing import as_svg
from reports.exhibits.paper import shown_agency
from reports.rendering import sheets
from reports.rendering.blocks import Cell, Chart, Content, Heading, Paragraph, Table, Text
from reports.rendering.sheets import KeyFigures, Sheet, SheetBlock, SideBySide

from .figures import words as shown
from .numbers import Told

if TYPE_CHECKING:
    from ethnic_data.exploring.table import Cell as Number

    from .group import GroupProfile
    from .numbers import Numbers
    from .profile import Profile

MOST_YEARS = 3
NO_DATA = "Chưa có số liệu được duyệt của kỳ này."
NOTHING, NOTHING_WORDS = "–", "Dấu –: không có số liệu."


@dataclass(frozen=True)
class Room:
    """How much is told, so that a commune's sheet stays on one page."""

    groups: int
    services: int
    events: int
    with_chart: bool = True


#: from the fullest sheet to the one that always has room
ROOMS = (Room(9, 12, 2), Room(7, 10, 2), Room(6, 8, 1), Room(5, 8, 1, False), Room(3, 4, 1, False))


def unit_sheets(profile: Profile, *, now: datetime.datetime, address: str) -> list[Sheet]:
    """The sheet, and the same ever shorter."""
    return [_unit_sheet(profile, room, now=now, address=address) for room in ROOMS]


def _unit_sheet(profile: Profile, room: Room, *, now: datetime.datetime, address: str) -> Sheet:
    asked, unit = profile.asked, profile.unit
    above = ", ".join(one.full_name for one in profile.places.above)
    return Sheet(
        title=f"Hồ sơ {unit.full_name[:1].lower()}{unit.full_name[1:]}",
        blocks=tuple(_unit_blocks(profile, room)),
        printed_at=now,
        agency=shown_agency(),
        chosen=(
            " · ".join(
                filter(None, (above, f"mã {unit.code}", asked.period.label, asked.units_words))
            ),
            *asked.problems,
        ),
        source=source_words(profile.numbers),
        address=address,
        is_demo=profile.numbers.is_demo,
        is_dense=True,
    )


def words(cell: Number) -> str:
    """As on the page; that nothing was collected is a dash, explained at the foot."""
    return NOTHING if cell.figure.missing == "not_collected" else shown(cell)


def source_words(profile: Numbers | GroupProfile) -> str:
    found = list(profile.marks)
    if profile.sources:
        as_of = f", tính đến ngày {formats.day(profile.as_of)}" if profile.as_of else ""
        found.insert(0, f"Nguồn: {', '.join(profile.sources)}{as_of}.")
    found.append(NOTHING_WORDS)
    return " ".join(found)


def _unit_blocks(profile: Profile, room: Room) -> Iterator[SheetBlock]:
    yield _figures(profile.key_figures)
    yield Heading("", "Dân số và giảm nghèo")
    yield from _over_the_years(profile)
    left = [
        Heading("", "Dân tộc"),
        *_groups(profile, room),
        *(_chart(profile.numbers.trend, "Tỷ lệ hộ nghèo DTTS (%)") if room.with_chart else ()),
        *_programme(profile),
    ]
    right = [
        *_ranks(profile),
        Heading("", "Hạ tầng, dịch vụ"),
        *_services(profile.numbers.services[: room.services], "Chỉ tiêu"),
        Heading("", "Địa bàn"),
        *(_line(one.words, unsure=not one.is_sure) for one in profile.listings[: room.events + 1]),
        *_history(profile, room),
    ]
    yield SideBySide(tuple(left), tuple(right))
    if profile.numbers.below:
        yield Heading("", "Các đơn vị trực thuộc")
        yield _below(profile)


def _figures(figures: Iterable[KeyFigure]) -> KeyFigures:
    return KeyFigures(
        tuple(
            sheets.KeyFigure(
                one.label,
                f"{one.value} {one.unit}".strip(),
                "; ".join(filter(None, (one.change, str(one.note), one.more))),
            )
            for one in figures
        )
    )


def _over_the_years(profile: Profile) -> Iterator[SheetBlock]:
    if not profile.numbers.over_years:
        yield _line(NO_DATA)
        return
    periods = profile.periods[-MOST_YEARS:]
    rows = [
        (_name(told), *(words(cell) for cell in told.cells[-MOST_YEARS:]))
        for told in profile.numbers.over_years
    ]
    half = (len(rows) + 1) // 2
    head = ("Chỉ tiêu", *(one.label for one in periods))
    yield SideBySide((_table(head, rows[:half]),), (_table(head, rows[half:]),))


def _name(told: Told) -> str:
    unit = "" if told.yes_or_no else told.unit_words
    return f"{told.measure.name} ({unit})" if unit else told.measure.name


def _groups(profile: Profile, room: Room) -> Iterator[SheetBlock]:
    if not profile.numbers.groups:
        yield _line(NO_DATA)
        return
    shown = [row for row in profile.numbers.groups if not row.is_total]
    rest = shown[room.groups :]
    total = [row for row in profile.numbers.groups if row.is_total]
    yield _table(
        ("Dân tộc", "Nam", "Nữ", "Chung", "Tỷ lệ"),
        [
            (row.name, *(words(cell) for cell in row.cells), row.share)
            for row in (*shown[: room.groups], *total)
        ],
    )
    if rest:
        yield _line(f"Còn {len(rest)} dân tộc khác: {', '.join(row.name for row in rest[:12])}.")


def _ranks(profile: Profile) -> Iterator[SheetBlock]:
    if not profile.is_compared:
        return
    yield Heading("", "So sánh và thứ hạng")
    above = [
        "Toàn tỉnh" if one.level == Level.PROVINCE else "Toàn huyện" for one in profile.places.above
    ]
    is_ranked = len(profile.places.siblings) > 1
    ranks = ["Thứ hạng"] if is_ranked else []
    beside = ["Trong xã giáp ranh"] if profile.places.neighbours else []
    rows = []
    for one in profile.numbers.compared:
        row = [one.measure.name, words(one.own), *(words(cell) for cell in one.above)]
        row += [one.among_siblings.words] if ranks else []
        row += [one.among_neighbours.words] if beside else []
        rows.append(tuple(row))
    yield _table(("Chỉ tiêu", "Tại đây", *above, *ranks, *beside), rows)
    if ranks:
        parent = profile.places.above[0].full_name if profile.places.above else ""
        yield _line(
            f"Thứ hạng trong {parent}; tỷ lệ nghèo xếp từ thấp lên, chỉ tiêu khác từ cao xuống."
        )


def _services(services: list[Told], head: str) -> Iterator[SheetBlock]:
    if not services:
        yield _line(NO_DATA)
        return
    yield _table(
        (head, "Giá trị"), [(_name(one), one.yes_or_no or words(one.cell)) for one in services]
    )


def _programme(profile: Profile) -> Iterator[SheetBlock]:
    done = profile.done
    if done is not None:
        yield Heading("", "Chương trình")
        yield _line(
            f"{formats.number(done.works)} công trình, hoạt động; "
            f"{formats.number(done.late)} chậm tiến độ."
        )
        if done.money:
            yield _table(
                ("Vốn công trình (triệu đồng)", "Kế hoạch", "Giải ngân", "Tỷ lệ"),
                [
                    (
                        f"{row.money.programme.short_name} {row.money.year}",
                        formats.number(row.money.plan, 0),
                        formats.number(row.money.paid, 0),
                        row.rate,
                    )
                    for row in done.money[:3]
                ],
            )
    yield Heading("", "Đại biểu, người có uy tín")
    for one in profile.people_figures:
        yield _line(f"{one.label}: {one.value} {one.unit} ({one.note}).")
    if not profile.people_figures:
        yield _line("Chưa có danh sách.")


def _history(profile: Profile, room: Room) -> Iterator[SheetBlock]:
    for event in profile.history[: room.events]:
        names = ", ".join(
            f"{unit.full_name} ({part})" if part else unit.full_name
            for unit, part in event.units[:5]
        )
        more = len(event.units) - 5
        names += f" và {more} đơn vị khác" if more > 0 else ""
        yield _line(f"{formats.day(event.day)}: {event.what} {names} ({event.decision}).")


def _below(profile: Profile) -> Table:
    head = ("Đơn vị", *(one.name for one in profile.numbers.below_measures))
    rows = [(unit.full_name, *map(words, cells)) for unit, cells in profile.numbers.below]
    return _table(head, rows)


def group_sheet(profile: GroupProfile, *, now: datetime.datetime, address: str) -> Sheet:
    asked = profile.asked
    return Sheet(
        title=f"Hồ sơ {profile.name[:1].lower()}{profile.name[1:]}",
        blocks=tuple(_group_blocks(profile)),
        printed_at=now,
        agency=shown_agency(),
        chosen=(
            " · ".join((asked.unit.full_name, asked.period.label, asked.units_words)),
            *asked.problems,
        ),
        source=source_words(profile),
        address=address,
        is_demo=profile.is_demo,
        is_dense=True,
    )


def _group_blocks(profile: GroupProfile) -> Iterator[SheetBlock]:
    yield _figures(profile.key_figures)
    if profile.told:
        yield Heading("", "Qua các năm")
        yield _table(
            ("Chỉ tiêu", *(one.label for one in profile.periods)),
            [(_name(one), *map(words, one.cells)) for one in profile.told],
        )
    else:
        yield _line(NO_DATA)
    left = [*_living("Theo huyện", "Huyện", profile.districts)]
    right = [*_living("Các xã đông nhất", "Xã", profile.communes)]
    if left and right:
        yield SideBySide(tuple(left), tuple(right))
    else:
        yield from (*left, *right)
    yield from _chart(
        profile.by_district, f"Người {profile.group.name} theo huyện", is_narrow=False
    )


def _living(title: str, head: str, rows: list) -> Iterator[SheetBlock]:
    if rows:
        yield Heading("", title)
        yield _table(
            (head, "Số người", "Trong dân tộc"),
            [(one.unit.full_name, words(one.cell), one.share) for one in rows],
        )


def _chart(chart: Drawing | None, title: str, *, is_narrow: bool = True) -> Iterator[SheetBlock]:
    if chart is not None:
        yield Chart(as_svg(chart, is_narrow=is_narrow), title)


def _line(text: str, *, unsure: bool = False) -> Paragraph:
    told = (Text(text), Text(" Chưa đối chiếu văn bản.", italic=True)) if unsure else (Text(text),)
    return Paragraph(told)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    def content(text: str) -> Content:
        return (Text(text),)

    return Table(
        rows=(
            tuple(Cell(content(one), heading=True, align="center") for one in head),
            *(
                (
                    Cell(content(row[0])),
                    *(Cell(content(one), align="right") for one in row[1:]),
                )
                for row in rows
            ),
        )
    )
