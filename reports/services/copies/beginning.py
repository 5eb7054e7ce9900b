"""What is copied, in which form, on whose authority; nothing is numbered yet.

Nghị định 30/2020/NĐ-CP, điều 25: forms of copies; điều 27: the head decides on copying and says
who signs copies.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localtime

from portal.documents.models import Document
from portal.jobs import services as jobs
from portal.units.models import IssuingAgency
from reports.models import Copy, Report
from reports.printing import titles
from reports.references import nodes_of
from reports.text import typed

from ..authority import NoAuthority, why_not
from ..issuing import issued_file
from ..refusals import ReportRefusal
from ..trail import need
from .making import JOB

if TYPE_CHECKING:
    from portal.accounts.models import User

PDF = "application/pdf"
MOST_RECIPIENTS = 40


class CopyRefused(ReportRefusal):
    """The copy is not made; the message says why and what to do."""


class NoCopyHere(CopyRefused):
    message = "Văn bản mật không sao trên cổng. Hãy sao theo quy định về bảo vệ bí mật nhà nước."


@dataclass(frozen=True, slots=True)
class CopyWanted:
    """A copy as asked for. `content` is the file to copy where the portal has none;
    `sections` are keys of the issued report's sections that an extract takes.
    """

    form: str
    source_medium: str
    medium: str
    on: datetime.date
    signatory: User
    authority: str = ""
    part: str = ""
    sections: tuple[int, ...] = ()
    content: bytes | None = None
    recipients: tuple[str, ...] = ()
    quantity: int = 1


def report_of(document: Document) -> Report | None:
    """The issued report whose register entry this is."""
    return Report.objects.issued().filter(document=document).first()


def is_copyable(document: Document, user: User) -> bool:
    """Whether this person may begin a copy of the document."""
    return user.has_perm("reports.issue") and not document.secrecy


@transaction.atomic
def start_copy(*, source: Document, wanted: CopyWanted, by: User, now: datetime.datetime) -> Copy:
    """Begin a copy; a job makes it ready to be numbered.

    Raises:
        NotAllowed, NoAuthority
        CopyRefused: a way the decree does not know, nothing to copy, a day that does not fit.
    """
    need(by, "reports.issue")
    if source.secrecy:
        raise NoCopyHere
    _check_way(wanted)
    agency = _agency_on(source, wanted.on, now)
    why = why_not(
        signatory=wanted.signatory, authority=wanted.authority, agency=agency, day=wanted.on
    )
    if why:
        raise NoAuthority(why)
    report = report_of(source)
    part, sections = _extracted(wanted, report)
    content = None if sections else _content_of(source, wanted, report)
    prefix, title = titles(agency, wanted.authority, own_title=wanted.signatory.title)
    copy = Copy(
        source=source,
        form=wanted.form,
        source_medium=wanted.source_medium,
        medium=wanted.medium,
        part=part,
        sections=list(sections),
        agency=agency,
        copy_date=wanted.on,
        authority=wanted.authority,
        signature_prefix=prefix,
        signature_title=title,
        signatory=wanted.signatory,
        signer_name=wanted.signatory.full_name[:60],
        recipients="\n".join(wanted.recipients[:MOST_RECIPIENTS]),
        quantity=wanted.quantity,
        made_by=by,
        made_at=now,
        is_demo=source.is_demo,
    )
    if content is not None:
        copy.original.save("goc.pdf", ContentFile(content), save=False)
    copy.save()
    jobs.ask(JOB, copy.pk)
    return copy


@transaction.atomic
def drop_copy(*, copy: Copy, by: User) -> None:
    """Give up a copy that has no number yet. Raises NotAllowed, CopyRefused."""
    need(by, "reports.issue")
    found = Copy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if found.document_id is not None:
        raise CopyRefused("Bản sao đã có số trong sổ nên không bỏ được.")
    names = [file.name for file in (found.original, found.file) if file]
    storage = found.original.storage
    found.delete()
    for name in names:
        transaction.on_commit(lambda name=name: storage.delete(name))  # type: ignore[misc]


def _check_way(wanted: CopyWanted) -> None:
    ways = Copy.ALLOWED.get(wanted.form, ())  # type: ignore[call-overload]
    if (wanted.source_medium, wanted.medium) in ways:
        return
    if wanted.source_medium == wanted.medium == Copy.Medium.ELECTRONIC:
        raise CopyRefused(
            "Văn bản điện tử đã ký số có giá trị như bản gốc: gửi chính tệp ấy, không cần sao. Cần "
            "bản giấy thì chọn sao sang văn bản giấy; cần một phần thì chọn trích sao."
        )
    raise CopyRefused("Nghị định 30/2020 (điều 25) không có cách sao này. Hãy chọn lại.")


def _agency_on(source: Document, on: datetime.date, now: datetime.datetime) -> IssuingAgency:
    agency = IssuingAgency.objects.filter(valid__contains=on).first()
    if agency is None:
        raise CopyRefused(f"Chưa có tên cơ quan của ngày {on:%d/%m/%Y}. Hãy chọn lại ngày.")
    if on < source.date:
        raise CopyRefused(f"Ngày sao không thể trước ngày văn bản ({source.date:%d/%m/%Y}).")
    if on > localtime(now).date() and not source.is_demo:
        raise CopyRefused("Ngày sao không thể sau hôm nay. Hãy chọn lại ngày.")
    return agency


def _extracted(wanted: CopyWanted, report: Report | None) -> tuple[str, tuple[int, ...]]:
    """What an extract takes, in words, and the sections it is made of, if it is made here."""
    if wanted.form != Copy.Form.EXTRACT:
        return "", ()
    part = typed.one_line(wanted.part)[:300]
    sections: tuple[int, ...] = ()
    if report is not None and wanted.sections and wanted.content is None:
        chosen = [node for node in nodes_of(report) if node.row.pk in wanted.sections]
        sections = tuple(node.row.pk for node in chosen)
        names = (f"{node.label} {node.row.title}".strip() for node in chosen)
        part = part or "; ".join(names)[:300]
    if not part:
        raise CopyRefused("Hãy ghi phần được trích sao, ví dụ “Mục II.1 và Phụ lục”.")
    return part, sections


def _content_of(source: Document, wanted: CopyWanted, report: Report | None) -> bytes:
    """The bytes that are copied: what was given, else the file the portal keeps."""
    if wanted.content is not None:
        if len(wanted.content) > settings.UPLOAD_MAX_BYTES:
            raise CopyRefused("Tệp quá lớn. Hãy quét lại ở mức 200 dpi.")
        return wanted.content
    if wanted.form == Copy.Form.EXTRACT:
        raise CopyRefused(
            "Bản trích sao được lập lại đủ thể thức với phần nội dung cần trích: chọn mục của báo "
            "cáo hoặc tải tệp PDF đã lập lại lên."
        )
    if report is not None and (file := issued_file(report)) is not None and file.is_whole:
        return file.content()
    kept = source.file
    if kept and source.file_type == PDF and kept.storage.exists(str(kept.name)):
        with kept.open("rb") as opened:
            content: bytes = opened.read()
        return content
    raise CopyRefused("Cổng chưa có tệp PDF của văn bản này. Hãy quét hoặc tải tệp PDF lên.")
