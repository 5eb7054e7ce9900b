"""A file taken back as one change, while nothing rests on what came of it."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from portal.collection.lists.resource import ListResource
from portal.collection.models import ListFile, ListState

from .receiving import locked

NAMED = 3  # records named in a refusal


class CannotUndo(Exception):
    """Something rests on what the file brought; the message says what."""


@transaction.atomic
def undo_list(*, one: ListFile, resource: ListResource) -> int:
    """New records go, changed ones are what they were; how many records that were.

    Raises:
        CannotUndo: a record was changed since, or others refer to it.
    """
    one = locked(one)
    if one.state != ListState.DONE or not one.made:
        raise CannotUndo("Tệp này không có gì để thu hồi.")
    model = resource._meta.model
    made = {entry["pk"]: entry for entry in one.made}
    records = {r.pk: r for r in model._base_manager.select_for_update().filter(pk__in=made)}
    resource.look_up(list(records.values()))
    _refuse_changed(made, records, resource)
    new = [records[key] for key, entry in made.items() if entry["new"]]
    _refuse_referred_to(new, resource)
    for key, entry in made.items():
        if not entry["new"]:
            _put_back(records[key], entry["before"])
    resource.forget(new)
    try:
        model._base_manager.filter(pk__in=[record.pk for record in new]).delete()
    except (ProtectedError, RestrictedError) as error:
        raise CannotUndo("Có nội dung khác đang dùng dữ liệu của tệp này.") from error
    one.made = []
    one.end(ListState.UNDONE)
    return len(made)


def _refuse_changed(
    made: dict[Any, Any], records: dict[Any, models.Model], resource: ListResource
) -> None:
    if any(not entry["new"] and entry["before"] is None for entry in made.values()):
        raise CannotUndo("Tệp đã sửa người có sẵn trong danh sách. Hãy sửa lại từng người.")
    changed = [
        str(records[key])
        for key, entry in made.items()
        if key in records and resource.stamp(records[key]) != entry["stamp"]
    ]
    gone = len(made) - len(records)
    if gone:
        raise CannotUndo(f"{gone} dòng của tệp không còn trong danh sách nên không thu hồi được.")
    if changed:
        raise CannotUndo(f"Đã sửa sau khi chuyển: {_names(changed)}. Không thu hồi được cả tệp.")


def _refuse_referred_to(new: list[models.Model], resource: ListResource) -> None:
    """Whatever refers to one of the records, but what goes with it."""
    for relation in resource._meta.model._meta.related_objects:
        other = relation.related_model
        if other._meta.label_lower in resource.own_relations or not new:
            continue
        name = relation.field.name
        found = other._base_manager.filter(**{f"{name}__in": new})
        used = {getattr(row, name + "_id", None) for row in found[:NAMED]}
        if used:
            names = _names([str(record) for record in new if record.pk in used])
            words = other._meta.verbose_name
            raise CannotUndo(f"{names or 'Dữ liệu của tệp'} đang được dùng ở {words}.")


def _put_back(record: models.Model, before: dict[str, Any]) -> None:
    for field in record._meta.concrete_fields:
        if field.attname in before:
            value = before[field.attname]
            setattr(record, field.attname, value if value is None else field.to_python(value))
    record.save()


def _names(names: list[str]) -> str:
    more = f" và {len(names) - NAMED} mục khác" if len(names) > NAMED else ""
    return "; ".join(names[:NAMED]) + more
