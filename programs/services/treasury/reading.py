"""What an extract says, read in a process of its own; columns are understood by their names."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Any, ClassVar

from django.db import transaction

from portal.collection.lists.cells import day_of, text_of
from portal.collection.lists.tables import SEARCHED, ListTable, table_of
from portal.collection.workbooks.numbers import (
    NotANumber,
    Style,
    Unclear,
    evidence,
    from_float,
    parse,
    vietnamese,
)
from portal.collection.workbooks.repair import repair
from portal.collection.workbooks.scales import measure_of, unit_in_heading, units_in_title
from portal.collection.workbooks.source import Sheet, Source, Unreadable, open_source
from portal.units.names import fold
from programs.models import TreasuryExtract, TreasuryRow

from .headings import join_headings
from .hiding import hidden_words
from .matching import match_extract
from .sizing import question_of_size

READ_JOB = "read_treasury"
MILLION = Decimal(1_000_000)
TOO_MUCH = Decimal(1_000_000)  # million đồng in one payment: more than any year of a province
TOO_LITTLE = Decimal(100_000)  # đồng: the largest payment of a file is more
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
State = TreasuryExtract.State


class ExtractColumns:
    """The columns of an extract, for `table_of`: by the names that treasuries give them."""

    anchor: ClassVar[str] = "Số tiền"
    required: ClassVar[tuple[str, ...]] = ("Ngày", "Số tiền")
    least_headings: ClassVar[int] = 3
    least_told: ClassVar[int] = 3
    takes_nameless: ClassVar[bool] = False
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Ngày": (
            "Ngày chứng từ", "Ngày thanh toán", "Ngày hạch toán", "Ngày chi", "Ngày tháng",
            "Ngày, tháng", "Ngày giải ngân", "Ngày CT",
        ),
        "Số chứng từ": (
            "Chứng từ", "Số CT", "Số UNC", "Số bút toán", "Số hiệu chứng từ", "Số uỷ nhiệm chi",
        ),
        "Nguồn vốn": (
            "Nguồn", "Mã nguồn", "Mã nguồn vốn", "Tính chất nguồn", "Tính chất nguồn vốn",
            "Mã tính chất nguồn", "Mã tính chất nguồn kinh phí", "Mã tính chất nguồn vốn",
            "Mã nguồn NSNN", "Nguồn kinh phí",
        ),
        "Loại vốn": ("Loại", "Tính chất vốn", "Loại chi", "Loại kinh phí"),
        "Mã công trình": (
            "Mã dự án", "Mã số dự án", "Mã dự án đầu tư", "Mã CT", "Mã DA", "Mã hoạt động",
            "Mã công trình, dự án", "Mã dự án, công trình", "Mã",
        ),
        "Tên công trình": (
            "Tên dự án", "Công trình", "Dự án", "Nội dung", "Diễn giải", "Tên", "Nội dung chi",
            "Tên công trình, dự án", "Tên dự án, công trình", "Nội dung thanh toán",
        ),
        "Chủ đầu tư": (
            "Đơn vị sử dụng ngân sách", "Đơn vị", "Tên đơn vị", "Tên chủ đầu tư", "Đơn vị chi",
        ),
        "Số tiền": (
            "Số tiền thanh toán", "Giải ngân", "Số giải ngân", "Thanh toán", "Số thanh toán",
            "Thực chi", "Số tiền chi", "Số tiền giải ngân", "Giá trị thanh toán",
        ),
    }  # fmt: skip

    def get_export_fields(self) -> list[Any]:
        return [SimpleNamespace(column_name=name) for name in self.aliases]

    def missing(self, headings: Sequence[str]) -> list[str]:
        return [name for name in self.required if name not in headings]


@dataclass
class Read:
    """A file as read: its rows, what its amounts are, or why there is nothing."""

    problem: str = ""
    scale: int = 0
    question: str = ""
    rows: list[TreasuryRow] = field(default_factory=list)
    passed_over: int = 0
    remark: str = ""


def read_extract(path: str) -> Read:
    """Read the file; writes nothing, raises nothing for what people send."""
    try:
        source = open_source(path)
    except Unreadable as problem:
        return Read(problem=problem.message)
    repair(source)
    stated = _without_units(source)
    columns: Any = ExtractColumns()
    known = {fold(name) for names in columns.aliases.items() for name in (names[0], *names[1])}
    for sheet in source.sheets:
        join_headings(sheet, known, stated)
    table, problems = table_of(source, columns)
    if problems or table.sheet is None:
        return Read(problem=problems[0]["text"] if problems else "Tệp không có bảng nào.")
    rows = [*_rows(table)]
    scale, question = _scale_of(rows, _unit_of(table, stated))
    return Read("", scale, question, rows, table.passed_over, hidden_words(table))


def _without_units(source: Source) -> dict[tuple[str, int, int], str]:
    """Takes "(đồng)" off the headings, so that they are known; the units by sheet and place."""
    taken: dict[tuple[str, int, int], str] = {}
    for sheet in source.sheets:
        for r, row in enumerate(sheet.rows[:SEARCHED]):
            for c, cell in enumerate(row):
                if isinstance(cell, str) and (unit := unit_in_heading([cell])):
                    taken[sheet.name, r, c] = unit
                    row[c] = IN_BRACKETS.sub("", cell)
    return taken


def _unit_of(table: ListTable, stated: dict[tuple[str, int, int], str]) -> str:
    """The unit of the amounts: of their heading, else of a title above."""
    sheet: Sheet = table.sheet  # type: ignore[assignment]
    column = table.columns[table.headings.index("Số tiền")]
    if unit := stated.get((sheet.name, table.heading_row, column)):
        return unit
    titles = sheet.rows[: table.heading_row]
    above = [cell for row in titles for cell in row if isinstance(cell, str)]
    named = units_in_title(above)
    others = [unit for (name, row, _), unit in stated.items() if name == sheet.name
              and row < table.heading_row]  # fmt: skip
    money = [unit for unit in (*named, *others) if measure_of(unit).base in ("vnd", "")]
    return money[0] if money else ""


def _scale_of(rows: Sequence[TreasuryRow], unit: str) -> tuple[int, str]:
    """How many đồng a unit of the amounts is, and what to ask where that is not sure."""
    told = [row for row in rows if row.told is not None]
    if not told:
        return 1, ""
    largest = max(told, key=lambda row: abs(row.told or Decimal(0)))
    most = abs(largest.told or Decimal(0))
    factor = int(measure_of(unit).factor) if unit else 0
    where = f"Dòng {largest.place} của tệp ghi {vietnamese(most)}"
    if factor not in TreasuryExtract.SCALES:
        return 0, f"Tệp chưa ghi đơn vị tính của số tiền. {where}. Số tiền tính bằng gì?"
    words = TreasuryExtract.SCALES[factor]
    if most * factor / MILLION >= TOO_MUCH:
        billions = vietnamese(most * factor / MILLION / 1000)
        return 0, (
            f"Tiêu đề ghi {words}, nhưng {where[0].lower()}{where[1:]}, tức {billions} tỷ đồng. "
            f"Số tiền tính bằng gì?"
        )
    if factor == 1 and most < TOO_LITTLE:
        return 0, (
            f"Tiêu đề ghi đồng, nhưng số lớn nhất chỉ là {vietnamese(most)}. Số tiền tính bằng gì?"
        )
    return factor, ""


def _rows(table: ListTable) -> Iterator[TreasuryRow]:
    style = _style(table)
    for index, place in enumerate(table.places):
        told = dict(zip(table.headings, table.rows[index], strict=True))
        yield _row(told, place, _amount_cell(table, place), style)


def _amount_cell(table: ListTable, place: int) -> Any:
    sheet: Sheet = table.sheet  # type: ignore[assignment]
    return sheet.get(place, table.columns[table.headings.index("Số tiền")])


def _style(table: ListTable) -> Style | None:
    texts = [cell for place in table.places if isinstance(cell := _amount_cell(table, place), str)]
    return evidence(texts, whole=False).style


def _row(told: dict[str, Any], place: int, cell: Any, style: Style | None) -> TreasuryRow:
    def said(heading: str, most: int) -> str:
        return " ".join(text_of(told.get(heading)).split())[:most]

    row = TreasuryRow(
        place=place + 1,
        voucher=said("Số chứng từ", 60),
        source=said("Nguồn vốn", 120),
        kind=said("Loại vốn", 120),
        code=said("Mã công trình", 60),
        name=said("Tên công trình", 400),
        investor=said("Chủ đầu tư", 300),
    )
    wrong = []
    row.day, words = _day(told.get("Ngày"))
    wrong.append(words)
    row.told, words = _amount(cell, style)
    wrong.append(words)
    if any(wrong):
        row.outcome = TreasuryRow.Outcome.REFUSED
        row.reason = " ".join(filter(None, wrong))
    return row


def _day(value: Any) -> tuple[datetime.date | None, str]:
    try:
        day = day_of(value)
    except ValueError as error:
        return None, str(error)
    return day, "" if day else "Chưa ghi ngày."


def _amount(cell: Any, style: Style | None) -> tuple[Decimal | None, str]:
    if isinstance(cell, bool) or not isinstance(cell, (str, float, int)):
        return None, "Ô số tiền không phải là số."
    try:
        amount = parse(cell, style) if isinstance(cell, str) else from_float(float(cell))
    except Unclear:
        return None, f"Số tiền “{cell}” đọc được hai cách. Ghi rõ dấu ngăn nghìn trong tệp."
    except NotANumber:
        return None, f"Số tiền “{str(cell)[:40]}” không phải là số."
    if abs(amount) >= Decimal(10) ** 17:
        return None, "Số tiền quá lớn."
    if amount == 0:
        return amount, "Số tiền bằng 0."
    return amount.quantize(Decimal("0.000001")), ""


def scaled(rows: Sequence[TreasuryRow], scale: int) -> None:
    """Amounts in million đồng to the thousand đồng; what that rounds away is told of the whole."""
    for row in rows:
        if row.told is None:
            continue
        millions = row.told * scale / MILLION
        if abs(millions) >= Decimal(10) ** 12:
            row.outcome, row.reason = TreasuryRow.Outcome.REFUSED, "Số tiền quá lớn."
            continue
        row.amount = millions.quantize(Decimal("0.001"), ROUND_HALF_UP)
        if row.amount == 0 and row.outcome != TreasuryRow.Outcome.REFUSED:
            row.outcome = TreasuryRow.Outcome.REFUSED
            row.reason = "Số tiền nhỏ hơn một nghìn đồng."


@transaction.atomic
def keep_reading(*, extract: TreasuryExtract, read: Read) -> None:
    """Keep what was read, and match it where the amounts are sure; harmless when run twice."""
    extract = TreasuryExtract.objects.select_for_update().get(pk=extract.pk)
    if extract.state != State.RECEIVED:
        return
    extract.problem, extract.question = read.problem[:500], read.question[:500]
    extract.scale, extract.passed_over = read.scale, read.passed_over
    extract.remark = read.remark[:500]
    for row in read.rows:
        row.extract = extract
        row.reason = row.reason[:700]
    if read.scale:
        scaled(read.rows, read.scale)
    TreasuryRow.objects.bulk_create(read.rows)
    if read.problem:
        extract.state = State.UNREADABLE
    else:
        extract.state = State.ASKED if read.question else State.READ
    extract.save()
    if extract.state == State.READ:
        match_extract(extract=extract)
        _ask_about_size(extract)


def _ask_about_size(extract: TreasuryExtract) -> None:
    """Where most payments exceed the capital of their lines a thousand or a million times, the
    unit is asked for; nothing is matched until then."""
    question = question_of_size(extract)
    if question:
        extract.rows.exclude(outcome=TreasuryRow.Outcome.REFUSED).update(
            outcome=TreasuryRow.Outcome.UNMATCHED, reason="", candidates=[], plan=None,
            disbursement=None,
        )  # fmt: skip
        extract.state, extract.question, extract.scale = State.ASKED, question[:500], 0
        extract.save(update_fields=["state", "question", "scale"])
