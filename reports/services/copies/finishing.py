"""The number of a copy, and the agency's seal on an electronic one."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_variables

from portal.documents import services as documents
from portal.documents.models import DocumentType, Register
from portal.jobs import services as jobs
from reports import signing
from reports.models import Copy

from ..certificates import certificate_of
from ..issuing import NumberNeeded
from ..opening import opened_key
from ..proofs import sealed_with_proofs
from ..refusals import NotNow
from ..trail import need
from .beginning import CopyRefused
from .making import JOB, finish, recipient_lines

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def number_copy(
    *, copy: Copy, by: User, now: datetime.datetime, given_number: int | None = None
) -> Copy:
    """Give the copy the next number of the book of copies; again gives the same number.

    Raises:
        NotAllowed, NotNow, NumberNeeded
        NoCertificate, CopyRefused: there is no book of copies, or no key that could seal this one.
        NumberRefused: the book cannot give or take the number.
    """
    need(by, "reports.issue")
    copy = Copy.objects.select_for_update(of=("self",)).with_names().get(pk=copy.pk)
    if copy.document_id is not None:
        return copy
    if copy.state != Copy.State.DRAFT:
        raise NotNow("Bản sao chưa sẵn sàng để cấp số. Hãy tải lại trang.")
    if copy.is_electronic:
        _check_key(copy, now)
    register = Register.objects.of_copies()
    if register is None:
        raise CopyRefused("Chưa có sổ bản sao. Hãy nhờ quản trị nạp lại danh mục.")
    taken = _taken(register, copy, by, given_number)
    copy.document = documents.register_outgoing(
        register=register,
        number=taken,
        on=copy.copy_date,
        symbol=copy.symbol,
        document_type=DocumentType.objects.get(code=copy.form),
        subject=copy.subject[:1000],
        by=by,
        signer_title=copy.signature_title[:100],
        signer_name=copy.signer_name[:60],
        recipients="\n".join(recipient_lines(copy)[:-1]),
        kept_by="Văn thư",
        copies=copy.quantity,
        pages=copy.pages,
        is_demo=copy.is_demo,
    )
    copy.state = Copy.State.NUMBERED
    copy.save(update_fields=["document", "state"])
    if not copy.is_electronic:
        jobs.ask(JOB, copy.pk)
    return copy


def _check_key(copy: Copy, now: datetime.datetime) -> None:
    """Raise before a number is taken for a copy that could not be sealed here."""
    if not certificate_of(copy.agency, now).signs_here:
        raise CopyRefused(
            "Bản sao điện tử được ký bằng khoá của cơ quan dùng tại cổng, mà cổng chưa có khoá ấy. "
            "Hãy sao sang văn bản giấy, hoặc nhờ quản trị đăng ký khoá cắm ở máy chủ."
        )


def _taken(register: Register, copy: Copy, by: User, given: int | None) -> int:
    key, purpose = f"copy:{copy.pk}", copy.subject[:300]
    if register.numbering != Register.Numbering.GIVEN:
        return documents.take_number(
            register=register, on=copy.copy_date, by=by, purpose=purpose, key=key
        )
    if given is None:
        raise NumberNeeded
    return documents.accept_given_number(
        register=register, on=copy.copy_date, number=given, by=by, purpose=purpose, key=key
    )


@sensitive_variables("passphrase")
def seal_copy(*, copy: Copy, by: User, passphrase: str, now: datetime.datetime) -> Copy:
    """Put the agency's signature on a numbered electronic copy; again changes nothing.

    Raises:
        NotAllowed, NotNow, NoCertificate, NoKeyHere, NoMark
        SigningRefused: wrong passphrase or PIN, a certificate that may not sign.
    """
    need(by, "reports.issue")
    copy = Copy.objects.with_names().get(pk=copy.pk)
    if copy.state == Copy.State.READY and copy.is_electronic:
        return copy
    if copy.state != Copy.State.NUMBERED or not copy.is_electronic:
        raise NotNow("Bản sao không ở bước ký số. Hãy tải lại trang.")
    with copy.original.open("rb") as file:
        content = file.read()
    with opened_key(certificate_of(copy.agency, now), passphrase) as tool:
        signed = signing.seal_copy(
            content,
            form=copy.get_form_display(),
            agency=copy.agency.full_name,
            key=tool.key,
            authority=tool.authority,
            now=localtime(now),
            timestamper=tool.stamps,
        )
        sealed = sealed_with_proofs(signed, tool, now=now)
    finish(
        copy,
        sealed.content,
        pages=copy.pages or 0,
        now=now,
        certificate=tool.certificate,
        signed_at=now,
        level=sealed.level,
        standing=signed.check.standing,
    )
    return Copy.objects.with_names().get(pk=copy.pk)
