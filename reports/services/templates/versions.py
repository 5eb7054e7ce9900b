"""A template's way: drafted, put into use, followed by a new version, taken out of use."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from portal.documents.models import DocumentType
from portal.units.names import fold
from reports.models import ReportTemplate, TemplateDeadline
from reports.services.refusals import ReportRefusal
from reports.services.trail import need
from reports.text import typed

from .outline import placed_exhibits, with_keys

if TYPE_CHECKING:
    from portal.accounts.models import User

EDIT, PUBLISH = "reports.draft", "reports.publish_template"

#: What one version takes over from the one before.
COPIED = (
    "code", "title", "subject", "document_type", "legal_basis", "outline", "figures", "citations",
    "exhibits",
    "recipients", "authority", "rhythm", "unit_level", "division", "signatory",
)  # fmt: skip


class TemplatePublished(ReportRefusal):
    message = (
        "Phiên bản này đã đưa vào dùng nên không sửa được. Hãy lưu thành phiên bản mới rồi sửa."
    )


class TemplateEmpty(ReportRefusal):
    message = "Đề cương chưa có mục nào. Hãy thêm mục rồi đưa vào dùng."


class CodeTaken(ReportRefusal):
    message = "Mã này đã có đề cương khác dùng. Hãy chọn mã khác."


def locked(template: ReportTemplate) -> ReportTemplate:
    return ReportTemplate.objects.select_for_update().get(pk=template.pk)


def draft_of(template: ReportTemplate) -> ReportTemplate:
    """The template held for a change. Raises TemplatePublished."""
    template = locked(template)
    if not template.is_draft:
        raise TemplatePublished
    return template


@transaction.atomic
def new_template(
    *,
    code: str,
    title: str,
    subject: str,
    document_type: DocumentType,
    by: User,
    **fields: Any,
) -> ReportTemplate:
    """Begin a template without a text. Raises NotAllowed, CodeTaken."""
    need(by, EDIT)
    code = typed.one_line(code)
    if not code or ReportTemplate.objects.filter(code__iexact=code).exists():
        raise CodeTaken
    template = ReportTemplate(
        code=code,
        title=typed.one_line(title),
        subject=typed.one_line(subject),
        document_type=document_type,
        created_by=by,
        **fields,
    )
    template.full_clean(exclude=["outline"])
    template.save(force_insert=True)
    return template


def free_code(title: str) -> str:
    """A code out of the first letters of a title that no template has: "KQTH-2"."""
    letters = "".join(word[0] for word in fold(title).upper().split() if word[:1].isalnum())[:12]
    code, number = letters or "DC", 2
    while ReportTemplate.objects.filter(code__iexact=code).exists():
        code, number = f"{letters or 'DC'}-{number}", number + 1
    return code


@transaction.atomic
def new_version(*, template: ReportTemplate, by: User) -> ReportTemplate:
    """A draft of the next version with everything of `template`; one that is there is given back.

    Raises:
        NotAllowed
    """
    need(by, EDIT)
    versions = ReportTemplate.objects.select_for_update().filter(code=template.code)
    template = versions.get(pk=template.pk)
    if draft := versions.drafts().first():
        return draft
    last = versions.aggregate(last=Max("version"))["last"] or 0
    copied = {name: getattr(template, name) for name in COPIED}
    copied["outline"] = with_keys(copied["outline"])
    return ReportTemplate.objects.create(**copied, version=last + 1, created_by=by)


@transaction.atomic
def publish(
    *, template: ReportTemplate, by: User, now: datetime.datetime, note: str = ""
) -> ReportTemplate:
    """Put a draft into use: new reports begin with it, and it never changes again. Tables and
    charts that its text does not place are dropped.

    Raises:
        NotAllowed, TemplatePublished, TemplateEmpty
    """
    need(by, PUBLISH)
    template = draft_of(template)
    if not template.outline:
        raise TemplateEmpty
    placed = placed_exhibits(template)
    template.exhibits = {name: template.exhibits[name] for name in placed}
    template.full_clean()
    template.change_note = typed.one_line(note)[:300]
    template.published_by, template.published_at, template.is_active = by, now, True
    template.save()
    return template


@transaction.atomic
def set_in_use(*, template: ReportTemplate, by: User, in_use: bool) -> int:
    """Take every version of a template out of use, or back; returns how many changed."""
    need(by, PUBLISH)
    versions = ReportTemplate.objects.filter(code=template.code).published()
    return versions.exclude(is_active=in_use).update(is_active=in_use)


@transaction.atomic
def drop_draft(*, template: ReportTemplate, by: User) -> None:
    """Throw a draft away. Raises NotAllowed, TemplatePublished."""
    need(by, EDIT)
    draft_of(template).delete()


@transaction.atomic
def set_deadline(
    *,
    template: ReportTemplate,
    by: User,
    valid_from: datetime.date,
    months: int,
    day: int,
    basis: str = "",
) -> TemplateDeadline:
    """By when reports of this kind are due from `valid_from` on; what held before stays written.

    Raises:
        NotAllowed
        ValidationError: there is one from that day; day or months are impossible.
    """
    need(by, PUBLISH)
    deadline = TemplateDeadline(
        code=template.code,
        valid_from=valid_from,
        months=months,
        day=day,
        basis=typed.one_line(basis)[:200],
        set_by=by,
    )
    deadline.full_clean()
    deadline.save()
    return deadline


def deadline_on(code: str, day: datetime.date) -> TemplateDeadline | None:
    """The rule for `code` that holds on `day`."""
    rules = TemplateDeadline.objects.filter(code=code, valid_from__lte=day)
    return rules.order_by("-valid_from").first()
