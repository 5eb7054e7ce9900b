"""Annexes in files of their own: bound to the draft, sealed with the number."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, Sum
from django.utils.timezone import localtime

from reports import confined, signing
from reports.models import AnnexFile, LiftedAnnex, Report, SealedAnnex, SignerRole, Status
from reports.text import typed

from .certificates import candidates
from .opening import OpenedKey
from .proofs import HIGH, Sealed, keep_lifted, sealed_with_proofs, with_proofs
from .refusals import ReportRefusal, storing
from .trail import at_step, locked, need, write_down

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User
    from portal.jobs.lease import Lease

MOST_ANNEXES = 30
LIFTING_JOB = "lift_annex"


class TooManyAnnexes(ReportRefusal):
    message = f"Một báo cáo có tối đa {MOST_ANNEXES} tệp phụ lục."


class AnnexesTooLarge(ReportRefusal):
    """All annexes of a report are sealed in one request and sent in one letter."""

    def __init__(self) -> None:
        super().__init__(
            f"Các tệp phụ lục của một báo cáo có tổng dung lượng tối đa {_most_bytes() // 2**20} "
            "MB. Hãy giảm dung lượng hình trong tệp rồi tải lên."
        )


def _most_bytes() -> int:
    return 2 * int(settings.UPLOAD_MAX_BYTES)


class AnnexThere(ReportRefusal):
    message = "Tệp này đã đính kèm báo cáo."


class AnnexesUnsealed(ReportRefusal):
    message = (
        "Còn tệp phụ lục chưa được ký số. Phụ lục rời được ký cùng lúc với báo cáo bằng khoá của "
        "cơ quan dùng tại cổng."
    )


class AnnexesNeedKeyHere(ReportRefusal):
    message = (
        "Báo cáo có phụ lục ở tệp riêng: văn bản và từng phụ lục phải được ký số cùng lúc, bằng "
        "khoá của cơ quan dùng tại cổng. Nếu khoá chỉ có ở thiết bị của văn thư, hãy trả lại để "
        "người soạn đưa phụ lục vào cùng tệp với báo cáo (khi ấy chỉ ký văn bản chính), hoặc nhờ "
        "quản trị đăng ký thiết bị cắm ở máy chủ."
    )


@transaction.atomic
def add_annex(
    *, report: Report, by: User, title: str, content: bytes, now: datetime.datetime
) -> AnnexFile:
    """Bind a PDF to the draft; its digest becomes part of what the leader signs.

    Raises:
        NotAllowed, NotNow, TooManyAnnexes, AnnexesTooLarge, AnnexThere, ReportRefusal: no title
        SigningRefused: no PDF, or one that cannot be sealed.
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    title = typed.one_line(title)[:300]
    if not title:
        raise ReportRefusal("Hãy ghi tên phụ lục.")
    if report.annex_files.count() >= MOST_ANNEXES:
        raise TooManyAnnexes
    together = report.annex_files.aggregate(size=Sum("size"))["size"] or 0
    if together + len(content) > _most_bytes():
        raise AnnexesTooLarge
    digest = hashlib.sha256(content).hexdigest()
    if report.annex_files.filter(sha256=digest).exists():
        raise AnnexThere
    facts = confined.annex_facts(content)
    last = report.annex_files.aggregate(last=Max("position"))["last"] or 0
    annex = AnnexFile(
        report=report,
        position=last + 1,
        title=title,
        sha256=digest,
        size=len(content),
        pages=facts.pages,
        uploaded_by=by,
        uploaded_at=now,
    )
    with storing():
        annex.file.save("phu-luc.pdf", ContentFile(content), save=False)
    annex.save(force_insert=True)
    write_down(report, "annexed", f"Đính kèm phụ lục “{title[:200]}”", who=by, at=now)
    return annex


