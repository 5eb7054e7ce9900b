"""Who may sign in which capacity on a day: by title, by role, or by a grant in writing.

Nghị định 30/2020/NĐ-CP, điều 13: the head signs; a deputy signs for the head (KT.); others sign by
order (TL.) or by authorisation (TUQ.) only where a document of the head says so.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from portal.units.models import IssuingAgency
from portal.units.names import fold
from reports.models import Authority, Report, SigningGrant, Status

from .refusals import ReportRefusal

if TYPE_CHECKING:
    from portal.accounts.models import User


class NoAuthority(ReportRefusal):
    """The signatory may not sign in this capacity on this day; the message says why."""


def check_authority(report: Report, *, day: datetime.date) -> None:
    """Raise NoAuthority unless the report's signatory may sign it as it says on `day`."""
    if report.signatory is None:
        return
    why = why_not(
        signatory=report.signatory, authority=report.authority, agency=report.agency, day=day
    )
    if why:
        raise NoAuthority(why)


def is_signatory(user: User) -> bool:
    """Whether this person signs at all: by role, by a grant ever given, or as a report says."""
    if user.has_perm("reports.sign"):
        return True
    if not user.has_perm("reports.view"):
        return False
    granted = SigningGrant.objects.filter(grantee=user).exists()
    return granted or Report.objects.filter(status=Status.TO_SIGN, signatory=user).exists()


def why_not_signed_by(report: Report, *, now: datetime.datetime) -> str:
    """Why the report's signatory may not sign it today; "" when nothing speaks against it."""
    try:
        check_authority(report, day=signing_day(report, now))
    except NoAuthority as refusal:
        return str(refusal)
    return ""


def signing_day(report: Report, now: datetime.datetime) -> datetime.date:
    """The day that grants are looked up for: today; of a made-up report its own day."""
    return report.report_date if report.is_demo else localtime(now).date()


def why_not(*, signatory: User, authority: str, agency: IssuingAgency, day: datetime.date) -> str:
    """Why `signatory` may not sign in this capacity on `day`; "" when nothing speaks against it."""
    if not signatory.is_active:
        return f"Tài khoản của {signatory} đã ngừng sử dụng nên không ký được. Chọn người ký khác."
    if authority in SigningGrant.AUTHORITIES:
        return _without_grant(signatory, authority, day)
    if not signatory.has_perm("reports.sign"):
        return (
            f"{signatory} không có thẩm quyền ký báo cáo. Chọn lãnh đạo, hoặc ghi văn bản giao ký."
        )
    if not signatory.title:
        return ""
    is_head = fold(signatory.title) == fold(agency.head_title)
    if authority == Authority.HEAD and not is_head:
        return (
            f"{signatory} là {signatory.title}, không ký với chức danh {agency.head_title}. "
            "Cấp phó ký thay thì chọn “KT.”."
        )
    if authority == Authority.DEPUTY and is_head:
        return f"{signatory} là {signatory.title}, tự ký với chức danh của mình, không ghi “KT.”."
    if authority == Authority.ACTING and not fold(signatory.title).startswith(("quyen ", "q ")):
        return f"{signatory} là {signatory.title}. Chỉ người được giao quyền đứng đầu mới ghi “Q.”."
    return ""


def _without_grant(signatory: User, authority: str, day: datetime.date) -> str:
    if SigningGrant.objects.on(day).of(signatory, authority).exists():
        return ""
    how = "thừa lệnh" if authority == Authority.ORDER else "thừa uỷ quyền"
    over = SigningGrant.objects.of(signatory, authority).filter(last_day__lt=day).first()
    if over is not None and over.last_day is not None:
        return (
            f"Việc giao {signatory} ký {how} theo {over.document} đã hết hạn ngày "
            f"{over.last_day:%d/%m/%Y}. Ghi văn bản giao ký mới hoặc chọn người ký khác."
        )
    return (
        f"Ngày {day:%d/%m/%Y} chưa có văn bản giao {signatory} ký {how}. Ghi văn bản ấy ở trang "
        "“Giao ký” hoặc chọn người ký khác."
    )
