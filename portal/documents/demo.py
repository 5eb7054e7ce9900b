"""The demonstration's desk: the letter that asked for the 2289 report, and made-up ones in hand."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import localdate

from portal.accounts.models import Division, User
from portal.documents import services
from portal.documents.models import (
    Assignment,
    Direction,
    Document,
    DocumentType,
    IssuedNumber,
    Issuer,
    Register,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LETTER = ("3032", "SKHĐT-KGVX")
CAME = datetime.datetime(2023, 10, 20, 8, 30, tzinfo=VIETNAM)
DUE = datetime.date(2023, 11, 10)
CLERK, LEADER, OFFICER = "vanthu", "lanhdao", "chuyenvien"
MADE_UP = "Văn bản minh hoạ, không có thật"


def letter_in_hand() -> Assignment | None:
    """The work that the 2289 report answers, while it is open."""
    number, symbol = LETTER
    return (
        Assignment.objects.open()
        .filter(document__number=number, document__symbol=symbol, part=Assignment.Part.LEAD)
        .first()
    )


@transaction.atomic
def load_desk(*, now: datetime.datetime) -> None:
    """Give the letter out and make some more up around today; harmless when run again."""
    if Assignment.objects.filter(is_demo=True).exists():
        return
    clerk = User.objects.get(username=CLERK)
    leader, officer = User.objects.get(username=LEADER), User.objects.get(username=OFFICER)
    work = services.hand_out(
        document=_letter(clerk), lead=_division(officer), officer=officer, due_date=DUE,
        direction="Giao Phòng Hành chính - Tổng hợp chủ trì, tham mưu báo cáo đúng hạn.",
        by=leader, now=CAME + datetime.timedelta(hours=2), is_demo=True,
    )  # fmt: skip
    services.case_file_for(assignment=work, by=officer, now=CAME + datetime.timedelta(days=1))
    _made_up(clerk, leader, officer, now)


def _division(user: User) -> Division:
    division = user.division
    assert division is not None  # noqa: S101 - the demo's officers have one
    return division


def _letter(clerk: User) -> Document:
    """The register's letter, entered as if it had come on 20/10/2023."""
    number, symbol = LETTER
    letter = Document.objects.get(number=number, symbol=symbol, direction=Direction.INCOMING)
    if IssuedNumber.objects.filter(document=letter).exists():
        return letter
    letter.arrival_date, letter.acknowledged_at = CAME.date(), CAME
    letter.note = "Ngày đến, số đến là số liệu minh hoạ"
    letter.save(update_fields=["arrival_date", "acknowledged_at", "note"])
    _enter(letter, clerk)
    return letter


def _enter(letter: Document, clerk: User) -> None:
    register = Register.objects.main(Direction.INCOMING)
    on = letter.arrival_date
    assert register is not None and on is not None  # noqa: S101, PT018 - both from the reference
    number = services.take_number(register=register, on=on, by=clerk, purpose=str(letter))
    issued = IssuedNumber.objects.of(register, on.year).get(number=number)
    issued.document = letter
    issued.save(update_fields=["document"])


def _made_up(clerk: User, leader: User, officer: User, now: datetime.datetime) -> None:
    """One late, one due soon with two divisions, one done, one that nobody was given."""
    late = _made_up_letter(clerk, now, 12, "góp ý dự thảo kế hoạch công tác năm sau")
    services.hand_out(
        document=late, lead=_division(officer), officer=officer, by=leader, is_demo=True,
        due_date=_day(now, 3), now=now - datetime.timedelta(days=11),
    )  # fmt: skip
    soon = _made_up_letter(clerk, now, 4, "cung cấp số liệu chính sách dân tộc quý này")
    others = list(Division.objects.exclude(pk=_division(officer).pk).order_by("code")[:2])
    services.hand_out(
        document=soon, lead=others[0], supports=others[1:], by=leader, is_demo=True,
        due_date=_day(now, -2), direction="Tổng hợp, báo cáo lãnh đạo trước khi gửi.",
        now=now - datetime.timedelta(days=3),
    )  # fmt: skip
    done = _made_up_letter(clerk, now, 9, "thông báo lịch họp giao ban")
    work = services.hand_out(
        document=done, lead=_division(officer), by=leader, is_demo=True,
        now=now - datetime.timedelta(days=8),
    )  # fmt: skip
    services.close_without_answer(
        assignment=work, reason="Thông báo để biết", by=leader, now=now - datetime.timedelta(days=7)
    )
    _made_up_letter(clerk, now, 2, "mời dự hội nghị tổng kết chương trình")


def _day(now: datetime.datetime, ago: int) -> datetime.date:
    return localdate(now) - datetime.timedelta(days=ago)


def _made_up_letter(clerk: User, now: datetime.datetime, ago: int, about: str) -> Document:
    issuers = Issuer.objects.using_symbol("SKHĐT").order_by("pk")
    letter = Document(
        number=f"{900 + ago}", symbol="SKHĐT-MH", date=_day(now, ago + 1),
        arrival_date=_day(now, ago), issuer=issuers[0],
        document_type=DocumentType.objects.get(code="CV"), subject=f"Về việc {about} (minh hoạ)",
        verification_note=MADE_UP, is_demo=True,
    )  # fmt: skip
    services.register_incoming(document=letter, by=clerk, acknowledged_at=now)
    return letter