@transaction.atomic
def remove_annex(*, annex: AnnexFile, by: User, now: datetime.datetime) -> None:
    """Take an annex off the draft; its file stays in the store. Raises NotAllowed, NotNow."""
    need(by, "reports.draft")
    report = at_step(annex.report, Status.DRAFT)
    annex.delete()
    write_down(report, "annexed", f"Bỏ phụ lục “{annex.title[:200]}”", who=by, at=now)


@dataclass(frozen=True, slots=True)
class ReadyAnnex:
    """A sealed annex about to be stored."""

    annex: AnnexFile
    sealed: Sealed
    standing: str


def sealed_annexes(report: Report, tool: OpenedKey, *, now: datetime.datetime) -> list[ReadyAnnex]:
    """Seal every annex of the numbered report; nothing is stored."""
    return [
        _sealed(annex, report, tool, now=now) for annex in report.annex_files.filter(sealed=None)
    ]


def _sealed(
    annex: AnnexFile, report: Report, tool: OpenedKey, *, now: datetime.datetime
) -> ReadyAnnex:
    signed = signing.seal_annex(
        annex.content(),
        number_and_symbol=report.number_and_symbol,
        key=tool.key,
        authority=tool.authority,
        now=localtime(now),
        timestamper=tool.stamps,
    )
    return ReadyAnnex(annex, sealed_with_proofs(signed, tool, now=now), signed.check.standing)


def keep_annexes(
    found: Iterable[ReadyAnnex], tool: OpenedKey, *, by: User, now: datetime.datetime
) -> None:
    """Store the sealed annexes; inside the transaction that stores the seal."""
    for ready in found:
        content = ready.sealed.content
        sealed = SealedAnnex(
            annex=ready.annex,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            certificate=tool.certificate,
            made_by=by,
            signed_at=now,
            level=ready.sealed.level,
            standing=ready.standing,
        )
        with storing():
            sealed.file.save("phu-luc.pdf", ContentFile(content), save=False)
        sealed.save(force_insert=True)


def check_sealed_here(report: Report) -> None:
    """Raise AnnexesNeedKeyHere for a report whose seal cannot be made elsewhere."""
    if report.annex_files.filter(sealed=None).exists():
        raise AnnexesNeedKeyHere


def check_can_seal(report: Report) -> None:
    """Before a number is taken: raise AnnexesNeedKeyHere when no key here could seal annexes."""
    if not report.annex_files.exists():
        return
    if not any(one.signs_here for one in candidates(report, SignerRole.AGENCY)):
        raise AnnexesNeedKeyHere


def check_annexes(report: Report) -> None:
    """Raise AnnexesUnsealed unless every annex of the report is sealed."""
    if report.annex_files.filter(sealed=None).exists():
        raise AnnexesUnsealed


def annexes_waiting_for_proofs() -> QuerySet[SealedAnnex]:
    """Annexes of issued reports that are of a low level and have no later revision."""
    low = SealedAnnex.objects.filter(annex__report__status=Status.ISSUED, lifted=None)
    return low.exclude(level__in=HIGH).order_by("signed_at", "pk")


def lift_annex(*, annex_id: int, now: datetime.datetime, lease: Lease) -> LiftedAnnex | None:
    """Keep the lifted file beside the sealed one, which stays as it is; None when nothing came."""
    waiting = annexes_waiting_for_proofs().filter(pk=annex_id).select_related("annex__report")
    sealed = waiting.first()
    if sealed is None:
        return None
    lease.say("Đang lấy dấu thời gian")
    content = with_proofs(sealed.content(), now=now)
    if content is None:
        return None
    with lease.effect():
        report = locked(sealed.annex.report)
        if not waiting.exists():
            return None
        lifted = LiftedAnnex(annex=sealed)
        keep_lifted(lifted, content, now=now)
        title = sealed.annex.title[:150]
        what = f"Đã bổ sung dấu thời gian và dữ liệu thu hồi cho phụ lục “{title}”"
        note = f"Mức chữ ký từ {sealed.level} lên {lifted.level}"
        write_down(report, "lifted", what, who=None, at=now, note=note)
    return lifted
