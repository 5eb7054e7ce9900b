"""Rows of the files beside rows that are there: new ones come, what people changed stays.

Of every row the fields are compared with what the files gave last (`GivenRow`). A field that is
still as it was given takes what the file says now; one that was changed in the browser keeps its
value, and is reported where the file says something else. A row that people took away stays away.
Rows that no file ever gave here (a database of before) count as changed where they differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction

from programs.models import GivenRow


@dataclass
class Renewed:
    """What a renewal did: how many rows are new or changed, and sentences of what was kept."""

    new: int = 0
    changed: int = 0
    kept: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def renew(
    file: str,
    made: Mapping[str, models.Model],
    there: Mapping[str, models.Model],
    fields: Sequence[str],
    told: Renewed,
) -> None:
    """Bring the rows of `file`, by key: `made` of it now and not saved, `there` those that are.

    New rows are saved, in the order of `made`. Runs in the caller's transaction.
    """
    given = {row.key: row for row in GivenRow.objects.filter(file=file)}
    for key, wanted in made.items():
        values = values_of(wanted, fields)
        before = given.get(key)
        if key in there:
            _renew_row(there[key], wanted, before.values if before else {}, fields, told)
        elif before is None:
            _add(wanted, told)
        elif before.values != values:
            told.kept.append(f"{_named(wanted)}: đã bỏ trên cổng nên không thêm lại.")
        if before is None or before.values != values:
            GivenRow.objects.update_or_create(file=file, key=key, defaults={"values": values})


def values_of(row: models.Model, fields: Sequence[str]) -> dict[str, str]:
    """The fields as texts that are equal when the values are."""
    found = {}
    for name in fields:
        column = _column(row, name)
        value = column.value_from_object(row)
        found[name] = "" if value is None else str(column.value_to_string(row))
    return found


def _column(row: models.Model, name: str) -> models.Field[Any, Any]:
    column = row._meta.get_field(name)
    assert isinstance(column, models.Field)  # noqa: S101 - no relation from elsewhere is named
    return column


def _add(row: models.Model, told: Renewed) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        told.kept.append(f"{_named(row)}: trên cổng đã có dòng trùng nên không thêm.")
    else:
        told.new += 1


def _renew_row(
    row: models.Model,
    wanted: models.Model,
    given: Mapping[str, str],
    fields: Sequence[str],
    told: Renewed,
) -> None:
    now, new = values_of(row, fields), values_of(wanted, fields)
    taken = []
    for name in fields:
        if now[name] == new[name]:
            continue
        column = _column(row, name)
        if given.get(name) == now[name]:
            setattr(row, column.attname, getattr(wanted, column.attname))
            taken.append(name)
        else:
            words = (
                f"{_named(row)}, {column.verbose_name}: giữ “{_short(now[name])}” đã sửa trên cổng"
            )
            told.kept.append(f"{words} (dữ liệu gốc: “{_short(new[name])}”).")
    if taken:
        row.save(update_fields=taken)
        told.changed += 1


def _named(row: models.Model) -> str:
    noun = str(row._meta.verbose_name)
    return f"{noun[:1].upper()}{noun[1:]} {row}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
