"""The two acts of signing: who may, when, which file; the signature is stored under one lock.

Whoever comes second finds the first signature and leaves no trace.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from reports import signing
from reports.models import (
    Certificate,
    Report,
    ReportFile,
    Signature,
    SignerRole,
    Standing,
    Status,
)
from reports.signing import AGENCY_FIELD, CLOCKS_APART, LEADER_FIELD

from .authority import check_authority, signing_day
from .refusals import NotNow, ReportRefusal
from .rendering import keep_file, rendering_of
from .trail import at_step, locked, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Act:
    """One of the two signatures: where the report stands before and after, and what is signed."""

    role: str
    permission: str
    before: Status
    after: Status
    signs: str
    makes: str
    field_name: str
    what: str


ACTS = {
    SignerRole.LEADER: Act(
        role=SignerRole.LEADER,
        permission="reports.sign",
        before=Status.TO_SIGN,
        after=Status.SIGNED,
        signs=ReportFile.Stage.PREPARED,
        makes=ReportFile.Stage.SIGNED,
        field_name=LEADER_FIELD,
        what="Đã ký số",
    ),
    SignerRole.AGENCY: Act(
        role=SignerRole.AGENCY,
        permission="reports.number",
        before=Status.NUMBERED,
        after=Status.SEALED,
        signs=ReportFile.Stage.FILLED,
        makes=ReportFile.Stage.SEALED,
        field_name=AGENCY_FIELD,
        what="Đã ký số của cơ quan",
    ),
}


class NotTheSignatory(ReportRefusal):
    def __init__(self, report: Report) -> None:
        super().__init__(f"Báo cáo này do {report.signer_name} ký.")


class FileMissing(ReportRefusal):
    message = "Tệp chờ ký của báo cáo bị mất hoặc bị hỏng. Hãy trả lại để kết xuất lại."


class SignedFileMissing(FileMissing):
    """As FileMissing, when a number is given and nothing goes back any more."""

    message = (
        "Tệp đã ký của báo cáo bị mất hoặc bị hỏng. Hãy nhờ quản trị khôi phục tệp từ bản sao lưu "
        "rồi làm tiếp; số đã cấp vẫn giữ cho báo cáo này."
    )


class ClockBehind(ReportRefusal):
    message = (
        "Đồng hồ của máy chủ đang chậm hơn thời điểm lãnh đạo đã ký nên chưa ký được. Hãy nhờ quản "
        "trị chỉnh lại giờ của máy chủ rồi ký lại."
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A signed file about to be stored, and what is known of its new signature."""

    content: bytes
    level: str
    standing: str
    file_level: str
    is_take_away: bool = False


def ready(act: Act, report: Report, by: User, now: datetime.datetime) -> Signature | None:
    """The signature when there is one already; None when it may be made now.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority, ClockBehind
    """
    check_may_sign(act, report, by, now)
    if made := made_already(act, report):
        return made
    if report.status != act.before:
        raise NotNow
    return None


def check_signable(act: Act, report: Report) -> None:
    """Raise FileMissing before a key is opened for nothing."""
    if act.role == SignerRole.LEADER:
        whole_file(report, act.signs)
    else:
        whole_file(report, ReportFile.Stage.SIGNED, SignedFileMissing)


def whole_file(report: Report, stage: str, missing: type[FileMissing] = FileMissing) -> ReportFile:
    """The file of a stage of the present layout; raises `missing` when it is lost or damaged."""
    file = ReportFile.objects.filter(rendering=report.rendering_id, stage=stage).first()
    if file is None or not file.is_whole:
        raise missing
    return file


def check_may_sign(act: Act, report: Report, by: User, now: datetime.datetime) -> None:
    """The agency's signature goes by role; a leader's by being the signatory, with authority."""
    if act.role == SignerRole.AGENCY:
        need(by, act.permission)
        _check_clock(report, now)
        return
    if report.signatory_id != by.pk:
        need(by, act.permission)
        raise NotTheSignatory(report)
    check_authority(report, day=signing_day(report, now))


def _check_clock(report: Report, now: datetime.datetime) -> None:
    """A seal that says it was made before the leader signed would make the file worthless."""
    signed = Signature.objects.filter(rendering=report.rendering_id, role=SignerRole.LEADER)
    if signed.filter(signed_at__gt=now + CLOCKS_APART).exists():
        raise ClockBehind


def made_already(act: Act, report: Report) -> Signature | None:
    """The signature of this act in the report's present file, when somebody was faster."""
    report.refresh_from_db()
    if report.rendering_id is None:
        return None
    return Signature.objects.filter(rendering=report.rendering_id, role=act.role).first()


def file_to_sign(act: Act, report: Report) -> ReportFile:
    if act.role == SignerRole.AGENCY:
        return fill_in(report=report)
    return whole_file(report, act.signs)


@transaction.atomic
def fill_in(*, report: Report) -> ReportFile:
    """Write number and date into the signed file; again returns the file already filled.

    Raises:
        NotNow, FileMissing, SigningRefused
    """
    report = at_step(report, Status.NUMBERED, Status.SEALED, Status.ISSUED)
    rendering = rendering_of(report)
    if rendering.files.filter(stage=ReportFile.Stage.FILLED).exists():
        return whole_file(report, ReportFile.Stage.FILLED, SignedFileMissing)
    signed = whole_file(report, ReportFile.Stage.SIGNED, SignedFileMissing)
    if report.issue_date is None:
        raise NotNow
    content = signing.fill_number_and_date(
        signed.content(), number=report.number or "", issued_on=report.issue_date
    )
    return keep_file(rendering, ReportFile.Stage.FILLED, content)


@transaction.atomic
def store(
    act: Act,
    report: Report,
    certificate: Certificate,
    signed: Made,
    *,
    by: User,
    now: datetime.datetime,
) -> Signature:
    """Keep file and signature and move the report on; a second attempt gets the first one's."""
    rendering_id = report.rendering_id
    report = locked(report)
    made = Signature.objects.filter(rendering=report.rendering_id, role=act.role).first()
    if made is not None:
        return made
    if report.status != act.before or report.rendering_id != rendering_id:
        raise NotNow
    rendering = rendering_of(report)
    signature = Signature.objects.create(
        rendering=rendering,
        role=act.role,
        file=keep_file(rendering, act.makes, signed.content, level=signed.file_level),
        certificate=certificate,
        made_by=by,
        signer_name=certificate.subject,
        signed_at=now,
        level=signed.level,
        standing=signed.standing,
        is_take_away=signed.is_take_away,
    )
    report.status = act.after
    report.save(update_fields=["status"])
    note = ". ".join(_notes(signature))
    write_down(report, f"signed_by_{act.role}", act.what, who=by, at=now, note=note)
    return signature


def _notes(signature: Signature) -> list[str]:
    """What the trail says of the signature: where it was made, its level, what could not be had."""
    notes = ["Ký ở ngoài rồi tải lên"] if signature.is_take_away else []
    notes.append(f"Mức chữ ký {signature.level}")
    if signature.level == signing.BASIC:
        notes.append("Chưa có dấu thời gian")
    if signature.standing != Standing.GOOD:
        notes.append("Tình trạng thu hồi của chứng thư chưa kiểm tra được với nơi cấp")
    return notes
