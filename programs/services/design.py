"""Changes to what a programme is made of: nothing that something hangs on is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import IntegrityError, models, transaction

from portal.documents.models import Document
from programs.models import (
    DocumentRole,
    Programme,
    ProgrammeDocument,
    ReportStep,
    Target,
    TargetValue,
)

Part = TypeVar("Part", bound=models.Model)
OWNED = (ReportStep, TargetValue)  # parts of the row itself: they go with it


class PartInUse(Exception):
    """Something hangs on the part; the text says what."""


def hanging(part: models.Model, *, aside: Sequence[type[models.Model]] = ()) -> str:
    """What refers to the row, counted in words, of every room: "2 giai đoạn, 12 công trình"."""
    counted = []
    for relation in part._meta.related_objects:
        if relation.related_model in (*OWNED, *aside) or relation.many_to_many:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: part})
        if count := rows.count():
            counted.append(f"{count} {relation.related_model._meta.verbose_name_plural}")
    return ", ".join(dict.fromkeys(counted))


def save_part(*, part: Part) -> Part:
    """Store a row that its form checked.

    Raises:
        ValidationError: somebody stored a row of that code, number or time in the same moment.
    """
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError:
        part.full_clean()  # tells by its own sentence what is there by now
        raise
    return part


@transaction.atomic
def save_programme(*, programme: Programme, document: Document | None = None) -> Programme:
    """Store a programme, and that a document of the register lays it down."""
    save_part(part=programme)
    if document is not None:
        role = DocumentRole.PROGRAMME
        ProgrammeDocument.objects.get_or_create(programme=programme, document=document, role=role)
    return programme


@transaction.atomic
def save_target(*, target: Target, printed: Mapping[int, str]) -> Target:
    """Store a target and what is to be reached in each year; an empty print takes a year away."""
    save_part(part=target)
    known = {value.year: value for value in target.values.select_for_update()}
    for year, text in printed.items():
        value = known.get(year) or TargetValue(target=target, year=year)
        if text and text != value.printed:
            value.printed = text
            value.save()
        elif not text and value.pk:
            value.delete()
    return target


@transaction.atomic
def delete_part(*, part: models.Model) -> None:
    """Take a part of a programme away that nothing hangs on.

    Raises:
        PartInUse
    """
    locked = type(part)._base_manager.select_for_update().get(pk=part.pk)
    if used := hanging(locked):
        raise PartInUse(f"Còn {used} thuộc mục này. Bỏ hoặc chuyển chúng trước.")
    locked.delete()


def programme_of(part: models.Model) -> Programme | None:
    """The programme that a part belongs to; None for a programme itself."""
    if isinstance(part, Programme):
        return None
    above: Programme = getattr(part, "programme", None) or part.component.programme  # type: ignore[attr-defined]
    return above
