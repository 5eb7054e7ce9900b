"""What the ledger refuses, in the sentences that people read at a field or at a cell."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Iterator
from decimal import Decimal

from django.db import IntegrityError, transaction

from portal.collection.services.refusals import Refused
from portal.formats import day as written_day
from portal.formats import number
from programs.models import CapitalPlan, ClosedMonth

from .lines import label, with_names
from .moves import Moves, moves_of


def millions(amount: Decimal) -> str:
    """ "1.234,5 triệu đồng": exact, to the thousand đồng."""
    return f"{number(amount)} triệu đồng"


MILLION = Decimal(1_000_000)


class LedgerRefused(Refused):
    """An entry that the ledger does not take.

    `rule` is the name of the database's constraint, `line` the line that would fall short, `day`
    when, `short` by how much, `left` what there is without the entry.
    """

    def __init__(
        self,
        message: str,
        *,
        rule: str = "",
        line: CapitalPlan | None = None,
        day: datetime.date | None = None,
        short: Decimal | None = None,
        left: Decimal | None = None,
    ) -> None:
        super().__init__(message)
        self.rule, self.line, self.day = rule, line, day
        self.short, self.left = short, left


def shortage(
    rule: str, line: CapitalPlan, day: datetime.date, short: Decimal, before: Moves
) -> LedgerRefused:
    """The refusal of an entry after which `line` lacks `short` on `day`; `before` is without it."""
    left = before.at(day).available
    words = {
        "disbursement_after_decision": _before_decision,
        "disbursement_within_balance": _above_balance,
        "capital_within_parent": _above_parent,
        "capital_covers_use": _below_use,
    }[rule](label(line), written_day(day), left, short, before)
    return LedgerRefused(words, rule=rule, line=line, day=day, short=short, left=left)


def _before_decision(line: str, day: str, left: Decimal, short: Decimal, before: Moves) -> str:
    since = before.first_day()
    if since is None:
        return f"{line} chưa được giao vốn. Hãy ghi quyết định giao hoặc phân bổ vốn trước."
    since_words = written_day(since)
    return (
        f"Ngày {day} {line} chưa được giao vốn; vốn được giao từ ngày {since_words}. "
        f"Hãy ghi ngày giải ngân từ {since_words} trở đi."
    )


def _above_balance(line: str, day: str, left: Decimal, short: Decimal, before: Moves) -> str:
    return (
        f"Ngày {day} {line} còn {millions(max(left, Decimal(0)))}, số giải ngân này vượt "
        f"{millions(short)}. Hãy giảm số tiền hoặc ghi quyết định bổ sung vốn trước."
        f"{perhaps_dong(left + short, left)}"
    )


def _above_parent(line: str, day: str, left: Decimal, short: Decimal, before: Moves) -> str:
    return (
        f"Ngày {day} {line} còn {millions(max(left, Decimal(0)))} để phân bổ, số phân bổ này "
        f"vượt {millions(short)}. Hãy giảm số phân bổ hoặc ghi quyết định giao thêm trước."
        f"{perhaps_dong(left + short, left)}"
    )


def _below_use(line: str, day: str, left: Decimal, short: Decimal, before: Moves) -> str:
    return (
        f"{line}: giảm như vậy thì ngày {day} số đã phân bổ, giải ngân nhiều hơn số vốn "
        f"{millions(short)}. Chỉ giảm được nhiều nhất {millions(max(left, Decimal(0)))}."
    )


def perhaps_dong(amount: Decimal, left: Decimal) -> str:
    """What to do where an amount is as much too large as đồng for million đồng, or nothing."""
    if amount < MILLION or amount < 1000 * max(left, Decimal(1)):
        return ""
    return f" Nếu số này ghi bằng đồng, hãy ghi {number(amount / MILLION)} (triệu đồng)."


def month_closed(closed: ClosedMonth) -> LedgerRefused:
    month = f"{closed.month:%m/%Y}"
    return LedgerRefused(
        f"Tháng {month} đã khoá sổ ngày {written_day(closed.at)}. Hãy ghi vào tháng chưa khoá, "
        f"hoặc đề nghị Ban Dân tộc mở lại tháng {month}.",
        rule="disbursement_month_open",
        day=closed.month,
    )


def outside_its_year(line: CapitalPlan) -> LedgerRefused:
    if line.year is None:
        words = "Vốn trung hạn không giải ngân trực tiếp. Hãy chọn dòng vốn của năm."
    else:
        words = (
            f"Vốn năm {line.year} chỉ giải ngân từ 01/01/{line.year} đến 31/01/{line.year + 1}. "
            f"Hãy chọn dòng vốn của năm khác hoặc sửa ngày."
        )
    return LedgerRefused(words, rule="disbursement_in_its_year", line=line)


def refusal_of(error: IntegrityError) -> LedgerRefused:
    """The database's refusal in the same words; call it after the savepoint was rolled back.

    It comes when another entry was kept between asking and writing.
    """
    told = getattr(error.__cause__, "diag", None)
    rule = (told and told.constraint_name) or ""
    if told and told.message_detail and told.message_detail.startswith("{"):
        detail = json.loads(told.message_detail, parse_float=Decimal, parse_int=Decimal)
        line = with_names(CapitalPlan.objects.all()).get(pk=int(detail["plan"]))
        day = datetime.date.fromisoformat(detail["day"])
        return shortage(rule, line, day, Decimal(detail["short"]), moves_of([line.pk])[line.pk])
    said = (told and told.message_primary) or ""
    return LedgerRefused(
        said if said and not said.isascii() else ALREADY.get(rule, NOT_FITTING), rule=rule
    )


NOT_FITTING = "Nội dung này không khớp với sổ vốn. Hãy tải lại trang rồi làm lại."
ALREADY = {
    "capital_plan_once": "Đã có dòng vốn này.",
    "capital_plan_of_works_once": "Công trình đã có dòng vốn của năm, nguồn, loại này.",
    "programs_disbursement_reverses_id_key": "Khoản giải ngân này đã được huỷ.",
    "closed_month_once": "Tháng này đã khoá sổ.",
}


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """A savepoint whose refusal by the database is told as a LedgerRefused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise refusal_of(error) from error
