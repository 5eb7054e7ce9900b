"""What waits for one person's signature: read, then signed one by one with one passphrase."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from reports.models import Report, ReportEvent, SignerRole, Status
from reports.signing import SigningRefused
from reports.text import typed

from .acts import ACTS, NotTheSignatory, check_signable, ready
from .authority import is_signatory
from .certificates import certificate_for
from .opening import OpenedKey, opened_key
from .refusals import NotAllowed, NotNow, ReportRefusal
from .rendering import rendering_of
from .signing import sign_with
from .trail import locked, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User

log = logging.getLogger(__name__)

MOST_AT_ONCE = 50

#: One request signs this long; what is left is signed with the next. Below the web server's limit.
SECONDS_AT_ONCE = 40.0

_MAY_DIRECT = (Status.TO_SIGN, Status.SIGNED, Status.NUMBERED, Status.SEALED)
_FAULT = "Hệ thống đang bận nên văn bản này chưa được ký. Các văn bản khác không bị ảnh hưởng."


class NothingChosen(ReportRefusal):
    message = "Chưa chọn văn bản nào. Hãy đánh dấu những văn bản cần ký."


class NotRead(ReportRefusal):
    message = "Chưa mở đọc bản trình ký này nên chưa ký. Hãy mở đọc rồi ký."


class OutOfTime(ReportRefusal):
    message = "Hết thời gian của một lượt ký. Hãy nhập lại mật khẩu để ký tiếp."


def to_sign_by(user: User) -> QuerySet[Report]:
    """What waits for this person's signature, the longest waiting first."""
    found = Report.objects.visible_to(user).filter(status=Status.TO_SIGN, signatory=user)
    names = found.with_names().select_related("rendering", "content_checked_by", "form_checked_by")
    return names.order_by("form_checked_at", "pk")


def note_read(*, report: Report, by: User, now: datetime.datetime) -> None:
    """Keep that the signatory opened the file that waits to be signed; once for each file."""
    if report.status == Status.TO_SIGN and report.signatory_id == by.pk and not is_read(report, by):
        write_down(report, "read", _read_words(report), who=by, at=now)


def is_read(report: Report, by: User) -> bool:
    return report.pk in read_among([report], by)


def read_among(reports: Sequence[Report], by: User) -> set[int]:
    """Keys of those reports whose present file this person has opened. One query."""
    words = {report.pk: _read_words(report) for report in reports if report.rendering_id}
    events = ReportEvent.objects.filter(report__in=words, kind="read", who=by)
    return {pk for pk, what in events.values_list("report_id", "what") if what == words[pk]}


def _read_words(report: Report) -> str:
    return f"Đã mở đọc bản trình ký lần {rendering_of(report).attempt}"


@transaction.atomic
def direct(*, report: Report, by: User, text: str, now: datetime.datetime) -> ReportEvent:
    """Keep the signatory's direction (ý kiến chỉ đạo) with the report.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, ReportRefusal: nothing is written
    """
    report = locked(report)
    if report.signatory_id != by.pk:
        need(by, "reports.sign")
        raise NotTheSignatory(report)
    if report.status not in _MAY_DIRECT:
        raise NotNow
    text = typed.some_lines(text)
    if not text:
        raise ReportRefusal("Hãy ghi ý kiến chỉ đạo.")
    return write_down(report, "directed", "Ý kiến chỉ đạo", who=by, at=now, note=text)


@dataclass(frozen=True, slots=True)
class Result:
    """How it went with one document; `words` say why when it was not signed."""

    report: Report
    level: str = ""
    words: str = ""

    @property
    def is_signed(self) -> bool:
        return not self.words


class SigningBatch:
    """Documents about to be signed with one key that is open; each by itself.

    Iterate once for the results, then `close`: the key is shut, the passphrase was never kept.
    """

    @sensitive_variables("passphrase")
    def __init__(
        self,
        *,
        keys: Sequence[int],
        by: User,
        passphrase: str,
        directions: Mapping[int, str] | None = None,
        clock: Callable[[], datetime.datetime] = timezone.now,
    ) -> None:
        """Open the key for those of `keys` that wait for this person.

        Raises:
            NotAllowed, NothingChosen, NoCertificate, NoKeyHere, NoMark
            SigningRefused: wrong passphrase or PIN, no device.
        """
        if not is_signatory(by):
            raise NotAllowed
        self.reports = list(to_sign_by(by).filter(pk__in=list(keys)[:MOST_AT_ONCE]))
        if not self.reports:
            raise NothingChosen
        self._by, self._clock, self._directions = by, clock, directions or {}
        certificate = certificate_for(self.reports[0], SignerRole.LEADER, clock())
        self._stack = ExitStack()
        self._tool = self._stack.enter_context(opened_key(certificate, passphrase))

    def __iter__(self) -> Iterator[Result]:
        deadline = time.monotonic() + SECONDS_AT_ONCE
        read = read_among(self.reports, self._by)
        for report in self.reports:
            try:
                if report.pk not in read:
                    raise NotRead
                if time.monotonic() > deadline:
                    raise OutOfTime
                yield self._signed(report, self._tool)
            except (ReportRefusal, SigningRefused) as refusal:
                yield Result(report, words=str(refusal))
            except Exception:
                log.exception("report %s was not signed", report.pk)
                yield Result(report, words=_FAULT)

    def close(self) -> None:
        self._stack.close()

    def _signed(self, report: Report, tool: OpenedKey) -> Result:
        act, now = ACTS[SignerRole.LEADER], self._clock()
        made = ready(act, report, self._by, now)
        if made is None:
            check_signable(act, report)
            made = sign_with(act, report, tool, by=self._by, now=now)
        if text := typed.some_lines(self._directions.get(report.pk, "")):
            direct(report=report, by=self._by, text=text, now=now)
        return Result(report, level=made.level)
