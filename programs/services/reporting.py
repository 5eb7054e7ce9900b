"""Keeping what was sent to the ministry, and the documents and inspections of a programme."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from portal.accounts.models import User
from portal.collection.models import ReportingPeriod
from portal.documents.models import Document
from programs.ministry.forms import filled
from programs.ministry.tables import digest_of, written_tables
from programs.models import FormSnapshot, Inspection, Programme, ProgrammeDocument


@transaction.atomic
def record_sent(
    *,
    programme: Programme,
    form: str,
    period: ReportingPeriod,
    document: Document | None,
    note: str,
    by: User,
) -> FormSnapshot:
    """Keep the figures of a form as they stand now, as sent with `document`; twice is once."""
    values = written_tables(filled(programme, form, period))
    Programme.objects.select_for_update().get(pk=programme.pk)
    sent, _ = FormSnapshot.objects.get_or_create(
        programme=programme,
        form=form,
        period=period,
        sha256=digest_of(values),
        document=document,
        note=note,
        by=by,
        defaults={"values": values},
    )
    return sent


@transaction.atomic
def add_document(*, programme: Programme, document: Document, role: str) -> ProgrammeDocument:
    """Name a document of the register as the programme's; twice is once."""
    found, _ = ProgrammeDocument.objects.get_or_create(
        programme=programme, document=document, role=role
    )
    return found


@transaction.atomic
def save_inspection(*, inspection: Inspection, by: User) -> Inspection:
    """Keep an inspection; a new one that is there already word for word is that one."""
    Programme.objects.select_for_update().get(pk=inspection.programme_id)
    if inspection.pk is None and (there := _same(inspection).first()):
        return there
    inspection.by = by
    inspection.save()
    return inspection


def _same(inspection: Inspection) -> QuerySet[Inspection]:
    names = (
        "programme", "first_day", "last_day", "place", "unit", "content", "finding", "document"
    )  # fmt: skip
    return Inspection.objects.filter(**{name: getattr(inspection, name) for name in names})
