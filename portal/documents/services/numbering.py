"""Numbers of a register: the next one, one given from outside, one not used.

Nghị định 30/2020/NĐ-CP: numbers follow the order of issue within the year of the document's date.
The row of NumberSeries is the lock; it is held for one short transaction and never while a file is
rendered or signed.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from portal.accounts.models import User
from portal.documents.citation import written_number
from portal.documents.models import IssuedNumber, NumberSeries, Register


class NumberRefused(Exception):
    """A number cannot be had; the message says why, in Vietnamese."""

    message = "Không lấy được số."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class NumbersComeFromOutside(NumberRefused):
    message = "Sổ này nhập số do hệ thống quản lý văn bản của tỉnh cấp. Hãy nhập số đã được cấp."


class NumbersComeFromPortal(NumberRefused):
    message = "Sổ này do cổng tự cấp số tiếp theo, không nhập số bằng tay."


class NumberTaken(NumberRefused):
    message = "Số này đã được dùng trong năm."


class NumberInUse(NumberRefused):
    message = (
        "Số này đã gắn với văn bản, không huỷ được. Sai nội dung thì thay thế, sai thể thức thì"
        " đính chính bằng công văn."
    )


class NumberMissing(NumberRefused):
    message = "Số này chưa được cấp trong sổ."


class ReasonMissing(NumberRefused):
    message = "Hãy ghi lý do."


class SeriesStarted(NumberRefused):
    message = "Dãy số của năm này đã cấp số lớn hơn, không đặt lại được."


@transaction.atomic
def take_number(
    *, register: Register, on: datetime.date, by: User, purpose: str = "", key: str = ""
) -> int:
    """Take the next number of the register in the year of `on`, the document's date.

    `key` names the work the number is for ("report:12"): asking again with the same key returns
    the number already taken, so that a retry never takes a second one.

    Raises:
        NumbersComeFromOutside: the register's numbers are given, or it has none.
    """
    series = _locked_series(register, on.year)
    if key and (taken := IssuedNumber.objects.filter(key=key).first()):
        return taken.number
    if series.register.numbering != Register.Numbering.AUTOMATIC:
        raise NumbersComeFromOutside
    return _enter(series, series.last + 1, IssuedNumber.Origin.AUTOMATIC, on, by, purpose, key)


@transaction.atomic
def accept_given_number(
    *,
    register: Register,
    on: datetime.date,
    number: int,
    by: User,
    purpose: str = "",
    key: str = "",
) -> int:
    """Enter a number that the province's document system gave.

    Raises:
        NumberTaken: the register has this number in the year of `on` already.
        NumbersComeFromPortal: the register takes its own numbers.
    """
    series = _locked_series(register, on.year)
    if key and (taken := IssuedNumber.objects.filter(key=key).first()):
        if taken.number != number:
            raise NumberTaken(f"Việc này đã nhận số {taken.written}.")
        return taken.number
    if series.register.numbering != Register.Numbering.GIVEN:
        raise NumbersComeFromPortal
    if number < 1:
        raise NumberRefused("Số văn bản bắt đầu từ 01.")
    if IssuedNumber.objects.of(register, on.year).filter(number=number).exists():
        raise NumberTaken(f"Số {written_number(number)} đã được dùng trong năm {on.year}.")
    return _enter(series, number, IssuedNumber.Origin.GIVEN, on, by, purpose, key)


@transaction.atomic
def open_series(
    *, register: Register, year: int, last: int, by: User, on: datetime.date
) -> NumberSeries:
    """Go on from `last`, the last number of the book kept before the portal (dated `on`).

    Raises:
        SeriesStarted: the series already stands at `last` or above.
    """
    series = _locked_series(register, year)
    if last <= series.last:
        raise SeriesStarted
    purpose = f"Sổ cũ của năm {year} dừng ở số {written_number(last)}"
    _enter(series, last, IssuedNumber.Origin.TAKEN_OVER, on, by, purpose, "")
    return series


@transaction.atomic
def void_number(
    *, register: Register, year: int, number: int, reason: str, by: User
) -> IssuedNumber:
    """Declare a number that no document carries void; it stays in the register with the reason.

    Raises:
        NumberMissing: the register has no such number.
        NumberInUse: a document carries it.
        ReasonMissing: no reason was given.
    """
    reason = reason.strip()
    issued = (
        IssuedNumber.objects.select_for_update().of(register, year).filter(number=number).first()
    )
    if issued is None:
        raise NumberMissing
    if issued.document_id is not None:
        raise NumberInUse
    if issued.is_void:
        return issued
    if not reason:
        raise ReasonMissing
    issued.voided_by, issued.voided_at, issued.void_reason = by, timezone.now(), reason[:300]
    issued.save(update_fields=["voided_by", "voided_at", "void_reason"])
    return issued


@transaction.atomic
def set_numbering(*, register: Register, numbering: str) -> Register:
    """Let the portal take the numbers, or have them typed as the province's system gives them.

    Raises:
        NumberRefused: the register has no numbers, or the way is unknown.
    """
    register = Register.objects.select_for_update().get(pk=register.pk)
    ways = {Register.Numbering.AUTOMATIC.value, Register.Numbering.GIVEN.value}
    if register.numbering not in ways or numbering not in ways:
        raise NumberRefused("Sổ này không cấp số.")
    register.numbering = numbering
    register.save(update_fields=["numbering"])
    return register


def out_of_order(*, register: Register, on: datetime.date) -> str:
    """A sentence when `on` lies before the day of a number already taken that year, else ""."""
    last = IssuedNumber.objects.of(register, on.year).aggregate(day=Max("date"))["day"]
    if last is None or on >= last:
        return ""
    return f"Trong năm đã có số ghi ngày {last:%d/%m/%Y}, sau ngày {on:%d/%m/%Y}."


def _locked_series(register: Register, year: int) -> NumberSeries:
    """The series of that year, locked until the transaction ends; made when it is the first."""
    NumberSeries.objects.bulk_create(
        [NumberSeries(register=register, year=year)], ignore_conflicts=True
    )
    return (
        NumberSeries.objects.select_for_update(of=("self",))
        .select_related("register")
        .get(register=register, year=year)
    )


def _enter(
    series: NumberSeries,
    number: int,
    origin: str,
    on: datetime.date,
    by: User,
    purpose: str,
    key: str,
) -> int:
    IssuedNumber.objects.create(
        register=series.register,
        year=series.year,
        number=number,
        date=on,
        origin=origin,
        taken_by=by,
        purpose=purpose[:300],
        key=key,
    )
    series.last = max(series.last, number)
    series.save(update_fields=["last"])
    return number
