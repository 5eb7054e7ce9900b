"""CT-TD: how far works have come, told by investors, authenticated by the commune each quarter.

The days on which works began and were finished become events of the works when the data are
approved; a pause and its end are events of the last day of the quarter.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.collection.services.refusals import Refused
from portal.collection.stores import ValueKey
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.numbers import vietnamese
from portal.collection.workbooks.rules import Objection, Told
from programs.models import State, Works, WorksEvent

from .reading import numbers
from .works import WorksStore

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Submission
    from portal.collection.stores import Asked

DONE_SHARE, PAUSED = "KL", "TAM-DUNG"
BEGUN, FINISHED = "KC", "HT"
PARTS = ("NGAY", "THANG", "NAM")
WORDS = {BEGUN: "khởi công", FINISHED: "hoàn thành"}
ALL = Decimal(100)


class Unclear(Exception):
    """What the row says does not go together; `column` is where to look."""

    def __init__(self, column: str, text: str, rule: str) -> None:
        super().__init__(text)
        self.column, self.text, self.rule = column, text, rule


def day_told(cells: Mapping[str, Decimal], which: str, *, until: datetime.date) -> (
    datetime.date | None
):  # fmt: skip
    """The day in three cells; None where all are empty.

    Raises:
        Unclear: a part is missing, there is no such day, or it is after `until`.
    """
    given = [cells.get(f"{which}-{part}") for part in PARTS]
    if all(value is None for value in given):
        return None
    column = f"{which}-NGAY"
    if any(value is None for value in given):
        empty = next(
            f"{which}-{part}" for part, value in zip(PARTS, given, strict=True) if value is None
        )
        raise Unclear(empty, f"ghi đủ ngày, tháng, năm {WORDS[which]}.", "ngay-chua-du")
    day, month, year = (int(value or 0) for value in given)
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        raise Unclear(
            column, f"không có ngày {day}/{month}/{year}. Hãy kiểm tra lại.", "ngay-khong-co"
        ) from None
    if found > until:
        limit = "hôm nay" if until == timezone.localdate() else "ngày cuối kỳ"
        text = f"ngày {WORDS[which]} {found:%d/%m/%Y} sau {limit} ({until:%d/%m/%Y})."
        raise Unclear(column, text, "ngay-sau-ky")
    return found


@dataclass(frozen=True)
class Reported:
    """What one row says of works in a quarter."""

    begun: datetime.date | None
    finished: datetime.date | None
    paused: bool | None

    @classmethod
    def of(cls, cells: Mapping[str, Decimal], *, until: datetime.date) -> Reported:
        begun = day_told(cells, BEGUN, until=until)
        finished = day_told(cells, FINISHED, until=until)
        if begun and finished and finished < begun:
            text = f"hoàn thành {finished:%d/%m/%Y} trước khi khởi công {begun:%d/%m/%Y}."
            raise Unclear(f"{FINISHED}-NGAY", text, "ngay-nguoc")
        paused = cells.get(PAUSED)
        return cls(begun, finished, None if paused is None else bool(paused))


def events_of(works: Works, told: Reported, *, day: datetime.date) -> list[WorksEvent]:
    """What happened to `works` by what is told and is not kept yet; a pause is of `day`.

    Raises:
        Unclear: the works cannot have come there from where they stand.
    """
    state, since, events = works.state, works.state_since, []

    def go(to: State, on: datetime.date, column: str) -> None:
        nonlocal state, since
        if since and on < since:
            text = (
                f"ngày {on:%d/%m/%Y} trước ngày {since:%d/%m/%Y} từ đó công trình "
                f"“{State(state).label}”. Hãy kiểm tra lại."
            )
            raise Unclear(column, text, "ngay-truoc")
        events.append(WorksEvent(works=works, state=to, day=on))
        state, since = to, on

    if told.begun and works.actual_start is None:
        if state == State.PREPARED and since is not None:
            raise Unclear(
                f"{BEGUN}-NGAY",
                "công trình mới ở bước chuẩn bị. Ghi việc phê duyệt ở trang công trình trước.",
                "chua-phe-duyet",
            )
        go(State.STARTED, told.begun, f"{BEGUN}-NGAY")
    if told.finished and works.actual_finish is None:
        if works.actual_start is None and told.begun is None:
            text = "công trình chưa có ngày khởi công. Ghi cả ngày khởi công thực tế."
            raise Unclear(f"{FINISHED}-NGAY", text, "chua-khoi-cong")
        if state == State.SUSPENDED:
            go(State.STARTED, told.finished, f"{FINISHED}-NGAY")
        go(State.FINISHED, told.finished, f"{FINISHED}-NGAY")
    elif told.paused and state in (State.PREPARED, State.APPROVED, State.STARTED):
        go(State.SUSPENDED, max(day, since or day), PAUSED)
    elif told.paused is False and state == State.SUSPENDED:
        back = State.STARTED if works.actual_start else State.APPROVED
        go(back, max(day, since or day), PAUSED)
    return events


def differing(works: Works, told: Reported) -> Iterator[tuple[str, str]]:
    """Days that are kept already and told otherwise, by column."""
    for which, kept, said in (
        (BEGUN, works.actual_start, told.begun),
        (FINISHED, works.actual_finish, told.finished),
    ):
        if kept and said and kept != said:
            text = f"khác ngày {WORDS[which]} đã ghi ({kept:%d/%m/%Y})."
            yield f"{which}-NGAY", text


class ProgressStore(WorksStore):
    """Progress of works by quarter."""

    def objections(self, asked: Asked, layout: Layout, told: Told) -> Iterable[Objection]:
        end = min(asked.period.end, timezone.localdate())
        kept = Works.objects.in_bulk([row.unit for row in told], field_name="code")
        before = self.previous(asked.dataset, asked.unit, asked.period)
        for row, cells in told.items():
            works = kept.get(row.unit)
            if works is None or not cells:
                continue
            try:
                reported = Reported.of(cells, until=end)
                events_of(works, reported, day=end)
            except Unclear as unclear:
                yield Objection(row.unit, unclear.column, unclear.text, rule=unclear.rule)
                continue
            for column, text in differing(works, reported):
                yield Objection(row.unit, column, text, rule="ngay-khac", severity="warning")
            yield from _strange_share(row.unit, cells, reported, before)

    def take_effect(self, submission: Submission, *, by: User) -> None:
        layout = self.layout(submission.dataset, submission.unit, submission.period)
        keys = {column.measure: column.key for column in layout.entered}
        rows: dict[str, dict[str, Decimal]] = {}
        found = numbers(type(submission).objects.filter(pk=submission.pk))
        for key, value in found.items():
            rows.setdefault(key.unit, {})[keys.get(key.measure, key.measure)] = value
        end = min(submission.period.end, timezone.localdate())
        kept = Works.objects.select_for_update().order_by("pk").in_bulk(rows, field_name="code")
        events: list[WorksEvent] = []
        for code, cells in rows.items():
            if code not in kept:
                continue
            try:
                events += events_of(kept[code], Reported.of(cells, until=end), day=end)
            except Unclear as unclear:
                raise Refused(f"Công trình {code}: {unclear.text}") from unclear
        for event in events:
            event.by = by
            event.note = f"Theo {submission.dataset}, {submission.period}"
            event.save()


def _strange_share(
    code: str,
    cells: Mapping[str, Decimal],
    reported: Reported,
    before: Mapping[ValueKey, Decimal],
) -> Iterator[Objection]:
    share = cells.get(DONE_SHARE)
    last = before.get(ValueKey(code, DONE_SHARE))
    if share is None:
        return
    if last is not None and share < last:
        text = f"{vietnamese(share)} nhỏ hơn kỳ trước ({vietnamese(last)}); đây là số luỹ kế."
        yield Objection(code, DONE_SHARE, text, rule="kl-giam", severity="warning")
    if reported.finished and share < ALL:
        text = f"công trình đã hoàn thành nhưng khối lượng mới {vietnamese(share)} %."
        yield Objection(code, DONE_SHARE, text, rule="kl-chua-du", severity="warning")
