"""Annexes in files of their own: bound to the draft, sealed with the number."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime

from reports import signing, typed
from reports.models import AnnexFile, Report, SealedAnnex, SignerRole, Status

from .certificates import candidates
from .opening import OpenedKey
from .refusals import ReportRefusal
from .trail import at_step, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_ANNEXES = 30


class TooManyAnnexes(ReportRefusal):
    message = f"Một báo cáo có tối đa {MOST_ANNEXES} tệp phụ lục."


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
        NotAllowed, NotNow, TooManyAnnexes, AnnexThere, ReportRefusal: no title
        SigningRefused: no PDF, or one that cannot be sealed.
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    title = typed.one_line(title)[:300]
    if not title:
        raise ReportRefusal("Hãy ghi tên phụ lục.")
    if report.annex_files.count() >= MOST_ANNEXES:
        raise TooManyAnnexes
    digest = hashlib.sha256(content).hexdigest()
    if report.annex_files.filter(sha256=digest).exists():
        raise AnnexThere
    facts = signing.read_annex(content)
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
    signed: signing.Signed


def sealed_annexes(report: Report, tool: OpenedKey, *, now: datetime.datetime) -> list[ReadyAnnex]:
    """Seal every annex of the numbered report; nothing is stored."""
    return [
        ReadyAnnex(
            annex,
            signing.seal_annex(
                annex.content(),
                number_and_symbol=report.number_and_symbol,
                key=tool.key,
                authority=tool.authority,
                now=localtime(now),
                timestamper=tool.stamps,
            ),
        )
        for annex in report.annex_files.filter(sealed=None)
    ]


def keep_annexes(
    found: Iterable[ReadyAnnex], tool: OpenedKey, *, by: User, now: datetime.datetime
) -> None:
    """Store the sealed annexes; inside the transaction that stores the seal."""
    for ready in found:
        content = ready.signed.pdf
        sealed = SealedAnnex(
            annex=ready.annex,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            certificate=tool.certificate,
            made_by=by,
            signed_at=now,
            level=signing.STAMPED if ready.signed.is_stamped else signing.BASIC,
            standing=ready.signed.check.standing,
        )
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
