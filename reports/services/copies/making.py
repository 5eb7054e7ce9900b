"""The long work on a copy: the file is looked at, an extract laid out, the block put under it."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localtime

from portal import formats
from portal.documents import services as documents
from reports.models import Copy
from reports.printing import evidence, printed_extract
from reports.rendering import CopyBlock, LastPage, render_pdf, with_copy_block
from reports.sheets import Sheet, UnfitSheet, read_sheet

from ..rendering import NOT_PRINTABLE

if TYPE_CHECKING:
    from portal.jobs.lease import Lease

JOB = "make_copy"

#: Nghị định 30/2020, Phụ lục I: digitised copies are PDF 1.4 or later, in colour, 200 dpi or more.
LEAST_DPI, OLDEST = 195.0, (1, 4)


def make_copy(*, copy_id: int, lease: Lease) -> None:
    """Do the next piece of long work on a copy; nothing when there is none."""
    copy = Copy.objects.select_related("source", "agency", "document").filter(pk=copy_id).first()
    if copy is None:
        return
    if copy.state == Copy.State.MAKING:
        _prepare(copy, lease)
    elif copy.state == Copy.State.NUMBERED and not copy.is_electronic:
        _print(copy, lease)


def _prepare(copy: Copy, lease: Lease) -> None:
    lease.say("Đang đọc tệp cần sao")
    try:
        content = _extract(copy) if copy.sections else _read(copy)
        sheet, flat = read_sheet(content)
        if copy.is_electronic:
            check_scan(copy, sheet)
    except (UnfitSheet, *NOT_PRINTABLE) as problem:
        with lease.effect():
            _move(copy, Copy.State.REFUSED, problem=str(problem)[:500])
        return
    with lease.effect():
        copy.original.save("goc.pdf", ContentFile(flat), save=False)
        _move(copy, Copy.State.DRAFT, original=copy.original.name, pages=sheet.pages)


def _read(copy: Copy) -> bytes:
    with copy.original.open("rb") as file:
        content: bytes = file.read()
    return content


def _extract(copy: Copy) -> bytes:
    report = copy.source.report
    return render_pdf(
        printed_extract(report, copy.sections),
        evidence=evidence(report),
        title=f"{copy.get_form_display()} {copy.subject}",
        now=localtime(copy.made_at),
    ).pdf


def check_scan(copy: Copy, sheet: Sheet) -> None:
    """Raise UnfitSheet for a file that cannot become an electronic copy."""
    if sheet.has_signature and copy.source_medium == Copy.Medium.PAPER:
        raise UnfitSheet(
            "Tệp này đã có chữ ký số nên là văn bản điện tử, không phải bản quét văn bản giấy. Gửi "
            "chính tệp ấy, hoặc chọn sao từ văn bản điện tử."
        )
    version = tuple(int(part) for part in sheet.version.split("."))
    if version < OLDEST:
        raise UnfitSheet(f"Tệp là PDF {sheet.version}; bản số hoá phải từ PDF 1.4. Hãy quét lại.")
    if sheet.dpi is not None and sheet.dpi < LEAST_DPI:
        raise UnfitSheet(
            f"Bản quét chỉ có {sheet.dpi:.0f} dpi; bản số hoá phải từ 200 dpi trở lên. "
            "Hãy quét lại, chọn ảnh màu, tỷ lệ 100 %."
        )


def _print(copy: Copy, lease: Lease) -> None:
    """Put the block with number, day and signatory under the text."""
    lease.say("Đang ghi khối bản sao dưới văn bản")
    content = _read(copy)
    sheet, flat = read_sheet(content)
    last = LastPage(sheet.width, sheet.height, sheet.ink, sheet.is_plain)
    pdf, pages, _ = with_copy_block(flat, block_of(copy), last)
    with lease.effect():
        finish(copy, pdf, pages=pages, now=timezone.now())


def block_of(copy: Copy) -> CopyBlock:
    assert copy.document is not None  # noqa: S101 - the database holds it from the number on
    return CopyBlock(
        form=copy.get_form_display().upper(),
        agency=copy.agency.name,
        number=copy.document.number_and_symbol,
        dated=f"{copy.agency.place}, {formats.day_in_words(copy.copy_date)}",
        titles=(copy.signature_prefix, copy.signature_title),
        signer=copy.signer_name,
        recipients=recipient_lines(copy),
    )


def recipient_lines(copy: Copy) -> tuple[str, ...]:
    """ "- …;", the last one "- Lưu: VT."."""
    names = [line.strip(" -;.") for line in copy.recipients.splitlines() if line.strip(" -;.")]
    if not any(name.startswith("Lưu") for name in names):
        names.append("Lưu: VT")
    last = len(names) - 1
    return tuple(f"- {name}{'.' if at == last else ';'}" for at, name in enumerate(names))


@transaction.atomic
def finish(copy: Copy, pdf: bytes, *, pages: int, now: datetime.datetime, **more: object) -> None:
    """Keep the finished copy and put it beside its entry in the register; once."""
    locked = Copy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if locked.state != Copy.State.NUMBERED or locked.document is None:
        return
    copy.file.save("ban-sao.pdf", ContentFile(pdf), save=False)
    _move(
        copy,
        Copy.State.READY,
        file=copy.file.name,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=pages,
        ready_at=now,
        **more,
    )
    document = locked.document
    documents.attach_file(document=document, file=ContentFile(pdf, name="ban-sao.pdf"))
    document.pages, document.sent_date = pages, copy.copy_date
    document.save(update_fields=["pages", "sent_date"])
    if level := more.get("level"):
        documents.note_signature_level(document=document, level=str(level))


def _move(copy: Copy, state: Copy.State, **values: object) -> None:
    Copy.objects.filter(pk=copy.pk).update(state=state, **values)
